"""Tables that read well on a screen and in Markdown."""


def number(value):
    """With as many digits as a measurement deserves."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def show(title, header, body):
    rows = [[str(cell) for cell in row] for row in (header, *body)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    rule = ["-" * (width - 1) + (":" if column else "-") for column, width in enumerate(widths)]
    print(f"{title}\n")
    for row in (rows[0], rule, *rows[1:]):
        cells = (cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(zip(row, widths)))
        print(f"| {' | '.join(cells)} |")
    print()

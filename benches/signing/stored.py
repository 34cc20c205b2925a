"""Prints what benches/signing/stored measured: must, aim and measured."""

import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
few, many, places = map(int, sys.argv[2:])


def values(name):
    return [float(word) for word in (folder / name).read_text().split()]


print("| | must | aim | measured |\n|---|--:|--:|--:|")
for name, must in (("PostgreSQL", "0.8"), ("SQLite", "0.5")):
    (before,), (after,) = values(f"{name}-few.txt"), values(f"{name}-many.txt")
    (seconds,), (page,), (copied,) = values(f"{name}-places.txt"), values(f"{name}-page.txt"), values(f"{name}-copy.txt")
    signers, exported, memory = values(f"{name}-export.txt")
    own = "`copy`" if name == "PostgreSQL" else "Python's own reading"
    rows = [
        (f"{name}: with {many:,} stored against {few:,}", must, "0.95", f"{after / before:.2f} ({after:,.0f} against {before:,.0f} a second)"),
        (f"{name}: counts of {places:,} places, ms", "50", "10", f"{seconds * 1000:.1f}"),
        (f"{name}: page with all that it needs, compressed, KiB", "25", "14", f"{page / 1024:.1f}"),
        (f"{name}: CSV of {signers:,.0f} signers, against {own}", "0.3", "0.5", f"{copied / exported:.2f} ({signers / exported:,.0f} a second)"),
        (f"{name}: memory of that export, MiB", "64", "64", f"{memory / 1024:.0f}"),
    ]
    for row in rows:
        print("| " + " | ".join(row) + " |")

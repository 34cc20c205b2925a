"""Prints what benches/signing/run measured: must, aim and measured."""

import json
import pathlib
import statistics
import sys

folder = pathlib.Path(sys.argv[1])


def rates(name):
    return [float(line) for line in (folder / name).read_text().split()]


def spread(values):
    return f"{statistics.median(values):,.0f} (from {min(values):,.0f} to {max(values):,.0f})"


def waits(name):
    return json.loads((folder / name).read_text())["waits_ms"]


def weight(name):
    return "{} + {} + {}".format(*(folder / name).read_text().split())


pgbench, site, sqlite = rates("pgbench.txt"), rates("site.txt"), rates("sqlite.txt")
ratio = statistics.median(site) / statistics.median(pgbench)
turns = sorted(one / other for one, other in zip(site, pgbench))
rows = [
    ("single-row inserts a second, pgbench", "", "", spread(pgbench)),
    ("signatures a second, PostgreSQL", "", "", spread(site)),
    ("ratio of the two", "0.5", "1.0", f"{ratio:.2f} (turns from {turns[0]:.2f} to {turns[-1]:.2f})"),
    ("signatures a second, SQLite", "8,000", "12,000", spread(sqlite)),
    ("processor a signature, PostgreSQL, us: site + database + crowd", "", "", weight("postgres-weight.txt")),
    ("processor a signature, SQLite, us: site + database + crowd", "", "", weight("sqlite-weight.txt")),
    ("p99 at half of that load, PostgreSQL, ms", "50", "15", f"{waits('postgres-half.json')['p99']:.1f}"),
    ("p99 at half of that load, SQLite, ms", "50", "15", f"{waits('sqlite-half.json')['p99']:.1f}"),
]
print("| | must | aim | measured |\n|---|--:|--:|--:|")
for row in rows:
    print("| " + " | ".join(row) + " |")

"""Prints must, aim and measured: table.py RATES SMALL LARGE, where RATES holds a name and a rate on each line."""

import collections
import statistics
import sys

rates = collections.defaultdict(list)
for line in open(sys.argv[1], encoding="utf-8"):
    name, rate = line.split()
    rates[name].append(float(rate))
middle = {name: statistics.median(all_of_it) for name, all_of_it in rates.items()}
small, large = int(sys.argv[2]) // 1024, int(sys.argv[3]) // 1024


def over(name, source):
    return middle[name] / middle[source]


rows = [
    ("unsigned, 10 KiB, 16 sessions, no queue", "1.0", "1.5", over("plain10", "source10")),
    (f"rendered, both signatures, two durable commits each, {small} KiB x 16", "0.10", "0.15", over("both", "sourcesmall")),
    (f"the same, ed25519 only, {small} KiB x 16", "0.40", "0.55", over("ed25519", "sourcesmall")),
    (f"the same, both, {large} KiB x 16", "0.40", "0.60", over("large", "sourcelarge")),
]
print("| of smtp-source -d | must | aim | measured |\n|---|---|---|---|")
for what, must, aim, measured in rows:
    print(f"| {what} | {must} | {aim} | {measured:.2f} |")
print(f"| one session, unsigned, no queue | 1,000 a second | | {middle['one']:,.0f} a second |")
for name, rate in middle.items():
    spread = ", ".join(f"{one:,.0f}" for one in rates[name])
    print(f"{name}: {rate:,.0f} a second ({spread})", file=sys.stderr)

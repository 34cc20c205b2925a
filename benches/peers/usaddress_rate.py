"""Tags every address of a table with usaddress, on one core: `usaddress_rate.py TRUTH OUT`.

Prints how many there were and the seconds that tagging alone took; the model is loaded before the clock starts. OUT gets the parts.
"""

import csv
import sys
import time

import usaddress

STREET = [
    "StreetNamePreModifier",
    "StreetNamePreDirectional",
    "StreetNamePreType",
    "StreetName",
    "StreetNamePostType",
    "StreetNamePostDirectional",
    "StreetNamePostModifier",
]
NUMBER = ["AddressNumberPrefix", "AddressNumber", "AddressNumberSuffix"]


def tagged(address):
    try:
        return usaddress.tag(address)[0]
    except usaddress.RepeatedLabelError:
        # It says that it cannot decide, which is an answer of its own.
        return None


def joined(tags, labels):
    return " ".join(tags[label] for label in labels if label in tags)


def main():
    with open(sys.argv[1], newline="", encoding="utf-8") as file:
        rows = [(row["id"], row["address"]) for row in csv.DictReader(file)]
    tagged("1 Main St, Springfield, OH 45501")
    begun = time.perf_counter()
    answers = [tagged(address) for _, address in rows]
    took = time.perf_counter() - begun
    with open(sys.argv[2], "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["id", "answered", "number", "street", "city", "state", "zip"])
        for (row, _), tags in zip(rows, answers):
            parts = tags or {}
            places = (parts.get(label, "") for label in ("PlaceName", "StateName", "ZipCode"))
            out.writerow([row, "no" if tags is None else "yes", joined(parts, NUMBER), joined(parts, STREET), *places])
    print(len(rows), took)


main()

"""Compares the parse with addresses that people have labelled, field by field, both folded to Publication 28's spellings.

The labels are noisy: what people call an intersection, a building or a landmark has no counterpart here and is left out. A field agrees when
both sides say the same or both say nothing.
"""

import csv
import os
import subprocess
import tempfile
import xml.etree.ElementTree as tree
from collections import Counter
from pathlib import Path

DATA = Path(os.environ["REDRESS_CIVIC_DATA"]) / "parse"
PROGRAM = os.environ["REDRESS_PROGRAM"]

FIELDS = {
    "number": ["AddressNumberPrefix", "AddressNumber", "AddressNumberSuffix"],
    "street": ["StreetNamePreModifier", "StreetNamePreDirectional", "StreetNamePreType", "StreetName", "StreetNamePostType", "StreetNamePostDirectional"],
    "unit": ["OccupancyType", "OccupancyIdentifier"],
    "city": ["PlaceName"],
    "state": ["StateName"],
    "zip": ["ZipCode"],
}
KNOWN = {label for labels in FIELDS.values() for label in labels}


def labelled(path: Path):
    for address in tree.parse(path).getroot():
        parts = [(part.tag, (part.text or "").strip()) for part in address]
        if parts and all(tag in KNOWN for tag, _ in parts) and any(tag == "StreetName" for tag, _ in parts):
            yield parts


def parsed(lines):
    with tempfile.TemporaryDirectory() as scratch:
        asked, out = Path(scratch) / "in.csv", Path(scratch) / "out.csv"
        with open(asked, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["address"])
            writer.writerows([line] for line in lines)
        subprocess.run([PROGRAM, "civics", "parse", "--batch", str(asked), "--out", str(out)], check=True)
        with open(out, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def text(parts, labels):
    return " ".join(word for tag, word in parts if tag in labels).strip(" ,.")


for path in sorted(DATA.glob("*.xml")):
    addresses = list(labelled(path))
    lines = [" ".join(word for _, word in parts) for parts in addresses]
    whole = parsed(lines)
    # The labelled parts are brought to the same spellings by being parsed alone, each where it belongs.
    alone = parsed(
        f"{text(parts, FIELDS['number']) or '1'} {text(parts, FIELDS['street'])}"
        + (f", {text(parts, FIELDS['unit'])}" if text(parts, FIELDS["unit"]) else "")
        + f", {text(parts, FIELDS['city']) or 'X'}, {text(parts, FIELDS['state']) or 'ZZ'} {text(parts, FIELDS['zip']) or '00000'}"
        for parts in addresses
    )
    agree: Counter = Counter()
    for parts, mine, theirs in zip(addresses, whole, alone, strict=True):
        street = lambda row: " ".join(row[key] for key in ["predir", "pretype", "name", "type", "postdir"] if row[key])
        said = {field: bool(text(parts, labels)) for field, labels in FIELDS.items()}
        pairs = {
            "number": (mine["number"], theirs["number"] if said["number"] else ""),
            "street": (street(mine), street(theirs)),
            "unit": (mine["unit"], theirs["unit"] if said["unit"] else ""),
            "city": (mine["city"], theirs["city"] if said["city"] else ""),
            "state": (mine["state"], theirs["state"] if said["state"] else ""),
            "zip": (mine["zip"], theirs["zip"] if said["zip"] else ""),
        }
        for field, (one, other) in pairs.items():
            agree[field] += one == other
        agree["whole"] += all(one == other for one, other in pairs.values())
    if os.environ.get("SHOW"):
        for line, parts, mine, theirs in zip(lines, addresses, whole, alone, strict=True):
            if (street(mine), mine["city"]) != (street(theirs), theirs["city"] if text(parts, FIELDS["city"]) else ""):
                print("  ", line, "|", street(mine), "/", mine["city"], "|", street(theirs), "/", text(parts, FIELDS["city"]))
    count = max(len(addresses), 1)
    shares = ", ".join(f"{field} {100 * agree[field] / count:.1f} %" for field in [*FIELDS, "whole"])
    print(f"{path.name}: {len(addresses)} addresses; {shares}")

"""Prints the districts that are in force on a day, one row each: `districts.py SOURCES DAY`.

`valid_from` is the first day of a map, `valid_to` the first day after it.
"""

import csv
import datetime
import json
import pathlib
import sys
import tomllib


def day_of(value):
    """A day as a manifest may spell it, as text or as TOML's own date."""
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)


def is_in_force(source, day):
    begins, ends = source.get("valid_from"), source.get("valid_to")
    return (begins is None or day_of(begins) <= day) and (ends is None or day < day_of(ends))


def main():
    manifest, day = pathlib.Path(sys.argv[1]), datetime.date.fromisoformat(sys.argv[2])
    out = csv.writer(sys.stdout)
    out.writerow(["place_geoid", "district", "shape"])
    for source in tomllib.loads(manifest.read_text(encoding="utf-8"))["source"]:
        if source["kind"] != "districts" or not is_in_force(source, day):
            continue
        text = (manifest.parent / source["path"]).read_text(encoding="utf-8")
        for feature in json.loads(text)["features"]:
            out.writerow([source["place"], feature["properties"]["district"], json.dumps(feature["geometry"])])


main()

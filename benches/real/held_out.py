"""Leaves one fifth of the known addresses out of the pack and asks for them, five times over.

What is asked for lies between known houses, beyond the last one, or on a street that the rest does not have at all. Wrong is an answer that
names a government or district without asking; abstained is everything that claims nothing or asks.
"""

import csv
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

DATA = Path(os.environ["REDRESS_CIVIC_DATA"])
PROGRAM = os.environ["REDRESS_PROGRAM"]
SURE = {"exact", "exact_split", "relaxed"}
FOLDS = 5

CITIES = {
    "Aurora CO": {
        "file": "addresses/aurora_co_business_addresses.csv",
        "columns": "columns = { address = \"address\", city = \"city\", state = \"state\", zip = \"zip\", lat = \"lat\", lon = \"lon\" }",
        "address": lambda row: [row["address"], row["city"], row["state"], row["zip"]],
        "place": lambda row: "0804000" if row["in_city_2019"] == "1" else None,
        "district": lambda row: row["ward_computed"] if row["in_city_2019"] == "1" else "",
        # Outside Aurora the file does not say which city governs: only Aurora itself would be wrong.
        "is_place": lambda truth, answer: answer == truth if truth else answer != "0804000",
    },
    "Hamilton County OH": {
        "file": "addresses/nad_hamilton_county_oh.csv",
        "columns": "columns = { number = \"number\", street = \"street\", city = \"postal_city\", state = \"state\", zip = \"zip\", lat = \"lat\", lon = \"lon\" }",
        "address": lambda row: [f"{row['number']} {row['street']}", row["postal_city"], row["state"], row["zip"]],
        "place": lambda row: "" if row["governed_by"] == "unincorporated" else row["place_geoid"],
        "district": lambda row: "",
        "is_place": lambda truth, answer: answer == truth,
    },
}


def manifest(left: str, columns: str, rest: Path) -> str:
    """The data's own manifest with one file of points replaced by those that are kept."""
    parts = (DATA / "sources.toml").read_text().split("[[source]]")
    kept = [parts[0]]
    for part in parts[1:]:
        if left in part:
            kept.append(f"\nkind = \"address_points\"\npath = \"{rest}\"\n{columns}\n")
        elif "kind = \"address_" in part or "kind = \"tiger" in part or "kind = \"street_segments" in part or "kind = \"officials" in part:
            continue
        else:
            kept.append(part.replace('path = "', f'path = "{DATA}/'))
    return "[[source]]".join(kept)


def run(*arguments: str) -> None:
    done = subprocess.run([PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{arguments[:2]}: {done.stderr.strip()}")


def show(row: dict, answer: dict) -> None:
    """Each wrong answer, where `SHOW` asks for them."""
    if os.environ.get("SHOW"):
        print("  wrong:", list(row.values()), "->", [answer[key] for key in ["level", "reasons", "number", "street", "zip", "place_geoid", "district"]])


def measure(name: str, city: dict) -> None:
    with open(DATA / city["file"], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    counts: Counter = Counter()
    levels: Counter = Counter()
    scratch = Path(tempfile.mkdtemp())
    try:
        for fold in range(FOLDS):
            rest, asked = scratch / "rest.csv", scratch / "asked.csv"
            held = [row for at, row in enumerate(rows) if at % FOLDS == fold]
            with open(rest, "w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, fieldnames=rows[0].keys())
                writer.writeheader()
                writer.writerows(row for at, row in enumerate(rows) if at % FOLDS != fold)
            with open(asked, "w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(["street", "city", "state", "zip"])
                writer.writerows(city["address"](row) for row in held)
            (scratch / "sources.toml").write_text(manifest(city["file"], city["columns"], rest))
            run("civics", "build", str(scratch / "sources.toml"), "--out", str(scratch / "a.pack"))
            run("civics", "resolve", "--pack", str(scratch / "a.pack"), "--batch", str(asked), "--out", str(scratch / "out.csv"), "--on", "2026-11-21")
            with open(scratch / "out.csv", newline="", encoding="utf-8") as file:
                answers = list(csv.DictReader(file))
            for row, answer in zip(held, answers, strict=True):
                counts["asked"] += 1
                levels[answer["level"]] += 1
                if answer["level"] not in SURE:
                    counts["abstained"] += 1
                    continue
                if not city["is_place"](city["place"](row), answer["place_geoid"]):
                    counts["wrong municipality"] += 1
                    show(row, answer)
                elif answer["district"] and answer["district"] != city["district"](row):
                    counts["wrong district"] += 1
                    show(row, answer)
                    flags = {"border_within_band", "between_known_numbers"}
                    if not flags & set(answer["reasons"].split(";")):
                        counts["wrong district, no flag"] += 1
    finally:
        shutil.rmtree(scratch)
    print(f"{name}: {counts['asked']} addresses, each left out once")
    for what in ["wrong municipality", "wrong district", "wrong district, no flag", "abstained"]:
        print(f"  {what:<26} {counts[what]:>6}  {100 * counts[what] / counts['asked']:.3f} %")
    print("  levels:", ", ".join(f"{level} {count}" for level, count in levels.most_common()))


for name, city in CITIES.items():
    measure(name, city)

"""The parts of a sample's address, from what is known of it rather than by guessing as a parser must.

The sample says which cities belong to a ZIP code, so the end of an address is known however carelessly it is written; what is left is
the number and the street, perhaps with a unit behind or an urbanizacion before or behind.
"""

import collections
import csv
import re

PARTS = ["number", "street", "city", "state", "zip"]

UNIT = re.compile(r" (?:APT|STE|UNIT|#) \w+$")
URBANIZACIONES = ["LAS PALMAS", "VILLA DEL SOL", "JARDINES DE LUZ", "SANTA MARTA"]

# Postal Service Publication 28: spellings that mean the same, of the words that the sample has. Both parsers' answers are folded alike before they are compared, since
# one of them hands out standard abbreviations and the other what was written.
SAME = {
    "NORTH": "N",
    "SOUTH": "S",
    "EAST": "E",
    "WEST": "W",
    "STREET": "ST",
    "AVENUE": "AVE",
    "DRIVE": "DR",
    "LANE": "LN",
    "COURT": "CT",
    "TERRACE": "TER",
    "CIRCLE": "CIR",
    "BOULEVARD": "BLVD",
    "PLACE": "PL",
    "POINT": "PT",
    "ROAD": "RD",
    "TRAIL": "TRL",
    "PARKWAY": "PKWY",
    "HIGHWAY": "HWY",
    "SAINT": "ST",
}


def folded(text):
    words = re.sub(r"[.,]", " ", text.upper()).split()
    return " ".join(SAME.get(word, word) for word in words)


def cities_of_zips(path):
    cities = collections.defaultdict(list)
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cities[row["zip"]].append(row["city"].upper())
    return cities


def truth_parts(address, cities):
    words = re.sub(r",", " ", address.upper()).split()
    *rest, state, code = words
    line = " ".join(rest)
    city = max((city for city in cities[code] if line.endswith(f" {city}")), key=len)
    line = UNIT.sub("", line.removesuffix(f" {city}"))
    for name in URBANIZACIONES:
        line = line.removeprefix(f"URB {name} ").removesuffix(f" URB {name}")
    number, street = line.split(" ", 1)
    return {"number": number, "street": street, "city": city, "state": state, "zip": code}


def agreeing(truth, answer):
    """Which of the parts an answer has as the truth has them."""
    return {part for part in PARTS if folded(truth[part]) == folded(answer[part])}

"""Takes the Census's FULLNAME apart into what FEATNAMES would say: `street_parts.py DIRECTORY`.

Reads `streets.csv`, `types.csv` and `directions.csv` there (the latter two are the geocoder's own words) and prints a table.
"""

import csv
import pathlib
import sys


def words_of(path):
    """Spellings in upper case, each with its abbreviation; the abbreviations spell themselves."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.reader(file) if row]
    return {spelling.upper(): short for long, short in rows for spelling in (long, short)}


def leading(words, known):
    """The longest run of words at the front that is known and leaves something: its abbreviation and how many words it has."""
    for count in range(len(words) - 1, 0, -1):
        short = known.get(" ".join(words[:count]).upper())
        if short:
            return short, count
    return "", 0


def trailing(words, known):
    """The same at the end."""
    for count in range(len(words) - 1, 0, -1):
        short = known.get(" ".join(words[-count:]).upper())
        if short:
            return short, count
    return "", 0


def taken_apart(full_name, types, directions):
    """Direction, type, name, type, direction. Only an abbreviated direction is one: in `N South St` the street is called South."""
    words = full_name.split(" ")
    before = after = ""
    if len(words) > 1 and directions.get(words[0].upper()) == words[0]:
        before, words = words[0], words[1:]
    if len(words) > 1 and directions.get(words[-1].upper()) == words[-1]:
        after, words = words[-1], words[:-1]
    type_after, count = trailing(words, types)
    if count:
        return before, "", " ".join(words[:-count]), type_after, after
    type_before, count = leading(words, types)
    return before, type_before, " ".join(words[count:]), "", after


def main():
    directory = pathlib.Path(sys.argv[1])
    types = words_of(directory / "types.csv")
    directions = words_of(directory / "directions.csv")
    out = csv.writer(sys.stdout)
    out.writerow(["fullname", "predirabrv", "pretypabrv", "name", "suftypabrv", "sufdirabrv"])
    with open(directory / "streets.csv", newline="", encoding="utf-8") as file:
        for (full_name,) in csv.reader(file):
            out.writerow([full_name, *taken_apart(full_name, types, directions)])


main()

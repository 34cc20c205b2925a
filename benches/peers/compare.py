"""Prints what was measured: rates, verdicts against the truth, and how far the parsers agree with the addresses' own parts."""

import argparse
import collections
import csv
import datetime
import pathlib
import statistics

import tables
import truth_parts
import verdicts

# Up to which rating a point is taken. 0 is a perfect match; from 100 on only a city or ZIP code was found, and its middle is no house.
WORST = [99, 20, 10, 0]
# The cut whose verdicts are shown by kind: whatever street the geocoder found.
WHOLE = WORST[0]


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def print_rates(directory):
    rates, asked = collections.defaultdict(list), collections.Counter()
    for row in rows_of(directory / "rates.csv"):
        if int(row["addresses"]):
            rates[row["who"]].append(int(row["addresses"]) / float(row["seconds"]))
            asked[row["who"]] += int(row["addresses"])
    middle = {who: statistics.median(all_of) for who, all_of in rates.items()}
    peers = {"redress parse": "usaddress", "redress resolve": "postgis"}
    body = []
    for who in ("redress parse", "usaddress", "redress resolve", "postgis"):
        ratio = f"{tables.number(middle[who] / middle[peers[who]])} x {peers[who]}" if who in peers else ""
        body.append([who, len(rates[who]), asked[who], *map(tables.number, (middle[who], min(rates[who]), max(rates[who]))), ratio])
    tables.show("Addresses a second", ["", "rounds", "addresses in all", "median", "slowest", "fastest", "ratio"], body)


def shares(counts):
    total = counts.total()
    return [f"{100 * counts[verdict] / total:.2f} %" if total else "" for verdict in verdicts.VERDICTS]


def ratios(ours, theirs):
    """Ours for each one of theirs; nothing where they have none."""
    return [f"{ours[verdict] / theirs[verdict]:.2f}" if theirs[verdict] else "-" for verdict in verdicts.VERDICTS]


def count_verdicts(answers, truth):
    """Verdicts on places and on districts, over all rows and by kind; then how many districts were named where there are none."""
    everything, invented = collections.defaultdict(lambda: [collections.Counter(), collections.Counter()]), 0
    for row, answer in answers.items():
        place, district, is_invented = verdicts.of_row(answer, truth[row])
        invented += is_invented
        for name in ("", truth[row]["kind"]):
            everything[name][0][place] += 1
            if district:
                everything[name][1][district] += 1
    return everything, invented


def print_verdicts(directory, truth):
    geocoded = rows_of(directory / "geocoded.csv")
    resolved = {row["id"]: row for row in rows_of(directory / "resolved.csv")}
    redress, named = count_verdicts({row["id"]: verdicts.of_redress(resolved[row["id"]]) for row in geocoded}, truth)
    cuts = {worst: count_verdicts({row["id"]: verdicts.of_geocoder(row, worst) for row in geocoded}, truth) for worst in WORST}
    postgis = {worst: counted for worst, (counted, _) in cuts.items()}
    theirs = ", ".join(f"{invented} (up to {worst})" for worst, (_, invented) in cuts.items())
    failed = sum(bool(row["failure"]) for row in geocoded)
    for index, about in enumerate(("municipality", "district")):
        body = [["redress", *shares(redress[""][index])]]
        for worst, counted in postgis.items():
            name = f"postgis, rating up to {worst}" if worst else "postgis, rating 0"
            body.append([name, *shares(counted[""][index])])
            body.append([f"  redress : {name}", *ratios(redress[""][index], counted[""][index])])
        total = redress[""][index].total()
        tables.show(f"The {about} of {total} addresses, the same ones for both", ["", *verdicts.VERDICTS], body)
    without = len(geocoded) - redress[""][1].total()
    print(f"Districts named for the {without} addresses that have none: redress {named}; postgis by rating {theirs}.")
    print(f"Questions on which the geocoder stopped with an error: {failed} of {len(geocoded)}; they count as abstentions.\n")
    body = []
    for kind in redress:
        if kind:
            counted = [who[kind][index] for index in (0, 1) for who in (redress, postgis[WHOLE])]
            body.append([kind, counted[0].total(), *("/".join(str(one[verdict]) for verdict in verdicts.VERDICTS) if one else "" for one in counted)])
    header = ["kind", "rows", "redress: municipality", "postgis: municipality", "redress: district", "postgis: district"]
    tables.show(f"By kind: right/wrong/abstained; postgis with any rating up to {WHOLE}", header, body)
    if len(geocoded) == len(truth):
        return
    everywhere, _ = count_verdicts({row: verdicts.of_redress(answer) for row, answer in resolved.items()}, truth)
    body = [[about, everywhere[""][index].total(), *shares(everywhere[""][index])] for index, about in enumerate(("municipality", "district"))]
    tables.show("Redress on every row of truth.csv", ["", "rows", *verdicts.VERDICTS], body)


def street_of(row):
    return " ".join(row[part] for part in ("predir", "pretype", "name", "type", "postdir") if row[part])


def print_parts(directory, truth, cities):
    parsers = {
        "redress": {row["id"]: row | {"street": street_of(row)} for row in rows_of(directory / "parsed.csv")},
        "usaddress": {row["id"]: row for row in rows_of(directory / "tagged.csv")},
    }
    counts = {who: collections.Counter() for who in parsers}
    for row in truth.values():
        parts = truth_parts.truth_parts(row["address"], cities)
        for who, answers in parsers.items():
            agreeing = truth_parts.agreeing(parts, answers[row["id"]])
            counts[who].update(agreeing)
            counts[who]["all five"] += len(agreeing) == len(truth_parts.PARTS)
    wanted = [*truth_parts.PARTS, "all five"]
    body = [[who, *(f"{100 * counted[part] / len(truth):.2f} %" for part in wanted)] for who, counted in counts.items()]
    refused = sum(row["answered"] == "no" for row in parsers["usaddress"].values())
    tables.show(f"Parts of {len(truth)} addresses that agree with the truth's", ["", *wanted], body)
    print(f"usaddress refused {refused} of them (a label twice); their parts count as not agreeing.\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--county", type=pathlib.Path, required=True)
    parser.add_argument("--directory", type=pathlib.Path, required=True)
    parser.add_argument("--versions", required=True)
    options = parser.parse_args()
    truth = {row["id"]: row for row in rows_of(options.county / "truth.csv")}
    print(f"{datetime.date.today()}\n{options.versions}\n")
    print_rates(options.directory)
    print_verdicts(options.directory, truth)
    print_parts(options.directory, truth, truth_parts.cities_of_zips(options.county / "zips.csv"))
    print(pathlib.Path(__file__).with_name("fairness.txt").read_text(encoding="utf-8"), end="")


main()

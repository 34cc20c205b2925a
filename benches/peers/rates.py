"""Lets Redress, usaddress and the geocoder take turns on the same addresses and writes how long each turn took to `rates.csv`.

A turn of Redress is the whole program from its start to its end, reading and writing files included. A turn of usaddress is tagging
alone, and a turn of the geocoder is what passes inside its server: what both need to start is not held against them.
"""

import argparse
import collections
import csv
import math
import pathlib
import random
import subprocess
import time

# The order of the questions, the same in each run.
SEED = 1


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--county", type=pathlib.Path, required=True)
    parser.add_argument("--directory", type=pathlib.Path, required=True)
    parser.add_argument("--on", required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    return parser.parse_args()


def spread(rows):
    """Every kind in turn, so that however far the geocoder comes, each kind has been asked as often as the others."""
    chance = random.Random(SEED)
    kinds = collections.defaultdict(list)
    for row in rows:
        kinds[row["kind"]].append(row)
    piles = [chance.sample(pile, len(pile)) for pile in kinds.values()]
    while piles:
        for pile in piles:
            yield pile.pop()
        piles = [pile for pile in piles if pile]


def psql(script):
    command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator= ", "--set=ON_ERROR_STOP=1"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, input=script, text=True).stdout


def queue_questions(directory, rows):
    path = directory / "questions.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([turn, row["id"], row["address"]] for turn, row in enumerate(spread(rows), 1))
    psql(f"\\copy peers.question from '{path}' (format csv)")


def from_start_to_end(command, count):
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return count, time.perf_counter() - begun


def own_measure(output):
    count, seconds = output.split()
    return int(count), float(seconds)


def main():
    options = arguments()
    truth, directory = options.county / "truth.csv", options.directory
    with open(truth, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    queue_questions(directory, rows)
    batch = ["--batch", str(truth), "--out"]
    parse = [options.program, "civics", "parse", *batch, str(directory / "parsed.csv")]
    pack = ["--pack", str(directory / "county.pack"), "--on", options.on]
    resolve = [options.program, "civics", "resolve", *pack, *batch, str(directory / "resolved.csv")]
    tagger = pathlib.Path(__file__).with_name("usaddress_rate.py")
    tag = [str(directory / "venv/bin/python"), str(tagger), str(truth), str(directory / "tagged.csv")]
    # The first question of a connection loads the geocoder's functions, so one is asked before the clock starts. If the time is enough for
    # all of them, the questions are shared out among the rounds.
    most = math.ceil(len(rows) / options.rounds)
    ask = f"""
        select count(*) from geocode('1 MAIN ST, NOWHERE, ZZ 00001', 1) \\g /dev/null
        select * from peers.ask({most}, {options.seconds / options.rounds});
    """

    def turns():
        yield "redress parse", from_start_to_end(parse, len(rows))
        yield "usaddress", own_measure(subprocess.run(tag, check=True, stdout=subprocess.PIPE, text=True).stdout)
        yield "redress resolve", from_start_to_end(resolve, len(rows))
        yield "postgis", own_measure(psql(ask))

    with open(directory / "rates.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["round", "who", "addresses", "seconds"])
        for number in range(1, options.rounds + 1):
            for who, (count, seconds) in turns():
                out.writerow([number, who, count, seconds])
    psql(f"\\copy (select * from peers.answer order by turn) to '{directory / 'geocoded.csv'}' (format csv, header)")


main()

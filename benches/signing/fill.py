"""Writes what signing leaves behind, by statements: `python3 -m fill signatures|places|forget|copy DATABASE ...`.

signatures COUNT  so many confirmed signatures, their households, and the tallies that they add to
places COUNT      a petition `wide` that is counted in so many places
forget            takes out again what `signatures` wrote, for its sealed fields do not open
copy              seconds that the database itself takes to write out the rows of all signatures
"""

import os
import sqlite3
import subprocess
import sys
import time

# 2024-01-01T00:00:00Z; all of them sign in this hour, long before the site's own.
HOUR = 1_704_067_200
# A node that no process counts under.
NODE = 1_000_000
HOME, DISTRICT = "9900100", "1"
STEP = 500_000

SIGNATURE = (
    "id, petition_id, email_key, name_key, zip_key, content_key, address_key, state, is_counted, home, district, is_self_asserted, "
    "governments_over, level, pack, origin, sealed_signer, shares_comment, lists_name, wants_updates, language, number, signed_at, "
    "confirm_by_at, confirmed_at"
)
HOUSEHOLD = "petition_id, email_key, zip_key, a_id, a_name, a_content, a_firm"
TALLY = ("counted", "self_asserted", "paper")


class Postgres:
    def __init__(self, url):
        self.url = url

    def run(self, *statements):
        for statement in statements:
            self.psql(statement)

    def psql(self, statement, **options):
        command = ["psql", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1", f"--dbname={self.url}"]
        return subprocess.run([*command, f"--command={statement}"], check=True, text=True, **options)

    def petition(self, slug):
        found = self.psql(f"select id from petition where slug = '{slug}'", stdout=subprocess.PIPE)
        return f"'{found.stdout.strip()}'::uuid"

    instant = staticmethod(lambda seconds: f"to_timestamp({seconds})")

    def rows(self, petition, first, last):
        key = "substr(sha256(int8send({})), 1, 16)"
        person, street = key.format("g"), key.format("-g")
        an_id = (
            f"(lpad(to_hex({HOUR * 1000} + g / 4), 12, '0') || '7000' || '8' || lpad(to_hex(g % 4096), 3, '0') "
            "|| substr(md5(g::text), 1, 12))::uuid"
        )
        at = self.instant(HOUR)
        numbers = f"from generate_series({first + 1}, {last}) as g order by g"
        yield (
            f"insert into signature ({SIGNATURE}) select {an_id}, {petition}, {person}, {street}, {key.format('g % 30000')}, {person}, "
            f"{street}, 'confirmed', true, '{HOME}', '{DISTRICT}', false, '99001', 'exact', 'stored', 'online', "
            f"decode(repeat(md5(g::text), 18), 'hex'), false, true, false, 'en', g, {at}, {at}, {at} {numbers}"
        )
        yield (
            f"insert into household ({HOUSEHOLD}) select {petition}, {person}, {key.format('g % 30000')}, {an_id}, {street}, {person}, true "
            f"{numbers}"
        )

    def settle(self):
        self.run("vacuum analyze")

    def copy(self):
        self.psql("copy (select * from signature where pack <> 'stored' order by id) to stdout", stdout=subprocess.DEVNULL)


class Sqlite:
    def __init__(self, url):
        self.connection = sqlite3.connect(url.removeprefix("sqlite:"), isolation_level=None)
        self.connection.execute("pragma cache_size = -1000000")
        # SQLite's own came with 3.41.
        self.connection.create_function("unhex", 1, bytes.fromhex, deterministic=True)

    def run(self, *statements):
        self.connection.execute("begin immediate")
        for statement in statements:
            self.connection.execute(statement)
        self.connection.execute("commit")

    def petition(self, slug):
        ((found,),) = self.connection.execute("select hex(id) from petition where slug = ?", (slug,))
        return f"x'{found}'"

    instant = staticmethod(lambda seconds: str(seconds * 1_000_000))

    def rows(self, petition, first, last):
        at = self.instant(HOUR)
        self.connection.execute("create temp table person (g integer primary key, id blob, email blob, zip blob, street blob)")
        numbers = f"with recursive n(g) as (select {first + 1} union all select g + 1 from n where g < {last})"
        an_id = f"unhex(printf('%012x70008%03x', {HOUR * 1000} + g / 4, g % 4096) || hex(randomblob(6)))"
        self.connection.execute(f"insert into person {numbers} select g, {an_id}, randomblob(16), randomblob(16), randomblob(16) from n")
        yield (
            f"insert into signature ({SIGNATURE}) select id, {petition}, email, street, zip, email, street, 'confirmed', 1, '{HOME}', "
            f"'{DISTRICT}', 0, '99001', 'exact', 'stored', 'online', randomblob(288), 0, 1, 0, 'en', g, {at}, {at}, {at} "
            "from person order by g"
        )
        # Sorted as the table is: otherwise each row of ten million would be written to a page of its own.
        yield f"insert into household ({HOUSEHOLD}) select {petition}, email, zip, id, street, email, 1 from person order by email"
        yield "drop table temp.person"

    def settle(self):
        self.connection.execute("pragma wal_checkpoint(truncate)")

    def copy(self):
        with open(os.devnull, "w", encoding="utf-8") as out:
            for row in self.connection.execute("select * from signature where pack <> 'stored' order by id"):
                out.write("\t".join(map(str, row)) + "\n")


def tallies(database, petition, count):
    at = database.instant(HOUR)
    yield f"insert into petition_tally values ({petition}, {NODE}, {count}, 0, 0, 0)"
    yield f"insert into petition_tally_hour values ({petition}, {at}, {NODE}, {count}, 0, 0)"
    yield f"insert into home_tally values ({petition}, '{HOME}', '{DISTRICT}', {NODE}, {count}, 0, 0, 0)"
    yield f"insert into home_tally_hour values ({petition}, '{HOME}', {at}, '{DISTRICT}', {NODE}, {count}, 0, 0)"


def signatures(database, count):
    petition = database.petition("bench")
    for begin in range(0, count, STEP):
        database.run(*database.rows(petition, begin, min(begin + STEP, count)))
    database.run(*tallies(database, petition, count))
    database.settle()


def forget(database):
    petition = database.petition("bench")
    tables = ("petition_tally", "petition_tally_hour", "home_tally", "home_tally_hour")
    database.run(
        *(f"delete from {table} where petition_id = {petition} and node = {NODE}" for table in tables),
        "delete from household where a_id in (select id from signature where pack = 'stored')",
        "delete from signature where pack = 'stored'",
    )
    database.settle()


def places(database, count):
    petition = database.petition("wide")
    for begin in range(0, count, 1_000):
        homes = (f"({petition}, '{88 * 100_000 + place:07}', '', {NODE + 1}, 1, 0, 0, 0)" for place in range(begin, min(begin + 1_000, count)))
        database.run("insert into home_tally values " + ", ".join(homes))
    at = database.instant(HOUR)
    database.run(
        f"insert into petition_tally values ({petition}, {NODE + 1}, {count}, 0, 0, 0)",
        f"insert into petition_tally_hour values ({petition}, {at}, {NODE + 1}, {count}, 0, 0)",
    )


def main():
    what, url, *numbers = sys.argv[1:]
    database = Postgres(url) if url.startswith("postgres") else Sqlite(url)
    if what == "copy":
        begun = time.monotonic()
        database.copy()
        print(f"{time.monotonic() - begun:.3f}")
        return
    {"signatures": signatures, "places": places, "forget": forget}[what](database, *map(int, numbers))


main()

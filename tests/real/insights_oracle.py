"""Holds `baro query --file` against DuckDB: the same questions to the same records, row for row.

    python tests/real/insights_oracle.py --baro PATH [--records N] [--only TEXT]

The records are made here, with a fixed seed: JSON lines of four streams, one of them packed, with nested fields, missing
values, numbers as text, empty and blank texts and letters of several scripts. Each question is written twice by hand, in
the Logs Insights language and in SQL. Needs the package `duckdb`.
"""

import argparse
import concurrent.futures
import csv
import gzip
import json
import os
import random
import subprocess
import tempfile
from collections import namedtuple
from datetime import datetime, timedelta, timezone

import duckdb

from common import Trouble, run_checks
from insights_corpus import QUERIES

START = datetime(2026, 1, 15, 0, 0, 0, tzinfo=timezone.utc)
STREAMS = ["web-1.log", "web-2.log", "worker.log.gz", "größe.log"]
# A lookup table; of rows with the same key the first counts.
TEAMS = [
    ("checkout", "ERROR", "Pay, Check", "1"),
    ("cart", "ERROR", "Cart", "2"),
    ("注文", "WARN", "注文チーム", "3"),
    ("größe", "INFO", "Größe", ""),
    ("checkout", "ERROR", "Other", "9"),
]
Query = namedtuple("Query", "text sql ordered")


def record(dice, number, at):
    """One record; about a tenth of every optional field is missing."""
    row = {"timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z", "id": number}
    row["level"] = dice.choices(["INFO", "WARN", "ERROR", "DEBUG"], [70, 15, 10, 5])[0]
    row["service"] = dice.choice(["checkout", "cart", "注文", "größe", "пошта", "search"])
    if dice.random() < 0.9:
        row["status"] = dice.choices([200, 201, 301, 404, 500, 503], [60, 10, 5, 10, 10, 5])[0]
    if dice.random() < 0.9:
        row["latency"] = round(dice.lognormvariate(0, 1.2), 3)
    if dice.random() < 0.95:
        size = dice.randrange(0, 60) * 50
        row["bytes"] = str(size) if dice.random() < 0.3 else size
    if dice.random() < 0.8:
        user = {"id": dice.randrange(1, 400), "name": dice.choice(["Anna", "Björn", "Łukasz", "Ωmega", "李雷"])}
        if dice.random() < 0.7:
            user["tags"] = [dice.choice(["new", "vip", "beta", "b2b"]) for _ in range(dice.randrange(0, 4))]
        row["user"] = user
    if dice.random() < 0.9:
        row["ok"] = dice.random() < 0.85
    row["ip"] = dice.choice(["192.0.2.", "198.51.100.", "10.0.0."]) + str(dice.randrange(1, 255))
    if dice.random() < 0.1:
        row["ip"] = f"2001:db8::{dice.randrange(1, 65535):x}"
    row["path"] = f"/api/v{dice.randrange(1, 4)}/{dice.choice(['orders', 'carts', 'users'])}/{dice.randrange(1, 1000)}"
    row["msg"] = f"user={dice.choice('abcdef')}{dice.randrange(9)}, method:{dice.choice(['GET', 'PUT', 'POST'])}, took := {dice.randrange(900)}"
    note = dice.random()
    if note < 0.1:
        row["note"] = None
    elif note < 0.2:
        row["note"] = ""
    elif note < 0.3:
        row["note"] = "  "
    elif note < 0.6:
        row["note"] = dice.choice(["retry", "Retry later", "no retry", "  padded "])
    return row


def write(folder, count):
    """The files of all streams; a record's place in time and in its stream is unlike any other's."""
    dice, at = random.Random(20260115), START
    lines = [[] for _ in STREAMS]
    for number in range(count):
        at += timedelta(milliseconds=dice.randrange(1, 2500))
        text = json.dumps(record(dice, number, at), ensure_ascii=dice.random() < 0.2, separators=(",", ":"))
        lines[dice.randrange(len(STREAMS))].append(text)
    paths = []
    for name, part in zip(STREAMS, lines):
        path = os.path.join(folder, name)
        data = "".join(line + "\n" for line in part).encode()
        with open(path, "wb") as file:
            file.write(gzip.compress(data) if name.endswith(".gz") else data)
        paths.append(path)
    with open(os.path.join(folder, "teams.csv"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("service", "level", "team", "floor"), *TEAMS])
    return paths


def table(folder, paths):
    """The records as a table, read by DuckDB's own reader of JSON."""
    base = duckdb.connect()
    base.execute("SET TimeZone = 'UTC'")
    base.execute("CREATE TABLE lines(stream VARCHAR, message VARCHAR, j JSON)")
    for path in paths:
        opened = gzip.open if path.endswith(".gz") else open
        plain = os.path.join(folder, "plain.json")
        with opened(path, "rb") as source, open(plain, "wb") as copy:
            copy.write(source.read())
        base.execute(
            "INSERT INTO lines SELECT ?, json::VARCHAR, json FROM read_json_objects(?, format = 'newline_delimited')",
            [os.path.basename(path), plain],
        )
    base.execute(
        """CREATE TABLE r AS SELECT stream, message, j,
             CAST(j->>'$.timestamp' AS TIMESTAMP) AS ts, CAST(j->>'$.id' AS BIGINT) AS id,
             j->>'$.level' AS level, j->>'$.service' AS service, CAST(j->>'$.status' AS BIGINT) AS status,
             CAST(j->>'$.latency' AS DOUBLE) AS latency, j->>'$.bytes' AS bytes,
             TRY_CAST(j->>'$.bytes' AS BIGINT) AS b, CAST(j->>'$.user.id' AS BIGINT) AS uid,
             j->>'$.user.name' AS uname, CAST(j->'$.user.tags' AS VARCHAR[]) AS tags,
             CAST(j->>'$.ok' AS BOOLEAN) AS ok, j->>'$.ip' AS ip, j->>'$.path' AS path, j->>'$.msg' AS msg,
             j->>'$.note' AS note FROM lines"""
    )
    base.execute("CREATE TABLE teams(service VARCHAR, level VARCHAR, team VARCHAR, floor VARCHAR)")
    base.executemany("INSERT INTO teams VALUES (?, ?, ?, ?)", TEAMS[:-1])
    return base


def shown(value):
    """A value of SQL as the language shows it."""
    if value is None or isinstance(value, float):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03d}"
    return str(value)


def same(got, expected):
    if isinstance(expected, float):
        try:
            number = float(got)
        except (TypeError, ValueError):
            return False
        # Computed numbers are shown with four decimals.
        return abs(number - expected) <= 5.1e-5 + 1e-9 * abs(expected)
    return got == expected


def key(row):
    """An order in which the same rows stand at the same places, whatever the last digits of a fraction are."""
    def part(value):
        if value is None:
            return ""
        try:
            return f"{float(value):.2f}"
        except ValueError:
            return value
    return [part(value) for value in row]


def differ(query, baro, base):
    """What is wrong with an answer; nothing where all is well."""
    cursor = base.cursor()
    try:
        cursor.execute(query.sql)
    except duckdb.Error as error:
        return f"DuckDB: {error}"
    names = [column[0] for column in cursor.description]
    expected = [[shown(value) for value in row] for row in cursor.fetchall()]
    done = subprocess.run(
        [
            baro.program, "query", query.text, "--output", "json", "--lookup", f"teams={baro.teams}",
            *[part for path in baro.paths for part in ("--file", path)],
        ],
        capture_output=True, text=True, timeout=600,
    )
    if done.returncode not in (0, 1):
        return f"status {done.returncode}: {done.stderr.strip()}"
    document = json.loads(done.stdout)
    unknown = {name for row in document["rows"] for name in row} - set(names) - {"@ptr"}
    if unknown:
        return f"columns that SQL does not have: {sorted(unknown)}"
    got = [[row.get(name) for name in names] for row in document["rows"]]
    if not query.ordered:
        got, expected = sorted(got, key=key), sorted(expected, key=key)
    if len(got) != len(expected):
        return f"{len(got)} rows, expected {len(expected)}; {got[:2]} against {expected[:2]}"
    for number, (one, two) in enumerate(zip(got, expected)):
        if not all(same(*pair) for pair in zip(one, two)):
            return f"row {number}: {one}, expected {two}"
    return None


def body(checks, options):
    queries = [Query(*query) for query in QUERIES if options.only in query[0]]
    with tempfile.TemporaryDirectory() as folder:
        paths = write(folder, options.records)
        base = table(folder, paths)
        count = base.execute("SELECT count(*) FROM r").fetchone()[0]
        if count != options.records:
            raise Trouble(f"DuckDB read {count} records of {options.records}")
        baro = namedtuple("Baro", "program paths teams")(
            os.path.abspath(options.baro), paths, os.path.join(folder, "teams.csv")
        )
        pool = concurrent.futures.ThreadPoolExecutor(options.jobs)
        try:
            answers = pool.map(lambda query: differ(query, baro, base), queries)
            for query, wrong in zip(queries, answers):
                checks.true(query.text, wrong is None, wrong)
        finally:
            # A script that is stopped does not ask what is left.
            pool.shutdown(cancel_futures=True)
        rows = base.execute("SELECT count(DISTINCT ts) FROM r").fetchone()[0]
        print(f"insights_oracle: {len(queries)} queries over {count} records of {len(paths)} streams at {rows} times")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--baro", required=True)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--only", default="", help="only queries that hold this text")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--aws", help="not needed here")
    options = parser.parse_args()
    run_checks("insights_oracle", lambda checks: body(checks, options))


if __name__ == "__main__":
    main()

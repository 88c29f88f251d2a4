"""Checks baro's metrics against ministack, an AWS stand-in that this project did not write.

    ministack.py --baro target/release/baro --aws PATH/aws --ministack PATH/ministack

Seeds it through the AWS CLI with values whose distribution is known, and compares what `baro metrics` prints with what
`aws cloudwatch get-metric-data` and `get-metric-statistics` say of the same window: the basic statistics and
percentiles, which LocalEmu lacks.

What ministack 1.4.21 lacks, and what is therefore not compared here: ExtendedStatistics of GetMetricStatistics (answered
without values), so percentiles are held against GetMetricData alone.
"""

import argparse
import contextlib
import json
import os
import random
import socket
import time
import urllib.request

from common import Aws, Baro, Trouble, run_checks, running, scratch, seconds, until

NAMESPACE = "Baro/Real"
NAME = "Latency"
PERIOD = 300
PERIODS = 6
BASIC = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"]
PERCENTILES = ["p50", "p90", "p99"]


def main():
    parser = argparse.ArgumentParser()
    for name in ("baro", "aws", "ministack"):
        parser.add_argument(f"--{name}", required=True)
    args = parser.parse_args()
    run_checks("real: ministack", lambda checks: check(checks, args))


def check(checks, args):
    with scratch() as folder, ministack(args.ministack, folder) as endpoint:
        aws = Aws(args.aws, endpoint)
        baro = Baro(args.baro, "--endpoint-url", endpoint, "--region", "us-east-1")
        end = int(time.time()) // PERIOD * PERIOD
        seed(aws, folder, end)
        check_list(checks, aws, baro)
        for stat in BASIC + PERCENTILES:
            check_statistic(checks, aws, baro, end, stat)
        check_spellings(checks, baro, end)


@contextlib.contextmanager
def ministack(program, folder):
    """The server for the time of the block: its endpoint, as soon as it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    path = os.path.join(folder, "ministack.log")
    command = ["env", f"GATEWAY_PORT={port}", os.path.abspath(program)]
    with open(path, "wb") as log, running(command, folder, stdout=log, stderr=log) as server:

        def answers():
            if server.poll() is not None:
                with open(path, encoding="utf-8", errors="replace") as text:
                    raise Trouble(f"ministack ended with {server.returncode}: {text.read()[-2000:]}")
            try:
                return urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=2).status
            except urllib.error.HTTPError as error:
                return error.code
            except OSError:
                return None

        if not until(answers, 60):
            raise Trouble("ministack did not answer")
        yield endpoint


def seed(aws, folder, end):
    """Forty values a period, skewed as latencies are, the last of them in the newest period that is over."""
    dice = random.Random(7)
    data = []
    for period in range(PERIODS):
        start = end - PERIOD * (PERIODS - period)
        for i in range(40):
            value = round(dice.expovariate(1 / (100 + 50 * period)), 3)
            data.append({"MetricName": NAME, "Dimensions": [{"Name": "Service", "Value": "check out"}],
                         "Timestamp": start + i * (PERIOD // 40), "Value": value, "Unit": "Milliseconds"})
    for first in range(0, len(data), 20):
        body = os.path.join(folder, "metrics.json")
        with open(body, "w") as out:
            json.dump(data[first:first + 20], out)
        aws("cloudwatch", "put-metric-data", "--namespace", NAMESPACE, "--metric-data", f"file://{body}")


def check_list(checks, aws, baro):
    said = [(m["Namespace"], m["MetricName"], {d["Name"]: d["Value"] for d in m["Dimensions"]})
            for m in aws("cloudwatch", "list-metrics", "--namespace", NAMESPACE)["Metrics"]]
    listed = baro.json("metrics", "--namespace", NAMESPACE, "--output", "json")
    shown = [(m["namespace"], m["name"], m["dimensions"]) for m in listed["metrics"]]
    checks.equal("the list of metrics", shown, said)
    checks.true("the list is complete and not empty", listed["complete"] and len(said) == 1, listed)


def window(end):
    return ["--since", f"{PERIOD * PERIODS}s", "--at", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(end))]


def check_statistic(checks, aws, baro, end, stat):
    start = end - PERIOD * PERIODS
    expression = f'{NAMESPACE}:{NAME}{{Service=check out}}:{stat}:{PERIOD}'
    document = baro.json("metrics", expression, "--output", "json", *window(end))
    shown = {seconds(at): value for at, value in document["series"][0]["points"]}
    checks.equal(f"{stat}: {PERIODS} datapoints", len(shown), PERIODS)

    metric = {"Namespace": NAMESPACE, "MetricName": NAME, "Dimensions": [{"Name": "Service", "Value": "check out"}]}
    query = [{"Id": "q", "MetricStat": {"Metric": metric, "Period": PERIOD, "Stat": stat}}]
    answer = aws("cloudwatch", "get-metric-data", "--metric-data-queries", json.dumps(query),
                 "--start-time", str(start), "--end-time", str(end))["MetricDataResults"][0]
    said = {seconds(at): value for at, value in zip(answer["Timestamps"], answer["Values"])}
    checks.equal(f"{stat}: the times of get-metric-data", sorted(shown), sorted(said))
    for at, value in sorted(said.items()):
        checks.close(f"{stat} at {at:.0f} as in get-metric-data", shown.get(at), value)

    if stat in PERCENTILES:
        return
    points = aws("cloudwatch", "get-metric-statistics", "--namespace", NAMESPACE, "--metric-name", NAME, "--dimensions",
                 "Name=Service,Value=check out", "--period", str(PERIOD), "--start-time", str(start), "--end-time", str(end),
                 "--statistics", stat)["Datapoints"]
    said = {seconds(p["Timestamp"]): p.get(stat) for p in points}
    checks.equal(f"{stat}: the times of get-metric-statistics", sorted(shown), sorted(said))
    for at, value in sorted(said.items()):
        checks.close(f"{stat} at {at:.0f} as in get-metric-statistics", shown.get(at), value)


def check_spellings(checks, baro, end):
    """The same figures however they are written."""
    expression = f'{NAMESPACE}:{NAME}{{Service=check out}}:p90:{PERIOD} as "ninety"'
    document = baro.json("metrics", expression, "--output", "json", *window(end))
    points = document["series"][0]["points"]
    table = baro.run("metrics", expression, *window(end)).stdout.splitlines()
    checks.equal("the table has a line a datapoint", len(table), len(points) + 1)
    lines = baro.run("metrics", expression, "--output", "csv", *window(end)).stdout.splitlines()
    checks.equal("csv has the same values", [float(line.split(",")[-1]) for line in lines[1:]], [value for _, value in points])
    spark = baro.run("metrics", expression, "--output", "spark", *window(end)).stdout
    checks.true("spark has the largest value", f"max {max(v for _, v in points):g}" in spark, spark)
    refused = baro.run("metrics", f"{NAMESPACE}:{NAME}:p101")
    checks.true("a statistic that does not exist is status 2", refused.returncode == 2 and "p101" in refused.stderr, refused.stderr)


main()

"""Checks baro against LocalEmu, an AWS stand-in that this project did not write.

    localemu.py --baro target/release/baro --aws PATH/aws --localemu PATH/localemu

Seeds it through the AWS CLI with real CloudWatch metrics (NAB, the Numenta Anomaly Benchmark, moved so that they end
now), alarms, log lines and trace segments; then compares what baro prints with what the AWS CLI says of the same window.

What LocalEmu 1.3.2 gets wrong or lacks, and what is therefore not compared here: percentiles and metric math (500),
DescribeAlarmHistory with dates (500, so the console's look for missed changes of state fails and says so),
StartLiveTail (so `baro tail` must fall back to polling, which is checked), GetServiceGraph (always empty), compound
JSON filter patterns, SetAlarmState on alarms with actions, BatchGetTraces durations (whole seconds).
"""

import argparse
import contextlib
import csv
import json
import os
import socket
import time
import urllib.request
from collections import Counter

import tree
from common import Aws, Baro, Trouble, run_checks, running, scratch, seconds, until

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.environ.get("BARO_REAL_DATA") or os.path.join(HERE, "..", "..", "..", "shared", "data")
NAB = os.path.join(DATA, "nab", "realAWSCloudWatch")
BOARD = os.path.join(HERE, "board.toml")
PERIOD = 300
# Id on the board, namespace, name, dimension, its value, statistic, file, unit.
METRICS = [
    ("cpu", "NAB/EC2", "CPUUtilization", "InstanceId", "i-825cc2", "Average", "ec2_cpu_utilization_825cc2.csv", "Percent"),
    ("rds", "NAB/RDS", "CPUUtilization", "DBInstanceIdentifier", "db-cc0c53", "Maximum", "rds_cpu_utilization_cc0c53.csv", "Percent"),
    ("elb", "NAB/ELB", "RequestCount", "LoadBalancerName", "lb-8c0756", "Sum", "elb_request_count_8c0756.csv", "Count"),
]
GROUP = "/app/checkout"
LEDGER = "/app/ledger"
TRAIL = "aws-cloudtrail-logs-test"
CLOUDTRAIL = os.path.join(DATA, "cloudtrail")
REQUESTS = 40
STARTED = time.time()


def main():
    parser = argparse.ArgumentParser()
    for name in ("baro", "aws", "localemu"):
        parser.add_argument(f"--{name}", required=True)
    args = parser.parse_args()
    if not os.path.isdir(NAB):
        print("real: LocalEmu: SKIPPED, there is no real data: set BARO_REAL_DATA to a folder that has nab/realAWSCloudWatch")
        return
    run_checks("real: LocalEmu", lambda checks: check(checks, args))


def check(checks, args):
    with scratch() as folder, localemu(args.localemu, folder) as endpoint:
        aws = Aws(args.aws, endpoint)
        baro = Baro(args.baro, "--endpoint-url", endpoint, "--region", "us-east-1", "--board", BOARD)
        now = time.time()
        seed_metrics(aws, folder, now)
        seed_alarms(aws)
        seed_logs(aws, now)
        seed_trace(aws, now)
        seed_story(aws, now)
        snapshot = baro.json("snapshot", "--format", "json", status=(0, 3))
        checks.equal("snapshot: no problem but the emulator's own", [p for p in snapshot["problems"] if not known(p)], [])
        check_metrics(checks, aws, snapshot)
        check_alarms(checks, aws, baro)
        check_history(checks, aws, baro)
        check_feed(checks, aws, snapshot)
        check_trace(checks, baro)
        tree.check(checks, aws, baro, trace_id(0xFEED), now)
        check_find(checks, aws, baro)
        check_query(checks, aws, baro)
        check_tail(checks, aws, baro, folder)


@contextlib.contextmanager
def localemu(program, folder):
    """The server for the time of the block: its endpoint, as soon as it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{free.getsockname()[1]}"
    command = [os.path.abspath(program), "start", "--host", "127.0.0.1", "--port", endpoint.rsplit(":", 1)[1]]
    path = os.path.join(folder, "localemu.log")
    with open(path, "wb") as log, running(command, folder, stdout=log, stderr=log) as server:

        def answers():
            if server.poll() is not None:
                raise Trouble(f"LocalEmu ended with {server.returncode}: {read(path)[-2000:]}")
            try:
                return urllib.request.urlopen(f"{endpoint}/_localemu/health", timeout=2).read()
            except OSError:
                return None

        if not until(answers, 90):
            raise Trouble(f"LocalEmu did not answer: {read(path)[-2000:]}")
        yield endpoint


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def seed_metrics(aws, folder, now):
    """Puts the newest rows of each file so that the last one is the period that runs: the newest whole one has a value
    whatever the time at which it is asked for."""
    end = int(now) // PERIOD * PERIOD + 2 * PERIOD
    for _, namespace, name, dimension, value, _, file, unit in METRICS:
        with open(os.path.join(NAB, file), newline="") as rows:
            values = [float(row["value"]) for row in csv.DictReader(rows)][-150:]
        first = end - PERIOD * len(values)
        data = [{"MetricName": name, "Dimensions": [{"Name": dimension, "Value": value}], "Timestamp": first + PERIOD * i,
                 "Value": v, "Unit": unit} for i, v in enumerate(values)]
        body = os.path.join(folder, "metrics.json")
        with open(body, "w") as out:
            json.dump(data, out)
        aws("cloudwatch", "put-metric-data", "--namespace", namespace, "--metric-data", f"file://{body}")


def known(problem):
    """Whether a problem is the emulator's: it can't compare the dates of DescribeAlarmHistory."""
    return problem["source"] == "cloudwatch:DescribeAlarmHistory" and "offset-naive" in problem["error"]


def seed_alarms(aws):
    every = ["--period", str(PERIOD), "--evaluation-periods", "2", "--comparison-operator", "GreaterThanThreshold"]
    cpu = ["--namespace", "NAB/EC2", "--metric-name", "CPUUtilization", "--dimensions", "Name=InstanceId,Value=i-825cc2", "--statistic", "Average"]
    elb = ["--namespace", "NAB/ELB", "--metric-name", "RequestCount", "--dimensions", "Name=LoadBalancerName,Value=lb-8c0756", "--statistic", "Sum"]
    none = ["--namespace", "Nowhere", "--metric-name", "None", "--statistic", "Sum"]
    for name, metric, threshold in (("cpu-high", cpu, "20"), ("requests-flood", elb, "1000000000"), ("nothing-there", none, "1")):
        aws("cloudwatch", "put-metric-alarm", "--alarm-name", name, *metric, "--threshold", threshold, *every)
    aws("cloudwatch", "put-composite-alarm", "--alarm-name", "node-unhealthy", "--alarm-rule", 'ALARM("cpu-high")')
    # Several changes of state, so that there is a history to tell.
    for name, state, reason in (
        ("cpu-high", "OK", "calm"),
        ("cpu-high", "ALARM", "two datapoints above 20"),
        ("requests-flood", "ALARM", "a flood"),
        ("requests-flood", "OK", "calm"),
    ):
        aws("cloudwatch", "set-alarm-state", "--alarm-name", name, "--state-value", state, "--state-reason", reason)


def lines(ids, now, apart):
    """Start and end lines of requests `apart` seconds after one another, the last one now; every fifth failed, every
    seventh has not ended."""
    events = []
    for i in ids:
        at = int(1000 * (now - apart * (ids[-1] - i)))
        request = {"requestId": f"req-{i:04}", "correlationId": f"corr-{i:04}", "device": "Pixel 8 \u5bbd", "traceId": trace_id(i)}
        events.append((at - 250, {"event": "CHECKOUT_START", **request}))
        if i % 7 == 6:
            continue
        end = {"event": "CHECKOUT_FAILURE", "reason": "DECLINED"} if i % 5 == 4 else {"event": "CHECKOUT_SUCCESS"}
        events.append((at, {**end, **request, "processingTime": 0.25}))
    return [{"timestamp": at, "message": json.dumps(body)} for at, body in sorted(events, key=lambda event: event[0])]


def trace_id(i):
    return f"1-{int(STARTED):08x}-{i:024x}"


def seed_logs(aws, now):
    aws("logs", "create-log-group", "--log-group-name", GROUP)
    aws("logs", "create-log-stream", "--log-group-name", GROUP, "--log-stream-name", "one")
    put_lines(aws, lines(range(REQUESTS), now, 1))


def put_lines(aws, events, group=GROUP):
    aws("logs", "put-log-events", "--log-group-name", group, "--log-stream-name", "one", "--log-events", json.dumps(events))


def seed_trace(aws, now):
    start, trace = now - 5, trace_id(4)
    documents = [
        {"trace_id": trace, "id": "1" * 16, "name": "Checkout", "start_time": start, "end_time": start + 1.5, "fault": True,
         "annotations": {"correlationId": "corr-0004"}, "subsegments": [
             {"id": "2" * 16, "name": "LedgerTable", "namespace": "aws", "start_time": start + 0.1, "end_time": start + 0.4}]},
        {"trace_id": trace, "id": "3" * 16, "parent_id": "1" * 16, "name": "CardNetwork", "start_time": start + 0.5, "end_time": start + 1.4},
    ]
    aws("xray", "put-trace-segments", "--trace-segment-documents", *map(json.dumps, documents))


def seed_story(aws, now):
    """More of request 4: lines of another service, and its event among CloudTrail's of real accounts."""
    for group in (LEDGER, TRAIL):
        aws("logs", "create-log-group", "--log-group-name", group)
        aws("logs", "create-log-stream", "--log-group-name", group, "--log-stream-name", "one")
    at = int(1000 * (now - REQUESTS + 5))
    ledger = [{"level": "WARN" if i == 4 else "INFO", "message": f"entry {i} posted", "correlationId": f"corr-{i:04}"} for i in range(REQUESTS)]
    put_lines(aws, [{"timestamp": at + i, "message": json.dumps(line)} for i, line in enumerate(ledger)], LEDGER)
    events = []
    for name in sorted(os.listdir(CLOUDTRAIL)):
        if name.endswith(".json"):
            with open(os.path.join(CLOUDTRAIL, name)) as file:
                recorded = json.load(file)
            events += recorded if isinstance(recorded, list) else recorded.get("Records", [recorded])
    own = {"eventVersion": "1.10", "eventSource": "checkout.amazonaws.com", "eventName": "SettlePayment", "requestID": "req-0004",
           "errorCode": "DECLINED", "requestParameters": {"wallet": "ApplePay"}, "responseElements": None}
    put_lines(aws, [{"timestamp": at + i, "message": json.dumps(event)} for i, event in enumerate([*events, own])], TRAIL)


def check_find(checks, aws, baro):
    """The story of one request, by each of its identifiers, against the lines that the AWS CLI finds."""
    expected = Counter()
    for group, terms in ((GROUP, ["corr-0004"]), (LEDGER, ["corr-0004"]), (TRAIL, ["req-0004"])):
        for term in terms:
            found = aws("logs", "filter-log-events", "--log-group-name", group, "--filter-pattern", f'"{term}"')["events"]
            source = "cloudtrail" if group == TRAIL else f"logs:{group}"
            expected.update((source, event["timestamp"]) for event in found)
    checks.equal("seeded: two lines, one of the ledger, one of CloudTrail", sum(expected.values()), 4)
    for value in ("corr-0004", "req-0004", trace_id(4)):
        story = baro.json("find", value, "--since", "1h", "--output", "json", status=(0, 3))
        lines = Counter((event["source"], round(1000 * seconds(event["time"]))) for event in story["events"] if event["source"] != "xray")
        checks.equal(f"baro find {value}: every line and CloudTrail event, once", lines, expected)
        segments = sorted(event["service"] for event in story["events"] if event["source"] == "xray")
        checks.equal(f"baro find {value}: every segment", segments, ["CardNetwork", "Checkout", "LedgerTable"])
        checks.equal(f"baro find {value}: what came of it", (story["outcome"], story["reason"]), ("failed", "DECLINED"))
    checks.equal("baro find of nothing", baro.run("find", "corr-nobody", "--since", "1h").returncode, 1)


def check_query(checks, aws, baro):
    """What LocalEmu does of Logs Insights: fields, sort and limit."""
    text = "fields @timestamp, @message | sort @timestamp desc | limit 7"
    now = int(time.time())
    started = aws("logs", "start-query", "--log-group-name", GROUP, "--query-string", text, "--start-time", str(now - 3600), "--end-time", str(now + 60))
    done = until(lambda: (answer := aws("logs", "get-query-results", "--query-id", started["queryId"]))["status"] == "Complete" and answer, 20)
    plain = lambda row: {name: value for name, value in row.items() if name != "@ptr"}
    expected = [plain({field["field"]: field["value"] for field in row}) for row in done["results"]]
    answer = baro.json("query", text, "--log-group", GROUP, "--since", "1h", "--output", "json")
    checks.equal("baro query: the rows of the AWS CLI", [plain(row) for row in answer["rows"]], expected)
    checks.equal("baro query: seven rows", len(answer["rows"]), 7)


def check_metrics(checks, aws, snapshot):
    end = int(seconds(snapshot["at"])) // PERIOD * PERIOD
    start = end - snapshot["window_s"]
    queries = [{"Id": ident, "MetricStat": {"Stat": statistic, "Period": PERIOD, "Metric": {
        "Namespace": namespace, "MetricName": name, "Dimensions": [{"Name": dimension, "Value": value}]}}}
        for ident, namespace, name, dimension, value, statistic, _, _ in METRICS]

    def ask(since, to):
        answer = aws("cloudwatch", "get-metric-data", "--metric-data-queries", json.dumps(queries), "--start-time", str(since),
                     "--end-time", str(to), "--scan-by", "TimestampAscending")
        return {r["Id"]: list(zip(map(seconds, r["Timestamps"]), r["Values"])) for r in answer["MetricDataResults"]}

    window, before = ask(start, end), ask(start - snapshot["window_s"], start)
    checks.equal("the emulator has every period", {ident: len(points) for ident, points in window.items()},
                 {ident: snapshot["window_s"] // PERIOD for ident in window})
    cards = {card["id"]: card for card in snapshot["cards"]}
    for ident in ("cpu", "rds"):
        newest = window[ident][-1][1]
        checks.close(f"card {ident}: the newest datapoint", cards[ident]["value"], newest)
        checks.close(f"card {ident}: points against the window before", cards[ident]["change"], newest - before[ident][-1][1], 1e-5)
    whole = sum(v for _, v in window["elb"])
    checks.close("card elb: the sum over the window", cards["elb"]["value"], whole)
    checks.close("card elb: percent against the window before", cards["elb"]["change"], 100 * (whole / sum(v for _, v in before["elb"]) - 1), 1e-5)
    [trend] = snapshot["trend"]["series"]
    checks.equal("trend: every datapoint", [(seconds(t), v) for t, v in trend["points"]], window["elb"])


def check_alarms(checks, aws, baro):
    def said():
        answer = aws("cloudwatch", "describe-alarms", "--alarm-types", "MetricAlarm", "CompositeAlarm")
        alarms = [("metric", a) for a in answer["MetricAlarms"]] + [("composite", a) for a in answer["CompositeAlarms"]]
        return {a["AlarmName"]: {"kind": kind, "state": a["StateValue"], "reason": a["StateReason"], "threshold": a.get("Threshold")}
                | {"since": seconds(a.get("StateTransitionedTimestamp", a["StateUpdatedTimestamp"]))} for kind, a in alarms}

    def printed(alarms):
        return {a["name"]: {key: a[key] for key in ("kind", "state", "reason", "threshold")} | {"since": seconds(a["since"])} for a in alarms}

    # The emulator evaluates its alarms while it is asked, so what is compared lies between two equal answers.
    for _ in range(3):
        before = said()
        ours = printed(baro.json("alarms", "--output", "json")["alarms"])
        screen = printed(baro.json("snapshot", "--screen", "alarms", "--format", "json", status=(0, 3))["alarms"])
        firing = baro.run("alarms", "--state", "ALARM", "--exit-code")
        after = said()
        if before == after:
            break
    for where, got in (("baro alarms", ours), ("snapshot --screen alarms", screen)):
        checks.equal(f"{where}: kind, state, reason, threshold", timeless(got), timeless(after))
        # The emulator rounds to milliseconds in JSON, which the AWS CLI reads, and not in CBOR, which baro reads.
        apart = {name: alarm["since"] - after[name]["since"] for name, alarm in got.items() if name in after}
        checks.true(f"{where}: since", all(abs(gap) < 0.0015 for gap in apart.values()), apart)
    expected = sorted(name for name, alarm in after.items() if alarm["state"] == "ALARM")
    listed = [line.split()[2] for line in firing.stdout.splitlines()[1:]]
    checks.equal("baro alarms --state ALARM: names", sorted(listed), expected)
    checks.equal("baro alarms --state ALARM --exit-code: status", firing.returncode, 1 if expected else 0)


def check_history(checks, aws, baro):
    """What happened to each alarm, item by item: what baro tells lies between two equal answers of the AWS CLI."""
    names = ("cpu-high", "requests-flood", "nothing-there", "node-unhealthy")

    def said():
        ask = ["cloudwatch", "describe-alarm-history", "--scan-by", "TimestampDescending", "--alarm-types", "MetricAlarm", "CompositeAlarm"]
        items = {name: aws(*ask, "--alarm-name", name)["AlarmHistoryItems"] for name in names}
        return {name: [(seconds(i["Timestamp"]), i["HistoryItemType"], i["HistorySummary"]) for i in items[name]] for name in names}

    def printed():
        alarms = baro.json("alarms", *names, "--events", "--output", "json", status=(0, 1))["alarms"]
        return {a["name"]: [(seconds(e["time"]), e["type"], e["summary"]) for e in a["history"]] for a in alarms}

    for _ in range(3):
        before = said()
        ours = printed()
        after = said()
        if before == after:
            break
    timeless = lambda histories: {name: [item[1:] for item in items] for name, items in histories.items()}
    checks.equal("baro alarms --events: type and summary of every item", timeless(ours), timeless(after))
    # The emulator rounds times to milliseconds in JSON, which the AWS CLI reads, and not in CBOR, which baro reads.
    apart = [one[0] - other[0] for name in names for one, other in zip(ours.get(name, []), after[name])]
    checks.true("baro alarms --events: the time of every item", all(abs(gap) < 0.0015 for gap in apart), apart)
    checks.true("there is a history to compare", len(after["cpu-high"]) >= 3 and len(after["requests-flood"]) >= 3, after)
    table = baro.run("alarms", "cpu-high", "--events").stdout.splitlines()
    checks.equal("baro alarms --events as a table: a line each", len(table), len(after["cpu-high"]) + 1)


def timeless(alarms):
    return {name: {key: value for key, value in alarm.items() if key != "since"} for name, alarm in alarms.items()}


def check_feed(checks, aws, snapshot):
    requests = {}
    for event in aws("logs", "filter-log-events", "--log-group-name", GROUP, "--page-size", "25")["events"]:
        line = json.loads(event["message"])
        row = requests.setdefault(line["requestId"], {
            "status": "PENDING", "reason": None, "latency_s": None, "correlation_id": line["correlationId"],
            "trace_id": line["traceId"], "device": line["device"]})
        if line["event"] != "CHECKOUT_START":
            row |= {"status": "FAILED" if line["event"] == "CHECKOUT_FAILURE" else "SUCCESS",
                    "reason": line.get("reason"), "latency_s": line["processingTime"]}
        row["time"] = event["timestamp"]
    got = {row["id"]: {k: row[k] for k in requests[row["id"]]} | {"time": round(1000 * seconds(row["time"]))} for row in snapshot["feed"]}
    checks.equal("feed: one row a request, its lines joined", got, requests)
    checks.equal("feed: no row twice", len(snapshot["feed"]), REQUESTS)
    checks.equal("feed: newest first", [r["time"] for r in snapshot["feed"]], sorted((r["time"] for r in snapshot["feed"]), reverse=True))


def check_trace(checks, baro):
    picture = baro.run("snapshot", "--screen", "requests", "--focus", "request:req-0004", "--size", "160x48").stdout
    for name in ("Checkout", "LedgerTable", "CardNetwork", "DECLINED", "corr-0004"):
        checks.true(f"the request's lines and waterfall show {name}", name in picture, "\n" + picture)


def check_tail(checks, aws, baro, folder):
    """What is put while `baro tail` runs: each line once, although it can only poll here; with a filter, what it lets
    through."""
    everything, failures = (os.path.join(folder, name) for name in ("all", "failures"))
    with tail(baro, everything) as first, tail(baro, failures, "--filter", "CHECKOUT_FAILURE") as second:
        ready = until(lambda: all("polling" in read(f"{path}.err") for path in (everything, failures)), 20)
        checks.true("baro tail says that it cannot tail here", ready, read(f"{everything}.err"))
        put = []
        for batch in range(3):
            put += (events := lines(range(1000 + 5 * batch, 1005 + 5 * batch), time.time(), 0.1))
            put_lines(aws, events)
        expected = Counter(event["message"] for event in put)
        until(lambda: len(messages(everything)) >= len(put) and len(messages(failures)) >= 3, 20)
        # Two more polls, in which a line could come twice.
        time.sleep(5)
        checks.true("baro tail keeps running", first.poll() is None and second.poll() is None, read(f"{everything}.err"))
    checks.equal("baro tail: every line once", Counter(messages(everything)), expected)
    checks.equal("baro tail --filter: every line that matches once", Counter(messages(failures)),
                 Counter({m: n for m, n in expected.items() if "CHECKOUT_FAILURE" in m}))


@contextlib.contextmanager
def tail(baro, path, *options):
    """`baro tail` for the time of the block, writing to `path` and its errors to a file beside it."""
    command = baro.command("tail", "--log-group", GROUP, "--output", "ndjson", *options)
    with open(path, "wb") as out, open(f"{path}.err", "wb") as err, running(command, None, stdout=out, stderr=err) as child:
        yield child


def messages(path):
    return [json.loads(line)["message"] for line in read(path).splitlines(keepends=True) if line.endswith("\n")]


main()

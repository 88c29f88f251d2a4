"""Checks baro against LocalEmu, an AWS stand-in that this project did not write.

    localemu.py --baro target/release/baro --aws PATH/aws --localemu PATH/localemu

Seeds it through the AWS CLI with real CloudWatch metrics (the NAB files, moved so that they end now), alarms, log lines
and trace segments; then compares what baro prints with what the AWS CLI says of the same window.

What LocalEmu 1.3.2 gets wrong or lacks, and what is therefore not compared here: percentiles and metric math (500),
StartLiveTail (so the feed and `baro tail` must fall back to polling, which is checked), GetServiceGraph (always empty),
compound JSON filter patterns, SetAlarmState on alarms with actions, BatchGetTraces durations (whole seconds).
"""

import argparse
import csv
import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.request
from datetime import datetime, timezone

from common import ROOT, Aws, Baro, Checks, environment

DATA = os.environ.get("BARO_REAL_DATA", os.path.join(os.path.dirname(ROOT), "shared", "data"))
PERIOD = 300
METRICS = [
    ("cpu", "NAB/EC2", "CPUUtilization", "InstanceId", "i-825cc2", "ec2_cpu_utilization_825cc2.csv", "Percent"),
    ("rds", "NAB/RDS", "CPUUtilization", "DBInstanceIdentifier", "db-cc0c53", "rds_cpu_utilization_cc0c53.csv", "Percent"),
    ("elb", "NAB/ELB", "RequestCount", "LoadBalancerName", "lb-8c0756", "elb_request_count_8c0756.csv", "Count"),
]
GROUP = "/app/checkout"
BOARD = """
title = "Against another server"
window = "3h"

[[metric]]
id = "cpu"
namespace = "NAB/EC2"
name = "CPUUtilization"
dimensions = { InstanceId = "i-825cc2" }
stat = "Average"
period = "5m"

[[metric]]
id = "rds"
namespace = "NAB/RDS"
name = "CPUUtilization"
dimensions = { DBInstanceIdentifier = "db-cc0c53" }
stat = "Maximum"
period = "5m"

[[metric]]
id = "elb"
namespace = "NAB/ELB"
name = "RequestCount"
dimensions = { LoadBalancerName = "lb-8c0756" }
stat = "Sum"
period = "5m"

[[card]]
id = "cpu"
title = "CPU"
value = "cpu"
over = "newest"
unit = "Percent"
change = "points"

[[card]]
id = "rds"
title = "Database CPU"
value = "rds"
over = "newest"
unit = "Percent"
change = "points"

[[card]]
id = "elb"
title = "Requests"
value = "elb"
over = "window"
unit = "Count"
change = "percent"

[[chart]]
id = "trend"
title = "Requests"
unit = "Count"

[[chart.series]]
id = "requests"
label = "requests"
metric = "elb"
role = "series.1"

[feed]
log_groups = ["/app/checkout"]
event = "event"
id = "requestId"
correlation = "correlationId"
trace = "traceId"
latency = "processingTime"
reason = "reason"
identifiers = ["requestId", "correlationId", "traceId"]
overdue_after = "60s"
columns = [{ id = "device", title = "Device", field = "device" }]

[feed.statuses]
CHECKOUT_START = "pending"
CHECKOUT_SUCCESS = "success"
CHECKOUT_FAILURE = "failed"
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(program, port, folder):
    env = environment() | {"LOCALEMU_VOLUME_DIR": folder, "HOME": folder}
    log = open(os.path.join(folder, "localemu.log"), "wb")
    server = subprocess.Popen(
        [program, "start", "--host", "127.0.0.1", "--port", str(port)], stdout=log, stderr=log, env=env, cwd=folder
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_localemu/health", timeout=2).read()
            return server
        except Exception:
            if server.poll() is not None:
                break
            time.sleep(0.5)
    raise SystemExit(f"LocalEmu did not start: {open(log.name).read()[-2000:]}")


def seed_metrics(aws, folder, end):
    """Puts the newest rows of each file so that the last one is the newest whole period."""
    for _, namespace, name, dimension, value, file, unit in METRICS:
        path = os.path.join(DATA, "nab", "realAWSCloudWatch", file)
        rows = list(csv.reader(open(path)))[1:][-150:]
        data = [
            {
                "MetricName": name,
                "Dimensions": [{"Name": dimension, "Value": value}],
                "Timestamp": end - PERIOD * (len(rows) - i),
                "Value": float(row[1]),
                "Unit": unit,
            }
            for i, row in enumerate(rows)
        ]
        body = os.path.join(folder, "metrics.json")
        json.dump(data, open(body, "w"))
        aws("cloudwatch", "put-metric-data", "--namespace", namespace, "--metric-data", f"file://{body}")


def seed_alarms(aws):
    common = ["--period", "300", "--evaluation-periods", "2", "--comparison-operator", "GreaterThanThreshold"]
    cpu = ["--namespace", "NAB/EC2", "--metric-name", "CPUUtilization", "--dimensions", "Name=InstanceId,Value=i-825cc2"]
    elb = ["--namespace", "NAB/ELB", "--metric-name", "RequestCount", "--dimensions", "Name=LoadBalancerName,Value=lb-8c0756"]
    aws("cloudwatch", "put-metric-alarm", "--alarm-name", "cpu-high", *cpu, "--statistic", "Average", "--threshold", "20", *common)
    aws("cloudwatch", "put-metric-alarm", "--alarm-name", "requests-flood", *elb, "--statistic", "Sum", "--threshold", "1000000000", *common)
    aws("cloudwatch", "put-metric-alarm", "--alarm-name", "nothing-there", "--namespace", "Nowhere", "--metric-name", "None",
        "--statistic", "Sum", "--threshold", "1", *common)
    aws("cloudwatch", "put-composite-alarm", "--alarm-name", "node-unhealthy", "--alarm-rule", 'ALARM("cpu-high")')
    aws("cloudwatch", "set-alarm-state", "--alarm-name", "cpu-high", "--state-value", "ALARM", "--state-reason", "two datapoints above 20")
    aws("cloudwatch", "set-alarm-state", "--alarm-name", "requests-flood", "--state-value", "OK", "--state-reason", "calm")


def lines(now_ms, count, first=0):
    """START and END lines of `count` requests, every fifth failed, every seventh not ended."""
    events = []
    for i in range(first, first + count):
        at = now_ms - 1000 * (count + first - i)
        request = {"requestId": f"req-{i:04}", "correlationId": f"corr-{i:04}", "device": "Pixel 8 \u5bbd", "traceId": trace_id(now_ms, i)}
        events.append((at, {"event": "CHECKOUT_START", **request}))
        if i % 7 == 6:
            continue
        end = {"event": "CHECKOUT_FAILURE", "reason": "DECLINED"} if i % 5 == 4 else {"event": "CHECKOUT_SUCCESS"}
        events.append((at + 250, {**end, **request, "processingTime": 0.25}))
    return [{"timestamp": at, "message": json.dumps(body)} for at, body in sorted(events, key=lambda e: e[0])]


def trace_id(now_ms, i):
    return f"1-{now_ms // 1000:08x}-{i:024x}"


def seed_logs(aws, now_ms):
    aws("logs", "create-log-group", "--log-group-name", GROUP)
    aws("logs", "create-log-stream", "--log-group-name", GROUP, "--log-stream-name", "one")
    put_lines(aws, lines(now_ms, 40))


def put_lines(aws, events):
    aws("logs", "put-log-events", "--log-group-name", GROUP, "--log-stream-name", "one", "--log-events", json.dumps(events))


def seed_trace(aws, now_ms):
    start = now_ms / 1000 - 5
    trace = trace_id(now_ms, 4)
    documents = [
        {"trace_id": trace, "id": "1" * 16, "name": "Checkout", "start_time": start, "end_time": start + 1.5,
         "fault": True, "annotations": {"correlationId": "corr-0004"},
         "subsegments": [{"id": "2" * 16, "name": "LedgerTable", "namespace": "aws", "start_time": start + 0.1, "end_time": start + 0.4}]},
        {"trace_id": trace, "id": "3" * 16, "parent_id": "1" * 16, "name": "CardNetwork", "start_time": start + 0.5, "end_time": start + 1.4},
    ]
    aws("xray", "put-trace-segments", "--trace-segment-documents", *[json.dumps(d) for d in documents])


def seconds(text):
    if isinstance(text, (int, float)):
        return float(text)
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def check_metrics(checks, aws, snapshot):
    at = seconds(snapshot["at"])
    end = int(at) // PERIOD * PERIOD
    start = end - snapshot["window_s"]
    cards = {card["id"]: card for card in snapshot["cards"]}
    for ident, namespace, name, dimension, value, _, _ in METRICS:
        stat = {"cpu": "Average", "rds": "Maximum", "elb": "Sum"}[ident]
        query = {"Id": "a", "MetricStat": {"Metric": {"Namespace": namespace, "MetricName": name,
                 "Dimensions": [{"Name": dimension, "Value": value}]}, "Period": PERIOD, "Stat": stat}}

        def ask(since, until):
            answer = aws("cloudwatch", "get-metric-data", "--metric-data-queries", json.dumps([query]),
                         "--start-time", str(since), "--end-time", str(until), "--scan-by", "TimestampAscending")
            result = answer["MetricDataResults"][0]
            return list(zip(result["Timestamps"], result["Values"]))

        points = ask(start, end)
        if ident == "elb":
            checks.close("card elb: the sum over the window", cards["elb"]["value"], sum(v for _, v in points))
            before = sum(v for _, v in ask(start - snapshot["window_s"], start))
            checks.close("card elb: the change", cards["elb"]["change"], 100 * (sum(v for _, v in points) / before - 1), 1e-4)
            trend = {s["id"]: s for s in snapshot["trend"]["series"]}["requests"]["points"]
            checks.equal("trend: every datapoint", [(seconds(t), v) for t, v in trend], [(seconds(t), v) for t, v in points])
        else:
            checks.close(f"card {ident}: the newest datapoint", cards[ident]["value"], points[-1][1])


def check_alarms(checks, aws, baro, snapshot):
    said = aws("cloudwatch", "describe-alarms", "--alarm-types", "MetricAlarm", "CompositeAlarm")
    expected = {a["AlarmName"]: ("metric", a["StateValue"], a["StateReason"], a.get("Threshold")) for a in said["MetricAlarms"]}
    expected |= {a["AlarmName"]: ("composite", a["StateValue"], a["StateReason"], None) for a in said["CompositeAlarms"]}
    printed = baro.json("alarms", "--output", "json")
    for where, alarms in (("baro alarms", printed["alarms"]), ("snapshot", snapshot["alarms"])):
        got = {a["name"]: (a["kind"], a["state"], a["reason"], a["threshold"]) for a in alarms}
        checks.equal(f"{where}: names, kinds, states, reasons, thresholds", got, expected)
    since = {a["AlarmName"]: seconds(a["StateTransitionedTimestamp"]) for a in said["MetricAlarms"] if "StateTransitionedTimestamp" in a}
    got = {a["name"]: seconds(a["since"]) for a in printed["alarms"] if a["name"] in since}
    checks.true("baro alarms: since", all(abs(got[n] - since[n]) < 0.01 for n in since), f"{got} against {since}")
    checks.equal("baro alarms --state ALARM --exit-code", baro.run("alarms", "--state", "ALARM", "--exit-code").returncode, 1)


def check_feed(checks, aws, snapshot):
    answer = aws("logs", "filter-log-events", "--log-group-name", GROUP)
    requests = {}
    for event in answer["events"]:
        line = json.loads(event["message"])
        row = requests.setdefault(line["requestId"], {"status": "PENDING", "time": event["timestamp"]})
        if line["event"] != "CHECKOUT_START":
            row.update(status="FAILED" if line["event"] == "CHECKOUT_FAILURE" else "SUCCESS", time=event["timestamp"])
    got = {row["id"]: {"status": row["status"], "time": round(seconds(row["time"]) * 1000)} for row in snapshot["feed"]}
    checks.equal("feed: one row a request, joined, with status and time", got, requests)
    tail = [p for p in snapshot["problems"] if p["source"] != "logs:StartLiveTail"]
    checks.equal("snapshot: no problem but the missing Live Tail", tail, [])


def check_trace(checks, baro):
    picture = baro.run("snapshot", "--screen", "requests", "--focus", "request:req-0004", "--size", "160x48").stdout
    for name in ("Checkout", "LedgerTable", "CardNetwork"):
        checks.true(f"waterfall of the seeded trace shows {name}", name in picture, picture)


def check_tail(checks, aws, baro, folder):
    """`baro tail` must print what is put while it runs: here by polling, as LocalEmu has no StartLiveTail."""
    path = os.path.join(folder, "tail.ndjson")
    with open(path, "wb") as out:
        command = [baro.program, "tail", "--log-group", GROUP, "--output", "ndjson", *baro.options]
        tail = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, env=environment())
    expected, deadline = [], time.monotonic() + 40
    try:
        time.sleep(3)
        for batch in range(3):
            events = lines(int(time.time() * 1000) - 500, 5, first=1000 + 5 * batch)
            put_lines(aws, events)
            expected += [e["message"] for e in events]
        got = []
        while time.monotonic() < deadline and len(got) < len(expected):
            time.sleep(0.5)
            rows = [json.loads(line) for line in open(path) if line.endswith("\n")]
            got = [r["message"] for r in rows if '"req-1' in r["message"]]
    finally:
        tail.terminate()
        tail.wait(10)
    checks.equal("baro tail: every line put while it ran, each once", sorted(got), sorted(expected))


def main():
    parser = argparse.ArgumentParser()
    for name in ("baro", "aws", "localemu"):
        parser.add_argument(f"--{name}", required=True)
    args = parser.parse_args()
    checks = Checks("real: LocalEmu")
    if not os.path.isdir(os.path.join(DATA, "nab")):
        print(f"real: LocalEmu: skipped, no real data at {DATA} (set BARO_REAL_DATA)")
        return
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = start(args.localemu, port, folder)
        try:
            aws = Aws(args.aws, endpoint)
            board = os.path.join(folder, "board.toml")
            open(board, "w").write(BOARD)
            baro = Baro(os.path.abspath(args.baro), "--endpoint-url", endpoint, "--region", "us-east-1", "--board", board)
            now = time.time()
            seed_metrics(aws, folder, int(now) // PERIOD * PERIOD)
            seed_alarms(aws)
            seed_logs(aws, int(now * 1000))
            seed_trace(aws, int(now * 1000))
            snapshot = baro.json("snapshot", "--format", "json")
            print(f"at {datetime.fromtimestamp(now, timezone.utc):%H:%M:%SZ}, {len(snapshot['cards'])} cards, {len(snapshot['feed'])} rows")
            check_metrics(checks, aws, snapshot)
            check_alarms(checks, aws, baro, snapshot)
            check_feed(checks, aws, snapshot)
            check_trace(checks, baro)
            check_tail(checks, aws, baro, folder)
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
    checks.finish()


main()

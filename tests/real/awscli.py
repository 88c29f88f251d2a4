"""Checks the embedded AWS with the AWS CLI, a client that this project did not write, and the console against both.

    awscli.py --baro target/release/baro --aws PATH/aws

Starts `baro demo` at a fixed time, asks it through the AWS CLI (which speaks JSON 1.0 to CloudWatch where the console
speaks CBOR), with paging, and compares with `baro snapshot --format json` of the same instant.
"""

import argparse
import json
import os
import subprocess
import time
from datetime import datetime, timezone

from common import Aws, Baro, Checks, environment

AT = "2026-01-15T10:28:00Z"
NOW = int(datetime(2026, 1, 15, 10, 28, tzinfo=timezone.utc).timestamp())
START = NOW - 3 * 3600
GROUP = "/aws/lambda/token-provisioning-service"


def serve(program):
    """Starts the demo on a free port; its first line on stdout is its endpoint."""
    command = [program, "demo", "--listen", "127.0.0.1:0", "--seed", "7", "--at", AT, "--speed", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment())
    return server, server.stdout.readline().split()[-1]


def stat(name, statistic, dimensions=None):
    metric = {"Namespace": "TokenServices", "MetricName": name}
    if dimensions:
        metric["Dimensions"] = [{"Name": k, "Value": v} for k, v in dimensions.items()]
    return {"MetricStat": {"Metric": metric, "Period": 60, "Stat": statistic}}


def metric_data(aws, queries, start=START, end=NOW, *more):
    answer = aws("cloudwatch", "get-metric-data", "--metric-data-queries", json.dumps(queries), "--start-time", str(start),
                 "--end-time", str(end), "--scan-by", "TimestampAscending", *more)
    series = {}
    for result in answer["MetricDataResults"]:
        series.setdefault((result["Id"], result["Label"]), []).extend(zip(result["Timestamps"], result["Values"]))
    return series


def total(points):
    return sum(value for _, value in points)


def check_metrics(checks, aws, snapshot):
    cards = {card["id"]: card for card in snapshot["cards"]}
    queries = [
        {"Id": "req", **stat("TokenProvisioningRequests", "Sum")},
        {"Id": "ok", **stat("TokenProvisioningSuccess", "Sum")},
        {"Id": "bad", **stat("TokenProvisioningFailure", "Sum")},
        {"Id": "secs", **stat("TokenProvisioningLatency", "Sum")},
        {"Id": "n", **stat("TokenProvisioningLatency", "SampleCount")},
        {"Id": "rate", "Expression": "100 * ok / (ok + bad)", "Label": "success rate"},
        {"Id": "split", "Expression": "SEARCH('{TokenServices,WalletProvider,Issuer} MetricName=\"TokenProvisioningFailure\"', 'Sum', 60)"},
        {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(req, 2)"},
        {"Id": "tokens", **stat("ActiveTokenCount", "Maximum")},
    ]
    series = metric_data(aws, queries)
    one = {ident: points for (ident, _), points in series.items() if ident not in ("split", "band")}
    checks.close("card requests", cards["requests"]["value"], total(one["req"]))
    last5 = lambda ident: total(p for p in one[ident] if seconds(p[0]) >= NOW - 300)
    checks.close("card success_rate", cards["success_rate"]["value"], 100 * last5("ok") / (last5("ok") + last5("bad")), 1e-5)
    checks.close("card failure_rate", cards["failure_rate"]["value"], 100 * last5("bad") / (last5("ok") + last5("bad")), 1e-5)
    checks.close("card average_time", cards["average_time"]["value"], last5("secs") / last5("n"), 1e-5)
    checks.close("card active_tokens", cards["active_tokens"]["value"], one["tokens"][-1][1])
    checks.true("metric math: every minute of the rate", len(one["rate"]) == 180 and all(
        abs(r - 100 * o / (o + b)) < 1e-6 for (_, r), (_, o), (_, b) in zip(one["rate"], one["ok"], one["bad"])))
    split = [points for (ident, _), points in series.items() if ident == "split"]
    checks.equal("SEARCH: wallet × issuer", len(split), 9)
    checks.close("SEARCH: adds up to the roll-up", sum(total(points) for points in split), total(one["bad"]))
    checks.equal("ANOMALY_DETECTION_BAND: two lines", sum(1 for ident, _ in series if ident == "band"), 2)
    trend = {s["id"]: s["points"] for s in snapshot["trend"]["series"]}
    checks.equal("trend success", [v for _, v in trend["success"]], [v for _, v in one["ok"]])
    paged = metric_data(aws, queries[:2], START, NOW, "--max-datapoints", "100", "--page-size", "100")
    checks.close("get-metric-data in pages of 100", total(paged[("req", "TokenProvisioningRequests")]), total(one["req"]))
    p99 = metric_data(aws, [{"Id": "a", **stat("TokenProvisioningLatency", "p99")}], NOW - 300)
    checks.true("p99 in the incident is a time-out", all(v > 20 for points in p99.values() for _, v in points), str(p99))
    names = aws("cloudwatch", "list-metrics", "--namespace", "TokenServices", "--page-size", "5")["Metrics"]
    checks.true("list-metrics, paged: no metric twice", len({json.dumps(m, sort_keys=True) for m in names}) == len(names) > 50)
    bad = aws("cloudwatch", "get-metric-data", "--metric-data-queries", json.dumps([{"Id": "x", "Expression": "SUM(("}]),
              "--start-time", str(START), "--end-time", str(NOW), check=False)
    checks.true("an invalid expression is a ValidationError", "ValidationError" in bad.get("error", ""), str(bad))


def check_alarms(checks, aws, baro):
    said = aws("cloudwatch", "describe-alarms", "--alarm-types", "MetricAlarm", "CompositeAlarm", "--page-size", "2")
    every = said["MetricAlarms"] + said["CompositeAlarms"]
    printed = {a["name"]: a for a in baro.json("alarms", "--output", "json")["alarms"]}
    checks.equal("describe-alarms, paged: states", {a["AlarmName"]: a["StateValue"] for a in every}, {n: a["state"] for n, a in printed.items()})
    checks.equal("describe-alarms: reasons", {a["AlarmName"]: a["StateReason"] for a in every}, {n: a["reason"] for n, a in printed.items()})
    firing = aws("cloudwatch", "describe-alarms", "--state-value", "ALARM", "--alarm-types", "MetricAlarm", "CompositeAlarm")
    checks.equal("describe-alarms: six fire", len(firing["MetricAlarms"]) + len(firing["CompositeAlarms"]), 6)
    history = aws("cloudwatch", "describe-alarm-history", "--alarm-name", "HighFailureRate", "--history-item-type", "StateUpdate", "--page-size", "1")
    checks.true("describe-alarm-history: into ALARM at 10:20", any(
        "to ALARM" in i["HistorySummary"] and seconds(i["Timestamp"]) == NOW - 480 for i in history["AlarmHistoryItems"]), str(history)[:600])


def check_logs(checks, aws, snapshot):
    window = ["--start-time", str((NOW - 60) * 1000), "--end-time", str(NOW * 1000)]
    failed = aws("logs", "filter-log-events", "--log-group-name", GROUP, "--filter-pattern", '{ $.event = "TOKEN_PROVISION_FAILURE" }',
                 "--page-size", "50", *window)["events"]
    query = aws("logs", "start-query", "--log-group-name", GROUP, "--start-time", str(NOW - 60), "--end-time", str(NOW - 1), "--query-string",
                'filter event = "TOKEN_PROVISION_FAILURE" | stats count(*) as n by issuer, walletProvider, os | sort n desc')
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        answer = aws("logs", "get-query-results", "--query-id", query["queryId"])
        if answer["status"] not in ("Scheduled", "Running"):
            break
        time.sleep(0.2)
    checks.equal("get-query-results: complete", answer["status"], "Complete")
    rows = [{f["field"]: f["value"] for f in row} for row in answer["results"]]
    checks.equal("Insights counts what the filter pattern finds", sum(int(r["n"]) for r in rows), len(failed))
    checks.equal("Insights names the cause first", {k: rows[0][k] for k in ("issuer", "walletProvider", "os")},
                 {"issuer": "Contoso_Bank", "walletProvider": "GooglePay", "os": "Android 14"})
    newest = {json.loads(e["message"])["requestId"] for e in failed}
    shown = {row["id"] for row in snapshot["feed"] if row["status"] == "FAILED" and seconds(row["time"]) >= NOW - 10}
    checks.true("the feed's failures are the filter's", shown and shown <= newest, f"{len(shown - newest)} unknown")
    broken = aws("logs", "start-query", "--log-group-name", GROUP, "--start-time", str(NOW - 60), "--end-time", str(NOW),
                 "--query-string", "filter event = ", check=False)
    checks.true("a malformed query is refused", "MalformedQueryException" in broken.get("error", ""), str(broken))
    filters = aws("logs", "describe-metric-filters", "--metric-name", "FailedTokenProvisioning", "--metric-namespace", "TokenServices")
    checks.equal("describe-metric-filters by metric", [f["logGroupName"] for f in filters["metricFilters"]], [GROUP])
    groups = aws("logs", "describe-log-groups", "--page-size", "3")["logGroups"]
    checks.true("describe-log-groups, paged", len({g["logGroupName"] for g in groups}) == len(groups) >= 10, str(len(groups)))


def check_xray(checks, aws, snapshot):
    graph = aws("xray", "get-service-graph", "--start-time", str(START), "--end-time", str(NOW))
    said = {s["Name"]: s["SummaryStatistics"]["TotalCount"] for s in graph["Services"] if "SummaryStatistics" in s}
    shown = {s["name"]: s["requests"] for s in snapshot["services"]}
    checks.equal("get-service-graph: requests by service", {n: shown.get(n) for n in said}, said)
    row = next(r for r in snapshot["feed"] if r["status"] == "FAILED" and r["reason"] == "TSP_TIMEOUT")
    traces = aws("xray", "batch-get-traces", "--trace-ids", row["trace_id"])["Traces"]
    documents = [json.loads(s["Document"]) for s in traces[0]["Segments"]]
    checks.true("batch-get-traces: the correlation id is an annotation", any(
        d.get("annotations", {}).get("correlationId") == row["correlation_id"] for d in documents), str(documents)[:400])
    start = int(seconds(row["time"]) - row["latency_s"])
    summaries = aws("xray", "get-trace-summaries", "--start-time", str(start - 60), "--end-time", str(NOW), "--filter-expression",
                    f'annotation.correlationId = "{row["correlation_id"]}"')["TraceSummaries"]
    checks.true("get-trace-summaries by annotation", row["trace_id"] in {s["Id"] for s in summaries}, str(summaries)[:400])


def seconds(text):
    if isinstance(text, (int, float)):
        return float(text)
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def main():
    parser = argparse.ArgumentParser()
    for name in ("baro", "aws"):
        parser.add_argument(f"--{name}", required=True)
    args = parser.parse_args()
    checks = Checks("real: AWS CLI")
    server, endpoint = serve(os.path.abspath(args.baro))
    try:
        aws = Aws(args.aws, endpoint)
        baro = Baro(os.path.abspath(args.baro), "--endpoint-url", endpoint, "--region", "us-east-1", "--at", AT, "--board", "token-provisioning")
        snapshot = baro.json("snapshot", "--format", "json")
        check_metrics(checks, aws, snapshot)
        check_alarms(checks, aws, baro)
        check_logs(checks, aws, snapshot)
        check_xray(checks, aws, snapshot)
    finally:
        server.terminate()
        server.wait(20)
    checks.finish()


main()

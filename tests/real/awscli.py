"""Checks the embedded AWS with the AWS CLI, a client that this project did not write, and the console against both.

    awscli.py --baro target/release/baro --aws PATH/aws

Starts `baro demo` at a fixed time, asks it through the AWS CLI (which speaks JSON 1.0 to CloudWatch where the console
speaks CBOR), with paging, and compares with what `baro snapshot --format json` shows of the same instant.

Two of the calls have one page here: the AWS CLI 1.44 knows no `nextToken` of GetQueryResults, and BatchGetTraces takes
five ids a call and refuses a `NextToken` (boto3 issue 3924).
"""

import argparse
import json
import subprocess
from datetime import datetime, timezone

from common import Aws, Baro, Trouble, run_checks, running, scratch, seconds, until

AT = "2026-01-15T10:28:00Z"
NOW = int(datetime(2026, 1, 15, 10, 28, tzinfo=timezone.utc).timestamp())
START = NOW - 3 * 3600
INCIDENT = NOW - 480
GROUP = "/aws/lambda/token-provisioning-service"
FAILURES = '{ $.event = "TOKEN_PROVISION_FAILURE" }'
CAUSE = {"issuer": "Contoso_Bank", "walletProvider": "GooglePay", "os": "Android 14"}
EVERY_ALARM = ["--alarm-types", "MetricAlarm", "CompositeAlarm"]


def main():
    parser = argparse.ArgumentParser()
    for name in ("baro", "aws"):
        parser.add_argument(f"--{name}", required=True)
    args = parser.parse_args()
    run_checks("real: AWS CLI", lambda checks: check(checks, args))


def check(checks, args):
    demo = Baro(args.baro, "--seed", "7", "--at", AT, "--speed", "0")
    command = demo.command("demo", "--listen", "127.0.0.1:0")
    with scratch() as folder, running(command, folder, stdout=subprocess.PIPE, text=True) as server:
        words = server.stdout.readline().split()
        if not words:
            raise Trouble(f"baro demo ended with {server.wait(10)}")
        endpoint = words[-1]
        aws = Aws(args.aws, endpoint)
        baro = Baro(args.baro, "--endpoint-url", endpoint, "--region", "us-east-1", "--at", AT, "--board", "token-provisioning")
        snapshot = baro.json("snapshot", "--format", "json")
        checks.equal("the console has no problem", snapshot["problems"], [])
        check_cards(checks, aws, snapshot)
        check_metrics(checks, aws)
        check_alarms(checks, aws, baro)
        check_logs(checks, aws, snapshot)
        check_insights(checks, aws)
        check_graph(checks, aws, snapshot)
        check_traces(checks, aws, snapshot)
        check_tail(checks, aws, baro)


def stat(ident, name, statistic):
    metric = {"Namespace": "TokenServices", "MetricName": name}
    return {"Id": ident, "MetricStat": {"Metric": metric, "Period": 60, "Stat": statistic}}


REQUESTS = stat("req", "TokenProvisioningRequests", "Sum")
SUCCESS = stat("ok", "TokenProvisioningSuccess", "Sum")
FAILURE = stat("bad", "TokenProvisioningFailure", "Sum")


def metric_data(aws, queries, *more, start=START):
    """The lines of an answer by id, each a list of (time, value); a SEARCH has several."""
    answer = aws("cloudwatch", "get-metric-data", "--metric-data-queries", json.dumps(queries), "--start-time", str(start),
                 "--end-time", str(NOW), "--scan-by", "TimestampAscending", *more)
    lines = {}
    for result in answer["MetricDataResults"]:
        points = zip(map(seconds, result["Timestamps"]), result["Values"])
        # A page may hold a part of a line: the same id and label once more.
        lines.setdefault(result["Id"], {}).setdefault(result["Label"], []).extend(points)
    return {ident: list(by_label.values()) for ident, by_label in lines.items()}


def total(points, since=0):
    return sum(value for at, value in points if at >= since)


def check_cards(checks, aws, snapshot):
    cards = {card["id"]: card["value"] for card in snapshot["cards"]}
    queries = [REQUESTS, SUCCESS, FAILURE, stat("secs", "TokenProvisioningLatency", "Sum"),
               stat("n", "TokenProvisioningLatency", "SampleCount"), stat("tokens", "ActiveTokenCount", "Maximum"),
               stat("pending", "TokenProvisioningPending", "Maximum")]
    lines = {ident: points for ident, [points] in metric_data(aws, queries).items()}
    recent = {ident: total(points, NOW - 300) for ident, points in lines.items()}
    ended = recent["ok"] + recent["bad"]
    checks.close("card requests", cards["requests"], total(lines["req"]))
    checks.close("card success_rate", cards["success_rate"], 100 * recent["ok"] / ended)
    checks.close("card failure_rate", cards["failure_rate"], 100 * recent["bad"] / ended)
    checks.close("card average_time", cards["average_time"], recent["secs"] / recent["n"])
    checks.close("card active_tokens", cards["active_tokens"], lines["tokens"][-1][1])
    for line in snapshot["trend"]["series"]:
        expected = lines[{"success": "ok", "failed": "bad", "pending": "pending"}[line["id"]]]
        checks.equal(f"trend {line['id']}: every minute", [(seconds(t), v) for t, v in line["points"]], expected)


def check_metrics(checks, aws):
    search = "SEARCH('{TokenServices,WalletProvider,Issuer} MetricName=\"TokenProvisioningFailure\"', 'Sum', 60)"
    queries = [
        REQUESTS, SUCCESS, FAILURE,
        {"Id": "rate", "Expression": "100 * ok / (ok + bad)"},
        {"Id": "split", "Expression": search},
        {"Id": "whole", "Expression": f"SUM({search})"},
        {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(req, 2)"},
    ]
    lines = metric_data(aws, queries)
    [ok], [bad], [rate] = lines["ok"], lines["bad"], lines["rate"]
    checks.true("metric math: the rate of every minute", len(rate) == 180 and all(
        abs(r - 100 * o / (o + b)) < 1e-6 for (_, r), (_, o), (_, b) in zip(rate, ok, bad)))
    checks.equal("SEARCH: wallet × issuer", len(lines["split"]), 9)
    checks.close("SEARCH: adds up to the roll-up", sum(map(total, lines["split"])), total(bad))
    checks.equal("SUM(SEARCH): minute by minute", lines["whole"], [bad])
    checks.equal("ANOMALY_DETECTION_BAND: two lines", len(lines["band"]), 2)
    low, high = sorted(lines["band"], key=total)
    checks.true("ANOMALY_DETECTION_BAND: low is below high", all(l < h for (_, l), (_, h) in zip(low, high)))
    checks.equal("get-metric-data in pages of 300", metric_data(aws, queries, "--page-size", "300"), lines)
    [p99] = metric_data(aws, [stat("a", "TokenProvisioningLatency", "p99")], start=NOW - 300)["a"]
    checks.true("p99 in the incident is a time-out", len(p99) == 5 and all(v > 20 for _, v in p99), p99)
    names = [json.dumps(m, sort_keys=True) for m in aws("cloudwatch", "list-metrics", "--namespace", "TokenServices")["Metrics"]]
    checks.true("list-metrics: no metric twice", len(set(names)) == len(names) > 50, len(names))
    broken = json.dumps([{"Id": "x", "Expression": "SUM(("}])
    said = aws.refusal("cloudwatch", "get-metric-data", "--metric-data-queries", broken, "--start-time", str(START), "--end-time", str(NOW))
    checks.true("an invalid expression is a ValidationError", "(ValidationError)" in said, said)


def check_alarms(checks, aws, baro):
    said = aws("cloudwatch", "describe-alarms", *EVERY_ALARM)
    # The AWS CLI 1.44 knows no log alarms.
    printed = [a for a in baro.json("alarms", "--output", "json")["alarms"] if a["kind"] != "log"]
    every = said["MetricAlarms"] + said["CompositeAlarms"]
    for ours, theirs in (("state", "StateValue"), ("reason", "StateReason"), ("threshold", "Threshold")):
        checks.equal(f"describe-alarms: {ours}", {a["AlarmName"]: a.get(theirs) for a in every}, {a["name"]: a[ours] for a in printed})
    checks.equal("describe-alarms: since", {a["AlarmName"]: seconds(a["StateTransitionedTimestamp"]) for a in every},
                 {a["name"]: seconds(a["since"]) for a in printed})
    checks.equal("describe-alarms in pages of 2", aws("cloudwatch", "describe-alarms", *EVERY_ALARM, "--page-size", "2"), said)
    firing = aws("cloudwatch", "describe-alarms", "--state-value", "ALARM", *EVERY_ALARM)
    checks.equal("describe-alarms --state-value: as baro alarms --state", {a["AlarmName"] for key in ("MetricAlarms", "CompositeAlarms") for a in firing[key]},
                 {a["name"] for a in baro.json("alarms", "--state", "ALARM", "--output", "json")["alarms"]})
    history = ["cloudwatch", "describe-alarm-history", "--alarm-name", "HighFailureRate", "--history-item-type", "StateUpdate"]
    items = aws(*history, "--page-size", "1")["AlarmHistoryItems"]
    since = next(seconds(a["since"]) for a in printed if a["name"] == "HighFailureRate")
    checks.true("describe-alarm-history: the newest item is the present state", "to ALARM" in items[0]["HistorySummary"]
                and seconds(items[0]["Timestamp"]) == since >= INCIDENT, items[:1])
    checks.equal("describe-alarm-history in pages of 1", items, aws(*history)["AlarmHistoryItems"])
    every = aws("cloudwatch", "describe-alarm-history", "--alarm-name", "HighFailureRate", "--scan-by", "TimestampDescending")["AlarmHistoryItems"]
    [ours] = baro.json("alarms", "HighFailureRate", "--events", "--output", "json")["alarms"]
    checks.equal("baro alarms --events: every item", [(seconds(e["time"]), e["type"], e["summary"]) for e in ours["history"]],
                 [(seconds(i["Timestamp"]), i["HistoryItemType"], i["HistorySummary"]) for i in every])
    tags = aws("cloudwatch", "list-tags-for-resource", "--resource-arn", next(a["arn"] for a in printed if a["name"] == "RefundFailures"))
    tagged = baro.json("alarms", "--filter", "tag:team=" + next(t["Value"] for t in tags["Tags"] if t["Key"] == "team"), "--output", "json")["alarms"]
    checks.true("list-tags-for-resource: as the filter of baro alarms", "RefundFailures" in {a["name"] for a in tagged}, tagged)


def check_logs(checks, aws, snapshot):
    search = ["logs", "filter-log-events", "--log-group-name", GROUP, "--start-time", str((NOW - 60) * 1000), "--end-time", str(NOW * 1000)]
    failed = aws(*search, "--filter-pattern", FAILURES)["events"]
    checks.true("filter-log-events with a JSON pattern", len(failed) > 50 and all(
        json.loads(e["message"])["event"] == "TOKEN_PROVISION_FAILURE" for e in failed), len(failed))
    checks.equal("filter-log-events in pages of 50", aws(*search, "--filter-pattern", FAILURES, "--page-size", "50")["events"], failed)
    slow = aws(*search, "--filter-pattern", '{ $.event = "TOKEN_PROVISION_FAILURE" && $.processingTime > 20 && $.issuer != "DEMO_*" }')["events"]
    checks.equal("filter-log-events: && with > and a wildcard", [e["eventId"] for e in slow], [e["eventId"] for e in failed if is_slow(e)])
    oldest = min(seconds(row["time"]) for row in snapshot["feed"])
    shown = {(row["id"], row["reason"], row["issuer"], row["latency_s"]) for row in snapshot["feed"] if row["status"] == "FAILED"}
    lines = [json.loads(e["message"]) for e in failed if e["timestamp"] > oldest * 1000]
    checks.equal("the feed's failed rows", sorted(shown), sorted((l["requestId"], l["reason"], l["issuer"], l["processingTime"]) for l in lines))
    filters = aws("logs", "describe-metric-filters", "--metric-name", "FailedTokenProvisioning", "--metric-namespace", "TokenServices")
    checks.equal("describe-metric-filters by metric", [f["logGroupName"] for f in filters["metricFilters"]], [GROUP])
    groups = aws("logs", "describe-log-groups")["logGroups"]
    checks.true("describe-log-groups in pages of 3", len(groups) >= 10
                and aws("logs", "describe-log-groups", "--page-size", "3")["logGroups"] == groups, len(groups))


def is_slow(event):
    line = json.loads(event["message"])
    return line["processingTime"] > 20 and not line["issuer"].startswith("DEMO_")


def check_insights(checks, aws):
    query = 'filter event = "TOKEN_PROVISION_FAILURE" | stats count(*) as n by issuer, walletProvider, os | sort n desc'
    window = ["--log-group-name", GROUP, "--start-time", str(NOW - 60), "--end-time", str(NOW)]
    started = aws("logs", "start-query", *window, "--query-string", query)

    def ended():
        answer = aws("logs", "get-query-results", "--query-id", started["queryId"])
        return answer if answer["status"] not in ("Scheduled", "Running") else None

    answer = until(ended, 30) or {"status": "Running", "results": []}
    checks.equal("get-query-results: complete", answer["status"], "Complete")
    rows = [{f["field"]: f["value"] for f in row} for row in answer["results"]]
    pattern = aws("logs", "filter-log-events", "--log-group-name", GROUP, "--filter-pattern", FAILURES,
                  "--start-time", str((NOW - 60) * 1000), "--end-time", str(NOW * 1000))["events"]
    checks.equal("Insights counts what the filter pattern finds", sum(int(r["n"]) for r in rows), len(pattern))
    checks.equal("Insights names the cause first", {k: rows[0][k] for k in CAUSE} if rows else None, CAUSE)
    said = aws.refusal("logs", "start-query", *window, "--query-string", "filter event = ")
    checks.true("a malformed query is refused", "(MalformedQueryException)" in said, said)


def check_graph(checks, aws, snapshot):
    ask = ["xray", "get-service-graph", "--start-time", str(START), "--end-time", str(NOW)]
    services = aws(*ask)["Services"]
    first = aws(*ask, "--no-paginate")
    checks.true("get-service-graph has pages", len(first["Services"]) < len(services) and first.get("NextToken"), len(services))

    def counts(service):
        statistics = service["SummaryStatistics"]
        error, fault = statistics["ErrorStatistics"], statistics["FaultStatistics"]
        return {"requests": statistics["TotalCount"], "ok": statistics["OkCount"], "error": error["TotalCount"],
                "throttle": error["ThrottleCount"], "fault": fault["TotalCount"]}

    said = {f"{s['Name']} {s['Type']}": counts(s) for s in services if s["Type"] != "client"}
    shown = {f"{s['name']} {s['type']}": s for s in snapshot["services"] if s["type"] != "client"}
    shown = {name: {key: s[key] for key in ("requests", "ok", "error", "throttle", "fault")} for name, s in shown.items()}
    checks.equal("get-service-graph: every service's counts", said, shown)


def check_traces(checks, aws, snapshot):
    rows = [r for r in snapshot["feed"] if r["status"] == "FAILED" and r["reason"] == "TSP_TIMEOUT"][:5]
    ids = [row["trace_id"] for row in rows]
    ask = ["xray", "batch-get-traces", "--trace-ids", *ids]
    traces = {trace["Id"]: [json.loads(s["Document"]) for s in trace["Segments"]] for trace in aws(*ask)["Traces"]}
    checks.equal("batch-get-traces: five traces", sorted(traces), sorted(ids))
    said = aws.refusal(*ask, "1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e")
    checks.true("batch-get-traces: six are too many", "(InvalidRequestException)" in said, said)
    checks.true("batch-get-traces: the feed's correlation ids are annotations", rows and all(
        any(d.get("annotations", {}).get("correlationId") == row["correlation_id"] for d in traces.get(row["trace_id"], [])) for row in rows))
    # A client that failed tries once more under the same correlation id, so there may be two traces.
    correlation, recent = rows[0]["correlation_id"], NOW - 180
    lines = aws("logs", "filter-log-events", "--log-group-name", GROUP, "--start-time", str(recent * 1000), "--end-time", str(NOW * 1000),
                "--filter-pattern", f'{{ $.correlationId = "{correlation}" && $.event != "*_START" }}')["events"]
    named = {line["traceId"]: line["processingTime"] for line in (json.loads(e["message"]) for e in lines)}
    found = aws("xray", "get-trace-summaries", "--start-time", str(recent), "--end-time", str(NOW), "--filter-expression",
                f'annotation.correlationId = "{correlation}"')["TraceSummaries"]
    found = {s["Id"]: s["Duration"] for s in found}
    checks.equal("get-trace-summaries by annotation: the traces that log lines name", sorted(found), sorted(named))
    checks.true("get-trace-summaries: durations as in the log lines", all(abs(found[t] - named[t]) < 0.5 for t in named if t in found), found)


def check_tail(checks, aws, baro):
    printed = baro.run("tail", "--log-group", GROUP, "--filter", FAILURES, "--since", "1m", "--output", "ndjson")
    events = aws("logs", "filter-log-events", "--log-group-name", GROUP, "--filter-pattern", FAILURES,
                 "--start-time", str((NOW - 60) * 1000), "--end-time", str(NOW * 1000))["events"]
    got = [json.loads(line)["message"] for line in printed.stdout.splitlines()]
    checks.equal("baro tail --since 1m: the events of filter-log-events", sorted(got), sorted(e["message"] for e in events))


main()

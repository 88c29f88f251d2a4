"""A tree of segments, cut into documents, for servers that keep traces."""

import json
import random


def tree(dice, start, count):
    """Spans, parents before their children: id, id of the parent, kind, name, start, end."""
    spans = [{"id": f"{1:016x}", "parent": None, "kind": "segment", "name": "front", "start": start, "end": start + 8}]
    for n in range(2, count + 1):
        above = dice.choice(spans)
        # A segment is what a call reached: it stands below a subsegment.
        kind = "segment" if above["kind"] == "subsegment" and dice.random() < 0.4 else "subsegment"
        begin = round(above["start"] + dice.randrange(50) / 1000, 3)
        spans.append({"id": f"{n:016x}", "parent": above["id"], "kind": kind, "name": f"step-{n % 9}", "start": begin,
                      "end": round(begin + dice.randrange(1, 400) / 1000, 3)})
    return spans


def documents(dice, trace, spans):
    """The spans as documents in any order: subsegments within their segment or apart."""
    by_parent = {}
    for span in spans:
        by_parent.setdefault(span["parent"], []).append(span)
    apart = {span["id"] for span in spans if span["kind"] == "segment" or dice.random() < 0.3}

    def told(span):
        document = {"id": span["id"], "name": span["name"], "start_time": span["start"], "end_time": span["end"]}
        within = [told(child) for child in by_parent.get(span["id"], []) if child["id"] not in apart]
        return {**document, "subsegments": within} if within else document

    texts = []
    for span in (span for span in spans if span["id"] in apart):
        envelope = {"trace_id": trace}
        if span["parent"]:
            envelope["parent_id"] = span["parent"]
        if span["kind"] == "subsegment":
            envelope["type"] = "subsegment"
        texts.append(json.dumps({**told(span), **envelope}))
    dice.shuffle(texts)
    return texts


def rows(spans):
    """The spans as a waterfall has them: depth first, siblings by their start, then their id."""
    by_parent = {}
    for span in spans:
        by_parent.setdefault(span["parent"], []).append(span)
    found = []

    def walk(parent, depth):
        for span in sorted(by_parent.get(parent, []), key=lambda span: (span["start"], span["id"])):
            found.append((span["id"], span["parent"], depth, span["kind"], span["name"], round(span["end"] - span["start"], 3)))
            walk(span["id"], depth + 1)

    walk(None, 0)
    return found


def check(checks, aws, baro, trace, now, count=60):
    """Seeds a tree through the AWS CLI, and compares what `baro trace` makes of the answer with the tree itself."""
    dice = random.Random(7)
    spans = tree(dice, round(now - 20, 3), count)
    texts = documents(dice, trace, spans)
    for at in range(0, len(texts), 10):
        aws("xray", "put-trace-segments", "--trace-segment-documents", *texts[at : at + 10])
    answer = baro.json("trace", trace, "--output", "json")
    shown = [(span["id"], span["parent"], span["depth"], span["kind"], span["name"], span["duration_s"]) for span in answer["spans"]]
    checks.equal(f"baro trace: {count} spans in {len(texts)} documents come back as the same tree", shown, rows(spans))
    gaps = answer["incomplete"]
    checks.equal("baro trace: nothing is missing", (answer["problems"], gaps["missing_parents"], gaps["in_progress"]), ([], [], 0))

"""What the two scripts of this folder share: running `aws` and `baro`, checking, and saying what was checked."""

import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Checks:
    """Counts checks; prints each failure where it happens and a closing line that a test runner's reader knows."""

    def __init__(self, name):
        self.name, self.passed, self.failed = name, 0, 0

    def equal(self, what, got, expected):
        self.true(what, got == expected, f"got {shorten(got)}, expected {shorten(expected)}")

    def close(self, what, got, expected, share=1e-6):
        ok = got is not None and expected is not None and abs(got - expected) <= share * max(1.0, abs(expected))
        self.true(what, ok, f"got {got}, expected {expected}")

    def true(self, what, ok, why=""):
        if ok:
            self.passed += 1
            print(f"  ok    {what}")
        else:
            self.failed += 1
            print(f"  FAIL  {what}: {why}")

    def finish(self):
        print(f"{self.name}: {self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)


def shorten(value):
    text = json.dumps(value, default=str)
    return text if len(text) < 400 else text[:400] + " …"


def environment():
    """An environment with test credentials and nothing of the caller's AWS configuration."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    clean.update(
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_REGION="us-east-1",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        XDG_CONFIG_HOME=os.path.join(ROOT, "target", "no-config"),
        AWS_PAGER="",
    )
    return clean


class Aws:
    """The AWS CLI pointed at one endpoint."""

    def __init__(self, program, endpoint):
        self.program, self.endpoint = program, endpoint

    def __call__(self, *args, check=True):
        command = [self.program, "--endpoint-url", self.endpoint, "--output", "json", *args]
        done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=120)
        if check and done.returncode != 0:
            raise SystemExit(f"aws {' '.join(args)[:200]} failed: {done.stderr.strip()}")
        if done.returncode != 0:
            return {"error": done.stderr.strip()}
        return json.loads(done.stdout) if done.stdout.strip() else {}


class Baro:
    """The `baro` binary with fixed first options."""

    def __init__(self, program, *options):
        self.program, self.options = program, options

    def run(self, *args, timeout=60):
        command = [self.program, *args, *self.options]
        return subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=timeout)

    def json(self, *args):
        done = self.run(*args)
        if done.returncode not in (0, 1):
            raise SystemExit(f"baro {' '.join(args)} ended with {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout)

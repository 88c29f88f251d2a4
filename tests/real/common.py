"""What the scripts of this folder share: running `aws`, `baro` and servers, checking, and saying what was checked."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from datetime import datetime


class Trouble(Exception):
    """A program did not do what everything after it needs."""


class Checks:
    """Counts checks; prints each where it happens and a closing line that a test runner's reader knows."""

    def __init__(self, name):
        self.name, self.passed, self.failed = name, 0, 0

    def true(self, what, ok, why=""):
        if ok:
            self.passed += 1
            print(f"  ok    {what}")
        else:
            self.failed += 1
            print(f"  FAIL  {what}: {why}")

    def equal(self, what, got, expected):
        self.true(what, got == expected, difference(got, expected))

    def close(self, what, got, expected, share=1e-6):
        """Equal but for `share` of the expected value: the rounding of printed figures."""
        ok = got is not None and expected is not None and abs(got - expected) <= share * max(1.0, abs(expected))
        self.true(what, ok, f"got {got}, expected {expected}")


def run_checks(name, body):
    """Runs `body` with the checks of that name, and ends the process: status 1 where one failed."""
    sys.stdout.reconfigure(line_buffering=True)
    # A terminated script tidies up as an interrupted one does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    checks, start = Checks(name), time.monotonic()
    try:
        body(checks)
    except Exception as error:
        if not isinstance(error, Trouble):
            traceback.print_exc()
        checks.true("the script reached its end", False, error)
    print(f"{name}: took {time.monotonic() - start:.0f} s")
    print(f"{name}: {checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed else 0)


def difference(got, expected):
    """Where two values differ: only the keys or members that do."""
    if isinstance(got, dict) and isinstance(expected, dict):
        keys = [k for k in {**got, **expected} if k not in got or k not in expected or got[k] != expected[k]]
        got, expected = {k: got[k] for k in keys if k in got}, {k: expected[k] for k in keys if k in expected}
    elif isinstance(got, list) and isinstance(expected, list):
        count = f"{len(got)} against {len(expected)} members; "
        return f"{count}only got {shorten([m for m in got if m not in expected])}, only expected {shorten([m for m in expected if m not in got])}"
    return f"got {shorten(got)}, expected {shorten(expected)}"


def shorten(value):
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) < 600 else text[:600] + " …"


def seconds(moment):
    """A time that the AWS CLI or baro printed, as epoch seconds."""
    if isinstance(moment, (int, float)):
        return float(moment)
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()


def until(ready, limit, every=0.3):
    """The first true answer of `ready`, else its last one after `limit` seconds."""
    deadline = time.monotonic() + limit
    while True:
        answer = ready()
        if answer or time.monotonic() > deadline:
            return answer
        time.sleep(every)


def environment(folder=None):
    """An environment with test credentials and nothing of the caller's AWS or baro configuration."""
    home = folder or os.devnull
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "XDG_"))}
    return clean | {
        "HOME": home,
        "XDG_CONFIG_HOME": home,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_PAGER": "",
    }


@contextlib.contextmanager
def running(command, folder, **streams):
    """A program that runs beside the script, and ends with the block, children and all."""
    child = subprocess.Popen(command, env=environment(folder), cwd=folder, start_new_session=True, **streams)
    try:
        yield child
    finally:
        for how, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(patience)
        if child.stdout:
            child.stdout.close()


@contextlib.contextmanager
def scratch():
    """A folder for the time of the block."""
    with tempfile.TemporaryDirectory(prefix="baro-real-", ignore_cleanup_errors=True) as folder:
        yield folder


class Aws:
    """The AWS CLI pointed at one endpoint."""

    def __init__(self, program, endpoint):
        self.program, self.endpoint = os.path.abspath(program), endpoint

    def run(self, *args):
        command = [self.program, "--endpoint-url", self.endpoint, "--output", "json", *args]
        return subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=60)

    def __call__(self, *args):
        """The answer of a call, all pages of it."""
        done = self.run(*args)
        if done.returncode != 0:
            raise Trouble(f"aws {shorten(' '.join(args))} failed: {done.stderr.strip()[-600:]}")
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def refusal(self, *args):
        """What a call was refused with."""
        done = self.run(*args)
        return done.stderr.strip() if done.returncode != 0 else ""


class Baro:
    """The `baro` binary with options that every command gets."""

    def __init__(self, program, *options):
        self.program, self.options = os.path.abspath(program), options

    def command(self, *args):
        return [self.program, *args, *self.options]

    def run(self, *args):
        return subprocess.run(self.command(*args), capture_output=True, text=True, env=environment(), timeout=60)

    def json(self, *args, status=(0,)):
        done = self.run(*args)
        if done.returncode not in status:
            raise Trouble(f"baro {' '.join(args)} ended with {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout)

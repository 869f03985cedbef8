"""What does `_recorded_robot.robot` ask of Python? Its batches, and a clock; it runs in an environment of its own."""

import json
import sys
import time


def next_batch() -> list[dict[str, str]]:
    """Give the next rows, none where there are no more."""
    line = sys.stdin.readline()
    return json.loads(line) if line else []


def now() -> float:
    return time.perf_counter()


def say(word: str) -> None:
    print(word, file=sys.__stdout__, flush=True)


def say_since(began: float) -> None:
    say(str(time.perf_counter() - began))

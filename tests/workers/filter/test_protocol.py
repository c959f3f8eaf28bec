"""The scorer as a program: a line in, a line out, in order, at once."""

import json
import subprocess
import sys

import pytest

from tests.rules.sources import ROOT
from tests.workers.filter.sentences import HAM, SPAM, rows
from workers.filter.protocol import answer
from workers.filter.scorer import Scorer

AFTERWORD = [sys.executable, "-m", "service", "filter", "score"]


def test_each_answer_comes_before_the_next_question():
    with subprocess.Popen(
        AFTERWORD, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        for number, text in enumerate((SPAM[0], HAM[0])):
            program.stdin.write(json.dumps({"id": number, "text": text, "author": "Ann"}) + "\n")
            program.stdin.flush()
            answered = json.loads(program.stdout.readline())
            assert answered["id"] == number
            assert 0 <= answered["score"] <= 1
            assert answered["band"] in {"approve", "hold", "reject"}
            assert all({"name", "weight"} <= set(signal) for signal in answered["signals"])
        program.stdin.close()
        assert program.wait(10) == 0


def test_a_default_can_be_trained_first(tmp_path):
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text("".join(json.dumps(row) + "\n" for row in rows(copies=2)))
    question = json.dumps({"id": "a", "text": SPAM[0]}) + "\n"
    done = subprocess.run(
        [*AFTERWORD, "--train", str(labelled)],
        cwd=ROOT, input=question, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["score"] > 0.5


def test_training_writes_the_same_file_twice(tmp_path):
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text("".join(json.dumps(row) + "\n" for row in rows(copies=1)))
    made = []
    for name in ("one", "two"):
        subprocess.run(
            [sys.executable, "-m", "service", "filter", "train", str(labelled),
             "--out", str(tmp_path / name)],
            cwd=ROOT, capture_output=True, check=True,
        )  # fmt: skip
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


@pytest.fixture
def ask(small):
    at_work = Scorer(small)
    return lambda **asked: answer(at_work, json.dumps(asked))


def test_learning_and_taking_back(ask):
    text = "An unusual sentence about kettles, honey and my grandmother's string"
    before = ask(text=text)
    assert ask(op="learn", id="k", text=text, label=1) == {"id": "k", "ok": True}
    assert ask(text=text)["duplicate_of"] == "k"
    assert ask(op="learn", id="k", text=text, label=None) == {"id": "k", "ok": True}
    assert ask(text=text) == before
    assert ask(op="reset") == {"id": None, "ok": True}


@pytest.mark.parametrize(
    "line",
    ["x", "[]", "{}", '{"id": 1}', '{"id": 1, "text": 5}', '{"op": "fly"}',
     '{"op": "learn", "id": "a", "text": "b", "label": 2}', '{"op": ["score"], "text": "a"}',
     '{"op": "learn", "id": "a", "text": "b", "label": [1]}', '{"id": NaN, "text": "a"}',
     '{"op": "learn", "id": "a", "text": "b"}', "[" * 100_000, '{"a":' * 100_000],
)  # fmt: skip
def test_what_cannot_be_read_is_answered_with_the_reason(small, line):
    assert "error" in answer(Scorer(small), line)


def test_half_a_character_stops_nothing(small):
    assert "score" in answer(Scorer(small), '{"id": "a", "text": "\\ud800 hello"}')


def test_what_the_comment_stands_under_is_heard(ask):
    text = "The tramway should never have been closed"
    alone, under = ask(text=text), ask(text=text, context="Why the tramways of the city closed")
    named = {one["name"]: one for one in under["signals"]}["mentions the article's subject"]
    assert named["weight"] < 0
    assert text[slice(*named["span"])] == "tramway"
    assert under["score"] < alone["score"]
    assert ask(text=text, context="The weather of next week")["score"] == alone["score"]


def test_the_command_outlives_whatever_it_is_given():
    lines = (
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"id": "\\ud800", "text": "hi"}',
        b'{"text": "\\u0000"}',
        b'{"text": "a", "author": 5, "context": {}, "lang": [], "timestamp": 1}',
    )
    done = subprocess.run(
        AFTERWORD, cwd=ROOT, input=b"\n".join(lines) + b"\n", capture_output=True, check=True
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert ["error" in answered for answered in answers] == [True, True, False, False, False]
    assert answers[2]["id"] == "\ud800"

"""The examples of the documentation, run as they stand there."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable

import pytest

from service.domain.identity import Algorithm, IdentityKey, SignedReader
from service.domain.reader_tokens import read_key, verify
from tests.rules.sources import text
from tests.service.domain.test_reader_tokens import PRIVATE, PUBLIC, SECRET

EXPECTED = SignedReader("u1", "Ann Ångström", "Subscriber")
ARGUMENTS = f'("{SECRET}", "u1", "Ann Ångström")'


def example(language: str) -> str:
    mark = f"<!-- example: {language} -->"
    block = text("docs/embedding.md").split(mark)[1].split("```")[1]
    return re.sub(r"^   ", "", block.partition("\n")[2], flags=re.MULTILINE)


def who(token: str, key: IdentityKey) -> SignedReader:
    return verify(token.strip(), keys=[key], audience="news", now=time.time())


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_in_python() -> None:
    names: dict[str, Callable[..., str]] = {}
    exec(compile(example("python"), "docs/embedding.md", "exec"), names)
    token = names["comment_token"](SECRET, "u1", "Ann Ångström")
    assert who(token, read_key(Algorithm.HS256, SECRET.encode())) == EXPECTED


def test_in_php() -> None:
    code = f"{example('php')} echo comment_token{ARGUMENTS};"
    token = output(program("php"), "-r", code)
    assert who(token, read_key(Algorithm.HS256, SECRET.encode())) == EXPECTED


def test_in_node() -> None:
    code = f"{example('node')} console.log(commentToken{ARGUMENTS});"
    token = output(program("node"), "-e", code)
    assert who(token, read_key(Algorithm.HS256, SECRET.encode())) == EXPECTED


def test_in_node_with_a_pair_of_keys() -> None:
    key = f"crypto.createPrivateKey(`{PRIVATE}`)"
    code = f'{example("node")} console.log(commentToken({key}, "u1", "Ann Ångström"));'
    assert who(output(program("node"), "-e", code), PUBLIC) == EXPECTED

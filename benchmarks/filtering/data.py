"""The labelled comments that the filter is measured on. They are not in this repository."""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import click

from workers.filter import training
from workers.filter.training import Row

YOUTUBE = "youtube_spam_collection.jsonl"
NEWS, TELEGRAM, SMS = "civil_ham.jsonl", "tg_spam.jsonl", "sms_spam.jsonl"
OTHERS = "davidson_tweets.jsonl"


def rows(folder: Path, *names: str) -> list[Row]:
    missing = [name for name in names if not (folder / name).exists()]
    if missing:
        sentence = (
            f"{folder} has no {', '.join(missing)}. The labelled comments are not part of the"
            " repository: say where they are with --data or AFTERWORD_BENCH_DATA."
        )
        raise click.ClickException(sentence)
    return training.read([folder / name for name in names])


def videos(youtube: Sequence[Row]) -> list[str]:
    return sorted({str(row["source"]) for row in youtube})


def letters(row: Row) -> str:
    """What makes two comments the same one, copied."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", row["text"]).lower())

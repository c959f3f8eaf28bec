"""Comments that nobody wrote: seeded, of some 300 characters, none like another."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from uuid import UUID

SITE = "demo"
PAGES = tuple(f"article-{number}" for number in range(20))
READERS = 500
CONSONANTS, VOWELS = "bcdfghklmnprstvwz", "aeiou"
WORDS_IN_A_TEXT = (25, 65)
WORDS_IN_A_SENTENCE = 11


def _words() -> list[str]:
    # Made up, so that no text is a person's and none is near enough to another to be held for it.
    random = Random(1)
    syllables = [a + b for a in CONSONANTS for b in VOWELS]
    return ["".join(random.choices(syllables, k=random.randint(1, 4))) for _ in range(20_000)]


WORDS = _words()


@dataclass(frozen=True, slots=True)
class Draft:
    """A comment to be posted, and the hash of its text to find it again by."""

    content: bytes
    key: str  # its Idempotency-Key
    digest: str

    @property
    def request(self) -> bytes:
        headers = f"Content-Type: application/json\r\nIdempotency-Key: {self.key}\r\n"
        return http_request("POST", "/v1/comments", headers, self.content)


class Writer:
    """Writes one draft after the other; the same seed gives the same ones."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def draft(self, pages: Sequence[str] = PAGES) -> Draft:
        text = self.text()
        reader = self._random.randrange(READERS)
        author = {"name": WORDS[reader].title()}
        if reader % 2:  # every second reader gives an e-mail address
            author["email"] = f"reader{reader}@mail.example"
        page = self._random.choice(pages)
        comment = {"site": SITE, "page": page, "body": text, "author": author}
        key = UUID(int=self._random.getrandbits(128))  # the widget sends one with every comment
        return Draft(json.dumps(comment).encode(), str(key), sha256(text.encode()).hexdigest())

    def text(self) -> str:
        words = self._random.choices(WORDS, k=self._random.randint(*WORDS_IN_A_TEXT))
        sentences = [
            " ".join(words[start : start + WORDS_IN_A_SENTENCE]).capitalize() + "."
            for start in range(0, len(words), WORDS_IN_A_SENTENCE)
        ]
        sentences[0] = sentences[0].replace(words[-1], f"*{words[-1]}*")
        half = len(sentences) // 2
        return (" ".join(sentences[:half]) + "\n\n" + " ".join(sentences[half:])).strip()


def http_request(method: str, path: str, headers: str = "", content: bytes = b"") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content

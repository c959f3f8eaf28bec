import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.lane.encodings import DECODERS, ENCODERS, FILE_ENCODERS, chosen


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0, *;q=0.1", "zstd"),
        ("*", "zstd"),
        ("*;q=0", "identity"),
        ("identity, gzip;q=0.5", "identity"),
        ("br", "identity"),
        ("gzip;q=nonsense", "identity"),
        (";;,,=", "identity"),
    ],
)
def test_the_client_gets_the_best_encoding_that_it_takes(asked, given):
    assert chosen(asked) == given


@given(st.text(max_size=50))
def test_no_header_is_too_strange(asked):
    assert chosen(asked) in {"identity", *ENCODERS}


@pytest.mark.parametrize("encoding", FILE_ENCODERS)
def test_files_are_made_smaller_and_come_back(encoding):
    content = b"".join(str(number * number).encode() for number in range(5_000))
    encoded = FILE_ENCODERS[encoding](content)
    assert len(encoded) < len(ENCODERS[encoding](content))
    assert DECODERS[encoding](encoded) == content


@pytest.mark.parametrize("encoding", ENCODERS)
@given(content=st.binary(max_size=5_000))
def test_the_same_bytes_are_always_encoded_alike_and_come_back(encoding, content):
    encoded = ENCODERS[encoding](content)
    assert ENCODERS[encoding](content) == encoded
    assert DECODERS[encoding](encoded) == content

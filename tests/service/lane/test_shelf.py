from service.lane.entry import OVERHEAD, Entry, entry_of
from service.lane.shelf import Shelf

KIB = 1024


def environ(path: str, origin: str | None = None) -> dict[str, str]:
    given = {"HTTP_HOST": "h", "PATH_INFO": path, "QUERY_STRING": ""}
    return given if origin is None else given | {"HTTP_ORIGIN": origin}


def entry(size: int = 10, keys: str = "k") -> Entry:
    headers = [("ETag", '"e"'), ("Surrogate-Key", keys), ("Content-Type", "image/png")]
    return entry_of(headers, b"x" * size, "identity", expires_at=0.0)


def put(shelf: Shelf, path: str, kept: Entry, origin: str | None = None) -> None:
    shelf.put(environ(path, origin), kept, vary=("HTTP_ORIGIN",))


def found(shelf: Shelf, path: str, origin: str | None = None) -> Entry | None:
    return shelf.find(shelf.name(environ(path, origin)))


def test_answers_to_different_origins_are_kept_apart():
    shelf, ours, theirs = Shelf(KIB * KIB), entry(), entry()
    put(shelf, "/a", ours, "https://ours")
    put(shelf, "/a", theirs, "https://theirs")
    assert found(shelf, "/a", "https://ours") is ours
    assert found(shelf, "/a", "https://theirs") is theirs
    assert found(shelf, "/a") is None


def test_what_was_least_recently_asked_for_goes_first():
    shelf = Shelf(3 * (OVERHEAD + 10 * KIB) + 500)
    for path in ("/a", "/b", "/c"):
        put(shelf, path, entry(10 * KIB))
    assert found(shelf, "/a") is not None
    put(shelf, "/d", entry(10 * KIB))
    assert [path for path in ("/a", "/b", "/c", "/d") if found(shelf, path)] == ["/a", "/c", "/d"]


def test_it_never_takes_more_than_it_may():
    shelf = Shelf(100 * KIB)
    for number in range(500):
        put(shelf, f"/{number}", entry(number * 40 % (30 * KIB)))
        assert shelf.bytes <= shelf.most_bytes
    assert len(shelf) > 3


def test_what_is_larger_than_all_it_may_take_is_not_kept():
    shelf = Shelf(10 * KIB)
    put(shelf, "/a", entry(20 * KIB))
    assert found(shelf, "/a") is None
    assert (shelf.bytes, len(shelf)) == (0, 0)


def test_it_finds_what_depends_on_a_key_and_forgets_with_the_entry():
    shelf = Shelf(KIB * KIB)
    put(shelf, "/a", entry(keys="one two"))
    put(shelf, "/b", entry(keys="two"))
    assert len(shelf.dependent(["two"])) == 2
    assert len(shelf.dependent(["one", "unknown"])) == 1
    shelf.drop(shelf.name(environ("/a")))
    shelf.drop(shelf.name(environ("/b")))
    assert shelf.dependent(["one", "two"]) == []
    assert shelf.bytes == 0


def test_an_encoding_made_later_counts():
    shelf = Shelf(KIB * KIB)
    headers = [("ETag", '"e"'), ("Content-Type", "text/plain")]
    kept = entry_of(headers, b"x" * 10_000, "gzip", expires_at=0.0)
    put(shelf, "/a", kept)
    before = shelf.bytes
    kept.encode("identity")
    shelf.weigh(shelf.name(environ("/a")), kept)
    assert shelf.bytes == before + 10_000


def test_an_answer_that_came_to_vary_replaces_those_that_did_not():
    shelf, new = Shelf(KIB * KIB), entry()
    shelf.put(environ("/a", "https://ours"), entry(), vary=())
    put(shelf, "/a", new, "https://ours")
    assert found(shelf, "/a", "https://ours") is new
    assert found(shelf, "/a", "https://theirs") is None
    assert len(shelf) == 1

"""Variants of a rejected text are recognised; what others write is not."""

import pytest

from service.domain.opinions import Burst
from tests.workers.filter.sentences import HAM
from workers.filter.neighbours import REMEMBERED, Neighbours
from workers.filter.sketches import likeness, sketch
from workers.filter.traces import from_bytes, to_bytes, trace
from workers.filter.views import Comment

OFFER = (
    "Hello friends, I lost all hope until Doctor Wonder cured my back with his herbs,"
    " write to him at wonder@cures.example or see http://wonder-cures.xyz/back today"
)
VARIANTS = (
    OFFER.upper(),
    OFFER.replace("Wonder", "Marvel").replace("wonder", "marvel"),
    OFFER.replace("http://wonder-cures.xyz/back", "https://other.example/9"),
    "Dear all, " + OFFER.replace("herbs", "roots"),
    OFFER.replace("e", "е"),
    OFFER + " thank me later everybody",
)


@pytest.fixture
def seen(small):
    return lambda text: trace(small.parts(Comment(text)), small.segment)


@pytest.fixture
def index(seen):
    index = Neighbours()
    index.judge("offer", seen(OFFER), 1)
    return index


@pytest.mark.parametrize("variant", VARIANTS)
def test_variants_are_found(index, seen, variant):
    match = index.rejected_like(seen(variant))
    assert match is not None
    assert match.id == "offer"


@pytest.mark.parametrize("text", [*HAM, "Doctor, friends and herbs: what a title!", "", "ok"])
def test_others_are_not(index, seen, text):
    assert index.rejected_like(seen(text)) is None


def test_a_text_is_no_variant_of_itself(index, seen):
    assert index.rejected_like(seen(OFFER), but="offer") is None


def test_a_decision_taken_back_catches_nothing(index, seen):
    empty = vars(Neighbours())
    index.forget("offer")
    assert index.rejected_like(seen(OFFER)) is None
    assert vars(index) == empty


def test_an_approved_text_that_is_nearer_protects(index, seen):
    index.judge("approved", seen(VARIANTS[1]), 0)
    assert index.rejected_like(seen(VARIANTS[1])) is None
    index.judge("approved", seen(VARIANTS[1]), 1)
    assert index.rejected_like(seen(VARIANTS[1])) is not None


@pytest.mark.parametrize(
    "anchor",
    [
        "http://rare-pills.xyz/a",
        "pills@rare.example",
        "@rare_pills_shop",
        "+44 20 7946 0958",
        "RAREWIN77",
    ],
)
def test_a_rare_anchor_tells(seen, anchor):
    index = Neighbours()
    index.judge("one", seen(f"You will not believe what I found, {anchor} ask for Rosalind"), 1)
    match = index.rejected_like(seen(f"Somebody told my neighbour of this lately {anchor}"))
    assert match is not None
    assert match.how == "anchor"


def test_an_anchor_that_others_use_tells_nothing(seen):
    index = Neighbours()
    index.judge("one", seen("You will not believe it http://common.example/a"), 1)
    other = seen("My neighbour quotes http://common.example/news and is right")
    assert index.rejected_like(other) is not None
    index.judge("fine", seen("The statistics are at http://common.example/data"), 0)
    assert index.rejected_like(other) is None


def test_a_burst_is_noticed_before_anybody_decides(seen):
    index = Neighbours()
    found = []
    for number, name in enumerate(("Ann", "Bob", "Cleo", "Dora")):
        one = seen(f"{name} says: the new miracle cream took away all my wrinkles, try it")
        like = index.waiting_like(one)
        found.append(like.burst() if like else None)
        index.pass_by(str(number), one, like=like, ordinary=False)
    assert found == [None, Burst("0", 1), Burst("0", 2), Burst("0", 3)]


def test_only_the_newest_are_remembered(seen):
    index = Neighbours()
    one = seen("the new miracle cream took away all my wrinkles, try it")
    for number in range(REMEMBERED + 5):
        index.pass_by(str(number), one, like=None, ordinary=False)
    assert len(index._waiting) == REMEMBERED


def test_sketches_agree_in_the_share_of_what_is_common():
    one = "thequickbrownfoxjumpsoverthelazydogandrunsawayintothewoods"
    assert likeness(sketch(one), sketch(one)) == 1.0
    assert likeness(sketch(one), sketch(one[:50] + "intothecity")) > 0.5
    assert likeness(sketch(one), sketch("nothingofthiskindhaseverbeenheardofhere")) < 0.2
    assert likeness(sketch(""), sketch("")) == 0.0


@pytest.mark.parametrize("text", ["", "ok", "yes!", OFFER, "x @wonder_cures #wonderful " * 3])
def test_a_stored_trace_finds_the_same_texts(seen, text):
    one = seen(text)
    again = from_bytes(to_bytes(one))
    assert (again.letters, again.anchors) == (one.letters, one.anchors)
    assert list(again.sketch) == list(one.sketch)

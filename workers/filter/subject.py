"""Whether a comment speaks of what the article, or the comment it answers, is about."""

from functools import lru_cache

from service.domain.folding import fold, undisguised
from workers.filter.views import View, shortened

SHORTEST = 5  # letters; shorter words are mostly those that every text has
STEM = 7  # of a longer word the beginning is compared: endings change
COMMON = """
about above after again against also always among another anyone article because been before being
below between both came cannot comment comments could does doing during each else enough even ever
every everyone first found from good great have having here into just know like little made make
many maybe might more most much must need never nothing often only other others ought over
people please pretty quite rather read really
same second seems several shall should since some someone something
still such than thank thanks that their them then there these they thing things think this those
though through today together under until very want were what when where whether which while whole
whose will with within without would write years your yours video
alles andere auch dass diese dieser durch einen einer haben immer keine mehr nicht oder schon seine
sind sondern unter viele waren warum wenn werden wieder wird wurde zwischen
ainsi alors apres aussi autre avant avec beaucoup celui cette comme dans depuis encore etait etre
faire leurs mais meme moins notre nous parce pendant pour pourquoi quand sans sont sous tout toute
toujours tous vous
cuando desde donde entre estaba estan hacer hasta mucho porque siempre sobre tambien tiene tienen
todas todos ainda depois entao esta estao fazer isso mais mesmo muito nada onde para pela pelo pode
quando sempre tambem tudo voce
bisa dari dengan ini juga kalau karena lagi mereka sama sangat seperti sudah tidak untuk yang
больше будет было были вообще время всегда даже другой если есть когда который меня может можно надо
нужно очень потому почему просто раньше сейчас также теперь тогда только тоже чтобы этого этот
"""


def shared_words(seen: View, context: str) -> list[str]:
    """The telling words of the comment that the context has, too."""
    subject = telling(context)
    words = dict.fromkeys(word for word in seen.words if len(word) >= SHORTEST)
    return [word for word in words if _stem(word) in subject]


@lru_cache(maxsize=64)  # many comments stand under the same article
def telling(context: str) -> frozenset[str]:
    words = undisguised(fold(shortened(context))).text.split()
    return frozenset(_stem(word) for word in words if len(word) >= SHORTEST) - _common()


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(map(_stem, undisguised(fold(COMMON)).text.split()))


def _stem(word: str) -> str:
    return word[:STEM]

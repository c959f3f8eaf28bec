"""Posts of one process that come at the same time share a transaction: one commit, one bell.

Whoever finds no transaction going on leads one, for itself and for all who wait; those who come
meanwhile are the next one's. The leader waits for those who are about to come, and for as many as
the transaction before had, since a crowd stays for a while. Nobody else is waited for: a post that
comes alone runs in its own thread as if there were no others.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from service.actions.posting import Receipt, post_comments
from service.actions.posts import Post
from service.bell import Bell

MOST_TOGETHER = 64  # so that those who come late to a crowd do not wait for all of it
PATIENCE = 0.01  # seconds; what is about to come would take the processor from the leader anyway
LONG = 1.0  # seconds, for the database to fail in
AWAY = (OperationalError, InterfaceError, TimeoutError)  # what all of them would meet again


class Unanswered(RuntimeError):
    """The thread that led was ended in the middle."""


@dataclass(eq=False, slots=True)
class _Waiting:
    post: Post
    answer: Receipt | BaseException | None = None
    turn: threading.Lock = field(default_factory=threading.Lock)  # released when its turn has come


class SharedPosts:
    def __init__(
        self,
        open_session: Callable[[], Session],
        bell: Bell,
        *,
        secret: str,
        patience: float = PATIENCE,
    ) -> None:
        self._open_session = open_session
        self._bell = bell
        self._secret = secret
        self._patience = patience
        self._guard = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._coming = 0
        self._latest = 1  # how many the latest transaction had
        self._all_came = threading.Condition(self._guard)
        self._is_led = False

    @contextmanager
    def coming(self) -> Iterator[None]:
        """While a post is being made ready: who leads a transaction now waits for it."""
        with self._guard:
            self._coming += 1
        try:
            yield
        finally:
            with self._guard:
                self._coming -= 1
                self._tell_leader()

    def post(self, post: Post) -> Receipt:
        """Store a comment for screening. It is durable when this returns; nothing waits for Redis.

        Raises ThreadClosed, ParentNotFound, KeyReused, and what the database raises. The caller
        holds no connection, or those who wait would keep the leader from getting one.
        """
        mine = _Waiting(post)
        mine.turn.acquire()
        with self._guard:
            self._waiting.append(mine)
            self._tell_leader()
            leads, self._is_led = not self._is_led, True
        if not leads:
            mine.turn.acquire()  # until it is answered, or is to lead
        if mine.answer is None:
            self._lead()
        if isinstance(mine.answer, Receipt):
            return mine.answer
        raise mine.answer or Unanswered

    def _lead(self) -> None:
        with self._guard:
            self._all_came.wait_for(self._have_all_come, self._patience)
            self._latest = min(len(self._waiting), MOST_TOGETHER)
            together = [self._waiting.popleft() for _ in range(self._latest)]
        began = time.monotonic()
        try:
            self._answer(together)
            error = together[0].answer
            if isinstance(error, AWAY) and time.monotonic() > began + LONG:
                together += self._refuse_waiting(error)
        finally:
            self._hand_over(together)
        if any(isinstance(one.answer, Receipt) for one in together):
            self._bell.ring()  # not before the commit: a fast worker would find nothing

    def _have_all_come(self) -> bool:
        return self._coming == 0 and len(self._waiting) >= self._latest

    def _tell_leader(self) -> None:
        if self._have_all_come():
            self._all_came.notify()

    def _refuse_waiting(self, error: Exception) -> list[_Waiting]:
        """They would meet the same, and have waited for as long already."""
        with self._guard:
            refused = list(self._waiting)
            self._waiting.clear()
        for one in refused:
            one.answer = error
        return refused

    def _hand_over(self, answered: list[_Waiting]) -> None:
        with self._guard:
            following = self._waiting[0] if self._waiting else None
            self._is_led = following is not None
        if following is not None:
            following.turn.release()
        for one in answered:
            one.answer = one.answer or Unanswered()
            one.turn.release()

    def _answer(self, together: list[_Waiting]) -> None:
        """In one transaction, but for those whose key another one has: they come after it."""
        first: dict[object, _Waiting] = {}
        for one in together:
            key = (one.post.site.id, one.post.key_hash) if one.post.key_hash else one.post.id
            first.setdefault(key, one)
        self._store(list(first.values()))
        for one in together:
            if one.answer is None:
                self._store([one])

    def _store(self, together: list[_Waiting]) -> None:
        answers: Sequence[Receipt | Exception]
        try:
            with self._open_session() as session:
                posts = [one.post for one in together]
                answers = post_comments(session, posts, secret=self._secret)
        except Exception as error:
            if len(together) > 1 and not isinstance(error, AWAY):
                for one in together:  # whatever is wrong with one of them is not the others' fault
                    self._store([one])
                return
            answers = [error] * len(together)
        for one, answer in zip(together, answers, strict=True):
            one.answer = answer

"""Posts of one process that come at the same time share a transaction: one commit, one bell.

One thread makes the transactions, each for all who wait; those who come meanwhile are the next
one's. It waits for those who are about to come, and for as many as the transaction before had,
since a crowd stays for a while. Nobody else is waited for, and not for long.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from service.actions.posting import Receipt, post_comments
from service.actions.posts import Post
from service.bell import Bell

MOST_TOGETHER = 64  # so that those who come late to a crowd do not wait for all of it
PATIENCE = 0.01  # seconds; what is about to come would take the processor from the committer anyway
LONG = 1.0  # seconds, for the database to fail in
AWAY = (OperationalError, InterfaceError, TimeoutError)  # what all of them would meet again


@dataclass(eq=False, slots=True)
class _Waiting:
    post: Post
    answer: Future[Receipt] = field(default_factory=Future)
    rings: bool = False  # the bell, for all of its transaction


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
        self._is_committing = False
        self._committer = ThreadPoolExecutor(1, "committer")
        self._committer.submit(int)  # so that it begins here, with the niceness of this thread

    @contextmanager
    def coming(self) -> Iterator[None]:
        """While a post is being made ready: the next transaction waits for it."""
        with self._guard:
            self._coming += 1
        try:
            yield
        finally:
            with self._guard:
                self._coming -= 1
                self._tell_committer()

    def post(self, post: Post) -> Receipt:
        """Store a comment for screening. It is durable when this returns; nothing waits for Redis.

        Raises ThreadClosed, ParentNotFound, KeyReused, and what the database raises. The caller
        holds no connection, or those who wait would keep the committer from getting one.
        """
        mine = _Waiting(post)
        with self._guard:
            self._waiting.append(mine)
            self._tell_committer()
            is_first, self._is_committing = not self._is_committing, True
        if is_first:
            self._committer.submit(self._commit)
        receipt = mine.answer.result()
        if mine.rings:
            self._bell.ring()  # not before the commit: a fast worker would find nothing
        return receipt

    def _commit(self) -> None:
        with self._guard:
            self._all_came.wait_for(self._have_all_come, self._patience)
            self._latest = min(len(self._waiting), MOST_TOGETHER)
            together = [self._waiting.popleft() for _ in range(self._latest)]
        began = time.monotonic()
        try:
            self._answer(together)
            error = together[0].answer.exception()
            if isinstance(error, AWAY) and time.monotonic() > began + LONG:
                self._refuse_waiting(error)
        except BaseException as error:
            for one in together:  # nobody else would hear of it, and they would wait for ever
                if not one.answer.done():
                    one.answer.set_exception(error)
        finally:
            with self._guard:
                self._is_committing = goes_on = bool(self._waiting)
            if goes_on:
                self._committer.submit(self._commit)

    def _have_all_come(self) -> bool:
        return self._coming == 0 and len(self._waiting) >= self._latest

    def _tell_committer(self) -> None:
        if self._have_all_come():
            self._all_came.notify()

    def _refuse_waiting(self, error: Exception) -> None:
        """They would meet the same, and have waited for as long already."""
        with self._guard:
            refused = list(self._waiting)
            self._waiting.clear()
        for one in refused:
            one.answer.set_exception(error)

    def _answer(self, together: list[_Waiting]) -> None:
        """In one transaction, but for those whose key another one has: they come after it."""
        first: dict[object, _Waiting] = {}
        for one in together:
            key = (one.post.site.id, one.post.key_hash) if one.post.key_hash else one.post.id
            first.setdefault(key, one)
        self._store(list(first.values()))
        for one in together:
            if not one.answer.done():
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
        stored = [isinstance(answer, Receipt) for answer in answers]
        if any(stored):
            together[stored.index(True)].rings = True
        for one, answer in zip(together, answers, strict=True):
            if isinstance(answer, Receipt):
                one.answer.set_result(answer)
            else:
                one.answer.set_exception(answer)

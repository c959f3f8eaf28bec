"""The checks that judge a comment. To add one, write its module and name it in CHECKS."""

from collections.abc import Callable

from service.domain.findings import Finding
from service.domain.policy import Policy
from service.domain.submission import Submission
from workers.checks.campaign import check_campaign
from workers.checks.conduct import check_conduct
from workers.checks.flood import check_flood
from workers.checks.form import check_form
from workers.checks.history import check_history
from workers.checks.length import check_length
from workers.checks.links import check_links
from workers.checks.mode import check_mode
from workers.checks.newcomer import check_newcomer
from workers.checks.raid import check_raid
from workers.checks.repetition import check_repetition
from workers.checks.shouting import check_shouting
from workers.checks.spam import check_spam
from workers.checks.standing import check_standing
from workers.checks.words import check_words

Check = Callable[[Submission, Policy], Finding]

CHECKS: tuple[Check, ...] = (
    check_mode,
    check_raid,
    check_history,
    check_standing,
    check_newcomer,
    check_form,
    check_flood,
    check_repetition,
    check_length,
    check_shouting,
    check_links,
    check_words,
    check_campaign,
    check_spam,
    check_conduct,
)

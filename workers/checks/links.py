"""Links: how many, where to, and whether they hide."""

from collections.abc import Sequence

from service.domain.findings import SEVERITY, Finding, Verdict
from service.domain.folding import as_written, fold
from service.domain.links import Link, find_links, host_of, is_within, without_links
from service.domain.policy import Action, LinksPolicy, Policy
from service.domain.submission import Submission

SHOWN = 20
Problem = tuple[Verdict, str, Sequence[Link]]


def check_links(submission: Submission, policy: Policy) -> Finding:
    links = find_links(submission.body)
    if not links:
        return Finding("links")
    own = _own_hosts(submission)
    foreign = [link for link in links if link.host.removeprefix("www.") not in own]
    problems = [
        *_number(foreign, policy.links),
        *_blocked(links, policy.links),
        *_disguised(foreign, policy.links.disguised),
        *_only_links(submission.body, foreign, policy.links.only_links),
    ]
    if not problems:
        return Finding("links")
    verdict = max((verdict for verdict, _, _ in problems), key=SEVERITY.__getitem__)
    spans = {link.span for _, _, shown in problems for link in shown[:SHOWN]}
    return Finding(
        "links",
        verdict,
        " ".join(reason for _, reason, _ in problems),
        tuple(sorted(spans, key=lambda span: span.start)),
        is_spam=verdict is Verdict.REJECT,
    )


def _own_hosts(submission: Submission) -> set[str]:
    addresses = [*submission.origins, *([submission.page_url] if submission.page_url else [])]
    return {host_of(address).removeprefix("www.") for address in addresses}


def _number(links: Sequence[Link], bounds: LinksPolicy) -> list[Problem]:
    found = f"There are {len(links)} links to other sites"
    if len(links) > bounds.reject_above:
        return [(Verdict.REJECT, f"{found}; more than {bounds.reject_above} are spam.", links)]
    if len(links) > bounds.hold_above:
        return [(Verdict.HOLD, f"{found}; {bounds.hold_above} may pass.", links)]
    return []


def _blocked(links: Sequence[Link], bounds: LinksPolicy) -> list[Problem]:
    if not bounds.blocked_domains or bounds.blocked is Action.IGNORE:
        return []
    domains = {host_of(domain) for domain in bounds.blocked_domains}
    found = [link for link in links if is_within(link.host, domains)]
    if not found:
        return []
    return [(Verdict(bounds.blocked.value), f"Nobody may link to {_hosts(found)}.", found)]


def _disguised(links: Sequence[Link], action: Action) -> list[Problem]:
    found = [link for link in links if link.disguised]
    if not found or action is Action.IGNORE:
        return []
    return [(Verdict(action.value), f"A link is disguised: {_hosts(found)}.", found)]


def _only_links(body: str, foreign: Sequence[Link], action: Action) -> list[Problem]:
    if not foreign or action is Action.IGNORE:
        return []
    if as_written(fold(without_links(body))).text:
        return []
    return [
        (Verdict(action.value), f"The comment is nothing but links: {_hosts(foreign)}.", foreign)
    ]


def _hosts(links: Sequence[Link]) -> str:
    return ", ".join(dict.fromkeys(link.host for link in links[:SHOWN]))

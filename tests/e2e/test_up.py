"""`afterword up`: everything on one machine, from one command, whatever happens to it."""

import os
import signal
import socket

import psutil
import pytest

from tests.e2e.running import PAGE, VALKEY, Processes, Started, answers, call, is_alive, until

CHILDREN = {"web": ("service", "web"), "workers": ("workers", "rq", "sweep"), "valkey": (VALKEY,)}
KINDS = ("web", "rq", "valkey", "workers")
TEXTS = (  # unlike one another, since what says the same again is held
    "The wheelbarrow was the best part.",
    "Will there be chess as well?",
    "Nora baked for six, we were forty.",
    "My bus passes no library.",
)
COMMENT = {
    "site": "demo",
    "page": PAGE,
    "author": {"name": "Ann"},
}


def shown(up: Started) -> list[str]:
    """The texts under the article, as readers get them."""
    answer = call("GET", f"{up.address}/v1/comments?site=demo&page={PAGE}")
    assert answer.status == 200
    return [comment["body_html"] for comment in answer.json["comments"]]


def post_and_see(up: Started, body: str) -> dict[str, str]:
    """Post a comment and wait until it is public; answers the receipt."""
    answer = call("POST", f"{up.address}/v1/comments", body=COMMENT | {"body": body})
    assert answer.status == 202, answer.text
    until(lambda: f"<p>{body}</p>" in shown(up), f"{body!r} under the article")
    receipt: dict[str, str] = answer.json
    return receipt


def test_the_printed_addresses_answer(processes: Processes) -> None:
    up = processes.up()
    for name in ("Article", "Moderation", "API"):
        assert answers(up.url(name).partition("#")[0]), name
    bearer = {"Authorization": f"Bearer {up.token}"}
    assert call("GET", f"{up.address}/v1/moderation/queue", headers=bearer).status == 200
    assert call("GET", f"{up.address}/readyz").json["status"] == "ok"


def test_ctrl_c_stops_every_child_and_ends_well(processes: Processes) -> None:
    up = processes.up()
    post_and_see(up, "Before the end.")
    running = up.descendants()
    for kind in KINDS:
        assert processes_of(up, kind), kind
    assert up.interrupt() == 0
    assert [process for process in running if is_alive(process)] == []
    assert not answers(f"{up.address}/livez")


def processes_of(up: Started, kind: str) -> list[psutil.Process]:
    return up.children(*CHILDREN[kind]) if kind in CHILDREN else up.judges(kind)


def restarts(up: Started, kind: str) -> int:
    again = [one for one in up.records() if "is started again" in one["message"]]
    return sum(one["child"] == kind for one in again)


def kill_and_wait_for_another(up: Started, kind: str) -> None:
    killed = until(lambda: processes_of(up, kind), f"a {kind}")[0]
    killed.kill()
    until(lambda: restarts(up, kind), f"a line about {kind}")
    until(lambda: set(processes_of(up, kind)) - {killed}, f"another {kind}", seconds=20)
    until(lambda: answers(f"{up.address}/livez"), "an answer", seconds=20)


def test_a_killed_child_is_started_again_and_the_log_says_so(processes: Processes) -> None:
    up = processes.up()
    for kind, text in zip(KINDS, TEXTS, strict=True):
        kill_and_wait_for_another(up, kind)
        post_and_see(up, text)
        until(lambda: call("GET", f"{up.address}/readyz").json["status"] == "ok", "readiness")
    # An RQ worker that loses Valkey during a job ends by itself, and is started once more.
    assert all(restarts(up, kind) == 1 for kind in KINDS if kind != "rq")
    assert restarts(up, "rq") >= 1


def test_a_second_start_goes_on_where_the_first_stopped(processes: Processes) -> None:
    first = processes.up()
    own = post_and_see(first, "I was here before.")
    assert first.terminate() == 0
    second = processes.up()
    assert shown(second) == ["<p>I was here before.</p>"]
    mine = {"Authorization": f"Edit {own['edit_token']}"}
    address = f"{second.address}/v1/comments/{own['id']}"
    assert call("PATCH", address, body={"body": "Changed later."}, headers=mine).status == 202
    until(lambda: shown(second) == ["<p>Changed later.</p>"], "the change")
    assert second.token == first.token
    bearer = {"Authorization": f"Bearer {second.token}"}
    assert call("GET", f"{second.address}/v1/moderation/queue", headers=bearer).status == 200
    post_and_see(second, "And again.")


def refusal(started: Started) -> str:
    """What a command said that refused to start: one sentence and nothing else."""
    assert started.process.wait(20) == 1
    lines = [line for line in started.logged().splitlines() if line.strip()]
    assert len(lines) == 1, lines
    assert started.said() == ""
    return lines[0]


def test_a_second_up_with_the_same_data_is_refused(processes: Processes) -> None:
    first = processes.up()
    again = processes.start("up", "--port", "1", "--data", str(processes.folder / "data"))
    assert "running already" in refusal(again)
    post_and_see(first, "The first one goes on.")


def test_a_busy_port_is_refused(processes: Processes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        started = processes.start("up", "--port", port, "--data", str(processes.folder / "data"))
        sentence = refusal(started)
    assert port in sentence
    assert "--port" in sentence


@pytest.mark.skipif(not psutil.LINUX, reason="only Linux ends children with their parent")
def test_a_killed_up_leaves_no_process_behind(processes: Processes) -> None:
    up = processes.up()
    post_and_see(up, "Before the kill.")
    running = up.descendants()
    assert len(running) >= len(KINDS) + 1, "the web server has a process below it"
    os.kill(up.pid, signal.SIGKILL)
    up.process.wait()
    until(lambda: not any(map(is_alive, running)), "no process is left")
    again = processes.up()
    assert shown(again) == ["<p>Before the kill.</p>"]

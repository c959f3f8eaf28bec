"""What the image and the compose file leave to whoever breaks into a container."""

import re

from tests.rules.sources import text

HARDENED = {
    "cap_drop: [ALL]",
    "read_only: true",
    'security_opt: ["no-new-privileges:true"]',
}
OURS = ("migrate", "web", "worker")


def blocks() -> dict[str, str]:
    """The services of compose.yaml, and what they share, by their names."""
    document = re.sub(r"#.*", "", text("compose.yaml"))
    shared = re.findall(r"^x-\w+: &(\w+)\n((?:  .*\n|\n)+)", document, re.MULTILINE)
    section = document.partition("\nservices:\n")[2].partition("\nnetworks:\n")[0] + "\n"
    services = re.findall(r"^  (\w+):\n((?:    .*\n|\s*\n)+)", section, re.MULTILINE)
    return dict(shared) | dict(services)


def lines_of(name: str) -> set[str]:
    """With those of the blocks that it takes over."""
    found = blocks()
    lines = {line.strip() for line in found[name].splitlines() if line.strip()}
    for taken in re.findall(r"<<: \*(\w+)", found[name]):
        lines |= lines_of(taken)
    return lines


def services() -> list[str]:
    return [name for name in blocks() if name not in ("each", "ours")]


def test_nothing_of_ours_runs_as_root():
    final = text("Dockerfile").rpartition("\nFROM ")[2]
    user = re.findall(r"^USER (\d+):(\d+)$", final, re.MULTILINE)
    assert user == [("10001", "10001")]
    after = final.partition("\nUSER ")[2]
    assert not re.search(r"^(?:USER|RUN|COPY|ADD)", after.partition("\n")[2], re.MULTILINE)
    assert [name for name in OURS if any("user:" in line for line in lines_of(name))] == []


def test_each_container_can_do_little():
    assert set(services()) == {*OURS, "postgres", "valkey"}
    for name in services():
        assert HARDENED - lines_of(name) == set(), name
        assert not lines_of(name) & {"privileged: true", "network_mode: host", "pid: host"}


def test_only_the_web_server_has_a_way_out():
    for name in services():
        networks = [line for line in lines_of(name) if line.startswith("networks:")]
        expected = "[inside, outside]" if name == "web" else "[inside]"
        assert networks == [f"networks: {expected}"], name
    assert re.search(r"^  inside:\n    internal: true$", text("compose.yaml"), re.MULTILINE)
    published = re.findall(r"^ +- '?([\d.]*):?.*:8000'?$", text("compose.yaml"), re.MULTILINE)
    assert published == ["127.0.0.1"]


def test_secrets_are_files():
    """What stands in the environment, everybody sees who may look at the container."""
    document = text("compose.yaml")
    for name in ("AFTERWORD_DATABASE_URL", "AFTERWORD_REDIS_URL", "AFTERWORD_SECRET"):
        assert f"{name}_FILE: /run/secrets/" in document
        assert not re.search(rf"\b{name}:", document)
    assert "POSTGRES_PASSWORD:" not in document


def test_valkey_knows_its_users_from_a_file():
    assert "--aclfile" in lines_of("valkey") or "- --aclfile" in lines_of("valkey")
    users = text("examples/valkey.acl").splitlines()
    assert users[0] == "user default off"
    assert "-@all" in users[1]
    assert "nopass" not in text("examples/valkey.acl")

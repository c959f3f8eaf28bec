"""The README's walk-through with curl does what it says."""

import json
import os
import re
import subprocess

from tests.e2e.running import ROOT, Processes

BLOCK = re.compile(r"^<!-- walk-through -->\n```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def documents(text: str) -> list[dict]:
    """The JSON objects among other lines."""
    return [
        json.loads(found) for found in re.findall(r"^\{\n.*?^\}$", text, re.DOTALL | re.MULTILINE)
    ]


def test_the_walk_through_of_the_readme(processes: Processes) -> None:
    found = BLOCK.search((ROOT / "README.md").read_text())
    assert found, "README.md has no walk-through"
    up = processes.up()
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", found[1]],
        env={**os.environ, "BASE": up.address, "TOKEN": up.token},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    print(done.stdout, done.stderr)
    assert (done.returncode, done.stderr) == (0, "")

    harmless, linking = re.findall(r"^(\S{36}) is (\w+)$", done.stdout, re.MULTILINE)
    assert (harmless[1], linking[1]) == ("approved", "held")
    assert re.search(r"^Ann wrote: Look: https://a.example", done.stdout, re.MULTILINE)
    assert re.search(r"^ +links hold: .*6 links", done.stdout, re.MULTILINE)

    before, decided, after = documents(done.stdout)
    assert [comment["id"] for comment in before["comments"]] == [harmless[0]]
    assert before["comments"][0]["body_html"] == "<p>I disagree with the author.</p>"
    [result] = decided["results"]
    assert (result["comment"], result["outcome"]) == (linking[0], "moved")
    assert [comment["id"] for comment in after["comments"]] == [harmless[0], linking[0]]

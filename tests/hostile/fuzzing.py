"""libFuzzer at the parser and at the renderer, as `make fuzz` runs it."""

import sys

import atheris

with atheris.instrument_imports(include=["service", "markdown_it", "json"]):
    from tests.hostile.properties import ensure_read, ensure_rendered


def render_any(data: bytes) -> None:
    ensure_rendered(data.decode("utf-8", "replace"))


TARGETS = {"parser": ensure_read, "renderer": render_any}


def main() -> None:
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

"""Under which licences the libraries are that ship with Afterword, as they say themselves."""

import re
from importlib.metadata import metadata

from tests.rules.sources import text

# What the metadata leaves out or says in words of its own, as the packages' own files have it.
KNOWN = {
    "pysqlite3": "Zlib",
    "pyahocorasick": "BSD-3-Clause",
    "backports-zstd": "PSF-2.0",
}
CLASSIFIERS = {
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Those under which Afterword may be passed on as a whole, in source or in an image.
FINE = {
    "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "MPL-2.0",
    "LGPL-3.0-only", "Zlib",
}  # fmt: skip


def shipped() -> dict[str, str]:
    """Each pinned library's licence, as an SPDX expression."""
    pins = re.findall(r"^(\S+?)==", text("requirements.txt"), re.MULTILINE)
    return {name: licence_of(name) for name in sorted(pins)}


def licence_of(name: str) -> str:
    said = metadata(name)
    classifiers = [
        CLASSIFIERS.get(line.rpartition(" :: ")[2], line)
        for line in said.get_all("Classifier") or []
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    expression = said.get("License-Expression") or " ".join(classifiers) or said.get("License")
    return KNOWN.get(name) or expression or "unknown"


def named_in(expression: str) -> set[str]:
    return set(re.split(r"\s+(?:AND|OR|WITH)\s+|[()]", expression)) - {""}

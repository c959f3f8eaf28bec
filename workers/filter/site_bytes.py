"""A site's model as bytes and back. It stands on the shipped model, and names the one it means."""

import json
import sys
import zlib
from array import array

from workers.filter.features import SIZE
from workers.filter.learning import Weights
from workers.filter.model import Model, Unreadable
from workers.filter.signal_names import NAMES
from workers.filter.site import SiteModel

MAGIC = b"afterword site model 1\n"


def to_bytes(model: SiteModel, shipped: Model) -> bytes:
    """Without the scores that it was judged by: those go into figures."""
    header = {
        "shipped": shipped.name,
        "size": SIZE,
        "signals": dict(zip((*NAMES, "shipped"), model.weights.signals, strict=True)),
        "bias": model.weights.bias,
        "slope": model.slope,
        "shift": model.shift,
        "labels": model.labels,
        "gain": model.gain,
    }
    hashed = array("f", model.weights.hashed)
    if sys.byteorder == "big":
        hashed.byteswap()
    return MAGIC + json.dumps(header).encode() + b"\n" + zlib.compress(hashed.tobytes(), 6)


def from_bytes(stored: bytes, shipped: Model) -> SiteModel:
    """Raises Unreadable, also for a model that stands on another shipped one."""
    magic, _, rest = stored.partition(b"\n")
    head, _, body = rest.partition(b"\n")
    if magic + b"\n" != MAGIC:
        raise Unreadable("This is no model of a site.")
    header = json.loads(head)
    names = (*NAMES, "shipped")
    fits = header["size"] == SIZE and header["signals"].keys() == set(names)
    if not fits or header["shipped"] != shipped.name:
        raise Unreadable("This site's model stands on another version of the filter.")
    hashed = array("f", zlib.decompress(body))
    if sys.byteorder == "big":
        hashed.byteswap()
    signals = [header["signals"][name] for name in names]
    weights = Weights(hashed, signals, header["bias"])
    slope, shift = header["slope"], header["shift"]
    return SiteModel(weights, slope, shift, header["labels"], header["gain"], held_back=())

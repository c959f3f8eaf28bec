"""What a site's moderators teach: a model of their own on top of the shipped one.

Pure functions of a list of labels. Undoing a decision is fitting again without it.
"""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

from workers.filter.calibration import Scored, platt, threshold
from workers.filter.features import Features, Parts, features
from workers.filter.learning import Example, Learner, Settings, Weights, logit, sigmoid, train
from workers.filter.model import Calibration, Model
from workers.filter.signal_names import FACTS, NAMES, NUMBERS

MIN_LABELS = 30
MIN_OF_EACH = 5
FOLDS = 5
OF_FACTS = frozenset(NUMBERS[name] for name in FACTS)
MANY = 2_000  # labels, from which on fewer rounds over them do, so that a fit takes seconds
MANY_FOLDS = 3
SURE_OF_HAM = 0.02  # the share of the site's ham that may be thought more likely spam than not
MOST_CAUTION = 0.8  # how far, in log-odds, that may move the rest
SHIPPED = len(NAMES)  # the signal that stands for what the shipped model says
PRIORS = (*[0.0] * len(NAMES), 1.0)
SETTINGS = Settings(bias=0.0, epochs=6, averaged=3, head_start=0.4, rate=0.15, loyalty=0.01)
OF_MANY = replace(SETTINGS, epochs=4, averaged=2)


@dataclass(frozen=True, slots=True)
class Label:
    """A moderator's decision about a comment, with what the shipped model thought of it."""

    id: str
    features: Features
    shipped: float
    label: int


@dataclass(frozen=True, slots=True)
class SiteModel:
    weights: Weights
    slope: float
    shift: float
    labels: int
    gain: float  # by how much the held-back log loss fell, in nats a comment
    held_back: Scored  # of each label in order: the calibrated logit by models that had not seen it

    def logit(self, found: Features, shipped: float) -> float:
        return self.slope * logit(self.weights, _with_shipped(found, shipped)) + self.shift

    def share_of(self, shipped: float) -> float:
        """How much of what the shipped model says goes into the logit."""
        heard = _bounded(shipped) / shipped if shipped else 1.0
        return self.slope * self.weights.signals[SHIPPED] * heard

    def alone(self) -> Model:
        """What this model says beside the shipped one."""
        own = Weights(self.weights.hashed, self.weights.signals[:SHIPPED], self.weights.bias)
        return Model(own, {}, Calibration(self.slope, self.shift))


def label_of(model: Model, found: Parts, *, id: str, label: int) -> Label:
    return Label(id, features(found), model.weigh(found).logit, label)


def without_facts(found: Features) -> Features:
    of_text = tuple(one for one in found.signals if one[0] not in OF_FACTS)
    return Features(array("I", found.hashed), found.scale, of_text)  # labels are kept by thousands


def enough(labels: Sequence[Label]) -> bool:
    of_each = Counter(one.label for one in labels)
    return len(labels) >= MIN_LABELS and min(of_each[0], of_each[1]) >= MIN_OF_EACH


def fitted(labels: Sequence[Label], settings: Settings | None = None) -> SiteModel | None:
    """A model of the site; None while there are too few labels, or if it would judge worse.

    Each label is judged by a model that has not seen it. Those judgements calibrate the model,
    and decide whether it is better than the shipped one, calibrated on the same labels.
    """
    if not enough(labels):
        return None
    settings = settings or (OF_MANY if len(labels) > MANY else SETTINGS)
    examples = [_example(one) for one in labels]
    own = _held_back(examples, settings)
    shipped = [(one.shipped, one.label) for one in labels]
    slope, shift = platt(own, [1.0] * len(own))
    calibrated = [(slope * one + shift, label) for one, label in own]
    gain = _loss(_moved(shipped)) - _loss(calibrated)
    if gain < 0:
        return None
    caution = _caution([one for one, label in calibrated if not label])
    held_back = [(one - caution, label) for one, label in calibrated]
    weights = train(examples, settings, priors=PRIORS)
    return SiteModel(weights, slope, shift - caution, len(labels), gain, held_back)


def nudged(model: SiteModel, label: Label) -> SiteModel:
    """At once, until the next fit: one step of learning towards a new label."""
    learner = Learner(replace(SETTINGS, rate=0.5), PRIORS)
    old = model.weights
    learner.weights = Weights(array("f", old.hashed), list(old.signals), old.bias)
    learner.learn(_example(label))
    return replace(model, weights=learner.weights, labels=model.labels + 1)


def _with_shipped(found: Features, shipped: float) -> Features:
    return Features(found.hashed, found.scale, (*found.signals, (SHIPPED, _bounded(shipped))))


def _bounded(shipped: float) -> float:
    """The shipped model may be sure of itself for reasons that fail on this site."""
    return max(-6.0, min(6.0, shipped))


def _caution(ham: Sequence[float]) -> float:
    """By how much to lower the logits so that hardly any ham is thought more likely spam."""
    return min(MOST_CAUTION, max(0.0, threshold(ham, SURE_OF_HAM)))


def _example(one: Label) -> Example:
    return Example(_with_shipped(one.features, one.shipped), one.label)


def _held_back(examples: Sequence[Example], settings: Settings) -> Scored:
    """Logits of models that were fitted without the label they judge; classes spread evenly."""
    count = FOLDS if len(examples) <= MANY else MANY_FOLDS
    ranks: Counter[int] = Counter()
    folds = []
    for one in examples:
        folds.append(ranks[one.label] % count)
        ranks[one.label] += 1
    judged: list[tuple[float, int]] = [(0.0, 0)] * len(examples)
    for fold in range(count):
        taught = [one for one, of in zip(examples, folds, strict=True) if of != fold]
        weights = train(taught, settings, priors=PRIORS)
        for place, (one, of) in enumerate(zip(examples, folds, strict=True)):
            if of == fold:
                judged[place] = logit(weights, one.features), one.label
    return judged


def _moved(scored: Scored) -> Scored:
    slope, shift = platt(scored, [1.0] * len(scored))
    return [(slope * one + shift, label) for one, label in scored]


def _loss(scored: Scored) -> float:
    chances = ((sigmoid(one), label) for one, label in scored)
    return -sum(log(max(1e-9, chance if label else 1 - chance)) for chance, label in chances) / len(
        scored
    )

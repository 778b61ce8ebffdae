"""A linear model of intents for one language: TF-IDF, one-against-rest SVM, calibrated softmax.

Trained with scikit-learn, kept and evaluated with NumPy alone: a message touches only the few
hundred rows of weights that its features have.
"""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.components.ngrams import features
from bot.components.text import fold_message

Floats = NDArray[np.float32]

OUT_OF_SCOPE = "out_of_scope"
FOLDS = 4
SVM_C = 0.5
"""Regularisation; flat between 0.3 and 1 on the shipped messages."""


@dataclass(frozen=True)
class LinearModel:
    """What was learnt of one language."""

    language: str
    classes: List[str]
    vocabulary: Dict[str, int]
    idf: Floats
    """One weight a feature."""
    weights: Floats
    """One row a feature, one column a class."""
    intercept: Floats
    temperature: float
    """Factor on the margins that makes their softmax a probability."""
    threshold: float
    """Confidence below which answering would be wrong too often."""

    def confidences(self, text: str) -> Floats:
        """Return the probability of each class, in the order of `classes`."""
        counts = Counter(features(fold_message(text), self.language))
        known = [
            (self.vocabulary[piece], n) for piece, n in counts.items() if piece in self.vocabulary
        ]
        margins = self.intercept
        if known:
            rows, times = np.array(known, dtype=np.int64).T
            vector = ((1 + np.log(times)) * self.idf[rows]).astype(np.float32)
            # What was never seen belongs to the message too: it makes the rest count for less, so
            # that a few familiar pieces in a strange message give no confidence.
            strange = len(counts) - len(known)
            norm = np.sqrt(vector @ vector + strange * self.idf.max() ** 2)
            margins = margins + (vector / norm) @ self.weights[rows]
        return softmax(margins[np.newaxis, :] * self.temperature)[0]

    def save(self, folder: Path) -> None:
        """Write the model as `<language>.npz` and `<language>.json`."""
        np.savez(
            folder / f"{self.language}.npz",
            idf=self.idf,
            weights=self.weights,
            intercept=self.intercept,
        )
        facts = {
            "classes": self.classes,
            "vocabulary": self.vocabulary,
            "temperature": self.temperature,
            "threshold": self.threshold,
        }
        (folder / f"{self.language}.json").write_text(json.dumps(facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, language: str) -> "LinearModel":
        """Read what `save` wrote."""
        facts = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{language}.npz") as arrays:
            return cls(
                language=language,
                idf=arrays["idf"],
                weights=arrays["weights"],
                intercept=arrays["intercept"],
                **facts,
            )


def train(
    language: str, texts: Sequence[str], intents: Sequence[str], *, max_wrong: float, seed: int
) -> LinearModel:
    """Learn a language's intents.

    Args:
        language: `zh` or `en`.
        texts: the messages.
        intents: the intent of each; at least `FOLDS` messages of each intent.
        max_wrong: share of all messages that may get a wrong answer; sets the threshold.
        seed: of the folds and of the solver.
    """
    # Only training needs scikit-learn; the running assistant does without its memory.
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.svm import LinearSVC

    vectorizer = TfidfVectorizer(
        analyzer=lambda text: features(fold_message(text), language),
        sublinear_tf=True,
        dtype=np.float32,
    )
    matrix = vectorizer.fit_transform(texts)
    labels = np.asarray(intents)
    svm = LinearSVC(C=SVM_C, random_state=seed)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    # Pieces that only a held-out message has keep their place in its vector, as in `confidences`.
    margins = cross_val_predict(svm, matrix, labels, cv=folds, method="decision_function")
    svm.fit(matrix, labels)
    classes = [str(name) for name in svm.classes_]
    temperature = fit_temperature(margins, np.searchsorted(svm.classes_, labels))
    threshold = fit_threshold(softmax(margins * temperature), classes, labels, max_wrong)
    return LinearModel(
        language=language,
        classes=classes,
        vocabulary={piece: int(row) for piece, row in vectorizer.vocabulary_.items()},
        idf=vectorizer.idf_.astype(np.float32),
        weights=np.ascontiguousarray(svm.coef_.T, dtype=np.float32),
        intercept=svm.intercept_.astype(np.float32),
        temperature=temperature,
        threshold=threshold,
    )


def softmax(margins: Any) -> Any:
    """Return the rows of `margins` as probabilities."""
    shifted = np.exp(margins - margins.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def fit_temperature(margins: Any, truth: Any) -> float:
    """Return the factor under which held-out margins give the truth the highest likelihood.

    Temperature scaling: Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(truth))

    def loss(factor: float) -> float:
        return float(-np.log(softmax(margins * factor)[rows, truth] + 1e-12).mean())

    return float(minimize_scalar(loss, bounds=(0.5, 30.0), method="bounded").x)


def fit_threshold(confidences: Any, classes: Sequence[str], truth: Any, max_wrong: float) -> float:
    """Return the lowest confidence from which on at most `max_wrong` of all answers are wrong.

    Wrong is an answer to another wish, and any answer to what is no wish at all; saying "out of
    scope" to a wish is as harmless as asking again.
    """
    best = np.asarray(classes)[confidences.argmax(axis=1)]
    top = confidences.max(axis=1)
    bad = (best != truth) & (best != OUT_OF_SCOPE)
    for threshold in np.arange(0.2, 0.95, 0.01):
        if float((bad & (top >= threshold)).mean()) <= max_wrong:
            return round(float(threshold), 2)
    return 0.95

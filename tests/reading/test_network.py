"""A network keeps what it says of the letters that stay, and loses the others."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from scanstraat.reading import network

KEPT = np.array([0, 5, 300, 7])


@pytest.fixture(scope="module")
def model() -> bytes:
    found = find_spec("rapidocr")
    assert found
    assert found.origin
    return (Path(found.origin).parent / "models" / "PP-OCRv6_rec_small.onnx").read_bytes()


def odds(model: bytes) -> np.ndarray:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    crop = np.random.default_rng(1).random((1, 3, 48, 96), np.float32)
    return np.asarray(session.run(None, {"x": crop})[0][0])


def test_the_letters_that_stay_are_as_likely_beside_each_other_as_before(model: bytes) -> None:
    letters = len(network.metadata(model, "character").splitlines()) + 2  # the blank before them, the space behind
    whole, narrow = odds(model), odds(network.narrowed(model, letters, KEPT))
    assert (whole.shape[1], narrow.shape[1]) == (letters, len(KEPT))
    np.testing.assert_allclose(narrow, whole[:, KEPT] / whole[:, KEPT].sum(1, keepdims=True), rtol=1e-3, atol=1e-6)


def test_weights_of_another_width_stay_as_they_are(model: bytes) -> None:
    np.testing.assert_allclose(odds(network.narrowed(model, 12_345, KEPT)), odds(model), rtol=1e-3, atol=1e-6)


def test_what_the_file_does_not_say_is_empty(model: bytes) -> None:
    assert network.metadata(model, "nothing") == ""

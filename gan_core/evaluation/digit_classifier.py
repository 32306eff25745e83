"""A small digit classifier with fixed weights: which digit an image shows, and with which probability.

No run trains it or trains against it. Its weights are part of the package; `benchmarks/train_digit_classifier.py` made
them from MNIST's training images and prints the accuracy on the test images.
"""

from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import interpolate

from gan_core.evaluation.digit_data import SIZE
from gan_core.models.init import allocated
from gan_core.numerics.pixel_range import bytes_to_images
from gan_core.numerics.shapes import Bytes, Features

WEIGHTS = Path(__file__).with_name("digit_classifier.safetensors")
CLASSES = 10
SURE = 0.9


class DigitClassifier(nn.Module):
    """Grey images (B, 1, 28, 28) in [0, 1] -> logits (B, 10)."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),  # (B, 32, 14, 14)
            nn.Conv2d(32, 64, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(64, 64, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),  # (B, 64, 7, 7)
            nn.Flatten(),
            nn.Linear(64 * 7 * 7, 128),
            nn.ReLU(),
        )
        self.head = nn.Linear(128, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.head(self.body(x))
        return logits

    @torch.inference_mode()
    def probabilities(self, pixels: Bytes, batch: int = 500) -> Tensor:
        """(B, 10) float32: the probability of each digit. Images of any size with 1 or 3 channels."""
        return torch.cat([self(prepared(part)).softmax(1) for part in torch.split(pixels, batch)])

    @torch.inference_mode()
    def features(self, pixels: Bytes, batch: int = 500) -> Features:
        """(B, 128) float32: the last hidden layer, in which similar digits are close."""
        return torch.cat([self.body(prepared(part)) for part in torch.split(pixels, batch)])


def prepared(pixels: Bytes) -> Tensor:
    """(B, 1, 28, 28) float32 in [0, 1]: grey, and resized where needed."""
    grey = bytes_to_images(pixels, "unit").mean(1, keepdim=True)
    if grey.shape[2:] == (SIZE, SIZE):
        return grey
    return interpolate(grey, (SIZE, SIZE), mode="bilinear", antialias=True)


def empty_classifier() -> DigitClassifier:
    """A classifier whose weights are still to be loaded; nothing is drawn."""
    with torch.device("meta"):
        classifier = DigitClassifier()
    return allocated(classifier)


@cache
def load_classifier() -> DigitClassifier:
    """The classifier with its weights, in eval mode, channels last (the fast layout for convolutions)."""
    classifier = empty_classifier().to(memory_format=torch.channels_last)
    classifier.load_state_dict({name: tensor.float() for name, tensor in load_file(WEIGHTS).items()})
    return classifier.eval().requires_grad_(False)


def confident_counts(probabilities: Tensor) -> Tensor:
    """(10,) int64: how many images have a probability of at least 0.9 of being each digit, from (B, 10)."""
    sure, digit = probabilities.max(1)
    return torch.bincount(digit[sure >= SURE], minlength=CLASSES)

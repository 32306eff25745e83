"""Train the digit classifier on MNIST's training images, and print its accuracy on the 10,000 test images.

    python -m benchmarks.train_digit_classifier [EPOCHS]

Writes gan_core/evaluation/digit_classifier.safetensors. MNIST is read from the folder in GAN_STUDIO_DATA, or data/.
"""

import os
import sys

import torch
from safetensors.torch import save_file
from torch import nn
from torchvision.datasets import MNIST

from gan_core.evaluation.digit_classifier import WEIGHTS, DigitClassifier, empty_classifier, prepared
from gan_core.models.init import initialise
from gan_core.numerics.rng import DataOrder, generator_for
from gan_core.objective.augmentations.translation import translation

BATCH = 128


def digits(root: str, train: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """All images (N, 1, 28, 28) uint8 and labels (N,) of MNIST's training or test images."""
    data = MNIST(root, train=train)
    return data.data.unsqueeze(1), data.targets


def train(classifier: DigitClassifier, images: torch.Tensor, labels: torch.Tensor, epochs: int) -> None:
    """Train with AdamW and one learning rate cycle on randomly shifted images, in place."""
    order = DataOrder(0, len(images))
    steps = epochs * len(images) // BATCH
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=2e-3, weight_decay=1e-2, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps)
    for step in range(steps):
        chosen = order.indices(step * BATCH, BATCH)
        x = translation(prepared(images[chosen]), 0.0, generator_for(0, "shift", step))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = nn.functional.cross_entropy(classifier(x), labels[chosen])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        optimizer.step()
        schedule.step()
        if step % 100 == 0:
            print(f"step {step}/{steps} loss {loss.item():.4f}", flush=True)


def main() -> None:
    root = os.environ.get("GAN_STUDIO_DATA", "data")
    classifier = empty_classifier()
    initialise(classifier, "fan_in", generator_for(0, "weights of the judge"))  # the name selects the random numbers
    train(
        classifier.to(memory_format=torch.channels_last),
        *digits(root, train=True),
        int(sys.argv[1]) if sys.argv[1:] else 6,
    )
    weights = {name: tensor.half().contiguous() for name, tensor in classifier.state_dict().items()}
    save_file(weights, WEIGHTS)
    classifier.load_state_dict({name: tensor.float() for name, tensor in weights.items()})
    images, labels = digits(root, train=False)
    right = classifier.eval().probabilities(images).argmax(1) == labels
    print(f"accuracy on {len(labels)} test images: {right.float().mean().item():.4f}")


if __name__ == "__main__":
    main()

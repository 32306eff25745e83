"""The training loop of PyTorch-GAN's gan.py and dcgan.py, with which the throughput benchmark compares our trainer.

As in the tutorials: a DataLoader over torchvision's MNIST that opens, resizes, converts and normalises each image with
PIL, float32, Adam with its default implementation, binary cross entropy on sigmoid outputs, latents drawn by NumPy, and
a printed line with two `.item()` for every batch. The networks have their layers, without the 0.8 that they pass to
batch norm as epsilon by mistake. Ours have the same layers, except that batch norm comes before LeakyReLU in D.

`python -m benchmarks.textbook NETWORKS ROOT` runs in a process of its own, so that it shares no setting with our
trainer. For each number of seconds that it reads from stdin, it trains that long and prints the images per second.
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

Batches = DataLoader[tuple[Tensor, Tensor]]
LATENT, BATCH = 100, 64


def linear(inputs: int, outputs: int) -> list[nn.Module]:
    """One hidden block of gan.py's generator."""
    return [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs), nn.LeakyReLU(0.2, inplace=True)]


def strided(inputs: int, outputs: int, norm: bool = True) -> list[nn.Module]:
    """One block of dcgan.py's discriminator; it halves the width and the height."""
    layers = [nn.Conv2d(inputs, outputs, 3, 2, 1), nn.LeakyReLU(0.2, inplace=True), nn.Dropout2d(0.25)]
    return [*layers, nn.BatchNorm2d(outputs)] if norm else layers


def gan_networks() -> tuple[nn.Module, nn.Module]:
    """Generator and discriminator of gan.py."""
    hidden = [nn.Linear(LATENT, 128), nn.LeakyReLU(0.2, inplace=True)]
    hidden += [*linear(128, 256), *linear(256, 512), *linear(512, 1024)]
    generator = nn.Sequential(*hidden, nn.Linear(1024, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28)))
    layers = [nn.Flatten(), nn.Linear(784, 512), nn.LeakyReLU(0.2, inplace=True)]
    layers += [nn.Linear(512, 256), nn.LeakyReLU(0.2, inplace=True)]
    return generator, nn.Sequential(*layers, nn.Linear(256, 1), nn.Sigmoid())


def dcgan_networks() -> tuple[nn.Module, nn.Module]:
    """Generator and discriminator of dcgan.py, at 32 pixels."""
    up = [
        nn.Linear(LATENT, 128 * 8 * 8),
        nn.Unflatten(1, (128, 8, 8)),
        nn.BatchNorm2d(128),
        nn.Upsample(scale_factor=2),
    ]
    up += [
        nn.Conv2d(128, 128, 3, 1, 1),
        nn.BatchNorm2d(128),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Upsample(scale_factor=2),
    ]
    up += [nn.Conv2d(128, 64, 3, 1, 1), nn.BatchNorm2d(64), nn.LeakyReLU(0.2, inplace=True)]
    generator = nn.Sequential(*up, nn.Conv2d(64, 1, 3, 1, 1), nn.Tanh())
    down = [*strided(1, 16, norm=False), *strided(16, 32), *strided(32, 64), *strided(64, 128)]
    return generator, nn.Sequential(*down, nn.Flatten(), nn.Linear(512, 1), nn.Sigmoid())


NETWORKS: Mapping[str, tuple[int, tuple[nn.Module, nn.Module]]] = {
    "gan.py": (28, gan_networks()),
    "dcgan.py": (32, dcgan_networks()),
}


def mnist_loader(root: Path, size: int) -> Batches:
    """Shuffled batches of MNIST as the tutorials load them. `root` is the parent of `MNIST/raw`."""
    steps = [transforms.Resize(size), transforms.ToTensor(), transforms.Normalize([0.5], [0.5])]
    pictures = datasets.MNIST(str(root), train=True, transform=transforms.Compose(steps))
    return DataLoader(pictures, batch_size=BATCH, shuffle=True, drop_last=True)


def train(generator: nn.Module, discriminator: nn.Module, loader: Batches) -> Iterator[int]:
    """Train without end; yields the number of real images seen so far after each batch."""
    adversarial_loss = nn.BCELoss()
    optimizer_G = torch.optim.Adam(generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
    optimizer_D = torch.optim.Adam(discriminator.parameters(), lr=2e-4, betas=(0.5, 0.999))
    images_seen = 0
    with Path(os.devnull).open("w") as log:
        while True:
            for i, (imgs, _) in enumerate(loader):
                valid, fake = torch.ones(len(imgs), 1), torch.zeros(len(imgs), 1)

                optimizer_G.zero_grad()
                z = torch.from_numpy(np.random.normal(0, 1, (len(imgs), LATENT))).float()
                gen_imgs = generator(z)
                g_loss = adversarial_loss(discriminator(gen_imgs), valid)
                g_loss.backward()
                optimizer_G.step()

                optimizer_D.zero_grad()
                real_loss = adversarial_loss(discriminator(imgs), valid)
                fake_loss = adversarial_loss(discriminator(gen_imgs.detach()), fake)
                d_loss = (real_loss + fake_loss) / 2
                d_loss.backward()
                optimizer_D.step()

                print(f"[Batch {i}/{len(loader)}] [D loss: {d_loss.item()}] [G loss: {g_loss.item()}]", file=log)
                images_seen += len(imgs)
                yield images_seen


def images_per_second(clock: Iterator[int], seconds: float) -> float:
    """Train for some seconds, after one step that is not timed, and return the images per second.

    `clock` trains one step each time it is advanced, and yields the number of images seen so far.
    """
    first = seen = next(clock)
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        seen = next(clock)
    return (seen - first) / (time.perf_counter() - began)


def main(networks: str, root: str) -> None:
    size, players = NETWORKS[networks]
    clock = train(*players, mnist_loader(Path(root), size))
    for line in sys.stdin:
        print(images_per_second(clock, float(line)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

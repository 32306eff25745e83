"""The five classic MNIST GANs that this studio descends from, as plain layer lists, layer for layer as they had them.

Generators: latents (B, Z) to images (B, C, 28, 28). Discriminators: images to features (B, F); the last layer of each,
one logit, is the head of all discriminators. What a layer computes is theirs; two are written in another form, because
the tools that read a network look for it: a transposed convolution of a single pixel is a linear layer (its bias, one a
channel, adds nothing in front of a batch norm and is left out), and a convolution that fits in one place only is the
head.
"""

from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from gan_core.config import Ancestor
from gan_core.models.generators import Shape
from gan_core.models.init import Style
from gan_core.models.layers import Dropout, ToImages, ToNumbers

Layers = list[nn.Module]


# 0xArete/0-9-number-generator, a PyTorch notebook for Colab (2020): `train_mnist_cgan.ipynb`, and `networks.py` of its
# linear branch


def colab_dcgan_generator(config: Ancestor, inputs: int, shape: Shape) -> Layers:
    return [
        nn.Linear(inputs, 512 * 4 * 4, bias=False),  # ConvTranspose2d(100, 512, 4) of one pixel
        ToImages(512, 4),
        nn.BatchNorm2d(512),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(512, 256, 4, 1),  # (B, 256, 7, 7)
        nn.BatchNorm2d(256),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(256, 128, 4, 2, 1),  # (B, 128, 14, 14)
        nn.BatchNorm2d(128),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(128, shape[0], 4, 2, 1),
        nn.Tanh(),
    ]


def colab_dcgan_discriminator(config: Ancestor, shape: Shape) -> tuple[Layers, int]:
    return [
        nn.Conv2d(shape[0], 128, 4, 2),  # (B, 128, 13, 13)
        nn.BatchNorm2d(128),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(128, 256, 4, 2, 1),  # (B, 256, 6, 6)
        nn.BatchNorm2d(256),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(256, 512, 4, 2, 1),  # (B, 512, 3, 3)
        nn.BatchNorm2d(512),
        nn.LeakyReLU(0.2, inplace=True),
        nn.ZeroPad2d((1, 0, 1, 0)),  # Conv2d(512, 1, 4, 2, 1) fits once, over the padding above and to the left
        ToNumbers(),
    ], 512 * 4 * 4


def colab_linear_generator(config: Ancestor, inputs: int, shape: Shape) -> Layers:
    return [
        nn.Linear(inputs, 200),
        nn.LeakyReLU(0.02, inplace=True),
        nn.LayerNorm(200),
        nn.Linear(200, shape[0] * 784),
        nn.Sigmoid(),
        nn.Unflatten(1, (shape[0], 28, 28)),
    ]


def colab_linear_discriminator(config: Ancestor, shape: Shape) -> tuple[Layers, int]:
    return [nn.Flatten(), nn.Linear(shape[0] * 784, 200), nn.LeakyReLU(0.02, inplace=True), nn.LayerNorm(200)], 200


# aalind0/GAN-auto-write, TensorFlow (2017), after O'Reilly's tutorial for beginners


def auto_write_generator(config: Ancestor, inputs: int, shape: Shape) -> Layers:
    return [
        nn.Linear(inputs, 3136),
        ToImages(1, 56),
        nn.BatchNorm2d(1),
        nn.ReLU(inplace=True),
        nn.Conv2d(1, 50, 3, 2, 1),  # (B, 50, 28, 28)
        nn.BatchNorm2d(50),
        nn.ReLU(inplace=True),
        nn.Upsample(scale_factor=2, mode="bilinear"),
        nn.Conv2d(50, 25, 3, 2, 1),
        nn.BatchNorm2d(25),
        nn.ReLU(inplace=True),
        nn.Upsample(scale_factor=2, mode="bilinear"),
        nn.Conv2d(25, shape[0], 1, 2),
        nn.Sigmoid(),
    ]


def auto_write_discriminator(config: Ancestor, shape: Shape) -> tuple[Layers, int]:
    return [
        nn.Conv2d(shape[0], 32, 5, 1, 2),
        nn.ReLU(inplace=True),
        nn.AvgPool2d(2),  # (B, 32, 14, 14)
        nn.Conv2d(32, 64, 5, 1, 2),
        nn.ReLU(inplace=True),
        nn.AvgPool2d(2),  # (B, 64, 7, 7)
        ToNumbers(),
        nn.Linear(64 * 7 * 7, 1024),
        nn.ReLU(inplace=True),
    ], 1024


# wiseodd/generative-models, `gan_pytorch.py` (Kristiadi 2016): the tutorial's networks for both of its losses


def tutorial_generator(config: Ancestor, inputs: int, shape: Shape) -> Layers:
    return [
        nn.Linear(inputs, 128),
        nn.ReLU(inplace=True),
        nn.Linear(128, shape[0] * 784),
        nn.Sigmoid(),
        nn.Unflatten(1, (shape[0], 28, 28)),
    ]


def tutorial_discriminator(config: Ancestor, shape: Shape) -> tuple[Layers, int]:
    return [nn.Flatten(), nn.Linear(shape[0] * 784, 128), nn.ReLU(inplace=True)], 128


# Udacity, deep-learning-v2-pytorch, `MNIST_GAN_Solution.ipynb` (2018)


def with_dropout(inputs: int, outputs: int) -> Layers:
    return [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2, inplace=True), Dropout(0.3)]


def udacity_linear_generator(config: Ancestor, inputs: int, shape: Shape) -> Layers:
    return [
        *with_dropout(inputs, 32),
        *with_dropout(32, 64),
        *with_dropout(64, 128),
        nn.Linear(128, shape[0] * 784),
        nn.Tanh(),
        nn.Unflatten(1, (shape[0], 28, 28)),
    ]


def udacity_linear_discriminator(config: Ancestor, shape: Shape) -> tuple[Layers, int]:
    return [
        nn.Flatten(),
        *with_dropout(shape[0] * 784, 128),
        *with_dropout(128, 64),
        *with_dropout(64, 32),
    ], 32


# Brownlee, "How to Develop a GAN for Generating MNIST Handwritten Digits", Keras (2019)


def keras_conv_generator(config: Ancestor, inputs: int, shape: Shape) -> Layers:
    return [
        nn.Linear(inputs, 128 * 7 * 7),
        nn.LeakyReLU(0.2, inplace=True),
        ToImages(128, 7),
        nn.ConvTranspose2d(128, 128, 4, 2, 1),  # (B, 128, 14, 14)
        nn.LeakyReLU(0.2, inplace=True),
        nn.ConvTranspose2d(128, 128, 4, 2, 1),  # (B, 128, 28, 28)
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(128, shape[0], 7, 1, 3),
        nn.Sigmoid(),
    ]


def keras_conv_discriminator(config: Ancestor, shape: Shape) -> tuple[Layers, int]:
    return [
        nn.Conv2d(shape[0], 64, 3, 2, 1),  # (B, 64, 14, 14)
        nn.LeakyReLU(0.2, inplace=True),
        Dropout(0.4, whole_channels=False),
        nn.Conv2d(64, 64, 3, 2, 1),  # (B, 64, 7, 7)
        nn.LeakyReLU(0.2, inplace=True),
        Dropout(0.4, whole_channels=False),
        ToNumbers(),
    ], 64 * 7 * 7


GENERATORS: Mapping[str, Callable[[Any, int, Shape], Layers]] = {
    "colab-dcgan": colab_dcgan_generator,
    "colab-linear": colab_linear_generator,
    "auto-write": auto_write_generator,
    "tutorial": tutorial_generator,
    "udacity-linear": udacity_linear_generator,
    "keras-conv": keras_conv_generator,
}
DISCRIMINATORS: Mapping[str, Callable[[Any, Shape], tuple[Layers, int]]] = {
    "colab-dcgan": colab_dcgan_discriminator,
    "colab-linear": colab_linear_discriminator,
    "auto-write": auto_write_discriminator,
    "tutorial": tutorial_discriminator,
    "udacity-linear": udacity_linear_discriminator,
    "keras-conv": keras_conv_discriminator,
}
STYLES: Mapping[str, Style] = {
    "colab-dcgan": "fan_in",
    "colab-linear": "fan_in",
    "auto-write": "radford",
    "tutorial": "glorot",
    "udacity-linear": "fan_in",
    "keras-conv": "glorot",
}

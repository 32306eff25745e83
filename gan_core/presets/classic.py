"""Classic MNIST GANs as presets, from five projects: as in their projects, except that their defects are repaired."""

from gan_core.config import (
    DataConfig,
    LatentConfig,
    LossName,
    ModelConfig,
    ObjectiveConfig,
    OptimConfig,
    RunConfig,
    TrainConfig,
)
from gan_core.models.families.auto_write import AutoWriteDiscriminator, AutoWriteGenerator
from gan_core.models.families.colab_dcgan import ColabDcganDiscriminator, ColabDcganGenerator
from gan_core.models.families.colab_linear import ColabLinearDiscriminator, ColabLinearGenerator
from gan_core.models.families.keras_conv import KerasConvDiscriminator, KerasConvGenerator
from gan_core.models.families.tutorial import TutorialDiscriminator, TutorialGenerator
from gan_core.models.families.udacity_linear import UdacityLinearDiscriminator, UdacityLinearGenerator
from gan_core.presets.preset import Preset

NORMAL = LatentConfig(size=100)
UNIT = DataConfig(value_range="unit")
COLAB = "0xArete/0-9-number-generator on GitHub, a PyTorch notebook for Colab (2020)"
TUTORIAL = "Kristiadi 2016, wiseodd/generative-models on GitHub; the losses: Goodfellow et al. 2014, section 3"
NO_AVERAGE = 0  # none of them averaged G

COLAB_DCGAN = Preset(
    name="colab-dcgan",
    title="Colab DCGAN",
    group="classic",
    summary=(
        "Four transposed convolutions from 100 numbers (4, 7, 14, 28 pixels) against four convolutions. By far the "
        "largest of the classics: with 6 million weights it learns much from each image, but sees few images per "
        "second."
    ),
    source=COLAB,
    repaired=(
        "It trained on one image at a time, so batch norm saw a batch of one: here 16.",
        "Its pixels were in [0, 1] but its generator's tanh gives values in [-1, 1]: here both are in [-1, 1].",
        "It never shuffled the images: here each epoch has its own order.",
        "Its README shows sums and differences of latents, but that code did not run: here the Latent page does it.",
        "Its method train() replaced PyTorch's, so eval mode did not work: here images are rendered in eval mode.",
    ),
    unlike=(
        "It took one step of Adam for the real image and one for the generated one; here one step uses the sum of "
        "both losses."
    ),
    config=RunConfig(
        model=ModelConfig(latent=NORMAL, generator=ColabDcganGenerator(), discriminator=ColabDcganDiscriminator()),
        optim=OptimConfig(batch_size=16, lr_g=2e-4, lr_d=2e-4, ema_halflife_images=NO_AVERAGE),
    ),
)

COLAB_LINEAR = Preset(
    name="colab-linear",
    title="Colab linear",
    group="classic",
    summary=(
        "100-200-784 against 784-200-1 with layer norm between the two layers, LeakyReLU of slope 0.02 and a sigmoid: "
        "the linear branch of the Colab DCGAN's project."
    ),
    source=f"{COLAB}, branch old_master",
    repaired=(
        "It trained on one image at a time, which layer norm allows but which is slow: here 16.",
        "A bare `except` around its plots hid their errors: here an error is reported.",
        "It never shuffled the images: here each epoch has its own order.",
    ),
    unlike=(
        "It took one step of Adam for the real image and one for the generated one; here one step uses the sum of "
        "both losses."
    ),
    config=RunConfig(
        data=UNIT,
        model=ModelConfig(latent=NORMAL, generator=ColabLinearGenerator(), discriminator=ColabLinearDiscriminator()),
        optim=OptimConfig(batch_size=16, lr_g=1e-4, lr_d=1e-4, beta1=0.9, ema_halflife_images=NO_AVERAGE),
        train=TrainConfig(images=480_000),
    ),
)

AUTO_WRITE = Preset(
    name="auto-write",
    title="Auto-write",
    group="classic",
    summary=(
        "A generator that starts at 56 x 56 pixels and goes down to 28, against two convolutions with average pooling "
        "and a linear layer of 1,024 units. Its README shows three images: a real digit, one of the untrained "
        "generator and one of the trained generator; its tutorial expects three hours on a fast GPU."
    ),
    source="aalind0/GAN-auto-write on GitHub, TensorFlow (2017), after O'Reilly's tutorial for beginners",
    repaired=(
        "Its optimizers selected variables by name and missed those of batch norm: here they are trained.",
        "It could only load a checkpoint and had no training code: here it is trained.",
    ),
    unlike=(
        "It had two Adam optimizers for D, one for the real and one for the generated images. Here one Adam uses the "
        "sum of both losses, which has nearly the same effect."
    ),
    config=RunConfig(
        data=UNIT,
        model=ModelConfig(latent=NORMAL, generator=AutoWriteGenerator(), discriminator=AutoWriteDiscriminator()),
        optim=OptimConfig(batch_size=50, lr_g=1e-4, lr_d=3e-4, beta1=0.9, ema_halflife_images=NO_AVERAGE),
    ),
)


def tutorial(loss: LossName) -> RunConfig:
    """The tutorial's networks and rates; twenty epochs, since it shows samples of the epochs 0, 10 and 20."""
    return RunConfig(
        data=UNIT,
        model=ModelConfig(latent=NORMAL, generator=TutorialGenerator(), discriminator=TutorialDiscriminator()),
        objective=ObjectiveConfig(loss=loss),
        optim=OptimConfig(batch_size=64, lr_g=1e-3, lr_d=1e-3, beta1=0.9, ema_halflife_images=NO_AVERAGE),
        train=TrainConfig(images=1_200_000),
    )


MINIMAX = Preset(
    name="minimax",
    title="Minimax",
    group="classic",
    summary=(
        "The tutorials' first loss, on 100-128-784 against 784-128-1: G minimises log(1 - D(G(z))), whose gradient "
        "vanishes where D is confident. Compare it with Non-saturating: the gradient of G, and the samples at epochs "
        "0, 10 and 20."
    ),
    source=TUTORIAL,
    config=tutorial("minimax"),
)

NON_SATURATING = Preset(
    name="non-saturating",
    title="Non-saturating",
    group="classic",
    summary=(
        "The tutorials' second loss on the same linear networks as Minimax: G maximises log D(G(z)). The same fixed "
        "point, but with a gradient where D is confident."
    ),
    source=TUTORIAL,
    config=tutorial("non_saturating"),
)

UDACITY_LINEAR = Preset(
    name="udacity-linear",
    title="Udacity linear",
    group="classic",
    summary=(
        "100-32-64-128-784 against 784-128-64-32-1 with dropout of 0.3 in both, latents uniform in [-1, 1], and the "
        "label 0.9 instead of 1 for real images."
    ),
    source="Udacity, deep-learning-v2-pytorch, MNIST_GAN (2018)",
    unlike=(
        "It printed its losses three times per epoch and 16 samples after 100 epochs; here both are shown during "
        "training."
    ),
    config=RunConfig(
        model=ModelConfig(
            latent=LatentConfig(size=100, distribution="uniform"),
            generator=UdacityLinearGenerator(),
            discriminator=UdacityLinearDiscriminator(),
        ),
        objective=ObjectiveConfig(label_smoothing=0.1),
        optim=OptimConfig(batch_size=64, lr_g=2e-3, lr_d=2e-3, beta1=0.9, ema_halflife_images=NO_AVERAGE),
        train=TrainConfig(images=6_000_000),
    ),
)

KERAS_CONV = Preset(
    name="keras-conv",
    title="Keras convolutions",
    group="classic",
    summary=(
        "A linear layer to 7 x 7 x 128 and two transposed convolutions against two convolutions with dropout of 0.4. "
        "Its text expects a balance in which D is right on about 80 % of the real and of the generated images."
    ),
    source="Brownlee 2019, How to Develop a GAN for Generating MNIST Handwritten Digits From Scratch in Keras",
    unlike=(
        "Its batches of 256 are half real and half generated, which is a batch size of 128 here; G then used 256 "
        "latents, here 128. Its epoch has 234 batches, half of an epoch here, and it reports D's accuracy every ten "
        "epochs; here the accuracy is a curve, and the run has the length of its hundred epochs."
    ),
    config=RunConfig(
        data=UNIT,
        model=ModelConfig(latent=NORMAL, generator=KerasConvGenerator(), discriminator=KerasConvDiscriminator()),
        optim=OptimConfig(batch_size=128, lr_g=2e-4, lr_d=2e-4, ema_halflife_images=NO_AVERAGE),
        train=TrainConfig(images=100 * 234 * 128),
    ),
)

CLASSIC = (COLAB_DCGAN, COLAB_LINEAR, AUTO_WRITE, MINIMAX, NON_SATURATING, UDACITY_LINEAR, KERAS_CONV)

"""The five classic MNIST GANs as presets: faithful where they were right, repaired where they were not."""

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
NO_AVERAGE = 0  # none of them drew anything but G itself

COLAB_DCGAN = Preset(
    name="colab-dcgan",
    title="Colab DCGAN",
    group="classic",
    summary=(
        "Four transposed convolutions from 100 numbers (4, 7, 14, 28 pixels) against four convolutions. By far the "
        "widest of the classic ones: 6 million weights, so it learns much from each image and shows few of them."
    ),
    source=COLAB,
    repaired=(
        "It trained on one image at a time, in which batch norm sees only that image: here 16.",
        "Its pixels lay in [0, 1] while its generator's tanh reaches from -1 to 1: here both are in [-1, 1].",
        "It never shuffled: here each epoch has an order of its own.",
        "Its sums and differences of seeds were drawn in the README but never ran: they are the Latent page here.",
        "Its own train() hid that of PyTorch, so that it could not be put into eval mode: here stills are made in it.",
    ),
    unlike="It took one step of Adam for the real image and one for the made one; here one step goes down their sum.",
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
        "It trained on one image at a time; layer norm bears that, a modern processor does not: here 16.",
        "Its plots stood behind a bare `except`, which hid why there were none: here a failure says what it is.",
        "It never shuffled: here each epoch has an order of its own.",
    ),
    unlike="It took one step of Adam for the real image and one for the made one; here one step goes down their sum.",
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
        "A generator that starts at 56 x 56 pixels and comes down to 28, against two convolutions with average pooling "
        "and a linear layer of 1,024 units. Its README shows three pictures: a real digit, one of the untrained "
        "generator, one of the trained; its tutorial speaks of three hours on a fast GPU."
    ),
    source="aalind0/GAN-auto-write on GitHub, TensorFlow (2017), after O'Reilly's tutorial for beginners",
    repaired=(
        "Its optimizers were given variables by name, and those of batch norm were not among them: here they learn.",
        "It could only load a checkpoint, nothing trained it: here it trains.",
    ),
    unlike=(
        "It had two Adams for D, one for the real and one for the made images. Here one Adam goes down the sum of both "
        "losses, which is what it amounts to."
    ),
    config=RunConfig(
        data=UNIT,
        model=ModelConfig(latent=NORMAL, generator=AutoWriteGenerator(), discriminator=AutoWriteDiscriminator()),
        optim=OptimConfig(batch_size=50, lr_g=1e-4, lr_d=3e-4, beta1=0.9, ema_halflife_images=NO_AVERAGE),
    ),
)


def tutorial(loss: LossName) -> RunConfig:
    """The tutorial's networks and rates; twenty epochs, as its pictures are of the epochs 0, 10 and 20."""
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
        "The tutorials' first loss, on 100-128-784 against 784-128-1: G goes down log(1 - D(G(z))), whose gradient "
        "vanishes where D is sure. To be watched beside Non-saturating: look at the gradient of G, and at the pictures "
        "of the epochs 0, 10 and 20."
    ),
    source=TUTORIAL,
    config=tutorial("minimax"),
)

NON_SATURATING = Preset(
    name="non-saturating",
    title="Non-saturating",
    group="classic",
    summary=(
        "The tutorials' second loss on the same linear networks as Minimax: G goes up log D(G(z)). The same fixed "
        "point, but a gradient where D is sure."
    ),
    source=TUTORIAL,
    config=tutorial("non_saturating"),
)

UDACITY_LINEAR = Preset(
    name="udacity-linear",
    title="Udacity linear",
    group="classic",
    summary=(
        "100-32-64-128-784 against 784-128-64-32-1 with dropout of 0.3 in both, latents uniform in [-1, 1], and real "
        "images that D should call 0.9 and not 1."
    ),
    source="Udacity, deep-learning-v2-pytorch, MNIST_GAN (2018)",
    unlike="It printed its losses three times an epoch and 16 samples after its 100 epochs; here both are live.",
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
        "Its text expects a stalemate: D right on about 80 % of the real images and of the made ones."
    ),
    source="Brownlee 2019, How to Develop a GAN for Generating MNIST Handwritten Digits From Scratch in Keras",
    unlike=(
        "Its batches of 256 are half real and half made, which is a batch of 128 here; G then took 256 latents, here "
        "128. It calls 234 batches an epoch, which is half of one here, and sums up every ten of its hundred; here D's "
        "accuracy is a curve, and the run is as long as its hundred."
    ),
    config=RunConfig(
        data=UNIT,
        model=ModelConfig(latent=NORMAL, generator=KerasConvGenerator(), discriminator=KerasConvDiscriminator()),
        optim=OptimConfig(batch_size=128, lr_g=2e-4, lr_d=2e-4, ema_halflife_images=NO_AVERAGE),
        train=TrainConfig(images=100 * 234 * 128),
    ),
)

CLASSIC = (COLAB_DCGAN, COLAB_LINEAR, AUTO_WRITE, MINIMAX, NON_SATURATING, UDACITY_LINEAR, KERAS_CONV)

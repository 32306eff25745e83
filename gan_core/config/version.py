"""The version of GAN Studio."""

__version__ = "1.0.0"

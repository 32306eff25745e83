"""The version of GAN Studio."""

VERSION = "1.0.0"

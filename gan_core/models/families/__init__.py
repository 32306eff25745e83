"""The families of networks: each file is one, with the settings and the layers of its generator and discriminator.

To add a family, add a file that defines `FAMILY`; its name, with hyphens, is the name of the family. torch is imported
inside the methods that build layers, because the configuration reads these files before torch is loaded.
"""

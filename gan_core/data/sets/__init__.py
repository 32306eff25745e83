"""The data sets: each file is one, and defines `SOURCE`. Its name, with hyphens, is the name of the data set.

Modules that import torch are imported inside functions: the configuration reads these files.
"""

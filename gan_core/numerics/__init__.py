"""Tensor shapes, random numbers, pixel ranges and devices: what the other packages compute with."""

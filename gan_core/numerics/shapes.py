"""The letters for sizes, and the names for tensors, that signatures in `gan_core` use.

B batch, C channels (1 or 3), H height, W width, Z latent size, N items of a data set, K classes, F features.
"""

from typing import TypeAlias

from torch import Tensor

Images: TypeAlias = Tensor  # (B, C, H, W) float, in the data's value range: signed [-1, 1] or unit [0, 1]
Bytes: TypeAlias = Tensor  # (B, C, H, W) uint8, 0..255
Latents: TypeAlias = Tensor  # (B, Z) float32
Labels: TypeAlias = Tensor  # (B,) int64 in 0..K-1, or (B, K) float: weights of the classes
Logits: TypeAlias = Tensor  # (B,) float32, unbounded; positive means "real"
Features: TypeAlias = Tensor  # (B, F) float
Scalar: TypeAlias = Tensor  # ()

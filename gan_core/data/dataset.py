"""A loaded data set: one uint8 tensor on the device. A batch is an index and a multiplication."""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from gan_core.config import DataConfig, ValueRange
from gan_core.numerics.pixel_range import bytes_to_images
from gan_core.numerics.shapes import Bytes, Images, Labels

CHUNK = 4_096  # images that are resized at once
GREY = (0.299, 0.587, 0.114)  # luma of ITU-R BT.601, as Pillow's


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """N images and, if there are any, their labels.

    `images` (N, C, H, W) uint8 and `labels` (N,) int64 or None lie on the device; `classes` are the labels' names;
    `source` is one sentence: which data these are and how they were changed; `warnings` are sentences about what is
    wrong with them.
    """

    images: Bytes
    labels: Labels | None
    classes: tuple[str, ...]
    source: str
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.images)

    def batch(self, indices: Tensor, value_range: ValueRange) -> Images:
        """(B,) int64 on the device -> (B, C, H, W) float32 in the value range."""
        return bytes_to_images(self.images.index_select(0, indices), value_range)

    def labels_at(self, indices: Tensor) -> Labels | None:
        """(B,) int64 on the device -> (B,) int64, or None for a set without labels."""
        return None if self.labels is None else self.labels[indices]

    def with_classes_as(self, names: tuple[str, ...]) -> "Dataset":
        """The same images with their classes numbered in this order; unchanged if these are other classes."""
        if self.labels is None or names == self.classes or sorted(names) != sorted(self.classes):
            return self
        numbers = torch.tensor([names.index(name) for name in self.classes], device=self.labels.device)
        return replace(self, classes=names, labels=numbers[self.labels])

    @cached_property
    def sha256(self) -> str:
        """Hex digest over the shape, the pixels and the labels."""
        digest = hashlib.sha256(f"{tuple(self.images.shape)} {self.classes}".encode())
        for part in (self.images, self.labels):
            if part is not None:
                digest.update(part.cpu().contiguous().numpy().data)
        return digest.hexdigest()


def fitted(images: Bytes, config: DataConfig) -> Bytes:
    """(N, C, H, W) uint8 of any square size and 1 or 3 channels, resized and converted as configured."""
    return torch.cat([fitted_chunk(chunk, config) for chunk in torch.split(images, CHUNK)])


def fitted_chunk(images: Bytes, config: DataConfig) -> Bytes:
    if images.shape[1] == 3 and config.channels == 1:
        weights = torch.tensor(GREY).view(1, 3, 1, 1)
        images = (images * weights).sum(1, keepdim=True).round().to(torch.uint8)
    size = (config.image_size, config.image_size)
    if tuple(images.shape[2:]) != size:
        resized = interpolate(images.float(), size, mode="bilinear", antialias=True, align_corners=False)
        images = resized.round().clamp(0, 255).to(torch.uint8)
    return images.expand(-1, config.channels, -1, -1).contiguous()


def spread(count: int, limit: int) -> Tensor:
    """(limit,) int64: `limit` positions spread evenly over `count`; all if `limit` is 0 or at least `count`."""
    if limit == 0 or limit >= count:
        return torch.arange(count)
    return torch.arange(limit) * count // limit


def finished(
    images: Bytes,
    labels: Labels,
    classes: tuple[str, ...],
    source: str,
    config: DataConfig,
    device: torch.device,
) -> Dataset:
    """The data set with the configured limit, size and channels, on the device."""
    size = images.shape[-1]
    chosen = spread(len(images), config.limit)
    if len(chosen) < len(images):
        images, labels = images[chosen], labels[chosen]
        source += f" {config.limit:,} of them are used, spread evenly."
    if size != config.image_size:
        source += f" Resized from {size} to {config.image_size} pixels."
    images = fitted(images, config)
    return Dataset(images=images.to(device), labels=labels.to(device), classes=classes, source=source)

"""Tensors and a few values as the bytes of one safetensors file, and back."""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pages that only list runs import this module and do not wait for torch
    from torch import Tensor

SCHEMA = 1


class CheckpointError(ValueError):
    """A checkpoint, a snapshot or a latent that cannot be loaded, in one sentence."""


def tensors_to_bytes(tensors: "Mapping[str, Tensor]", values: Mapping[str, object]) -> bytes:
    """Safetensors bytes with `values` as JSON in the metadata. Equal input gives equal bytes."""
    import torch
    from safetensors.torch import save

    copies = {
        # always a copy: safetensors refuses tensors that share memory
        name: tensor.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, tensor in tensors.items()
    }
    return save(copies, {"gan_studio": json.dumps({"schema": SCHEMA, **values}, sort_keys=True)})


def bytes_to_tensors(data: bytes, name: str) -> "tuple[dict[str, Tensor], dict[str, object]]":
    """The tensors (CPU) and the values that `tensors_to_bytes` wrote.

    Raises CheckpointError, which names the file (`name`) and what is wrong with it.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        tensors = load(data)
        values = json.loads(header_of(data)["__metadata__"]["gan_studio"])
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{name} is not a file of this program ({error or type(error).__name__})") from error
    if not isinstance(values, dict) or not isinstance(values.get("schema"), int):
        raise CheckpointError(f"{name} has no schema number")
    if values["schema"] > SCHEMA:
        raise CheckpointError(
            f"{name} was written by a newer GAN Studio (schema {values['schema']}, this one reads {SCHEMA})"
        )
    return tensors, values


def header_of(data: bytes) -> dict[str, dict[str, str]]:
    """The JSON header of a safetensors file: its length in eight bytes (little endian), then the text."""
    length = int.from_bytes(data[:8], "little")
    header: dict[str, dict[str, str]] = json.loads(data[8 : 8 + length])
    return header


def sha_of(data: bytes) -> str:
    """The first twelve hex digits of the SHA-256, as they stand in file names."""
    return hashlib.sha256(data).hexdigest()[:12]

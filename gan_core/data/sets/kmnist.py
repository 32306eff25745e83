"""KMNIST  (Clanuwat et al. 2018)."""

from gan_core.data.source import from_torchvision

CLASSES = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")

SOURCE = from_torchvision("KMNIST", title="cursive Japanese characters of KMNIST", classes=CLASSES)

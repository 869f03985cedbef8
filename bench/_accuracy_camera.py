"""How does paper become a picture? A clean scan, a poor one, or a photograph, each anew for each sheet.

Every step is drawn from the sheet's own seed. None of it is shared with the tests of the reading code.
"""

from __future__ import annotations

import io
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
Grid = NDArray[np.float32]
MASTER_DPI = 300


def take(page: Image.Image, capture: str, chance: Random) -> tuple[bytes, str]:
    """Take a picture of the page. This function will answer its file and how that ends: jpg or png."""
    image = np.asarray(page.convert("RGB"))[:, :, ::-1].copy()
    noise = np.random.default_rng(chance.randrange(2**32))
    return {"clean": _clean, "poor": _poor, "photo": _photo}[capture](image, chance, noise)


def _clean(image: Picture, chance: Random, noise: np.random.Generator) -> tuple[bytes, str]:
    dpi = chance.choice((200, 300))
    seen = _laid(image, dpi, chance.uniform(-0.4, 0.4), (chance.uniform(-1, 1), chance.uniform(-1, 1)))
    seen = _grain(seen, noise, chance.uniform(0, 2.5))
    if chance.random() < 0.3:
        return _file(seen, "PNG"), "png"
    return _file(seen, "JPEG", chance.randint(85, 95)), "jpg"


def _poor(image: Picture, chance: Random, noise: np.random.Generator) -> tuple[bytes, str]:
    shift = (chance.uniform(-2.5, 2.5), chance.uniform(-2.5, 2.5))
    seen = _laid(image, 200, chance.uniform(-3, 3), shift)
    seen = cv2.GaussianBlur(seen, (0, 0), chance.uniform(0.4, 0.9))
    black, white = chance.uniform(20, 80), chance.uniform(205, 245)
    seen = (black + seen.astype(np.float32) * (white - black) / 255).astype(np.uint8)
    for _ in range(chance.randint(0, 3)):  # dirt on the glass draws a line along the feed
        at = chance.randrange(20, seen.shape[1] - 20)
        wide = chance.randint(1, 2)
        darker = chance.randint(15, 60)
        seen[:, at : at + wide] = np.clip(seen[:, at : at + wide].astype(np.int16) - darker, 0, 255)
    seen = _grain(seen, noise, chance.uniform(4, 13))
    if chance.random() < 0.25:
        grey = cv2.GaussianBlur(cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY), (0, 0), 0.6)
        # Where the limit is lower, thin strokes vanish that a person could not read either.
        limit = black + (white - black) * chance.uniform(0.74, 0.84)
        bits = Image.fromarray(np.where(grey > limit, 255, 0).astype(np.uint8)).convert("1")
        return _saved(bits, "PNG"), "png"
    return _file(seen, "JPEG", chance.randint(40, 70)), "jpg"


def _photo(image: Picture, chance: Random, noise: np.random.Generator) -> tuple[bytes, str]:
    """Photograph a sheet that lies on a desk and does not lie quite flat."""
    height, width = image.shape[:2]
    zoom = chance.uniform(0.62, 0.9)  # 185 to 270 dots an inch
    frame = (round(width * zoom * 1.16), round(height * zoom * 1.12))
    left, top = (frame[0] - width * zoom) / 2, (frame[1] - height * zoom) / 2

    def corner(across: int, down: int) -> list[float]:
        pull_x, pull_y = chance.uniform(-0.045, 0.045) * width * zoom, chance.uniform(-0.035, 0.035) * height * zoom
        return [left + across * width * zoom + pull_x, top + down * height * zoom + pull_y]

    ends = np.array([corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)], dtype=np.float32)
    begins = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    back = np.linalg.inv(cv2.getPerspectiveTransform(begins, ends))
    across, down = np.meshgrid(np.arange(frame[0], dtype=np.float32), np.arange(frame[1], dtype=np.float32))
    deep = back[2, 0] * across + back[2, 1] * down + back[2, 2]
    source_x = (back[0, 0] * across + back[0, 1] * down + back[0, 2]) / deep
    source_y = (back[1, 0] * across + back[1, 1] * down + back[1, 2]) / deep
    source_x, source_y = _curled(source_x, source_y, (width, height), chance)
    desk = chance.randint(40, 150)
    padded = cv2.copyMakeBorder(image, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    small = cv2.GaussianBlur(padded, (0, 0), 0.45 / zoom)  # a lens never resolves single dots
    seen = cv2.remap(
        small,
        (source_x + 1).astype(np.float32),
        (source_y + 1).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(desk, desk, desk),
    )
    seen = cv2.GaussianBlur(seen, (0, 0), chance.uniform(0.3, 1.1))
    seen = _shadowed(seen, chance)
    seen = _grain(seen, noise, chance.uniform(2, 7))
    return _file(seen, "JPEG", chance.randint(72, 92)), "jpg"


def _curled(across: Grid, down: Grid, size: tuple[int, int], chance: Random) -> tuple[Grid, Grid]:
    """Bend the paper by up to 0.8 mm along each side: half a wave, or a lifted corner."""
    most = 0.8 * MASTER_DPI / 25.4
    high, wide = chance.uniform(-most, most), chance.uniform(-most, most)
    begins = chance.uniform(0, np.pi)
    bent_y = down + high * np.sin(np.pi * across / size[0] + begins)
    bent_x = across + wide * np.sin(np.pi * down / size[1] + begins)
    return bent_x, bent_y


def _shadowed(seen: Picture, chance: Random) -> Picture:
    """Lay light from one side and, half of the time, the soft shadow of an arm over the picture."""
    height, width = seen.shape[:2]
    across, down = np.meshgrid(
        np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    )
    turn = chance.uniform(0, 2 * np.pi)
    light = chance.uniform(0.78, 0.95) + chance.uniform(0.05, 0.2) * (across * np.cos(turn) + down * np.sin(turn))
    if chance.random() < 0.5:
        edge = chance.uniform(-0.6, 0.6)
        side = across * np.cos(turn + 1) + down * np.sin(turn + 1) - edge
        light = light * (1 - chance.uniform(0.1, 0.4) / (1 + np.exp(-side * chance.uniform(6, 25))))
    tint = np.array([chance.uniform(0.86, 1.0), 1.0, chance.uniform(0.95, 1.0)], dtype=np.float32)
    return np.clip(seen * light[:, :, None] * tint, 0, 255).astype(np.uint8)


def _laid(image: Picture, dpi: int, turn: float, shift_mm: tuple[float, float]) -> Picture:
    """Lay the sheet on the glass: turned by degrees about its middle, and moved."""
    zoom = dpi / MASTER_DPI
    size = (round(image.shape[1] * zoom), round(image.shape[0] * zoom))
    placed = cv2.getRotationMatrix2D((image.shape[1] / 2, image.shape[0] / 2), turn, zoom)
    placed[0, 2] += (size[0] - image.shape[1]) / 2 + shift_mm[0] * dpi / 25.4
    placed[1, 2] += (size[1] - image.shape[0]) / 2 + shift_mm[1] * dpi / 25.4
    soft = cv2.GaussianBlur(image, (0, 0), 0.5 / zoom) if zoom < 1 else image
    return cv2.warpAffine(soft, placed, size, flags=cv2.INTER_LINEAR, borderValue=(250, 250, 250))


def _grain(image: Picture, noise: np.random.Generator, strength: float) -> Picture:
    grain = noise.normal(0, strength, image.shape[:2]).astype(np.float32)
    return np.clip(image + grain[:, :, None], 0, 255).astype(np.uint8)


def _file(image: Picture, kind: str, quality: int = 90) -> bytes:
    return _saved(Image.fromarray(image[:, :, ::-1]), kind, quality)


def _saved(image: Image.Image, kind: str, quality: int = 90) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **({"quality": quality} if kind == "JPEG" else {}))
    return file.getvalue()

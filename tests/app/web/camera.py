"""A member's card before a camera: pictures of its code as a camera sees it, and the video that Chromium
takes for a camera's (`--use-file-for-fake-video-capture`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import segno

QUIET = 4  # modules of white around the code
WHITE, BLACK, TABLE = 225.0, 40.0, 120.0


def seen(
    text: str,
    *,
    width: int = 640,
    height: int = 480,
    module: float = 9.0,
    turned: float = 12.0,
    tilted: float = 0.12,
    seed: int = 1,
    **options: object,
) -> npt.NDArray[np.uint8]:
    """(height, width) greys: the code on a white card on a table, turned by degrees, its far edge so much
    shorter, with a shadow from the left, blur and noise. options: of segno.
    """
    code = np.array(segno.make(text, micro=False, **options).matrix, dtype=float)
    card = np.pad(np.where(code > 0, BLACK, WHITE), QUIET, constant_values=WHITE)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    angle = np.deg2rad(turned)
    across, down = x - width / 2, y - height / 2
    u = (np.cos(angle) * across + np.sin(angle) * down) / module
    v = (-np.sin(angle) * across + np.cos(angle) * down) / module
    far = 1 - tilted * v / len(card)
    column, row = (np.floor(k / far + len(card) / 2).astype(int) for k in (u, v))
    on_it = (row >= 0) & (column >= 0) & (row < len(card)) & (column < len(card))
    picture = np.where(on_it, card[row.clip(0, len(card) - 1), column.clip(0, len(card) - 1)], TABLE)
    picture = picture * np.linspace(0.55, 1.0, width)
    for axis in (0, 1):
        picture = (np.roll(picture, 1, axis) + 2 * picture + np.roll(picture, -1, axis)) / 4
    noise = np.random.default_rng(seed).normal(0, 6, picture.shape)
    return (picture + noise).clip(0, 255).astype(np.uint8)


def film(path: Path, pictures: list[npt.NDArray[np.uint8]]) -> Path:
    """The pictures as an uncompressed video (YUV4MPEG2, grey), ten a second, over and over."""
    height, width = pictures[0].shape
    grey = bytes([128]) * (height * width // 2)
    frames = (b"FRAME\n" + picture.tobytes() + grey for picture in pictures)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + b"".join(frames))
    return path

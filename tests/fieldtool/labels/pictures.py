"""Pictures of codes, and what a hand, a lens and the weather do to them."""

from __future__ import annotations

import io
import random

import segno
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter


def qr(text: str, scale: int = 8) -> Image.Image:
    data = io.BytesIO()
    segno.make_qr(text, error="q").save(data, kind="png", scale=scale, border=4)
    return Image.open(data).convert("L")


def data_matrix(text: str, scale: int = 8) -> Image.Image:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix)
    image = Image.fromarray(code.to_image(scale=scale, add_quiet_zones=True))
    return image.convert("L")


def beside(*images: Image.Image, gap: int = 60) -> Image.Image:
    """On one grey sheet, from left to right."""
    width = sum(image.width + gap for image in images) + gap
    sheet = Image.new("L", (width, max(image.height for image in images) + 2 * gap), 235)
    left = gap
    for image in images:
        sheet.paste(image, (left, gap))
        left += image.width + gap
    return sheet


def turned(image: Image.Image, degrees: float) -> Image.Image:
    return image.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def blurred(image: Image.Image, radius: float) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(radius))


def noisy(image: Image.Image, share: float) -> Image.Image:
    """Salt and pepper on the lower half."""
    chance = random.Random(4711)
    spoilt = image.copy()
    pixels = spoilt.load()
    assert pixels is not None
    for y in range(image.height // 2, image.height):
        for x in range(image.width):
            if chance.random() < share:
                pixels[x, y] = chance.choice((0, 255))
    return spoilt


def scratched(image: Image.Image) -> Image.Image:
    spoilt = image.copy()
    draw = ImageDraw.Draw(spoilt)
    draw.line(
        (image.width * 0.3, image.height * 0.55, image.width * 0.75, image.height * 0.6), fill=255, width=8
    )
    return spoilt


def dim(image: Image.Image) -> Image.Image:
    """Evening, and the light from one side."""
    shade = Image.linear_gradient("L").resize(image.size).point(lambda value: 60 + value // 3)
    dark = image.point(lambda value: 30 + value // 3)
    return Image.blend(dark, shade, 0.4)

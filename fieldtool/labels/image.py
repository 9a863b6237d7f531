"""Codes in an image file."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path

import zxingcpp
from PIL import Image, ImageFilter, UnidentifiedImageError

from fieldtool.labels.errors import ImageUnreadable, NoCodeFound
from fieldtool.system_reasons import system_reason
from fieldtool.texts import _

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
LONGEST_SIDE = 65535
"""Pixels; zxing-cpp takes no more."""

BROKEN = (OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError, struct.error)
"""What Pillow's readers raise over damaged files."""


def read_codes(path: Path) -> list[str]:
    """The texts of all codes, from top to bottom, each once. Raises ImageUnreadable, NoCodeFound.

    Rain, dust and grain break the border a DataMatrix is found by (measured: from 3 % of the pixels on);
    a median takes them away, at the cost of another second for 12 megapixels.
    """
    image = grey_image(path)
    texts = texts_in(image) or texts_in(image.filter(ImageFilter.MedianFilter(3)))
    if not texts:
        raise NoCodeFound(str(path))
    return texts


def texts_in(image: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(image, text_mode=zxingcpp.TextMode.Plain)
    found.sort(key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return list(dict.fromkeys(code.text for code in found if code.text))


def grey_image(path: Path) -> Image.Image:
    """Transparent parts are white, as a viewer shows them."""
    with warnings.catch_warnings():
        # A photo above 89 megapixels and damaged EXIF data are worth a warning to Pillow, not to us.
        warnings.simplefilter("ignore")
        try:
            with Image.open(path, formats=FORMATS) as image:
                if max(image.size) > LONGEST_SIDE:
                    raise ImageUnreadable(str(path), _("it has too many pixels"))
                if image.has_transparency_data:
                    coloured = image.convert("RGBA")
                    white = Image.new("RGBA", coloured.size, "white")
                    return Image.alpha_composite(white, coloured).convert("L")
                return image.convert("L")
        except Image.DecompressionBombError as error:
            raise ImageUnreadable(str(path), _("it has too many pixels")) from error
        except UnidentifiedImageError as error:
            raise ImageUnreadable(str(path), _("it is no image of a known format")) from error
        except BROKEN as error:
            raise ImageUnreadable(str(path), reason(error)) from error


def reason(error: Exception) -> str:
    """Pillow raises a bare OSError for a damaged picture."""
    if isinstance(error, OSError) and error.errno is not None:
        return system_reason(error)
    return _("the file is damaged")

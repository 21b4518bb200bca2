"""Draws a photograph or a scan anew, so that nothing but what one sees is left: no EXIF, no place, no second file inside.

Runs in a process of its own (see `cleaning`): no Django here.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 50_000_000  # a scan of A4 at 600 dpi has 35 million
MOST_SIDE = 15_000
QUALITY = 88


class Unfit(Exception):
    """Why a file is not taken: one word of `judging.REASONS`."""


def drawn_anew(content: bytes, kind: str) -> bytes:
    """The picture as JPEG or PNG, turned as it should be seen. Unfit for what is too large, broken or something else."""
    Image.MAX_IMAGE_PIXELS = None  # judged below, before anything is unpacked
    try:
        with Image.open(BytesIO(content), formats=("JPEG",) if kind == "jpg" else ("PNG",)) as found:
            width, height = found.size
            if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
                raise Unfit("too_many_pixels")
            seen = ImageOps.exif_transpose(found) or found
            return _drawn(seen, kind)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError, IndexError, EOFError) as error:
        raise Unfit("broken") from error


def _drawn(seen: Image.Image, kind: str) -> bytes:
    """On a new sheet: what the old one carried besides its pixels stays behind."""
    see_through = kind == "png" and ("A" in seen.getbands() or "transparency" in seen.info)
    mode = "RGBA" if see_through else "RGB"
    sheet = Image.new(mode, seen.size)
    sheet.paste(seen.convert(mode))
    out = BytesIO()
    if kind == "jpg":
        sheet.save(out, "JPEG", quality=QUALITY, optimize=True)
    else:
        sheet.save(out, "PNG", optimize=False)
    return out.getvalue()


def without_segments(jpeg: bytes) -> bytes:
    """A JPEG inside a PDF, without EXIF, XMP, IPTC and comments; its picture untouched. As it was where it is no plain JPEG."""
    if jpeg[:2] != b"\xff\xd8":
        return jpeg
    kept, at = [jpeg[:2]], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == 0xDA:  # the picture begins
            return b"".join([*kept, jpeg[at:]])
        if length < 2:
            return jpeg
        tells = marker in (0xE1, 0xED, 0xFE) or 0xE3 <= marker <= 0xEC
        if not tells:
            kept.append(jpeg[at : at + 2 + length])
        at += 2 + length
    return jpeg

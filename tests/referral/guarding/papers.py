"""Photographs and PDF files for tests: honest ones, and such as somebody would send to do harm."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pikepdf
from PIL import Image

CAMERA = "SECRETCAMERA"
PLACE = "SECRETPLACE"


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), *, exif: bool = False) -> bytes:
    picture = Image.new("RGB", size, (200, 30, 30))
    out = BytesIO()
    named = {}
    if exif:
        found = Image.Exif()
        found[0x010F] = CAMERA
        found.get_ifd(0x8825)[1] = "N"
        found.get_ifd(0x8825)[29] = PLACE
        named["exif"] = found
    picture.save(out, kind, **named)
    return out.getvalue()


def flood(side: int = 50_000) -> bytes:
    """A PNG of a few kilobytes that says it has so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    line = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", line) + chunk(b"IEND", b"")


def pdf(*, harmful: bool = False, password: str = "") -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    if harmful:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('SECRETSCRIPT')")
        made.Root.OpenAction = script
        made.Root.AA = pikepdf.Dictionary(WC=script)
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://secrettracker.example/")
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[0, 0, 9, 9],
            A=link,
            AA=pikepdf.Dictionary(E=script),
        )
        made.pages[0].obj.Annots = pikepdf.Array([note])
        picture = made.make_stream(photo(exif=True))
        picture.Type, picture.Subtype, picture.Filter = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.DCTDecode
        picture.Width, picture.Height, picture.BitsPerComponent = 60, 40, 8
        picture.ColorSpace = pikepdf.Name.DeviceRGB
        made.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=made.make_indirect(picture)))
        made.attachments["SECRETINSIDE.txt"] = b"SECRETINSIDE"
        with made.open_metadata() as about:
            about["dc:title"] = "SECRETTITLE"
        made.docinfo["/Author"] = "SECRETAUTHOR"
    out = BytesIO()
    plain = {"object_stream_mode": pikepdf.ObjectStreamMode.disable, "compress_streams": False}
    made.save(out, encryption=pikepdf.Encryption(owner=password, user=password) if password else False, **plain)
    return out.getvalue()


def laid_open(content: bytes) -> bytes:
    """A PDF with everything in it readable, for a search."""
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as found:
        found.save(
            out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )  # fmt: skip
    return out.getvalue()

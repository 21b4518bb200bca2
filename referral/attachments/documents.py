"""Takes everything out of a PDF that is no page: metadata, scripts, files inside, what opens or calls by itself.

Runs in a process of its own (see `cleaning`): no Django here.
"""

from __future__ import annotations

from io import BytesIO

import pikepdf

from .images import Unfit, without_segments

MOST_PAGES = 300
MOST_OBJECTS = 100_000
DEEPEST = 30  # direct objects inside direct objects
# Keys that run, load, hide or tell something, wherever in the file they stand.
NEVER = (
    "/JS", "/JavaScript", "/AA", "/OpenAction", "/Launch", "/EmbeddedFiles", "/EF", "/AF", "/RichMediaContent", "/XFA",
    "/Metadata", "/PieceInfo", "/LastModified", "/Collection", "/URI", "/PZ",
)  # fmt: skip
HARMLESS_ACTIONS = ("/GoTo", "/Named")
NOT_PAPER = ("/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D")


def made_plain(content: bytes) -> bytes:
    """The pages and nothing else. Unfit for an encrypted or broken one."""
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False, inherit_page_attributes=True) as pdf:
            if pdf.is_encrypted:
                raise Unfit("encrypted")
            if not 0 < len(pdf.pages) <= MOST_PAGES or len(pdf.objects) > MOST_OBJECTS:
                raise Unfit("broken" if not len(pdf.pages) else "too_many_pages")
            _empty(pdf)
            out = BytesIO()
            pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, fix_metadata_version=False)
            return out.getvalue()
    except pikepdf.PasswordError as error:
        raise Unfit("encrypted") from error
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, RuntimeError, TypeError, KeyError) as error:
        raise Unfit("broken") from error


def _empty(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root
    for key in ("/AcroForm", "/Names", "/OpenAction", "/AA", "/Metadata", "/Collection", "/Perms", "/DSS", "/Legal"):
        if key in root:
            del root[key]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for page in pdf.pages:
        _clear_notes(page)
    for found in pdf.objects:
        _clear(found, 0)


def _clear_notes(page: pikepdf.Page) -> None:
    """Notes that hold a file, a film or a sound go; the others stay as they look."""
    if "/Annots" not in page.obj:
        return
    notes = page.obj["/Annots"]
    kept = [note for note in notes if isinstance(note, pikepdf.Dictionary) and note.get("/Subtype") not in NOT_PAPER]
    page.obj["/Annots"] = pikepdf.Array(kept)


def _clear(found: pikepdf.Object, depth: int) -> None:
    """This object and the direct ones inside it; others come by themselves."""
    if depth > DEEPEST:
        raise Unfit("broken")
    if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        _clear_keys(found)
    inside: list[pikepdf.Object | None] = list(found) if isinstance(found, pikepdf.Array) else []
    if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        inside = [found.get(key) for key in list(found.keys())]
    for one in inside:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Array) and not one.is_indirect:
            _clear(one, depth + 1)


def _clear_keys(found: pikepdf.Object) -> None:
    for key in NEVER:
        if key in found:
            del found[key]
    action = found.get("/A")
    if isinstance(action, pikepdf.Dictionary) and action.get("/S") not in HARMLESS_ACTIONS:
        del found["/A"]
    if isinstance(found, pikepdf.Stream):
        _clear_picture(found)


def _clear_picture(stream: pikepdf.Stream) -> None:
    """A photograph on a page keeps its EXIF, with the place, unless it is taken out."""
    picture = stream.get("/Filter")
    if picture == pikepdf.Name.DCTDecode or (isinstance(picture, pikepdf.Array) and list(picture) == ["/DCTDecode"]):
        raw = stream.read_raw_bytes()
        if (clean := without_segments(raw)) != raw:
            stream.write(clean, filter=pikepdf.Name.DCTDecode, decode_parms=pikepdf.Array())

"""Takes uploads of casework into memory, never into a temporary file, and stops reading at the limit (settings)."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers, StopUpload

from .judging import LARGEST

PLACE = "/casework/"
TOO_LARGE = "upload_too_large"  # the mark on the request


class CaseworkUploads(FileUploadHandler):
    """The first handler of the site: silent everywhere but in casework, where no other gets a byte.

    One file a request. One that is larger than the limit ends the reading: the view finds no file and a mark on the request.
    """

    kept: list[bytes]
    size = 0
    seen = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if not self._is_ours():
            return
        self.seen += 1
        if self.seen > 1:
            raise StopUpload(connection_reset=True)
        self.kept, self.size = [], 0
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes | None:
        if not self._is_ours():
            return raw_data
        self.size += len(raw_data)
        if self.size > LARGEST:
            self.kept = []
            setattr(self.request, TOO_LARGE, True)
            raise StopUpload(connection_reset=True)
        self.kept.append(raw_data)
        return None

    def file_complete(self, _file_size: int) -> SimpleUploadedFile | None:
        if not self._is_ours():
            return None
        return SimpleUploadedFile(self.file_name or "", b"".join(self.kept), self.content_type or "")

    def _is_ours(self) -> bool:
        return self.request is not None and PLACE in self.request.path

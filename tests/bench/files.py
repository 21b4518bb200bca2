"""WhiteNoise alone, without Django: the fastest way in which this gunicorn can send a file. The strict comparison."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise


def nothing(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Length", "0")])
    return []


application = WhiteNoise(nothing, root=Path(os.environ["VAR_DIR"]) / "static", prefix="static/")

"""Where readers go: every guide of the starter content, read from the files that it is made of."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..prepared import ROOT

LANGUAGES = ("ar", "fr", "en")
MAKING = ("title", "text", "name", "what", "when")  # the fields whose words a reader would know a guide by


@dataclass(frozen=True)
class Guide:
    """A starter guide: where it is, and its words."""

    topic: str
    key: str
    sensitive: bool
    content: dict[str, Any]

    def path(self, language: str) -> str:
        return f"/{language}/guides/{self.topic}/{self.key}/"

    def title(self, language: str) -> str:
        return self.content["title"][language]

    def wording(self, language: str) -> Iterator[str]:
        """What its page alone says: the beginnings of its steps, rights and documents, and its name."""
        yield self.title(language)
        for section in ("documents", "steps", "rights", "problems"):
            for item in self.content.get(section, []):
                for field in MAKING:
                    text = item.get(field, {}).get(language, "")
                    if len(beginning := text.split("{")[0][:40].strip()) > 12:
                        yield beginning

    def __str__(self) -> str:
        return f"{self.topic}/{self.key}"


def _read() -> list[Guide]:
    found = []
    for file in sorted((ROOT / "portal" / "starter" / "guides").rglob("*.toml")):
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        found.append(Guide(content["topic"], content["key"], content["sensitive"], content))
    return found


GUIDES = _read()
SENSITIVE = [guide for guide in GUIDES if guide.sensitive]
OPEN = [guide for guide in GUIDES if not guide.sensitive]
BY_KEY = {guide.key: guide for guide in GUIDES}

"""The house holds: three floors, imports downwards (inside functions too), small files, style sheets for old phones."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

FLOORS = {"services": set(), "referral": {"services"}, "portal": {"services", "referral"}}
BANNED_NAMES = {"core", "common", "utils", "helpers", "misc", "base", "services"}
# Inside the portal, each module may import only from rooms before or beside its own.
ROOMS = (
    {
        "environment",
        "languages",
        "wording",
        "dates",
        "sections",
        "translation_status",
        "blocks",
        "page_cache",
        "styles",
        "scripts",
    },
    {"models", "translation", "querysets"},
    {"journeys", "guides", "presenting", "publishing", "structured_data", "starter", "searchable", "nearby"},
    {"frame", "errors", "gallery", "middleware"},
    {"views", "health", "well_known", "templatetags"},
    {"settings", "urls", "apps", "wsgi", "wagtail_hooks", "management", "migrations"},
)
SOURCES = [path for floor in FLOORS for path in sorted(Path(floor).rglob("*.py")) if "migrations" not in path.parts]
STYLES = [*sorted(Path("static/css").glob("*.css")), *sorted(Path("static/css/directory").glob("*.css"))]


def imports(path: Path) -> set[str]:
    """Every module that this file imports, wherever in the file, as a dotted name from the root."""
    found = set()
    package = list(path.with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            found |= {f"{module}.{alias.name}" for alias in node.names} if node.level and not node.module else {module}
    return found


def room(name: str) -> int:
    return next(number for number, names in enumerate(ROOMS) if name in names)


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_imports_go_down_never_up(path):
    floor = path.parts[0]
    for name in imports(path):
        top = name.split(".")[0]
        if top in FLOORS and top != floor:
            assert top in FLOORS[floor], f"{path} imports {name}"


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if path.parts[0] == "portal" and len(path.parts) > 1], ids=str
)
def test_inside_the_portal_a_room_imports_only_from_rooms_before_it(path):
    own = Path(path.parts[1]).stem
    if own == "__init__":
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "portal" and len(parts) > 1 and parts[1] != own:
            assert room(parts[1]) <= room(own), f"{path} ({own}) imports {name}"


def test_no_two_modules_of_the_portal_import_each_other():
    graph: dict[str, set[str]] = {}
    for path in SOURCES:
        if path.parts[0] == "portal":
            own = Path(path.parts[1]).stem
            others = {name.split(".")[1] for name in imports(path) if name.startswith("portal.")}
            graph.setdefault(own, set()).update(others - {own})

    def reach(start: str) -> set[str]:
        seen, todo = set(), list(graph.get(start, ()))
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += graph.get(name, ())
        return seen

    assert [name for name in graph if name in reach(name)] == []


def test_every_module_of_the_portal_has_its_room():
    known = set().union(*ROOMS)
    names = {Path(path.parts[1]).stem for path in SOURCES if path.parts[0] == "portal"} - {"__init__"}
    assert names <= known


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_files_and_functions_are_short_typed_and_named_after_what_they_are_for(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert path.stem not in BANNED_NAMES
    assert len(text.splitlines()) <= 300
    if text.strip():
        assert ast.get_docstring(tree), f"{path} does not say what it is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length < 40, f"{path}:{node.lineno} {node.name} has {length} lines"
            assert node.returns is not None, f"{path}:{node.lineno} {node.name} has no type"


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_each_suppression_has_its_reason(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if found := re.search(r"# (?:noqa|type: ignore)(.*)", line):
            assert "(" in found[1], f"{path}:{number} suppresses without a reason"


@pytest.mark.parametrize("path", STYLES, ids=str)
def test_styles_have_no_left_or_right_and_nothing_newer_than_a_phone_of_2018(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    physical = re.findall(
        r"(?:margin|padding|border|inset)-(?:left|right)|(?<![-\w])(?:left|right)\s*:|text-align:\s*(?:left|right)|float:",
        text,
    )
    newer = re.findall(
        r"@layer|@container|(?<![-\w])gap\s*:|row-gap|clamp\(|(?<![-\w])(?:min|max)\(|:is\(|:where\(|:has\(|aspect-ratio|"
        r"(?<![-\w])inset|(?:margin|padding)-(?:inline|block)\s*:|light-dark\(|color-mix\(|@import|url\(",
        text,
    )
    assert physical == []
    assert newer == []


@pytest.mark.parametrize("path", sorted(Path("static/js").rglob("*.js")), ids=str)
def test_scripts_use_no_syntax_newer_than_a_phone_of_2018(path):
    text = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
    assert not re.findall(
        r"\?\.|\?\?|=>|`|\blet\b|\bconst\b|\bclass\b|\basync\b|\bimport\b|\.replaceAll|\.flat\(", text
    )


@pytest.mark.parametrize("path", sorted(Path("templates").rglob("*.html")), ids=str)
def test_templates_hold_no_script_no_style_and_trimmed_texts(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", text)
    for found in re.findall(r"{% blocktranslate[^%]*%}", text):
        assert "trimmed" in found


def test_every_component_is_in_the_gallery_in_some_state(db):
    from django.utils import translation

    from portal import gallery

    with translation.override("ar"):
        shown = {entry.name: entry.states for entry in gallery.entries()}
    files = {path.stem for path in Path("templates/components").glob("*.html")}
    assert set(shown) == files
    assert all(states for states in shown.values())


def test_each_dependency_has_its_reason():
    import tomllib

    text = Path("pyproject.toml").read_text()
    data = tomllib.loads(text)
    for name in [*data["project"]["dependencies"], *data["dependency-groups"]["dev"]]:
        assert re.search(rf'"{re.escape(name)}",\s*# \w.+\.', text), f"{name} has no reason"


def test_nothing_in_code_or_templates_counts_to_three():
    for path in [*SOURCES, *sorted(Path("templates").rglob("*.html"))]:
        if (
            "starter" not in path.parts
            and not path.name.startswith("starter")
            and path.name not in ("settings.py", "500.html")
        ):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"""["']ar["'],\s*["'](?:fr|en)["']|["']fr["'],\s*["'](?:ar|en)["']""", text), path

"""Our taxonomies and their terms: categories, needs, and small ones for what HSDS has no field for.

Codes come from services/taxonomy.py and never change; “unknown” is no term: what is not known is not said. Partners filter
by them (`taxonomy_term_id`, `taxonomy_id`); `services_about` turns either into a condition on services.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.db.models import Field, Model, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services import taxonomy as words
from services.models import Category, Location, Organisation, Service, Term
from services.models.records import NAMESPACE, translated_fields

from .texts import Plain, compact, derived, found_text, in_language, lazy_pair

UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """A small taxonomy. `field`: where a service keeps it; `several`: as a list. `values`: code and label."""

    code: str
    name: object
    values: tuple[tuple[str, object], ...]
    field: str = ""
    several: bool = False

    @property
    def id(self) -> str:
        return derived(NAMESPACE, "taxonomy", self.code)

    def term_id(self, value: str) -> str:
        return derived(NAMESPACE, "taxonomy_term", self.code, value)


def _known(choices: Iterable[tuple[str, object]]) -> tuple[tuple[str, object], ...]:
    return tuple((value, label) for value, label in choices if value != UNKNOWN)


def _label(field: str, model: type[Model] = Service) -> object:
    return cast("Field[Any, Any]", model._meta.get_field(field)).verbose_name


ANSWERS = ("free", "accepts_referrals", "closed_on_holidays")  # yes, no, or nobody has said
MARKS = ("women_only", "friday_prayer", "around_the_clock")  # said only where it is so
WARNING = "asylum_warning"
CATEGORY = Vocabulary("category", gettext_lazy("Categories of services"), ())
NEED = Vocabulary("need", gettext_lazy("Needs, in two levels"), ())
PROVIDER = Vocabulary(
    "provider",
    _label("kind", Organisation),
    _known(words.ProviderKind.choices),
    "organisation__kind",
)
WELCOME = Vocabulary("welcome", _label("welcome"), _known(words.Welcome.choices), "welcome")
SITUATION = Vocabulary("situation", _label("welcomes"), tuple(words.Situation.choices), "welcomes", several=True)
ACCESS = Vocabulary("access", _label("access"), _known(words.Access.choices), "access")
CAPACITY = Vocabulary("capacity", _label("capacity"), _known(words.Capacity.choices), "capacity")
FACT = Vocabulary(
    "fact",
    gettext_lazy("Facts about a service"),
    tuple((name, _label(name)) for name in (*ANSWERS, *MARKS))
    + tuple((f"not_{name}", lazy_pair(_label(name), words.Answer.NO.label)) for name in ANSWERS)
    + ((WARNING, gettext_lazy("Asylum seekers: ask for advice before you contact this service")),),
)
TEXTS = Vocabulary("texts", gettext_lazy("Languages in which all texts of the record exist"), tuple(settings.LANGUAGES))
SEASON = Vocabulary("season", gettext_lazy("When hours hold"), tuple(words.Season.choices))
POINT = Vocabulary("point", _label("precision", Location), tuple(words.Precision.choices))
SMALL = (PROVIDER, WELCOME, SITUATION, ACCESS, CAPACITY, FACT, TEXTS, SEASON, POINT)
ALL = (CATEGORY, NEED, *SMALL)


@in_language
def taxonomy(found: Vocabulary, _language: str) -> Plain:
    return {"id": found.id, "name": str(found.name), "description": str(found.name)}


def taxonomies(language: str) -> list[Plain]:
    return [taxonomy(found, language) for found in ALL]


def terms(language: str) -> Iterator[Plain]:
    """Every term, in a stable order: categories, needs, then those of the small taxonomies. Two queries."""
    for category in Category.objects.order_by("position", "key"):
        yield category_term(category, language)
    for term in Term.objects.select_related("parent").order_by("code"):
        yield need_term(term, language)
    for vocabulary in SMALL:
        for value, _label_of in vocabulary.values:
            yield small_term(vocabulary, language, value)


@in_language
def category_term(category: Category, language: str) -> Plain:
    name, own = found_text(category, "name", language)
    return _term(CATEGORY, str(category.uuid), category.key, (name or category.key, own))


@in_language
def need_term(term: Term, language: str) -> Plain:
    """Its description names the nearest terms of others."""
    name, own = found_text(term, "name", language)
    notes = []
    if term.open_eligibility:
        notes.append(_("Nearest term of Open Eligibility: %(name)s.") % {"name": term.open_eligibility})
    if term.unhcr_sector:
        notes.append(_("Nearest sector of UNHCR: %(name)s.") % {"name": term.unhcr_sector})
    plain = _term(NEED, str(term.uuid), term.code, (name or term.code, own))
    plain |= compact(description=" ".join(notes))
    return plain | ({"parent_id": str(term.parent.uuid)} if term.parent else {})


@cache
@in_language
def small_term(vocabulary: Vocabulary, language: str, value: str) -> Plain:
    """A term of a small taxonomy. The name of a language is in that language. Shared by all that carry it: only read it."""
    own = value if vocabulary is TEXTS else language
    name = str(dict(vocabulary.values)[value])
    return _term(vocabulary, vocabulary.term_id(value), f"{vocabulary.code}:{value}", (name, own))


def _term(vocabulary: Vocabulary, identity: str, code: str, named: tuple[str, str]) -> Plain:
    """`named`: the name and its language. HSDS wants a description: the name again where there is no more to say."""
    name, language = named
    return {
        "id": identity,
        "code": code,
        "name": name,
        "description": name,
        "taxonomy": str(vocabulary.name),
        "language": language,
        "taxonomy_id": vocabulary.id,
    }


def attribute(owner: uuid.UUID, entity: str, vocabulary: Vocabulary, term: Plain, value: str = "") -> Plain:
    """A term said of a record. `value` adds what the term cannot: yes or no, or since when."""
    return {
        "id": derived(owner, "attribute", term["code"]),
        "link_id": str(owner),
        "taxonomy_term_id": term["id"],
        "link_type": vocabulary.code,
        "link_entity": entity,
        "taxonomy_term": term,
    } | compact(value=value)


def services_about(term_id: uuid.UUID) -> Q:
    """Services with this term; a need also by the terms below it. An unknown term has none."""
    needs = Service.objects.filter(Q(terms__uuid=term_id) | Q(terms__parent__uuid=term_id))
    wanted = Q(category__uuid=term_id) | Q(pk__in=needs.values("pk"))
    for vocabulary in SMALL:
        for value, _label_of in vocabulary.values:
            if vocabulary.term_id(value) == str(term_id):
                return _with_value(vocabulary, value)
    return wanted


def services_in(taxonomy_id: uuid.UUID) -> Q:
    """Services with any term of this taxonomy. An unknown taxonomy has none."""
    if str(taxonomy_id) == CATEGORY.id:
        return Q()
    if str(taxonomy_id) == NEED.id:
        return Q(pk__in=Service.objects.filter(terms__isnull=False).values("pk"))
    for vocabulary in SMALL:
        if vocabulary.id == str(taxonomy_id):
            wanted = NOTHING
            for value, _label_of in vocabulary.values:
                wanted |= _with_value(vocabulary, value)
            return wanted
    return NOTHING


NOTHING = Q(pk__in=[])


def _with_value(vocabulary: Vocabulary, value: str) -> Q:
    if vocabulary.several:
        inside = Service.objects.annotate(_list=Cast(vocabulary.field, TextField())).filter(
            _list__contains=f'"{value}"'
        )
        return Q(pk__in=inside.values("pk"))
    if vocabulary.field:
        return Q(**{vocabulary.field: value})
    if vocabulary is FACT:
        return _with_fact(value)
    if vocabulary is TEXTS:
        return _with_texts(value)
    return NOTHING  # said of hours and of places, not of services


def _with_fact(name: str) -> Q:
    if name == WARNING:
        return Q(organisation__kind=words.ProviderKind.CONSULATE) | Q(category__key="voluntary_return")
    if name in MARKS:
        return Q(**{name: True})
    no = name.startswith("not_")
    return Q(**{name.removeprefix("not_"): words.Answer.NO if no else words.Answer.YES})


def _with_texts(language: str) -> Q:
    """Every text that exists in some language exists in this one."""
    wanted = Q()
    for field in translated_fields(Service):
        empty = {code: _empty(f"{field}_{code}") for code, _name in settings.LANGUAGES}
        nowhere = Q()
        for condition in empty.values():
            nowhere &= condition
        wanted &= ~empty[language] | nowhere
    return wanted


def _empty(column: str) -> Q:
    return Q(**{column: ""}) | Q(**{f"{column}__isnull": True})

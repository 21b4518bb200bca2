"""Fixtures named after places and people. Tests start from the starter content, as a reader finds it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from django.db import connections
from django.test import Client, override_settings

from portal import page_cache

from . import prepared, prepared_database, site_role
from .people import enter


@pytest.fixture(scope="session")
def django_db_setup(
    request, django_test_environment, django_db_modify_db_settings, django_db_blocker, worker_id
) -> Iterator[None]:
    """A copy of the prepared database a worker."""
    connection = connections["default"]
    folder = prepared.BUILD / f"tests-{worker_id}"
    if connection.vendor == "sqlite":
        name = str(prepared.copy_of_site(folder) / "dalil.sqlite3")
    else:
        name = prepared_database.copy(f"dalil_tests_{worker_id}")
    connection.close()
    connection.settings_dict["NAME"] = name
    with site_role.serving() if site_role.is_wanted() else nullcontext():
        yield
    with django_db_blocker.unblock():
        connection.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _collected_files(django_test_environment) -> Iterator[None]:
    """Static files as they are served: collected, hashed, compressed."""
    with override_settings(STATIC_ROOT=prepared.prepared_site() / "static"):
        yield


@pytest.fixture(scope="session")
def worker_id(request) -> str:
    """“master”, or the number of the xdist worker."""
    return getattr(request.config, "workerinput", {}).get("workerid", "master")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path) -> None:
    """Stamps and secrets of a test stay in its own folder."""
    settings.VAR_DIR = tmp_path
    settings.SEARCH_DIR = prepared.BUILD / "no-index"  # a test that searches builds or names its own
    settings.SEARCH_IN_BACKGROUND = settings.MAIL_IN_BACKGROUND = False
    page_cache._stamp_path.__defaults__[0][:] = [str(tmp_path / "pages.stamp")]
    for forget in page_cache.FORGET:
        forget()


@pytest.fixture
def reader(db) -> Client:
    """Somebody without an account, with a browser that takes HTML."""
    return Client(headers={"accept": "text/html"})


@pytest.fixture
def editor(db, django_user_model) -> Client:
    """Somebody who may edit and publish everything in the CMS."""
    user = django_user_model.objects.create_superuser("editor", "editor@example.org", "a long password 2026")
    return enter(Client(), user)


@pytest.fixture(scope="session")
def site(worker_id) -> Iterator[str]:
    """The address of a real server (gunicorn, two workers) with the starter content."""
    folder = prepared.copy_of_site(prepared.BUILD / f"site-{worker_id}")
    with prepared.serving(folder) as address:
        yield address
    shutil.rmtree(folder, ignore_errors=True)

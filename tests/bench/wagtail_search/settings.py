"""Settings of the peer: Wagtail, its search in the database, our records. BENCH_DATABASE_URL says where."""

import os

import dj_database_url

DATABASES = {"default": dj_database_url.parse(os.environ["BENCH_DATABASE_URL"], conn_max_age=None)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # As portal/settings.py, and 64 MB of cache: 2 MB, SQLite's own, would be no fair peer of an index of 300 MB.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
    }
else:
    # For a server with an SSD and short questions: compiling a query takes longer than the query.
    DATABASES["default"]["OPTIONS"] = {"options": "-c jit=off -c random_page_cost=1.1"}
INSTALLED_APPS = [
    "tests.bench.wagtail_search",
    "wagtail.search",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
]
# Texts of three languages in one vector: French, in which guides are written first, cuts and skips the most words.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "french"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECRET_KEY = "nothing is signed here"
STATIC_URL = "/static/"  # Wagtail asks for one
USE_TZ = True

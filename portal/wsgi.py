"""The WSGI application: the page cache first, Django behind it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

django_application = get_wsgi_application()

from portal.page_cache import PageCache  # noqa: E402  (settings must be ready)

application = PageCache(django_application)

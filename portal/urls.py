"""Every address of the site on one screen. Slugs are ASCII and the same in every language: only L changes."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from . import health, views, well_known
from .accounts.views import door

urlpatterns = [
    path("", views.choose_language, name="root"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("robots.txt", well_known.robots, name="robots"),
    path("sitemap.xml", well_known.sitemap, name="sitemap"),
    path(".well-known/security.txt", well_known.security, name="security"),
    path("sw.js", well_known.service_worker, name="service-worker"),
    path("reader-<slug:digest>.js", well_known.script, {"part": "reader"}, name="reader-script"),
    path("casework-<slug:digest>.js", well_known.script, {"part": "casework"}, name="casework-script"),
    path("manifest.webmanifest", well_known.manifest, name="manifest"),
    path("api/", include("services.api")),
    path("cms/login/", door.from_cms),
    path("cms/", include(wagtailadmin_urls)),
    path("hsds/", include("services.hsds.urls")),
]

urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path("guides/", views.all_guides, name="guides"),
    path("guides/<slug:topic>/", views.topic, name="topic"),
    path("guides/<slug:topic>/<slug:key>/", views.guide, name="guide"),
    path("d/<slug:code>/", views.discreet_guide, name="discreet-guide"),
    path("emergency/", views.emergency, name="emergency"),
    path("offline/", views.offline, name="offline"),
    path("offline/pages.json", views.offline_pages, name="offline-pages"),
    path("components/", views.components, name="components"),
    path("", include("services.urls")),
    path("casework/account/", include("portal.accounts.urls")),
    path("follow-up/", views.follow_up, name="follow-up"),
    path("casework/", include("referral.urls")),
    path("<slug:key>/", views.statement, name="statement"),
)

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.permission_denied"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"

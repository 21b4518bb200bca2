"""The addresses of referrals: from the case to a service, the referral itself, what can be done to it, and its link."""

from django.urls import include, path

from . import choosing, events, overriding, page, preparing

urlpatterns = [
    path("cases/<str:code>/refer/", choosing.refer, name="refer"),
    path("cases/<str:code>/refer/<slug:service>/", preparing.refer_to, name="refer-to"),
    path("cases/<str:code>/refer/<slug:service>/without-consent/", overriding.override, name="refer-without-consent"),
    path("referrals/<uuid:referral_id>/", page.referral, name="referral"),
    path("", include("referral.screens.links.urls")),
    path("referrals/<uuid:referral_id>/<slug:event>/", events.member_event, name="referral-event"),
]

"""The addresses of links: made by the sender, opened and used by a receiver without an account."""

from django.urls import path

from . import making, views

urlpatterns = [
    path("referrals/<uuid:referral_id>/link/", making.referral_link, name="referral-link"),
    path("link/<str:token>/", views.receive, name="receive"),
    path("received/leave/", views.leave, name="link-leave"),
    path("received/left/", views.left, name="link-left"),
    path("received/<uuid:referral_id>/", views.received, name="received"),
    path("received/<uuid:referral_id>/<slug:event>/", views.received_event, name="received-event"),
]

"""Every address of accounts on one screen, below /L/casework/account/."""

from django.urls import path

from .views import confirming, door, links, organisation, own, people, set_up

urlpatterns = [
    path("", own.account, name="account"),
    path("sign-in/", door.sign_in, name="sign-in"),
    path("sign-in/passkey/", door.passkey, name="passkey"),
    path("second-factor/", door.give_second_factor, name="second-factor"),
    path("confirm/", confirming.confirm, name="confirm"),
    path("set-up/", set_up.set_up, name="set-up"),
    path("sign-out/", door.sign_out, name="sign-out"),
    path("forgotten/", links.forgotten, name="forgotten"),
    path("new-password/<slug:uid>/<slug:token>/", links.new_password, name="new-password"),
    path("invitation/<str:token>/", links.invitation, name="invitation"),
    path("password/", own.change_password, name="change-password"),
    path("factors/add/", own.add_factor, name="add-factor"),
    path("factors/<int:pk>/remove/", own.remove_factor, name="remove-factor"),
    path("factors/codes/", own.new_codes, name="new-codes"),
    path("sessions/end/", own.end_sessions, name="end-sessions"),
    path("language/", own.speak, name="speak"),
    path("people/", people.everybody, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<int:user_id>/", people.somebody, name="person"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/choose/", organisation.choose, name="choose-partner"),
]

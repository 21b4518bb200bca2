"""What the CMS knows of this floor: the way to the procedures, which editors read and propose. Nothing of cases."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_menu_item")
def procedures() -> MenuItem:
    """The procedures, in the menu of the CMS."""
    return MenuItem(_("Procedures"), reverse("procedures"), icon_name="list-ol", order=850)

"""What the portal keeps: people who sign in, pages, sources, and the marks of what was published."""

from .accounts import Delay, Invitation, StaffSession
from .journeys import EndedJourney
from .pages import GuidePage, GuidesPage, HomePage, StatementPage, TopicPage
from .sources import Source
from .stamps import PageStamps, StarterRecord
from .user import User

__all__ = [
    "Delay",
    "EndedJourney",
    "GuidePage",
    "GuidesPage",
    "HomePage",
    "Invitation",
    "PageStamps",
    "Source",
    "StaffSession",
    "StarterRecord",
    "StatementPage",
    "TopicPage",
    "User",
]

"""What the portal keeps: people who sign in, pages, sources, and the marks of what was published."""

from .journeys import EndedJourney
from .pages import GuidePage, GuidesPage, HomePage, StatementPage, TopicPage
from .sources import Source
from .stamps import PageStamps, StarterRecord
from .user import User

__all__ = [
    "EndedJourney",
    "GuidePage",
    "GuidesPage",
    "HomePage",
    "PageStamps",
    "Source",
    "StarterRecord",
    "StatementPage",
    "TopicPage",
    "User",
]

"""Partners' spreadsheets come in, whole or not at all. The door: plan() tells what files would do, apply() does it."""

from .planning import DatabaseChanged, Report, Source, apply, plan

__all__ = ["DatabaseChanged", "Report", "Source", "apply", "plan"]

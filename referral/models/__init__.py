"""The rows of the middle floor. Nothing here is searched, indexed, or shown in an admin."""

from .access import AccessGrant, Attachment, CaseTransfer, FollowUpCode, FollowUpCount, FollowUpSecret, PackVersion
from .audit import AuditEntry, AuditHead, AuditKind
from .cases import Case, ContactAttempt, Need, Note, Orientation, Screening, StepDone
from .consents import Consent, Grant
from .drafts import Draft
from .frozen import FrozenProcedure
from .keys import CaseKey, IndexSecret, PacketKey, PartnerKey
from .partners import Membership, Partner, PartnerKind, Reception, Team
from .people import Person, Representative
from .referrals import Packet, ReceiverLink, Referral, ReferralEvent
from .requests import Complaint, DataRequest
from .tasks import Answered, Effect, Task, TaskKind

__all__ = [
    "AccessGrant", "Answered", "Attachment", "AuditEntry", "AuditHead", "AuditKind", "Case", "CaseKey",
    "CaseTransfer", "Complaint", "Consent", "ContactAttempt", "DataRequest", "Draft", "Effect", "FollowUpCode",
    "FollowUpCount", "FollowUpSecret", "FrozenProcedure", "Grant",
    "IndexSecret", "Membership", "Need", "Note", "Orientation", "PackVersion", "Packet", "PacketKey", "Partner",
    "PartnerKey", "PartnerKind", "Person", "ReceiverLink", "Reception", "Referral", "ReferralEvent", "Representative",
    "Screening", "StepDone", "Task", "TaskKind", "Team",
]  # fmt: skip

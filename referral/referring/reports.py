"""What the service reported and what the person said about it, read for either side of a referral."""

from __future__ import annotations

import uuid
from typing import Any

from referral.access import Asker
from referral.models import Packet
from referral.referring import packets
from referral.referring.sides import side_of
from referral.safety.isolation import as_system
from referral.states.workflow import LIVE


@as_system()
def report(referral_id: uuid.UUID, *, by: Asker) -> dict[str, Any]:
    """`recipient_ref`, `outcome`, `services_given`, `next_steps`, `satisfaction`, `barriers`: those that are known.

    NotFound for who stands on no side. The receiver reads nothing once the referral is over or its packet is revoked.
    """
    side = side_of(referral_id, by)
    packet: Packet | None = packets.latest(side.referral)
    if packet is None or (side.receives and (packet.revoked_at is not None or side.referral.status not in LIVE)):
        return {}
    box = packets.shared_box(side.referral, by)
    opened = side.referral.opened(box, ["outcome", "recipient_ref"])
    found = {"recipient_ref": opened["recipient_ref"], **(opened["outcome"] or {})}
    return {name: value for name, value in found.items() if value}

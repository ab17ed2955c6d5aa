"""Which right each page and each button asks for. What is not named here, nobody may."""

from __future__ import annotations

from typing import Final

from broadcaster.model.roles import Right

PUBLIC: Final = frozenset(
    ["static", "fonts.font", "signing.sign_in", "signing.language", "health.healthz", "secure.page", "secure.authority"]
)
"""Without signing in."""
FOR_THIS_COMPUTER: Final = frozenset(["health.status", "health.metrics", "api.programme", "api.log", "api.openapi"])
"""Also without signing in, for programs on the station's own computer."""
FOR_NEW_PASSWORD: Final = frozenset(
    ["signing.password", "signing.sign_out", "emergency.confirm", "emergency.start", "emergency.stop_emergency"]
)
"""All that a one-time password is good for: an emergency waits for nobody's new password."""

NEEDED: Final[dict[str, Right]] = {
    endpoint: right
    for right, endpoints in {
        Right.VIEW: (
            "today.page today.stream programme.page log.page log.air uptime.page uptime.table sounds.mix "
            "health.status health.metrics signing.password signing.sign_out account.page account.end approvals.page "
            "clusters.page faults.page programme.week library.page library.sound api.programme api.log api.openapi "
            "log.heard faults.clip relays.reserve"
        ),
        Right.EMERGENCY: "emergency.confirm emergency.start emergency.stop_emergency",
        Right.OPERATE: (
            "emergency.stop clusters.test clusters.ask_heard clusters.heard "
            "clusters.ask_mute clusters.mute day_off.ask day_off.decide day_off.ask_back "
            "day_off.take_back faults.seen"
        ),
        Right.WRITE: (
            "bulletin.new bulletin.save bulletin.edit bulletin.change sounds.upload programme.pause programme.resume "
            "programme.ask_delete programme.delete programme.cancel programme.restore moving.ask moving.move "
            "drafts.keep drafts.discard library.ask_delete library.delete "
            "reading.fragment glossary.page glossary.add glossary.remove "
            "microphone.page microphone.permit microphone.line"
        ),
        Right.APPROVE: "approvals.approve approvals.take_back approvals.give_back approvals.countersign",
        Right.PEOPLE: (
            "people.page people.add people.one people.assign people.reset people.disable people.duty_sheet "
            "people.print_duty_sheet approvals.rule approvals.decide_rule audit.page "
            "setup.page setup.station_page setup.set_station setup.hardware components.page"
        ),
    }.items()
    for endpoint in endpoints.split()
}

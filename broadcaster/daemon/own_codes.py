"""Every code of this station that is a row of tones: what else the monitor takes for one is music."""

from __future__ import annotations

from broadcaster.config.encoders import DtmfSettings
from broadcaster.config.settings import Settings
from broadcaster.devices.dtmf import DtmfEncoder
from broadcaster.model.cluster import Call, Reach


def own_codes(settings: Settings) -> frozenset[str]:
    """Return them, opening and closing; none where clusters are called in another way."""
    if not isinstance(settings.encoder, DtmfSettings):
        return frozenset()
    encoder, network = DtmfEncoder(settings.encoder), settings.network
    calls = [Call(Reach.CLUSTER, one.code, frozenset([one.number]), one.level) for one in network.clusters]
    calls += [Call(Reach.GROUP, one.code, one.members, one.level) for one in network.groups]
    calls += [Call(Reach.ALL, "", network.numbers)] if network.all_call else []
    return frozenset(encoder.digits(call, opening=way) for call in calls for way in (True, False)) - {""}

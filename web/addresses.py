"""Names and addresses of this computer in local networks."""

from __future__ import annotations

import fcntl
import ipaddress
import socket
import struct
from contextlib import suppress

_SIOCGIFADDR = 0x8915
LOCAL_NAMES = ("localhost", "local", "lan", "home.arpa", "internal")
LOCAL_NETWORKS = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
)


def host_names() -> list[str]:
    """Return this computer's names in local networks; one that is no name of a machine is left out."""
    host = socket.gethostname().partition(".")[0]
    return [host, f"{host}.local"] if host.isascii() and host.replace("-", "").isalnum() else []


def addresses() -> list[ipaddress.IPv4Address]:
    """Return this computer's addresses in local networks, its own first."""
    found = [ipaddress.IPv4Address("127.0.0.1")]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            with suppress(OSError):
                answer = fcntl.ioctl(probe, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                found.append(ipaddress.IPv4Address(answer[20:24]))
    local = [one for one in found if any(one in ipaddress.ip_network(net) for net in LOCAL_NETWORKS if "." in net)]
    return sorted(set(local), key=lambda one: (not one.is_loopback, int(one)))

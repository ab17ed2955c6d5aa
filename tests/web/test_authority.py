from __future__ import annotations

import errno
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509 import verification

from web import authority
from web.authority import Certificates, certificates

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
def made(tmp_path: Path) -> Certificates:
    return certificates(tmp_path / "tls", "Đài truyền thanh xã Thử", NOW)


def verified(made: Certificates, address: str, at: datetime) -> bool:
    """Have a judge that is not ours follow the chain, name constraints and all."""
    root = x509.load_pem_x509_certificate(made.authority.read_bytes())
    page = x509.load_pem_x509_certificate(made.server.read_bytes())
    policy = verification.PolicyBuilder().store(verification.Store([root])).time(at)
    try:
        policy.build_server_verifier(x509.IPAddress(ip_address(address))).verify(page, [])
    except verification.VerificationError:
        return False
    return True


def test_it_holds_for_this_computer_for_a_year(made: Certificates) -> None:
    assert verified(made, "127.0.0.1", NOW + timedelta(days=380))
    assert not verified(made, "127.0.0.1", NOW + timedelta(days=400))
    assert not verified(made, "203.0.113.7", NOW)


def test_keys_are_for_the_owner_alone(made: Certificates) -> None:
    for path in made.key.parent.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path


def test_it_stays_the_same_until_it_must_be_renewed(made: Certificates) -> None:
    folder, before = made.key.parent, made.server.read_bytes()
    for later, same in ((timedelta(days=300), True), (timedelta(days=340), False)):
        again = certificates(folder, "Đài truyền thanh xã Thử", NOW + later)
        assert again.fingerprint == made.fingerprint
        assert (again.server.read_bytes() == before) is same


def test_a_new_address_of_the_computer_gets_into_it(made: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    new = ip_address("192.168.7.7")
    monkeypatch.setattr(authority, "addresses", lambda: [new])
    again = certificates(made.key.parent, "Đài", NOW)
    assert verified(again, "192.168.7.7", NOW)


def test_a_clock_that_was_wrong_on_the_first_day_does_no_lasting_harm(tmp_path: Path) -> None:
    first = certificates(tmp_path / "tls", "Đài", datetime(2000, 1, 1, tzinfo=UTC))
    again = certificates(tmp_path / "tls", "Đài", NOW)
    assert again.fingerprint == first.fingerprint
    assert verified(again, "127.0.0.1", NOW)


@pytest.mark.parametrize("name", ["authority.key", "authority.crt", "pages.key", "pages.crt"])
def test_a_file_that_is_spoilt_is_made_anew(name: str, made: Certificates) -> None:
    (made.key.parent / name).write_bytes(b"-----BEGIN NONSENSE-----")
    again = certificates(made.key.parent, "Đài", NOW)
    assert verified(again, "127.0.0.1", NOW)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(again.server, again.key)


def test_the_authority_may_not_speak_for_the_wide_world(made: Certificates) -> None:
    root = x509.load_pem_x509_certificate(made.authority.read_bytes())
    constraints = root.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    names = [one.value for one in constraints.value.permitted_subtrees or [] if isinstance(one, x509.DNSName)]
    assert not any(name.endswith((".com", ".vn", ".")) or name == "" for name in names)


def test_on_a_full_disk_the_certificate_that_is_there_holds_on(
    made: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(authority, "_write", full)
    monkeypatch.setattr(authority, "addresses", lambda: [ip_address("192.168.7.7")])
    again = certificates(made.key.parent, "Đài", NOW)
    assert verified(again, "127.0.0.1", NOW)
    with pytest.raises(OSError, match="full"):
        certificates(made.key.parent, "Đài", NOW + timedelta(days=400))

from __future__ import annotations

import queue
from pathlib import Path

import numpy as np
import pytest

from broadcaster.config.loading import load
from broadcaster.config.settings import AUDIO, EmergencySettings, MessageSettings, Settings
from broadcaster.daemon.emergencies import SIREN_ONLY, Emergencies
from broadcaster.model.pcm import RATE
from broadcaster.spelling.glossary import Glossary
from broadcaster.words import Sentence

EXAMPLE = load(Path(__file__).parents[2] / "config" / "clusters.toml")
CHIME_S, PAUSE_S = 2.0, 0.5


def settings(*messages: MessageSettings, siren: str = "3/2") -> Settings:
    return EXAMPLE.model_copy(update={"emergency": EmergencySettings(siren=siren, siren_s=5, message=messages)})


def armed(*messages: MessageSettings, folder: Path, siren: str = "3/2") -> tuple[Emergencies, dict[str, Sentence]]:
    """Return emergencies whose last message, which cannot be prepared, has been tried."""
    told: queue.SimpleQueue[tuple[str, Sentence]] = queue.SimpleQueue()
    last = MessageSettings(name="last", title="Cuối", text="a", file="no-such.wav")
    made = Emergencies(
        settings(*messages, last, siren=siren), Glossary({}), folder, lambda name, why: told.put((name, why))
    )
    troubles = dict([told.get(timeout=20)])
    while "last" not in troubles:
        troubles.update([told.get(timeout=20)])
    return made, troubles


def message(name: str, file: str = "chime-open.wav", siren: str = "") -> MessageSettings:
    return MessageSettings(name=name, title=name.upper(), text="a", file=file, siren=siren)


def test_a_message_that_cannot_be_decoded_is_told_by_name_and_its_siren_sounds(tmp_path: Path) -> None:
    made, troubles = armed(message("flood", "../README.md"), message("fire"), folder=tmp_path)
    assert set(troubles) == {"flood", "last"}
    assert troubles["flood"].to("en").startswith("NOT ARMED: the emergency message “FLOOD”")
    assert made.sound("flood").seconds == made.sound(SIREN_ONLY).seconds == 3
    assert made.sound("fire").seconds == 3 + PAUSE_S + CHIME_S + PAUSE_S


def test_a_message_may_have_a_siren_of_its_own(tmp_path: Path) -> None:
    made, _ = armed(message("flood", siren="1/1"), message("fire"), folder=tmp_path)
    assert made.sound("flood").seconds - made.sound("fire").seconds == 5 - 3
    blasts = np.abs(np.frombuffer(b"".join(made.sound("flood")), "<i2").astype(int))[: 5 * RATE].reshape(5, RATE)
    assert (blasts.max(axis=1) > 20_000).tolist() == [True, False, True, False, True]


@pytest.mark.parametrize("siren", ["siren.wav", "no-such.wav"])
def test_a_siren_sounds_whatever_becomes_of_its_file(siren: str, tmp_path: Path) -> None:
    made, _ = armed(folder=tmp_path, siren=siren)
    assert made.sound(SIREN_ONLY).seconds == 10
    assert (AUDIO / "siren.wav").is_file()

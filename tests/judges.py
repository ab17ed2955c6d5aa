"""Foreign programs that judge what we send; a test that needs one is skipped where it is missing."""

from __future__ import annotations

import ctypes
import ctypes.util
import re
import shutil
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest

needs_multimon = pytest.mark.skipif(
    shutil.which("multimon-ng") is None, reason="multimon-ng is not installed (Debian: multimon-ng)"
)
needs_spandsp = pytest.mark.skipif(
    ctypes.util.find_library("spandsp") is None, reason="libspandsp is not installed (Debian: libspandsp2)"
)
needs_mbpoll = pytest.mark.skipif(shutil.which("mbpoll") is None, reason="mbpoll is not installed (Debian: mbpoll)")
needs_rigctld = pytest.mark.skipif(
    shutil.which("rigctld") is None, reason="rigctld is not installed (Debian: libhamlib-utils)"
)
needs_alsa = pytest.mark.skipif(
    ctypes.util.find_library("asound") is None, reason="ALSA is not installed (Debian: libasound2)"
)
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed (Debian: ffmpeg)")


def multimon_digits(pcm_48k: bytes, folder: Path) -> str:
    """Return the DTMF digits that multimon-ng hears in 48 kHz mono s16 sound, brought to its 22050 Hz."""
    raw = folder / "judged.raw"
    raw.write_bytes(resampled(pcm_48k, 22050).tobytes())
    heard = subprocess.run(
        ["multimon-ng", "-q", "-t", "raw", "-a", "DTMF", str(raw)], capture_output=True, text=True, check=True
    )
    return "".join(re.findall(r"DTMF: (.)", heard.stdout))


def spandsp_digits(pcm_48k: bytes) -> str:
    """Return the DTMF digits that libspandsp hears after resampling to 8 kHz."""
    library = ctypes.CDLL(ctypes.util.find_library("spandsp"))
    library.dtmf_rx_init.restype = ctypes.c_void_p
    library.dtmf_rx_init.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    library.dtmf_rx.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
    library.dtmf_rx_get.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    library.dtmf_rx_free.argtypes = [ctypes.c_void_p]
    receiver = library.dtmf_rx_init(None, None, None)
    digits = ""
    samples = resampled(pcm_48k, 8000)
    buffer = ctypes.create_string_buffer(128)
    for start in range(0, len(samples), 160):
        part = np.ascontiguousarray(samples[start : start + 160])
        library.dtmf_rx(receiver, part.ctypes.data, len(part))
        count = library.dtmf_rx_get(receiver, buffer, 100)
        digits += buffer.raw[:count].decode()
    library.dtmf_rx_free(receiver)
    return digits


def closed_once(digits: str, closing: str = "*990#") -> str:
    """Return what was heard without the closing codes that were sent again because the sound had stumbled."""
    while digits.endswith(2 * closing):
        digits = digits.removesuffix(closing)
    return digits


def resampled(pcm_48k: bytes, rate: int) -> np.ndarray:
    """Return the sound at another rate: low-pass by a windowed sinc, then interpolation."""
    samples = np.frombuffer(pcm_48k, "<i2").astype(np.float64)
    cutoff = 0.45 * rate / 48000
    taps = np.arange(-64, 65)
    kernel = 2 * cutoff * np.sinc(2 * cutoff * taps) * np.hamming(129)
    smooth = np.convolve(samples, kernel, "same")
    moments = np.arange(int(len(samples) * rate / 48000)) * 48000 / rate
    return np.clip(np.interp(moments, np.arange(len(smooth)), smooth), -32768, 32767).astype("<i2")


def pcm_of(path: Path) -> bytes:
    """Return the samples of a canonical WAV file."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (48000, 1, 2)
        return bytes(file.readframes(file.getnframes()))


def ebur128(path: Path) -> tuple[float, float]:
    """Return integrated loudness (LUFS) and true peak (dBTP) of a file, as the ffmpeg program has them."""
    command = ["ffmpeg", "-nostats", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    loudness = re.findall(r"I:\s+(\S+) LUFS", said)[-1]
    return float(loudness), float(re.findall(r"Peak:\s+(\S+) dBFS", said)[-1])

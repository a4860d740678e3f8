"""Every form of text a plan arrives in is read as the same document, or refused in one line."""

from __future__ import annotations

import contextlib
import gzip
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.errors import PlanError
from plangate.plan import decode as module
from plangate.plan.decode import decode

LIMIT = 1 << 20
DOCUMENT = '{"format_version": "1.2", "name": "größe 💡"}'

CODECS = ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
MARKS = {
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
    "utf-32-le": b"\xff\xfe\x00\x00",
    "utf-32-be": b"\x00\x00\xfe\xff",
}
# What JSON begins with, then anything but zeros: a zero right behind the brace is the mark of UTF-16.
texts = st.text(st.characters(exclude_categories=["Cs"], min_codepoint=1)).map(lambda text: "{" + text)


def read(data: bytes, max_bytes: int = LIMIT) -> bytes:
    return decode(data, where="plan.json", max_bytes=max_bytes)[0]


def notes(data: bytes) -> list[str]:
    return decode(data, where="plan.json", max_bytes=LIMIT)[1]


def refusal(data: bytes, max_bytes: int = LIMIT) -> str:
    with pytest.raises(PlanError) as caught:
        read(data, max_bytes)
    line = caught.value.line()
    assert caught.value.exit_code == 3
    assert line.startswith("plan.json: ")
    assert caught.value.fix
    return line


def test_plain_text_is_handed_back_itself_without_a_note() -> None:
    for data in (b'{"a": 1}', DOCUMENT.encode()):
        found, said = decode(data, where="plan.json", max_bytes=LIMIT)
        assert found is data
        assert said == []


@pytest.mark.parametrize("codec", CODECS)
@given(text=texts)
def test_every_encoding_with_its_mark_gives_the_same_text(codec: str, text: str) -> None:
    assert read(MARKS.get(codec, b"") + text.encode(codec)) == text.encode()


@pytest.mark.parametrize("codec", CODECS)
@given(text=st.text(st.characters(exclude_categories=["Cs"], min_codepoint=1)))
def test_encodings_without_a_mark_are_known_by_their_zero_bytes(codec: str, text: str) -> None:
    text = '{"' + text
    assert read(text.encode(codec)) == text.encode()


@given(text=texts)
def test_gzip_of_any_encoding_is_read(text: str) -> None:
    for codec in CODECS:
        data = gzip.compress(MARKS.get(codec, b"") + text.encode(codec))
        assert read(data) == text.encode()


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    with contextlib.suppress(PlanError):
        found = read(data)
        assert found.decode()
        assert not found.startswith(module.BOM)


@given(st.binary(max_size=200))
def test_any_bytes_behind_a_mark_or_in_gzip_are_text_or_refused(data: bytes) -> None:
    for hostile in (*(mark + data for mark in MARKS.values()), b"\x1f\x8b\x08" + data, gzip.compress(data)):
        with contextlib.suppress(PlanError):
            assert read(hostile).decode()


def test_characters_split_between_chunks_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (4, 5, 6, 7, 9):
        monkeypatch.setattr(module, "CHUNK", size)
        for codec in CODECS:
            assert read(MARKS.get(codec, b"") + DOCUMENT.encode(codec)) == DOCUMENT.encode()


def test_notes_say_how_it_was_read() -> None:
    assert notes(b"\xff\xfe" + DOCUMENT.encode("utf-16-le")) == ["read as UTF-16"]
    assert notes(DOCUMENT.encode("utf-32-be")) == ["read as UTF-32"]
    assert notes(DOCUMENT.encode("utf-8-sig")) == ["read as UTF-8 with a byte order mark"]
    assert notes(gzip.compress(DOCUMENT.encode("utf-16"))) == ["read as gzip", "read as UTF-16"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \t\r\n" * 3000, "only white space"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xef\xbb\xbf \n", "only white space"),
        (b"\xff\xfe", "empty"),
        (b"\xff\xfe" + " \n".encode("utf-16-le"), "only white space"),
        (" \n".encode("utf-16-be"), "only white space"),
        (gzip.compress(b"", mtime=0), "empty"),
        (b"\0" * 5000, "only zero bytes (5000)"),
    ],
)
def test_nothing_in_it_is_refused_with_a_question(data: bytes, said: str) -> None:
    assert f"plan.json: {said};" in refusal(data)


def test_the_offset_of_invalid_text_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = b'{"a": "' + "é".encode() * 20 + b"\xff" + b'"}'
    assert f"not valid UTF-8 at byte {bad.index(0xFF)}" in refusal(bad)
    monkeypatch.setattr(module, "CHUNK", 5)
    assert f"not valid UTF-8 at byte {bad.index(0xFF)}" in refusal(bad)
    assert "not valid UTF-8 at byte 7" in refusal(b'{"a": "\xed\xa0\x80"}')  # a surrogate
    assert "not valid UTF-8 at byte 7" in refusal(b'{"a": "\xc0\x80"}')  # an overlong zero
    assert "not valid UTF-8 at byte 2" in refusal('{"é'.encode()[:-1])


def test_lone_surrogates_are_refused() -> None:
    for text in ('{"\ud800"}', '{"\udc00"}', '{"\ud800'):
        data = text.encode("utf-16-le", "surrogatepass")
        assert f"not valid UTF-16 at byte {2 + 4}" in refusal(b"\xff\xfe" + data)
        assert "not valid UTF-32" in refusal(b"\xff\xfe\0\0" + text.encode("utf-32-le", "surrogatepass"))


def test_cut_wide_text_is_refused() -> None:
    assert "not a multiple of 2" in refusal(b"\xff\xfe" + DOCUMENT.encode("utf-16-le")[:-1])
    assert "not a multiple of 4" in refusal(DOCUMENT.encode("utf-32-le")[:-2])


def test_two_marks_are_refused() -> None:
    assert "two byte order marks" in refusal(module.BOM * 2 + b"{}")
    assert "two byte order marks" in refusal(b"\xff\xfe" + ("\ufeff{}").encode("utf-16-le"))


def test_broken_gzip_is_refused() -> None:
    whole = gzip.compress(random.Random(1).randbytes(4000).hex().encode())
    for size in range(3, len(whole), 97):
        assert "ends early" in refusal(whole[:size])
    assert "ends early" in refusal(whole[:-1])
    assert "broken gzip" in refusal(whole[:-8] + b"\0\0\0\0" + whole[-4:])
    assert "after the end" in refusal(whole + b"{}")
    assert "after the end" in refusal(whole + whole)
    assert "compressed twice" in refusal(gzip.compress(whole))


def test_bombs_are_refused_before_they_unpack() -> None:
    bomb = gzip.compress(b" " * (64 << 20))
    start = time.perf_counter()
    assert "grows more than 200 times" in refusal(bomb, 1 << 30)
    assert "larger than the limit of 1 MiB" in refusal(bomb)
    assert time.perf_counter() - start < 2


def test_the_limit_holds_before_and_after() -> None:
    data = ('{"' + "é" * 200).encode()
    assert read(data, len(data)) is data
    assert "larger than the limit of 401 bytes" in refusal(data, 401)
    wide = ("{" + "字" * 100).encode("utf-16-le")  # 202 bytes, 301 of UTF-8
    assert read(wide, 301)
    assert "larger" in refusal(wide, 300)


@pytest.mark.parametrize("magic", [b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\x00", b"BZh9"])
def test_other_compression_is_named(magic: bytes) -> None:
    assert "decompress it first" in refusal(magic + b"rest")


def test_plain_ascii_costs_next_to_nothing() -> None:
    data = b'{"a": "' + b"x" * (64 << 20) + b'"}'
    start = time.perf_counter()
    assert read(data, 1 << 30) is data
    assert time.perf_counter() - start < 0.5

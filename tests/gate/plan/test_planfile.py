"""The plan file: what its zip says, what a hostile zip may not do, and what real ones become."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.errors import PlanError
from plangate.plan import planfile
from plangate.plan.decode import is_plan_file
from plangate.plan.planfile import read_plan_file
from plangate.plan.show import show_json

TERRAFORM = shutil.which("terraform") or shutil.which("tofu")
needs_terraform = pytest.mark.skipif(not TERRAFORM, reason="neither terraform nor tofu on PATH")

MODULES = [{"Key": "", "Dir": "."}, {"Key": "m.deep", "Source": "../up", "Dir": "../up"}]
STATE = {"version": 4, "serial": 7, "lineage": "1-2-3"}


def field(number: int, content: bytes) -> bytes:
    """One length-delimited protobuf field with a number and length below 128."""
    return bytes([*varint(number << 3 | 2), *varint(len(content))]) + content


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


BACKEND = field(1, b"local") + field(2, field(1, b"\x80")) + field(3, b"staging")
TFPLAN = b"\x08\x03" + field(14, b"1.11.4") + field(13, BACKEND) + b"\xc8\x01\x01"
MEMBERS: dict[str, bytes] = {
    "tfplan": TFPLAN,
    "tfstate": json.dumps(STATE).encode(),
    "tfstate-prev": b'{"serial": 6, "lineage": "1-2-3"}',
    "tfconfig/modules.json": json.dumps(MODULES).encode(),
    "tfconfig/m-/main.tf": b"# root",
    "tfconfig/m-m.deep/main.tf": b"# deep",
    ".terraform.lock.hcl": b"# lock",
}


def packed(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def refusal(data: bytes, **limits: int) -> str:
    with pytest.raises(PlanError) as caught:
        read_plan_file(data, where="p.tfplan", **limits).sources()
    assert caught.value.fix
    line = caught.value.line()
    assert line.startswith("p.tfplan: ")
    return line


# --- what it says ---


def test_it_tells_where_it_comes_from() -> None:
    found = read_plan_file(packed(MEMBERS))
    assert (found.lineage, found.serial) == ("1-2-3", 7)
    assert (found.workspace, found.terraform_version) == ("staging", "1.11.4")
    assert found.lock == b"# lock"
    assert found.sources() == {"../up/main.tf": b"# deep", "main.tf": b"# root"}


def test_workspace_of_a_state_store_counts_too() -> None:
    store = field(29, field(1, b"x_store") + field(3, b"eu"))
    assert read_plan_file(packed({**MEMBERS, "tfplan": store})).workspace == "eu"


def test_backend_is_what_holds_for_this_plan() -> None:
    config = msgspec.msgpack.encode({"bucket": "state", "encrypt": True, "key": None, "nested": [{"a": None}]})
    backend = field(13, field(1, b"s3") + field(2, field(1, config)) + field(3, b"default"))
    found = read_plan_file(packed({**MEMBERS, "tfplan": backend}))
    assert found.backend == {"type": "s3", "config": {"bucket": "state", "encrypt": True, "nested": [{}]}}


@given(st.binary(max_size=100))
def test_any_bytes_for_a_backend_give_what_json_can_hold(data: bytes) -> None:
    backend = field(13, field(1, b"s3") + field(2, field(1, data)))
    found = read_plan_file(packed({**MEMBERS, "tfplan": backend})).backend
    assert found is not None
    assert json.loads(json.dumps(found)) == found or "nan" in repr(found)


@pytest.mark.parametrize(
    "members",
    [
        {"tfplan": b""},
        {"tfplan": b"\xff" * 30, "tfstate": b"\xff", "tfconfig/modules.json": b"{}"},
        {"tfplan": field(14, b"\xff") + field(13, b"\x1a\x50x"), "tfstate": b"[]"},
        {
            "tfplan": field(14, b""),
            "tfstate": b'{"serial": true, "lineage": ""}',
            "tfconfig/modules.json": b"[1]",
        },
        {
            "tfplan": b"\x0b\x0c",
            "tfstate": b"[" * 100_000,
            "tfconfig/modules.json": b'[{"Key": 1, "Dir": 2}]',
        },
    ],
)
def test_what_it_does_not_say_is_none(members: dict[str, bytes]) -> None:
    found = read_plan_file(packed({"tfconfig/m-/main.tf": b"", **members}))
    origin = (found.lineage, found.serial, found.workspace, found.terraform_version, found.lock)
    assert origin == (None,) * 5
    assert found.sources() == {}


@given(st.binary(max_size=200), st.integers(min_value=0))
def test_any_bytes_for_tfplan_give_text_or_none(data: bytes, at: int) -> None:
    for hostile in (data, TFPLAN[: at % len(TFPLAN)] + data):
        found = read_plan_file(packed({"tfplan": hostile}))
        assert found.workspace is None or found.workspace
        assert found.terraform_version is None or found.terraform_version


def test_only_zips_are_plan_files() -> None:
    assert is_plan_file(packed(MEMBERS))
    assert is_plan_file(packed({}))
    assert not any(is_plan_file(data) for data in (b"", b"PK", b'{"a": 1}', b"\x1f\x8b\x08"))


# --- what it may not do ---


def test_a_zip_without_a_plan_is_no_plan_file() -> None:
    assert "no member tfplan" in refusal(packed({"main.tf": b""}))
    assert "no member tfplan" in refusal(packed({}))


@pytest.mark.parametrize(
    "name",
    ["../../etc/x", "/etc/x", "tfconfig/m-/../../x", "C:/x", "tfconfig\\..\\x", "tfconfig/m-/a/../b.tf"],
)
def test_names_that_lead_outside_are_refused(name: str) -> None:
    member = zipfile.ZipInfo("tfplan")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, b"")
        hostile = zipfile.ZipInfo("x")
        hostile.filename = name
        archive.writestr(hostile, b"")
    assert "leads outside" in refusal(out.getvalue())


def test_a_bomb_is_refused_unopened() -> None:
    bomb = packed({**MEMBERS, "tfconfig/m-/main.tf": b"\0" * (32 << 20)})
    start = time.perf_counter()
    assert "grows more than 200 times" in refusal(bomb)
    assert time.perf_counter() - start < 0.5


def test_limits_of_size_and_number_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    big = packed({**MEMBERS, "x": os.urandom(3 << 20)}, zipfile.ZIP_STORED)
    assert read_plan_file(big, max_bytes=4 << 20).serial == 7
    assert "more than the limit of 2 MiB" in refusal(big, max_bytes=2 << 20)
    many = packed({"tfplan": b"", **{f"tfconfig/m-/{n}.tf": b"" for n in range(planfile.MAX_MEMBERS)}})
    assert "members" in refusal(many)
    monkeypatch.setattr(planfile, "MAX_DIRECTORY", 100)
    assert "too many members" in refusal(packed(MEMBERS))


def test_two_members_of_one_name_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("tfplan", TFPLAN)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("tfplan", b"")
    assert "two members of one name" in refusal(out.getvalue())


def test_other_ways_to_pack_are_refused() -> None:
    assert "packed as Terraform packs none" in refusal(packed(MEMBERS, zipfile.ZIP_BZIP2))
    locked = bytearray(packed({"tfplan": b"x"}, zipfile.ZIP_STORED))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refusal(bytes(locked))


def test_what_stands_around_the_zip_is_refused() -> None:
    data = packed(MEMBERS)
    assert "does not end as one" in refusal(data + b"\n")
    assert "does not belong" in refusal(b'PK\x03\x04{"a": 1}' + data)
    for size in range(4, len(data), 29):
        assert "cut" in refusal(data[:size])


def test_a_broken_member_is_named() -> None:
    data = packed(MEMBERS, zipfile.ZIP_STORED)
    assert "'tfconfig/m-/main.tf' is broken" in refusal(data.replace(b"# root", b"# r00t"))
    assert "'tfplan' is broken" in refusal(data.replace(b"1.11.4", b"1.11.5"))


@given(st.binary(max_size=8), st.integers(min_value=0))
def test_any_damage_is_read_or_refused(patch: bytes, at: int) -> None:
    data = packed(MEMBERS)
    at %= len(data)
    with contextlib.suppress(PlanError):
        read_plan_file(data[:at] + patch + data[at + len(patch) :]).sources()


# --- the real thing ---


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root module with two plan files: `first` (default, never applied), `second` (workspace staging)."""
    root = tmp_path_factory.mktemp("root")
    (root / "mod").mkdir()
    (root / "main.tf").write_text('resource "terraform_data" "a" {}\nmodule "m" {\n  source = "./mod"\n}\n')
    (root / "mod/in.tf").write_text('resource "terraform_data" "b" {}\n')
    assert TERRAFORM
    for command in (
        ["init", "-input=false"],
        ["plan", "-input=false", "-out=first"],
        ["workspace", "new", "staging"],
        ["apply", "-input=false", "-auto-approve", "-target=module.m"],
        ["plan", "-input=false", "-out=second"],
    ):
        inside = {**os.environ, "CHECKPOINT_DISABLE": "1"}
        subprocess.run([TERRAFORM, *command], cwd=root, env=inside, check=True, capture_output=True)
    return root


@needs_terraform
def test_real_plan_files_tell_their_origin(real: Path) -> None:
    first, second = (read_plan_file((real / name).read_bytes()) for name in ("first", "second"))
    assert (first.workspace, first.lineage, first.serial) == ("default", None, 0)
    state = json.loads((real / "terraform.tfstate.d/staging/terraform.tfstate").read_text())
    assert second.workspace == "staging"
    assert (second.lineage, second.serial) == (state["lineage"], state["serial"])
    assert second.sources() == {name: (real / name).read_bytes() for name in ("main.tf", "mod/in.tf")}
    document = json.loads(real_json(real))
    assert second.terraform_version == document["terraform_version"]


def real_json(real: Path) -> bytes:
    data = (real / "second").read_bytes()
    return show_json(str(real / "second"), data, terraform=TERRAFORM, chdir=None, env=os.environ)


@needs_terraform
def test_real_plan_files_become_the_json_of_terraform(real: Path) -> None:
    assert TERRAFORM
    own = subprocess.run([TERRAFORM, "show", "-json", "second"], cwd=real, check=True, capture_output=True)
    assert real_json(real) == own.stdout


@needs_terraform
def test_a_plan_of_another_version_says_so(real: Path) -> None:
    with zipfile.ZipFile(real / "first") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    version = (read_plan_file((real / "first").read_bytes()).terraform_version or "").encode()
    old = b"0.0.0".ljust(len(version), b"0")
    data = packed({**members, "tfplan": members["tfplan"].replace(version, old)})
    with pytest.raises(PlanError, match=r"Plan read error.*--terraform PATH"):
        show_json("first", data, terraform=TERRAFORM, chdir=str(real), env=os.environ)

"""The plan file of `terraform plan -out`: what its zip says beyond the JSON.

Members as Terraform's `internal/plans/planfile` writes them: `tfplan` (protobuf), `tfstate` and
`tfstate-prev` (JSON), `tfconfig/modules.json` with `tfconfig/m-<module key>/<file>`, and
`.terraform.lock.hcl`. Nothing is ever unpacked to disk. Such a file carries no signature: what it says
of itself is compared, never believed.
"""

from __future__ import annotations

import json

from plangate.errors import PlanError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any
    from zipfile import ZipFile

MAX_BYTES = 256 << 20
MAX_MEMBERS = 20_000
MAX_DIRECTORY = 4 << 20  # bytes of the zip's directory, looked at before Python's reader builds it
MAX_RATIO = 200
RATIO_FREE = 1 << 20
MODULES = "tfconfig/modules.json"

_AGAIN = "make it again with `terraform plan -out=FILE`"

# Fields of the messages Plan, Backend and StateStore in terraform's planfile.proto (the last since 1.14), and of
# their DynamicValue, whose one field is MessagePack.
_VERSION, _BACKEND, _STATE_STORE = 14, 13, 29
_TYPE, _CONFIG, _WORKSPACE = 1, 2, 3


class PlanFile:
    """What a plan file says of its origin; None for whatever it does not say.

    `lineage` and `serial` are of the state that `apply` will insist on (member `tfstate`). `backend` is where
    that state is kept, {"type": "s3", "config": {...}}: the arguments in effect, those of `-backend-config` too.
    """

    __slots__ = ("_where", "_zip", "backend", "lineage", "lock", "serial", "terraform_version", "workspace")

    def __init__(self, archive: ZipFile, where: str | None = None) -> None:
        self._zip, self._where = archive, where
        self.terraform_version, self.workspace, self.backend = _origin(self._read("tfplan") or b"")
        self.lineage, self.serial = _state(self._read("tfstate") or self._read("tfstate-prev") or b"")
        self.lock = self._read(".terraform.lock.hcl")

    def sources(self) -> dict[str, bytes]:
        """The configuration planned with: path as seen from the root module -> content, sorted.

        Files of modules that the manifest does not name are left out. The paths are labels, not places:
        a module above the root begins with `../`.
        """
        import posixpath

        folders = _folders(self._read(MODULES) or b"")
        found: dict[str, bytes] = {}
        for name in self._zip.namelist():
            part, _, file = name.removeprefix("tfconfig/").partition("/")
            if not name.startswith("tfconfig/m-") or not file or part[2:] not in folders:
                continue
            path = posixpath.normpath(posixpath.join(folders[part[2:]], file))
            found.setdefault(path, self._read(name) or b"")
        return dict(sorted(found.items()))

    def manifest(self) -> bytes:
        """The list of modules of that configuration, as Terraform wrote it (`tfconfig/modules.json`)."""
        return self._read(MODULES) or b""

    def _read(self, name: str) -> bytes | None:
        import zipfile
        import zlib

        if name not in self._zip.NameToInfo:
            return None
        try:
            return self._zip.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:  # the last: what it does not support
            what = f"a plan file whose member {name[:80]!a} is broken"
            raise PlanError(what, where=self._where, fix=_AGAIN) from error


def read_plan_file(data: bytes, *, where: str | None = None, max_bytes: int = MAX_BYTES) -> PlanFile:
    """Open the plan file in `data`; `where` names it in errors.

    Raises PlanError: a broken, cut or encrypted zip, one that is no plan file, one above MAX_MEMBERS,
    `max_bytes` (of everything unpacked) or MAX_RATIO, names that stand twice or lead outside.
    """
    import io
    import zipfile

    refusal = _wrong_ends(data)
    if not refusal:
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, RuntimeError):  # the last: what it does not support
            refusal = ("a zip archive that cannot be read", _AGAIN)
        else:
            refusal = _wrong_members(archive, max_bytes)
            if not refusal:
                return PlanFile(archive, where)
    what, fix = refusal
    raise PlanError(what, where=where, fix=fix)


def _wrong_ends(data: bytes) -> tuple[str, str] | None:
    """What is wrong around the archive, and the fix; None where nothing is.

    The end record must be the last 22 bytes and must add up (Terraform writes no comment and no prefix):
    what stands before, behind or twice in a zip is where two readers of it come to differ.
    """
    end = data[-22:]
    if len(end) < 22 or not end.startswith(b"PK\x05\x06") or end[20:] != b"\0\0":
        return "a zip archive that does not end as one", "the file was cut or added to: copy it again"
    size, start = (int.from_bytes(end[at : at + 4], "little") for at in (12, 16))
    if size > MAX_DIRECTORY:
        return "a zip archive of too many members for a plan file", _AGAIN
    if start + size + 22 != len(data):
        return "a zip archive with something before or inside it that does not belong", _AGAIN
    return None


def _wrong_members(archive: ZipFile, max_bytes: int) -> tuple[str, str] | None:
    """What is wrong with the archive's members, and the fix; None where nothing is."""
    members = archive.infolist()
    names = {member.filename for member in members}
    if len(members) > MAX_MEMBERS:
        return f"a zip archive of {len(members)} members, more than {MAX_MEMBERS}", _AGAIN
    if len(names) != len(members):
        return "a plan file with two members of one name", _AGAIN
    if "tfplan" not in names:
        fix = "give the file of `terraform plan -out=FILE`, or the JSON of `terraform show -json FILE`"
        return "a zip archive, but not a plan file (it has no member tfplan)", fix
    if any(_leads_outside(name) for name in names):
        return "a plan file with a member whose name leads outside", _AGAIN
    if any(member.flag_bits & 1 or member.compress_type not in {0, 8} for member in members):
        return "a zip archive that is encrypted or packed as Terraform packs none", _AGAIN
    if any(member.file_size > max(RATIO_FREE, MAX_RATIO * member.compress_size) for member in members):
        return f"a zip archive that grows more than {MAX_RATIO} times", _AGAIN
    total = sum(member.file_size for member in members)
    if total > max_bytes:
        what = f"a plan file of {total >> 20} MiB unpacked, more than the limit of {max_bytes >> 20} MiB"
        return what, "raise the limit if it is meant"
    return None


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/") or ":" in name[:2]


def _state(data: bytes) -> tuple[str | None, int | None]:
    """(lineage, serial) of a state file; the empty lineage of a state that was never written is None."""
    state = _json(data)
    if not isinstance(state, dict):
        return None, None
    lineage, serial = state.get("lineage"), state.get("serial")
    known = isinstance(lineage, str) and lineage != ""
    return lineage if known else None, serial if type(serial) is int else None


def _folders(data: bytes) -> dict[str, str]:
    """Module key -> its folder seen from the root, of `modules.json`: `[{"Key": "m", "Dir": "mod"}]`."""
    listed = _json(data)
    found: dict[str, str] = {}
    for entry in listed if isinstance(listed, list) else []:
        key, folder = (entry.get("Key"), entry.get("Dir")) if isinstance(entry, dict) else (None, None)
        if isinstance(key, str) and isinstance(folder, str):
            found[key] = folder.replace("\\", "/")
    return found


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _origin(data: bytes) -> tuple[str | None, str | None, dict[str, Any] | None]:
    """(terraform_version, workspace, backend) of the protobuf message `tfplan`; None for what is not there."""
    version = workspace = backend = None
    for field, value in _fields(data):
        if field == _VERSION:
            version = _text(value)
        elif field in {_BACKEND, _STATE_STORE}:
            parts = dict(_fields(value))
            workspace = _text(parts.get(_WORKSPACE, b""))
            kind = _text(parts.get(_TYPE, b""))
            backend = {"type": kind, "config": _arguments(parts.get(_CONFIG, b""))} if kind else None
    return version, workspace, backend


def _arguments(data: bytes) -> dict[str, Any]:
    """The arguments of a DynamicValue that are set; {} where it is none."""
    import msgspec

    try:
        found = msgspec.msgpack.decode(dict(_fields(data)).get(1, b""))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return _plain(found) if isinstance(found, dict) else {}


def _plain(value: Any) -> Any:
    """What JSON can hold of it: null arguments are left out; a value not known yet is an extension, so null."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | bool | int | float) else None


def _text(data: bytes) -> str | None:
    try:
        return data.decode() or None
    except UnicodeDecodeError:
        return None


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The length-delimited fields of one protobuf message, in order; ends where it stops being one.

    Wire format: https://protobuf.dev/programming-guides/encoding/ (a varint of field number and type).
    """
    position = 0
    while position < len(data):
        key, position = _varint(data, position)
        kind = key & 7
        if kind == 0:
            _, position = _varint(data, position)
        elif kind in {1, 5}:
            position += 8 if kind == 1 else 4
        elif kind == 2:
            size, position = _varint(data, position)
            if position + size > len(data):
                return
            yield key >> 3, data[position : position + size]
            position += size
        else:  # groups, which Terraform's messages have none of
            return


def _varint(data: bytes, position: int) -> tuple[int, int]:
    """(value, position behind it); of a cut or overlong varint (0, behind the end of the data)."""
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(data):
            break
        byte = data[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
    return 0, len(data) + 1

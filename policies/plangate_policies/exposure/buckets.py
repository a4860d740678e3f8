"""S3 buckets: ACLs, public access blocks of the bucket and of the account, and ownership, joined.

`asks` of an entry: {"acl": "read" or "write"}, {"grant": permissions} or {"block": true}.
"""

from __future__ import annotations

from plangate import ABSENT, UnknownValue, is_unknown
from plangate_policies.tables import is_empty, truth, values_at

from .since import Fault, body_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change, Plan
    from plangate_policies.tables import Row

    _Grant = tuple[list[Any] | None, list[Any]]

ACL, BLOCK = "aws_s3_bucket_acl", "aws_s3_bucket_public_access_block"
POLICY, OWNERSHIP = "aws_s3_bucket_policy", "aws_s3_bucket_ownership_controls"
ACCOUNT = "aws_s3_account_public_access_block"
# The arguments of a provider configuration that say who asks: registry.terraform.io/providers/hashicorp/aws/latest/docs
_ACCOUNT_OF = (
    "access_key",
    "assume_role",
    "assume_role_with_web_identity",
    "profile",
    "secret_key",
    "shared_config_files",
    "shared_credentials_files",
    "token",
)
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html: canned ACLs, groups, permissions.
_CANNED = {"read": ("public-read", "public-read-write", "authenticated-read"), "write": ("public-read-write",)}
_PERMISSIONS = {"read": ("READ", "READ_ACP", "FULL_CONTROL"), "write": ("WRITE", "WRITE_ACP", "FULL_CONTROL")}
_ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
_GROUPS = (_ALL_USERS, "http://acs.amazonaws.com/groups/global/AuthenticatedUsers")


def faults(change: Change, side: str, entry: Row, settings: dict[str, Any]) -> Iterator[Fault]:  # noqa: ARG001
    """What is open about one bucket, or about an ACL of a bucket elsewhere."""
    asks = entry["asks"]
    if "block" in asks:
        yield from _block(change, side)
    elif "grant" in asks:
        blocks = "access_control_policy[*].grant[*]" if change.type == ACL else "grant[*]"
        found, doubt = _granted(_grants(change, side, blocks), asks["grant"], (_ALL_USERS,))
        if found is not None:
            yield Fault({found}, "The bucket's ACL grants this to everybody.", blocks.partition("[")[0])
        elif doubt is not None:
            bool(doubt)
    else:
        yield from _acl(change, side, asks["acl"])


# -- ACLs -----------------------------------------------------------------------------------------------------


def _acl(change: Change, side: str, what: str) -> Iterator[Fault]:
    acls = [change]
    if change.type != ACL:
        acls += [c for c, _ in _joined(change, ACL, side)]
    elif bucket_of(change) is not None:
        return  # told at the bucket
    found: list[tuple[Any, str | None, str]] = []
    unknown: UnknownValue | None = None
    asked = len(change.plan.pending)
    try:
        found += _open_acls(change, acls, side, what)
    except UnknownValue as raised:
        unknown = raised
    if not found and unknown is None:
        return
    if _acls_are_void(change, side):
        del change.plan.pending[asked:]  # whatever it is, it has no effect
    elif unknown is not None and not found:
        raise unknown
    else:
        for key, path, where in found if change.type == ACL else found[:1]:
            yield Fault({key}, f"An ACL lets everybody {what} what is in the bucket{where}.", path)


def _open_acls(judged: Change, acls: list[Change], side: str, what: str) -> Iterator[tuple[Any, str | None, str]]:
    """(key, path, where it stands if not here) of what an ACL opens; raises UnknownValue behind the last when one
    cannot be told."""
    doubt = None
    for one in acls:
        here, where = one is judged, "" if one is judged else f" ({one.address})"
        acl = _body(one, side)["acl"]
        if is_unknown(acl):
            doubt = acl if acl.state != "left_out" else doubt
        elif acl in _CANNED[what]:
            yield what, "acl" if here else None, where
            continue
        for blocks in ("access_control_policy[*].grant[*]", "grant[*]"):
            found, unsure = _granted(_grants(one, side, blocks), _PERMISSIONS[what], _GROUPS)
            if found is not None:
                yield what, blocks.partition("[")[0] if here else None, where
            doubt = unsure if doubt is None else doubt
    if doubt is not None:
        bool(doubt)


def _granted(grants: list[_Grant], permissions: Any, groups: tuple[str, ...]) -> tuple[str | None, Any]:
    """The group that a grant gives one of the permissions to, None for nobody; and what may be one, and is unknown."""
    doubt = None
    for given, uris in grants:
        meant = given is None or any(p in permissions for p in given if not is_unknown(p))
        if not meant and _unsure(given or [], None) is None:
            continue
        group = next((g for g in groups if any(u == g for u in uris if not is_unknown(u))), None)
        if group is not None and meant:
            return group, None
        doubt = _unsure(given or [] if group is not None else uris, doubt)
    return None, doubt


def _grants(change: Change, side: str, blocks: str) -> list[_Grant]:
    """(permissions, URIs of grantees) of each grant; permissions None where a block itself is not known, in place of
    the URIs. Read once: four policies ask."""
    key = "exposure/grants", id(change), side, blocks
    found: list[_Grant] | None = change.plan.memo.get(key)
    if found is None:
        found = change.plan.memo[key] = list(_read(_body(change, side), blocks))
    return found


def _read(body: Any, blocks: str) -> Iterator[_Grant]:
    block = body[blocks.partition("[")[0]]
    if not is_unknown(block) and is_empty(block):
        return
    for path, value, there in values_at(body, blocks + ".permission"):
        if not there:
            yield None, [value]
            continue
        grant = body.at(path[: -len(".permission")])
        given = [grant["permission"]] if grant["permissions"] is ABSENT else list(grant["permissions"] or ())
        uris = [grant["uri"], *(uri for _, uri, _ in values_at(grant, "grantee[*].uri"))]
        for one in (*given, *uris):
            is_unknown(one)  # who asks for the grants answers for them
        yield given, uris


def _unsure(values: list[Any], doubt: Any) -> Any:
    """The first that only the apply can tell and that is not left to the provider, after an earlier doubt."""
    left = (value for value in values if is_unknown(value) and value.state != "left_out")
    return next(left, None) if doubt is None else doubt


def _acls_are_void(change: Change, side: str) -> bool:
    """Whether public ACLs of a bucket have no effect; raises UnknownValue where a guard may be on."""
    doubt = None
    for _, body in _joined(change, OWNERSHIP, side) if change.type != ACL else ():
        owned = [value for _, value, _ in values_at(body, "rule[*].object_ownership")]
        if any(value == "BucketOwnerEnforced" for value in owned if not is_unknown(value)):
            return True
        doubt = _unsure(owned, doubt)
    if _any_block(change, side, "ignore_public_acls"):
        return True
    if doubt is not None:
        bool(doubt)
    return False


# -- public access blocks -------------------------------------------------------------------------------------


def _block(bucket: Change, side: str) -> Iterator[Fault]:
    if _any_block(bucket, side, "block_public_acls", "block_public_policy"):
        return
    own = _joined(bucket, BLOCK, side)
    if own:
        yield Fault({"left"}, "The public access block of the bucket leaves public ACLs or policies unblocked.")
    elif side == "after" and bucket.companions(BLOCK, by="bucket", leaving=True):
        yield Fault({"taken"}, "This plan takes the bucket's public access block away.")
    else:
        # `side`: that none is there opens nothing, so it is not called open before either.
        yield Fault({("missing", side)}, "No public access block belongs to the bucket.", None, "low")


def _any_block(change: Change, side: str, *names: str) -> bool:
    """Whether a public access block of the bucket or the account has all of the settings on.

    Raises UnknownValue where only the apply can tell whether one has.
    """
    blocks = _blocks_of(change, side)
    blocks += [(b, _body(b, side)) for b in change.plan.of_type(ACCOUNT) if _account(b) == _account(change)]
    change.plan.read.extend(block for block, _ in blocks)  # one that the plan touches makes a finding new
    doubt = None
    for _, body in blocks:
        values = [body[name] for name in names]
        rest = [value for value in values if not _is_on(value)]
        if body is not ABSENT and not rest:
            return True
        unsure = [value for value in rest if is_unknown(value) and value.state != "left_out"]
        doubt = unsure[0] if doubt is None and len(unsure) == len(rest) and unsure else doubt
    if doubt is not None:
        bool(doubt)
    return False


def _blocks_of(change: Change, side: str) -> list[tuple[Change, Any]]:
    """The public access blocks of a bucket, or of the bucket that an ACL or a policy belongs to: where this plan does
    not have it, those that give the same name."""
    bucket = change if change.type == "aws_s3_bucket" else bucket_of(change)
    if bucket is not None:
        return _joined(bucket, BLOCK, side)
    name = body_of(change, side)["bucket"]
    if is_unknown(name) or not isinstance(name, str) or not name:
        return []
    found = _blocks_by_name(change.plan).get(name, {})
    return [(b, _body(b, side) if _name(b, side) == name else ABSENT) for b in found.values()]


def _blocks_by_name(plan: Plan) -> dict[str, dict[str, Change]]:
    """All public access blocks by the name that their bucket has or had, as far as it is known."""
    found: dict[str, dict[str, Change]] | None = plan.memo.get("exposure/blocks")
    if found is None:
        found = plan.memo["exposure/blocks"] = {}
        for block in plan.of_type(BLOCK):
            for side in ("before", "after"):
                found.setdefault(_name(block, side), {})[block.address] = block
    return found


def _name(block: Change, side: str) -> str:
    body = _body(block, side)
    name = body["bucket"] if body is not ABSENT else None
    return name if not is_unknown(name) and isinstance(name, str) else ""


def _account(change: Change) -> list[Any]:
    """What decides in whose account something is made: the block of an account is that of all its regions."""
    return [change.provider.get(word) for word in _ACCOUNT_OF]


def _is_on(value: Any) -> bool:
    return not is_unknown(value) and truth(value) is True


def restricted(change: Change, side: str) -> bool:
    """Whether a public bucket policy has no effect: `restrict_public_buckets` for its bucket, or for the account."""
    return _any_block(change, side, "restrict_public_buckets")


# -- joins ----------------------------------------------------------------------------------------------------


def _joined(bucket: Change, type: str, side: str) -> list[tuple[Change, Any]]:
    """The bucket's resources of a type, and their bodies on that side."""
    found = bucket.companions(type, by="bucket")
    leaving = bucket.companions(type, by="bucket", leaving=True)  # asked for on both sides: it makes a finding new
    found = [*found, *(c for c in leaving if c not in found and (side == "before" or c.action == "forget"))]
    return [(c, _body(c, side)) for c in found if _body(c, side) is not ABSENT]


def _body(one: Change, side: str) -> Any:
    """As body_of; what is only forgotten stays as it was."""
    return body_of(one, "before" if one.action == "forget" else side)


def bucket_of(child: Change) -> Change | None:
    """The bucket of this plan that an ACL or a bucket policy belongs to; None also where that cannot be told."""
    return parent_of(child, "bucket", "aws_s3_bucket")


def parent_of(child: Change, path: str, type: str) -> Change | None:
    """The one resource of a type that an attribute refers to, None where there is none or it cannot be told."""
    pending = child.plan.pending
    asked = len(pending)
    try:
        found = child.referred(path, type=type)
    except UnknownValue:
        del pending[asked:]  # without a parent the child is judged by itself, which is an answer
        return None
    return found[0] if found else None

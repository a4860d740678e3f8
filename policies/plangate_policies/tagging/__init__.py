"""Tags and labels: which must be there, which must not, how they are written, and what an organization says."""

from __future__ import annotations

from .autoscaling import autoscaling_group_untagged
from .keys import forbidden_tags, misspelt_tags
from .limits import tags_over_limits
from .missing import missing_recommended_tags, missing_tags
from .organization import tag_policy_violated
from .values import wrong_tag_values

POLICIES = (
    missing_tags,
    missing_recommended_tags,
    forbidden_tags,
    misspelt_tags,
    wrong_tag_values,
    tag_policy_violated,
    tags_over_limits,
    autoscaling_group_untagged,
)

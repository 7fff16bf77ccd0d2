"""Reasons of refused requests, for metrics: one for each type of problem that the client or the load caused."""

from collections.abc import Mapping

REASON_KEY = "wherefrom.refusal"
"""Key, in a request's scope, of the reason for its refusal if the problem type has several."""
LOCAL_ORIGIN = "local_origin"
HOST = "host"
ORIGIN = "origin"
READ_ONLY_KEY = "read_only_key"
FORBIDDEN = "forbidden"
REASONS: Mapping[str, str] = {
    "too-many-requests": "rate_limit",
    "unauthorized": "key",
    "forbidden": FORBIDDEN,
    "content-too-large": "body_too_large",
    "request-entity-too-large": "body_too_large",  # its name before Python 3.13
    "request-header-fields-too-large": "head_too_large",
    "bad-request": "invalid",
    "not-implemented": "invalid",
    "malformed-body": "invalid",
    "malformed-header": "invalid",
    "body-cut-short": "invalid",
    "unsupported-media-type": "invalid",
    "invalid-request": "invalid",
    "invalid-question": "invalid",
    "unknown-filter-value": "invalid",
    "unknown-cursor": "invalid",
    "quotation-refused": "invalid",
    "source-rejected": "source",
    "precondition-failed": "precondition",
    "request-timeout": "timeout",
    "took-too-long": "timeout",
    "overloaded": "over_capacity",
    "index-locked": "lock",
    "storage-full": "storage",
    "storage-read-only": "storage",
}
"""Reason by problem type. Other types are not refusals: missing resources, and faults of the service itself."""
ALL_REASONS = tuple(dict.fromkeys((*REASONS.values(), LOCAL_ORIGIN, HOST, ORIGIN, READ_ONLY_KEY)))


def reason_of(problem_type: str) -> str | None:
    """Return the reason for a type of problem, `None` if it is not a refusal."""
    return REASONS.get(problem_type)

"""The description of REST is true: Schemathesis makes requests of it, and holds every answer to it."""

from __future__ import annotations

import hypothesis
import schemathesis

from amity.faces.asked import calls
from amity.faces.web.guard import Pace

EXAMPLES = 4  # of each address; the whole is some 450 requests
# What fits the description and still cannot be done, which no description can say: a sentence in which nobody is named
# or nothing is given, a word that says nothing, a day that is not over, one of three parameters of an address, a
# setting's value that hangs on its name.
ONLY_READING_TELLS = frozenset(
    f"/api/{path}"
    for path in (
        *("ledger/log", "entries/tell", "entries/note", "entries/recommend", "introductions/step", "journeys/add"),
        *("paths/find", "settings/set"),
    )
)
# They take paths of this machine, or write files of its own.
FILES = frozenset(f"/api{call.path}" for call in calls() if call.operation.names_files) | {"/api/intake/retry"}


def test_every_answer_is_as_described(served):
    """As a program that may do all, with a house that may be broken."""
    address, house = served
    house.keys.pace = Pace(rate=1e6, burst=10**6)
    headers = {"authorization": f"Bearer {house.token('write', 'delete')}"}
    schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json", headers=headers)
    asked, failed = set(), []
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path in FILES:
            continue
        asked.add(operation.path)
        try:
            ask(operation, headers)
        except schemathesis.errors.FailureGroup as failures:
            failed += [f"{operation.label}: {one.title}: {one.message}" for one in failures.exceptions]
    assert not failed, "\n".join(failed)
    assert asked == {f"/api{call.path}" for call in calls()} - FILES


def ask(operation, headers) -> None:
    """Make some requests that fit the description of one address, and hold the answers to it."""
    checks = schemathesis.checks
    left_out = [checks.ignored_auth]  # it asks without the token, which is given to each request here
    if operation.path in ONLY_READING_TELLS:
        left_out.append(checks.positive_data_acceptance)

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(case=operation.as_strategy())
    def holds(case) -> None:
        case.call_and_validate(headers=headers, excluded_checks=left_out)

    holds()

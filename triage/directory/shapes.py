"""The tables of Open Referral HSDS 3.0: their columns, and how its JSON nests them. Data only.

Source: the HSDS 3.0 schema (CC BY-SA 4.0), https://docs.openreferral.org. Column order is that of
its CSV files; a column nobody lists here is kept as it came and written behind these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OURS: Final = (
    "kind", "region", "sample", "source", "needs_real_name", "id_documents", "ambulance_cost",
    "accepts_anonymous_first_contact", "urgency_max_tier", "hours_24x7", "warm_handover_contact",
    "accept_sla_minutes", "in_plant", "last_test_call_at",
)  # fmt: skip
"""What we say of a service beyond HSDS (clinical.md section 6.2): columns of `services`."""

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(columns.split())
    for name, columns in (
        ("organizations", "id name alternate_name description email website tax_status tax_id"
         " year_incorporated legal_status logo uri parent_organization_id"),
        ("programs", "id organization_id name alternate_name description"),
        ("services", "id organization_id program_id name alternate_name description url email status"
         " interpretation_services application_process fees_description wait_time fees accreditations"
         " eligibility_description minimum_age maximum_age assured_date assurer_email licenses alert"
         " last_modified " + " ".join(OURS)),
        ("attributes", "id link_id taxonomy_term_id link_type link_entity value"),
        ("service_at_location", "id service_id location_id description"),
        ("locations", "id location_type url organization_id name alternate_name description"
         " transportation latitude longitude external_identifier external_identifier_type"),
        ("phones", "id location_id service_id organization_id contact_id service_at_location_id number"
         " extension type description"),
        ("contacts", "id organization_id service_id service_at_location_id location_id name title"
         " department email"),
        ("addresses", "id location_id attention address_1 address_2 city region state_province"
         " postal_code country address_type"),
        ("schedules", "id service_id location_id service_at_location_id valid_from valid_to dtstart"
         " timezone until count wkst freq interval byday byweekno bymonthday byyearday description"
         " opens_at closes_at schedule_link attending_type notes"),
        ("funding", "id organization_id service_id source"),
        ("service_areas", "id service_id name description extent extent_type uri"),
        ("required_documents", "id service_id document uri"),
        ("languages", "id service_id location_id phone_id name code note"),
        ("accessibility", "id location_id description details url"),
        ("taxonomy_terms", "id code name description parent_id taxonomy language taxonomy_id term_uri"),
        ("metadata", "id resource_id resource_type last_action_date last_action_type field_name"
         " previous_value replacement_value updated_by"),
        ("meta_table_descriptions", "id name language character_set"),
        ("cost_options", "id service_id valid_from valid_to option currency amount"
         " amount_description"),
        ("organization_identifiers", "id organization_id identifier_scheme identifier_type identifier"),
        ("taxonomies", "id name description uri version"),
    )
}  # fmt: skip

LINKS: Final[Mapping[str, str]] = {
    "organization_id": "organizations",
    "program_id": "programs",
    "service_id": "services",
    "service_at_location_id": "service_at_location",
    "location_id": "locations",
    "contact_id": "contacts",
    "phone_id": "phones",
    "taxonomy_term_id": "taxonomy_terms",
    "taxonomy_id": "taxonomies",
    "link_id": "",
    "resource_id": "",
}
"""Columns that name another row, and its table; empty: a row of any table."""

HOLDS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "services": {
        "organization": ("organizations", "organization_id"),
        "program": ("programs", "program_id"),
    },
    "service_at_location": {
        "location": ("locations", "location_id"),
        "service": ("services", "service_id"),
    },
    "attributes": {"taxonomy_term": ("taxonomy_terms", "taxonomy_term_id")},
    "taxonomy_terms": {"taxonomy_detail": ("taxonomies", "taxonomy_id")},
}
"""Keys of an object that hold one other object: its table, and the column that names it."""

_SAID: Final = {"attributes": ("attributes", "link_id"), "metadata": ("metadata", "resource_id")}


def _lists(column: str, names: str) -> dict[str, tuple[str, str]]:
    return {name: (name, column) for name in names.split()}


LISTS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    **{name: _SAID for name in COLUMNS if name not in _SAID},
    "attributes": {"metadata": _SAID["metadata"]},
    "metadata": {},
    "organizations": _lists(
        "organization_id", "funding contacts phones locations programs organization_identifiers"
    )
    | _SAID,
    "services": _lists(
        "service_id",
        "phones schedules service_areas languages funding cost_options required_documents contacts",
    )
    | {"service_at_locations": ("service_at_location", "service_id")}
    | _SAID,
    "service_at_location": _lists("service_at_location_id", "contacts phones schedules") | _SAID,
    "locations": _lists(
        "location_id", "languages addresses contacts accessibility phones schedules"
    )
    | _SAID,
    "contacts": _lists("contact_id", "phones") | _SAID,
    "phones": _lists("phone_id", "languages") | _SAID,
}
"""Keys of an object that hold a list of others: their table, and their column that names it."""

NUMBERS: Final = frozenset({
    "year_incorporated", "minimum_age", "maximum_age", "extension", "timezone", "count", "interval",
    "amount", "latitude", "longitude", "accept_sla_minutes", "urgency_max_tier",
})  # fmt: skip
FLAGS: Final = frozenset({
    "sample", "needs_real_name", "accepts_anonymous_first_contact", "hours_24x7", "in_plant",
})  # fmt: skip
"""Columns that are no text, wherever a CSV cell spells one."""

KINDS: Final = (
    "emergency", "outpatient", "line", "station", "legal-aid", "hardship", "labour-inspection",
    "women", "youth", "shelter", "addiction", "debt", "other",
)  # fmt: skip
"""What sort of help it is (clinical.md section 6.1): names are `directory.kinds.<code>`."""

STATUSES: Final = ("active", "inactive", "defunct", "temporarily closed")
"""What HSDS calls the states of a service."""

"""What the tables of the review desk begin with: roles for who was there, and a database that keeps the audit log whole.

Who saw an office becomes its main user, so that each office has one (I5); who saw every office becomes a lead. A lead is active
from the day confidentiality was agreed (I3), which nobody had recorded: `scanstraat add-user NAME --role lead --everywhere
--confidential-since DATE` gives it.

Documents are given their clock, counted in weekdays alone, and what waits in review its queue: the reason of its verdict that
weighs most, and since when.

Entries of the audit log (I4) are never changed, and never deleted but with their whole chain, once its head is gone
(`records.audit.erase`). A later migration that makes this table anew on SQLite has to make the triggers anew too.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.db import migrations

_CHANGED, _DELETED = "entries of the audit log are never changed", "entries of the audit log are never deleted"
_HAS_HEAD = "EXISTS (SELECT 1 FROM records_audithead WHERE chain = OLD.chain)"
_GUARDS = {
    "sqlite": (
        f"CREATE TRIGGER audit_unchanged BEFORE UPDATE ON records_auditentry BEGIN SELECT RAISE(ABORT, '{_CHANGED}'); END",
        f"CREATE TRIGGER audit_undeleted BEFORE DELETE ON records_auditentry WHEN {_HAS_HEAD}"
        f" BEGIN SELECT RAISE(ABORT, '{_DELETED}'); END",
    ),
    "postgresql": (
        f"CREATE FUNCTION audit_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_CHANGED}'; END $$",
        "CREATE FUNCTION audit_undeleted() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF {_HAS_HEAD} THEN RAISE EXCEPTION '{_DELETED}'; END IF; RETURN OLD; END $$",
        "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON records_auditentry FOR EACH ROW EXECUTE FUNCTION audit_unchanged()",
        "CREATE TRIGGER audit_unemptied BEFORE TRUNCATE ON records_auditentry EXECUTE FUNCTION audit_unchanged()",
        "CREATE TRIGGER audit_undeleted BEFORE DELETE ON records_auditentry FOR EACH ROW EXECUTE FUNCTION audit_undeleted()",
    ),
}
_UNGUARDS = {
    "sqlite": ("DROP TRIGGER audit_unchanged", "DROP TRIGGER audit_undeleted"),
    "postgresql": (
        "DROP FUNCTION audit_unchanged CASCADE",
        "DROP FUNCTION audit_undeleted CASCADE",
    ),
}


def give_roles(apps: Any, schema_editor: Any) -> None:
    membership, profile = apps.get_model("records", "Membership"), apps.get_model("records", "Profile")
    membership.objects.filter(office=None).update(role="lead")
    users = membership.objects.values_list("user_id", flat=True).distinct()
    profile.objects.bulk_create(profile(user_id=user) for user in users)


_HEAVIEST_FIRST = (
    "problem", "unreadable", "annex", "cut", "kind", "suspected-duplicate", "new-account", "no-name", "no-amount", "incomplete",
    "credit-note", "negative-total", "no-supplier", "supplier", "doubt",
)


def give_queues(apps: Any, schema_editor: Any) -> None:
    documents = apps.get_model("records", "Document").objects
    for row in documents.select_related("mail").only("state", "verdict", "created_at", "mail__received_at").iterator(500):
        due = row.mail.received_at
        for _ in range(2):
            due += timedelta(days={4: 3, 5: 2}.get(due.weekday(), 1))
        documents.filter(id=row.id).update(due_at=due.replace(hour=15, minute=0, second=0, microsecond=0))
    for row in documents.filter(state__in=("in-review", "parked")).iterator(500):
        said = {reason["code"] for reason in json.loads(row.verdict)["reasons"]} if row.verdict else set()
        reason = "parked" if row.state == "parked" else next((code for code in _HEAVIEST_FIRST if code in said), "")
        documents.filter(id=row.id).update(reason=reason, queued_at=row.created_at)


def guard(apps: Any, schema_editor: Any) -> None:
    for statement in _GUARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unguard(apps: Any, schema_editor: Any) -> None:
    for statement in _UNGUARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("records", "0003_review_desk")]
    operations = [
        migrations.RunPython(give_roles, migrations.RunPython.noop),
        migrations.RunPython(give_queues, migrations.RunPython.noop),
        migrations.RunPython(guard, unguard),
    ]

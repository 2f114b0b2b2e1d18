"""Who saw an office becomes its main user, so that each office has one (I5); who saw every office becomes a lead.

A lead is active from the day confidentiality was agreed (I3), which nobody had recorded: `scanstraat add-user NAME --role lead
--everywhere --confidential-since DATE` gives it.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations


def give_roles(apps: Any, schema_editor: Any) -> None:
    membership, profile = apps.get_model("records", "Membership"), apps.get_model("records", "Profile")
    membership.objects.filter(office=None).update(role="lead")
    users = membership.objects.values_list("user_id", flat=True).distinct()
    profile.objects.bulk_create(profile(user_id=user) for user in users)


class Migration(migrations.Migration):
    dependencies = [("records", "0003_review_desk")]
    operations = [migrations.RunPython(give_roles, migrations.RunPython.noop)]

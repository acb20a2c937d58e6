"""Roles: four more that are built in, and those a PEN makes for itself."""

import django.db.models.deletion
from django.db import migrations, models

import stationer.portal.access.models
import stationer.portal.people.owned


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_add_agent_client"),
        ("people", "0007_add_replay"),
    ]

    operations = [
        migrations.CreateModel(
            name="Role",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=stationer.portal.people.owned.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "rights",
                    models.JSONField(default=list, validators=[stationer.portal.access.models.check_rights]),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "pen",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.pen",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="role",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="role_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="role",
            constraint=models.UniqueConstraint(fields=("pen", "name"), name="role_name"),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("owner", "owner"),
                    ("marketer", "marketer"),
                    ("people-admin", "people admin"),
                    ("auditor", "auditor"),
                    ("member", "member"),
                    ("own", "a role of its own"),
                ],
                default="member",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="own_role",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="access.role",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=stationer.portal.people.owned.SamePen(field="own_role", name="membership_role_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("own_role__isnull", False), ("role", "own")),
                    models.Q(models.Q(("role", "own"), _negated=True), ("own_role__isnull", True)),
                    _connector="OR",
                ),
                name="membership_has_a_role",
            ),
        ),
    ]

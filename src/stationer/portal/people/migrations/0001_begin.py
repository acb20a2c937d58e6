"""The first tables of this app."""

import django.db.models.deletion
from django.db import migrations, models

import stationer.portal.people.models
import stationer.portal.people.owned
import stationer.portal.people.valid


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Group",
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
                ("name", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Package",
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
                ("disclaimer", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="GroupMember",
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
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="places", to="people.group"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Member",
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
                (
                    "address",
                    models.CharField(
                        max_length=254, validators=[stationer.portal.people.valid.check_one_address]
                    ),
                ),
                (
                    "aliases",
                    models.JSONField(
                        blank=True, default=list, validators=[stationer.portal.people.valid.check_addresses]
                    ),
                ),
                (
                    "attributes",
                    models.JSONField(
                        blank=True, default=dict, validators=[stationer.portal.people.valid.check_attributes]
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True, related_name="members", through="people.GroupMember", to="people.group"
                    ),
                ),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="people.package",
                    ),
                ),
            ],
            options={
                "ordering": ["address"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="groupmember",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="places", to="people.member"
            ),
        ),
        migrations.CreateModel(
            name="Partner",
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
                ("name", models.CharField(max_length=120)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="people.partner",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Pen",
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
                ("name", models.CharField(max_length=120)),
                (
                    "domains",
                    models.JSONField(
                        blank=True, default=list, validators=[stationer.portal.people.valid.check_domains]
                    ),
                ),
                (
                    "mark_key",
                    models.BinaryField(default=stationer.portal.people.models.new_mark_key, max_length=32),
                ),
                ("hold_limit_ms", models.PositiveIntegerField(default=60000)),
                ("most_messages", models.PositiveSmallIntegerField(default=2)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pens",
                        to="people.partner",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="package",
            name="pen",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.pen"
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="pen",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.pen"
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="pen",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.pen"
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="pen",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.pen"
            ),
        ),
        migrations.CreateModel(
            name="AddressList",
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
                ("name", models.CharField(max_length=120)),
                (
                    "addresses",
                    models.JSONField(
                        blank=True, default=list, validators=[stationer.portal.people.valid.check_addresses]
                    ),
                ),
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
            model_name="package",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="package_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.UniqueConstraint(fields=("pen", "name"), name="package_name"),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="member_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(fields=("pen", "address"), name="member_address"),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="groupmember_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(fields=("pen", "group", "member"), name="groupmember_once"),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="group_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("pen", "name"), name="group_name"),
        ),
        migrations.AddConstraint(
            model_name="addresslist",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="addresslist_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="addresslist",
            constraint=models.UniqueConstraint(fields=("pen", "name"), name="addresslist_name"),
        ),
        # these refer to the (pen, id) of other tables, which stand by now
        migrations.AddConstraint(
            model_name="member",
            constraint=stationer.portal.people.owned.SamePen(field="package", name="member_package_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=stationer.portal.people.owned.SamePen(field="group", name="groupmember_group_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=stationer.portal.people.owned.SamePen(
                field="member", name="groupmember_member_in_pen"
            ),
        ),
    ]

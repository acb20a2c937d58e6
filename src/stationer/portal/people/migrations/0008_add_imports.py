"""Files of people on their way in; attributes described; what members propose; what packages let their people do."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import stationer.portal.people.import_rows
import stationer.portal.people.models
import stationer.portal.people.owned
import stationer.portal.people.valid


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_add_replay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attribute",
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
                ("name", models.CharField(max_length=64)),
                ("label", models.CharField(blank=True, default="", max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "words"),
                            ("phone", "a telephone number"),
                            ("link", "an address on the web"),
                            ("choice", "one of a list"),
                        ],
                        default="text",
                        max_length=8,
                    ),
                ),
                (
                    "choices",
                    models.JSONField(
                        blank=True, default=list, validators=[stationer.portal.people.valid.check_names]
                    ),
                ),
                (
                    "editing",
                    models.CharField(
                        choices=[
                            ("office", "the office"),
                            ("asked", "each person, and the office agrees"),
                            ("self", "each person"),
                        ],
                        default="office",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["created_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Import",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("mapping", "waits for the columns"),
                            ("checking", "is read"),
                            ("checked", "waits for the go-ahead"),
                            ("applying", "is put in place"),
                            ("done", "is in"),
                            ("undoing", "is taken back"),
                            ("undone", "is taken back"),
                            ("failed", "cannot be read"),
                        ],
                        default="mapping",
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("size", models.BigIntegerField(default=0)),
                ("encoding", models.CharField(max_length=16)),
                ("delimiter", models.CharField(max_length=1)),
                ("heading", models.BooleanField(default=True)),
                ("columns", models.JSONField(default=list)),
                ("empty", models.CharField(default="keep", max_length=8)),
                ("groups", models.CharField(default="add", max_length=8)),
                ("gone", models.CharField(default="keep", max_length=8)),
                ("done", models.BigIntegerField(default=0)),
                ("counts", models.JSONField(default=stationer.portal.people.import_rows.no_counts)),
                ("new_groups", models.JSONField(default=dict)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("seen", models.BigIntegerField(default=0)),
                ("note", models.JSONField(default=dict)),
                ("by_name", models.CharField(blank=True, default="", max_length=254)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("lease", models.UUIDField(null=True)),
                ("leased_until", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-created_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ImportAlias",
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
                ("line", models.IntegerField()),
                ("member", models.UUIDField()),
                ("alias", models.CharField(max_length=254)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ImportPlace",
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
                ("line", models.IntegerField()),
                ("member", models.UUIDField()),
                ("group", models.UUIDField()),
                ("place", models.UUIDField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
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
                ("line", models.IntegerField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("changed", "changed"),
                            ("same", "unchanged"),
                            ("wrong", "wrong"),
                            ("gone", "gone"),
                            ("kept", "kept"),
                        ],
                        max_length=8,
                    ),
                ),
                ("address", models.CharField(max_length=254)),
                ("member", models.UUIDField(null=True)),
                ("aliases", models.JSONField(default=list)),
                ("attributes", models.JSONField(default=dict)),
                ("package", models.UUIDField(null=True)),
                ("before", models.JSONField(null=True)),
                ("problem", models.JSONField(null=True)),
            ],
            options={
                "ordering": ["line", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Proposal",
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
                ("values", models.JSONField(validators=[stationer.portal.people.valid.check_attributes])),
                ("before", models.JSONField(default=dict)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("open", "waits"), ("agreed", "agreed"), ("declined", "declined")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, default="", max_length=254)),
            ],
            options={
                "ordering": ["created_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="package",
            name="rights",
            field=models.JSONField(
                blank=True,
                default=stationer.portal.people.models.all_rights,
                validators=[stationer.portal.people.valid.check_rights],
            ),
        ),
        migrations.AddIndex(
            model_name="groupmember",
            index=models.Index(fields=["pen", "member"], name="groupmember_of_member"),
        ),
        migrations.AddField(
            model_name="attribute",
            name="pen",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.pen"
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="pen",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.pen"
            ),
        ),
        migrations.AddField(
            model_name="importalias",
            name="of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="names", to="people.import"
            ),
        ),
        migrations.AddField(
            model_name="importalias",
            name="pen",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.pen"
            ),
        ),
        migrations.AddField(
            model_name="importplace",
            name="of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="places", to="people.import"
            ),
        ),
        migrations.AddField(
            model_name="importplace",
            name="pen",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.pen"
            ),
        ),
        migrations.AddField(
            model_name="importrow",
            name="of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="people.import"
            ),
        ),
        migrations.AddField(
            model_name="importrow",
            name="pen",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.pen"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="proposals", to="people.member"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="pen",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.pen"
            ),
        ),
        migrations.AddConstraint(
            model_name="attribute",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="attribute_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="attribute",
            constraint=models.UniqueConstraint(fields=("pen", "name"), name="attribute_name"),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="import_in_pen"),
        ),
        migrations.AddIndex(
            model_name="importalias",
            index=models.Index(fields=["of", "alias"], name="importalias_alias"),
        ),
        migrations.AddConstraint(
            model_name="importalias",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="importalias_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="importalias",
            constraint=stationer.portal.people.owned.SamePen(field="of", name="importalias_of_in_pen"),
        ),
        migrations.AddIndex(
            model_name="importplace",
            index=models.Index(fields=["of", "line"], name="importplace_line"),
        ),
        migrations.AddConstraint(
            model_name="importplace",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="importplace_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="importplace",
            constraint=stationer.portal.people.owned.SamePen(field="of", name="importplace_of_in_pen"),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["of", "what", "line"], name="importrow_what"),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["of", "address"], name="importrow_address"),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["member"], name="importrow_member"),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="importrow_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=stationer.portal.people.owned.SamePen(field="of", name="importrow_of_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="proposal_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "open")), fields=("pen", "member"), name="proposal_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=stationer.portal.people.owned.SamePen(field="member", name="proposal_member_in_pen"),
        ),
    ]

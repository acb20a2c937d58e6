"""The public client `stationer-agent`, by which agents enrol (contract/http.md §4)."""

from typing import Any

from django.db import migrations

CLIENT_ID = "stationer-agent"


def add(apps: Any, schema_editor: Any) -> None:
    application = apps.get_model("oauth2_provider", "Application")
    application.objects.get_or_create(
        client_id=CLIENT_ID,
        defaults={
            "name": "Stationer agent",
            "client_type": "public",
            "authorization_grant_type": "urn:ietf:params:oauth:grant-type:device_code",
            "client_secret": "",
            "skip_authorization": False,
        },
    )


def remove(apps: Any, schema_editor: Any) -> None:
    apps.get_model("oauth2_provider", "Application").objects.filter(client_id=CLIENT_ID).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_add_consent"),
        ("oauth2_provider", "0022_refreshtoken_token_family_index"),
    ]
    operations = [migrations.RunPython(add, remove)]

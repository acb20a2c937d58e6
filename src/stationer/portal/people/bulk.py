"""Many people at once: into a group, out of it, into a package; a fixed number of queries, told as one thing."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from stationer.portal.people.models import Group, GroupMember, Member, Package


def put_into(group: Group, people: QuerySet[Member]) -> int:
    """Into the group, whoever is not in it yet. Returns how many came."""
    with transaction.atomic():
        new = people.exclude(pk__in=group.places.values("member_id")).values_list("pk", flat=True)
        return len(GroupMember.objects.bulk_create([GroupMember(group=group, member_id=key) for key in new]))


def take_from(group: Group, people: QuerySet[Member]) -> int:
    """Out of the group. Returns how many left."""
    return group.places.filter(member_id__in=people.values("pk")).delete()[0]


def give_package(package: Package, people: QuerySet[Member]) -> int:
    """Into the package. Returns how many had another."""
    return people.exclude(package=package).update(package=package)

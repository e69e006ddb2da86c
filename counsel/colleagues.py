"""Who works here, and what others decide about them: suspended, cleared, another role, marked.

Whatever is decided is decided about somebody of one's own organisation who is still here; anybody
else is the same refusal. Each says
whom it was about. One change at a time: who is the last administrator is asked under a lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from counsel.enrolment import check_role, lock_for
from counsel.errors import AccessError, NeedsTwoError, ValueRefusedError
from counsel.lifecycle import Role
from counsel.models import Invitation, Organisation, Staff
from counsel.places import INDUSTRIES, REGIONS
from counsel.signin import end_logins


def find(actor: Staff, person: str, *, active: bool = True) -> Staff:
    """Somebody of one's own organisation, read now. Raises `AccessError`."""
    found = Staff.objects.filter(
        organisation=actor.organisation, person=person, is_active=active
    ).first()
    if found is None:
        raise AccessError("nobody there")
    return found


def listed(organisation: Organisation, *, after: str) -> Iterable[Staff]:
    """Everybody who works or worked here, in the order they came, behind a person.

    Each carries `keys`, how many passkeys they have. Raises `AccessError`.
    """
    people = Staff.objects.filter(organisation=organisation).order_by("pk")
    if after:
        last = people.filter(person=after).first()
        if last is None:
            raise AccessError("nobody there")
        people = people.filter(pk__gt=last.pk)
    return people.annotate(keys=Count("passkeys")).iterator()


def open_links(organisation: Organisation, *, now: datetime) -> list[Invitation]:
    """Links and asked resets that still count, the oldest first."""
    links = Invitation.objects.filter(organisation=organisation, expires_at__gt=now)
    return list(links.select_related("asked_by", "staff").order_by("pk"))


# --- deciding -----------------------------------------------------------------------------------


def deactivate(staff: Staff) -> None:
    """This person is out: no new login, and open sockets close when they next ask, within 2 s.

    Links they asked for or agreed to are worth nothing any more.
    """
    with transaction.atomic():
        Staff.objects.filter(pk=staff.pk).update(is_active=False)
        Invitation.objects.filter(staff=staff).delete()
        _void_links_of(staff)
        end_logins(staff)


def _void_links_of(staff: Staff) -> None:
    """What they asked for or agreed to in their role counts no more."""
    Invitation.objects.filter(Q(asked_by=staff) | Q(agreed_by=staff)).delete()


@transaction.atomic
def suspend(actor: Staff, person: str) -> Staff:
    """End somebody's access now. Raises `AccessError`; `NeedsTwoError` for oneself."""
    about = _about(actor, person)
    if about.pk == actor.pk:
        raise NeedsTwoError("oneself")
    deactivate(about)
    return about


@transaction.atomic
def restore(actor: Staff, person: str) -> Staff:
    """Somebody suspended may come in again, with the factors they had. Raises `AccessError`."""
    about = _about(actor, person, active=False)
    Staff.objects.filter(pk=about.pk).update(is_active=True)
    return about


@transaction.atomic
def change_role(actor: Staff, person: str, role: str) -> Staff:
    """Another role; every login of the old one ends, and links they decided in it are worth nothing.

    A desk is somebody else than whoever listens: nobody becomes one, or stops being one.

    Raises `AccessError`, `ValueRefusedError`; `NeedsTwoError` for the last administrator.
    """
    about = _about(actor, person)
    if about.role == Role.DESK and role != about.role:
        raise ValueRefusedError("a desk stays one")
    if role == about.role:
        return about
    check_role(role)
    others = Staff.objects.filter(
        organisation=actor.organisation, role=Role.ADMINISTRATOR.value, is_active=True
    ).exclude(pk=about.pk)
    if about.role == Role.ADMINISTRATOR and not others.exists():
        raise NeedsTwoError("the last administrator")
    Staff.objects.filter(pk=about.pk).update(role=role)
    _void_links_of(about)
    end_logins(about)
    return about


@transaction.atomic
def clear(actor: Staff, person: str, *, now: datetime) -> Staff:
    """A supervisor found them ready for real talks. Raises `AccessError`; `NeedsTwoError`: oneself."""
    about = _about(actor, person)
    if about.pk == actor.pk:
        raise NeedsTwoError("oneself")
    if about.cleared_at is None:
        Staff.objects.filter(pk=about.pk).update(cleared_at=now, cleared_by=actor)
    return about


@transaction.atomic
def unclear(actor: Staff, person: str) -> Staff:
    """They are not ready after all. Raises `AccessError`; `NeedsTwoError` for oneself."""
    about = _about(actor, person)
    if about.pk == actor.pk:
        raise NeedsTwoError("oneself")
    Staff.objects.filter(pk=about.pk).update(cleared_at=None, cleared_by=None)
    return about


def mark(staff: Staff, *, region: str, industry: str, in_plant: bool) -> None:
    """Where somebody works beside this, in coarse codes, so that they meet nobody from there.

    Raises `ValueRefusedError` for a code that is none; empty is "not said".
    """
    if (region and region not in REGIONS) or (industry and industry not in INDUSTRIES):
        raise ValueRefusedError("no such place")
    where = {"region": region, "industry": industry, "in_plant": in_plant}
    Staff.objects.filter(pk=staff.pk).update(**where)


def mark_oneself(staff: Staff, *, region: str, industry: str, in_plant: bool) -> None:
    """The same by oneself, which only adds: what keeps people apart is lifted by somebody else.

    Raises `ValueRefusedError`, `NeedsTwoError`.
    """
    with transaction.atomic():
        held = Staff.objects.select_for_update().get(pk=staff.pk)
        lifts = held.in_plant and not in_plant
        if lifts or held.region not in {"", region} or held.industry not in {"", industry}:
            raise NeedsTwoError("somebody else lifts it")
        mark(held, region=region, industry=industry, in_plant=in_plant)


def _about(actor: Staff, person: str, *, active: bool = True) -> Staff:
    """Whom it is about, under the lock, by somebody who is still who they were when they asked."""
    lock_for(actor)
    return find(actor, person, active=active)

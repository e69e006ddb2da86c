"""What a person asks about themselves: who they are here, and what they prove it with.

Where a `code` is asked for, the person has to be at the keyboard and not only their browser. A
changed password or factor ends every other login of theirs and renews this one.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from counsel import colleagues, factors, moment, passkeys, signin, slowing
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.lifecycle import Role
from counsel.models import Login, Staff
from counsel.questions import Answer, Said, question
from counsel.rights import Right
from counsel.statements import DAY, encode
from counsel.views import present, spell

_WANTS_PASSKEY = (Role.SUPERVISOR, Role.ADMINISTRATOR)


@question(Right.OWN)
def me(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Who is signed in on this browser, and with what they can come in again."""
    keys = passkeys.owned_by(staff).count()
    return {
        "me": present(staff),
        "mode": settings.MODE,
        "factors": {"passkeys": keys, "recovery": factors.recovery_left(staff)},
        "cleared": staff.cleared_at is not None,
        "told": staff.told_at is not None,
        "wants_passkey": staff.role in _WANTS_PASSKEY and not keys,
        "places": {
            "region": staff.region,
            "industry": staff.industry,
            "in_plant": staff.in_plant,
        },
    }


@question(Right.OWN)
def change_password(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Another password, for the old one and a code."""
    fresh = said.text("password")
    factors.check_password_rules(fresh, staff.sign_in_name, staff.working_name)
    old, code = said.text("old"), said.text("code")
    slowing.prove(name=staff.sign_in_name, password=old, code=code, now=moment.now())
    slowing.hash_password(staff, fresh)
    with transaction.atomic():
        signin.hold(request, staff)
        staff.save(update_fields=["password"])
        record(Kind.PASSWORD_CHANGED, by=staff, now=moment.now())
    signin.renew_login(request, staff)
    return {}


@question(Right.OWN)
def draw_recovery(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Ten fresh recovery codes; the old ones are worth nothing any more."""
    slowing.prove_present(staff, said.text("code"), now=moment.now())
    with transaction.atomic():
        signin.hold(request, staff)
        recovery = factors.draw_recovery(staff)
        record(Kind.RECOVERY_DRAWN, by=staff, now=moment.now())
    signin.renew_login(request, staff)
    return {"recovery": recovery}


@question(Right.OWN)
def mark(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Where they work beside this. What stands there already is changed by an administrator."""
    region, industry = said.text("region", longest=8), said.text("industry", longest=16)
    in_plant = said.flag("in_plant")
    with transaction.atomic():
        colleagues.mark_oneself(staff, region=region, industry=industry, in_plant=in_plant)
        record(Kind.MARKED, by=staff, about=staff, now=moment.now())
    return {}


# --- passkeys -----------------------------------------------------------------------------------


@question(Right.OWN)
def own_passkeys(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Their passkeys; days are enough to know them by."""
    return {
        "passkeys": [
            {
                "id": encode(bytes(key.credential_id)),
                "name": key.name,
                "created": key.created_at.strftime(DAY),
                "used": key.used_at and key.used_at.strftime(DAY),
            }
            for key in passkeys.owned_by(staff)
        ]
    }


@question(Right.OWN)
def ask_passkey(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """What this browser is asked to make."""
    return {"options": passkeys.ask_new(request, staff, now=moment.now())}


@question(Right.OWN)
def add_passkey(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """One more passkey. The code is looked at first: a mistyped one costs no second ceremony."""
    now, name, credential = moment.now(), said.text("name"), said.object("credential")
    slowing.prove_present(staff, said.text("code"), now=now)
    with transaction.atomic():
        signin.hold(request, staff)
        passkeys.add(request, staff, credential, name=name, now=now)
        record(Kind.PASSKEY_ADDED, by=staff, now=now)
    signin.renew_login(request, staff)
    return {}


@question(Right.OWN)
def remove_passkey(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """One passkey less."""
    credential_id = said.octets("id")
    slowing.prove_present(staff, said.text("code"), now=moment.now())
    with transaction.atomic():
        passkeys.remove(staff, credential_id)
        record(Kind.PASSKEY_REMOVED, by=staff, now=moment.now())
    signin.renew_login(request, staff)
    return {}


# --- logins -------------------------------------------------------------------------------------


@question(Right.OWN)
def logins(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """The browsers they are signed in on, the newest first."""
    here = signin.key_of(request.session)
    rows = Login.objects.filter(staff=staff).order_by("-pk")[:100]
    return {
        "logins": [
            {
                "signed_in": spell(row.signed_in_at),
                "seen": spell(row.seen_at),
                "mine": row.session_key == here,
            }
            for row in rows
        ]
    }


@question(Right.OWN)
def end_logins(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Every other browser is signed out, and its sockets close within two seconds."""
    with transaction.atomic():
        signin.end_logins(staff, but=signin.key_of(request.session))
        record(Kind.LOGINS_ENDED, by=staff, now=moment.now())
    return {}

"""Where the staff door is."""

from typing import Final

from django.conf import settings
from django.urls import path

from counsel import views, views_join, views_me, views_organisation, views_people
from counsel.audit import views as audit
from counsel.keys import views as views_keys
from counsel.questions import View

QUESTIONS: Final[dict[str, View]] = {
    "csrf": views.csrf,
    "sign-in": views.sign_in,
    "passkey/ask": views.ask_passkey,
    "passkey/sign-in": views.sign_in_by_passkey,
    "join/look": views_join.look,
    "join/code": views_join.code,
    "join/finish": views_join.finish,
    "sign-out": views.sign_out,
    "certify": views_keys.certify,
    "me": views_me.me,
    "me/password": views_me.change_password,
    "me/recovery": views_me.draw_recovery,
    "me/passkeys": views_me.own_passkeys,
    "me/passkeys/ask": views_me.ask_passkey,
    "me/passkeys/add": views_me.add_passkey,
    "me/passkeys/remove": views_me.remove_passkey,
    "me/places": views_me.mark,
    "me/logins": views_me.logins,
    "me/logins/end": views_me.end_logins,
    "people": views_people.people,
    "people/invite": views_people.invite,
    "people/withdraw": views_people.withdraw,
    "people/suspend": views_people.suspend,
    "people/restore": views_people.restore,
    "people/role": views_people.change_role,
    "people/mark": views_people.mark,
    "people/clear": views_people.clear,
    "people/unclear": views_people.unclear,
    "people/reset/ask": views_people.ask_reset,
    "people/reset/agree": views_people.agree_reset,
    "keys/own": views_keys.own_cards,
    "keys/lose": views_keys.lose,
    "keys/issuer": views_keys.issuer,
    "keys": views_keys.overview,
    "keys/give": views_keys.give,
    "keys/refuse": views_keys.refuse,
    "keys/revoke": views_keys.revoke,
    "keys/date": views_keys.date,
    "organisation": views_organisation.organisation,
    "organisation/change": views_organisation.change,
    "hotlines/add": views_organisation.add_hotline,
    "hotlines/remove": views_organisation.remove_hotline,
    "hotlines/called": views_organisation.call_hotline,
    "me/told": audit.told,
    "audit": audit.trail,
    "audit/export": audit.export,
    "audit/verdict": audit.verdict,
}
urlpatterns = [path(f"api/{name}", view) for name, view in QUESTIONS.items()]
urlpatterns.append(path("staff-log.bin", views_keys.staff_log))
if settings.UNSAFE_BENCH_KEY:
    urlpatterns.append(path("api/unsafe-bench-sign-in", views.unsafe_bench_sign_in))

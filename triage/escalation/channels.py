"""How a page leaves: e-mail, a gateway for SMS and voice, a chat robot or a browser, through Apprise.

Whatever the channel, it says only that somebody is needed, the page's id, and where to look. The mail
server and the gateway are settings of the site; a person adds an address, and no address of theirs is
ever fetched: a robot's host is the provider's own.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings

from counsel import organisations
from counsel.errors import ValueRefusedError
from triage.escalation import push
from triage.escalation.rows import Receiver

logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # its lines name addresses and keys


class Channel(StrEnum):
    """How somebody is reached."""

    MAIL = "mail"
    SMS = "sms"
    VOICE = "voice"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    PUSH = "push"


_ADDRESSES: Final[Mapping[Channel, re.Pattern[str]]] = {
    Channel.MAIL: re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"),
    Channel.SMS: re.compile(r"\+?[0-9]{5,20}"),
    Channel.VOICE: re.compile(r"\+?[0-9]{5,20}"),
    Channel.WECOM: re.compile(r"[A-Za-z0-9_-]{8,64}"),
    Channel.DINGTALK: re.compile(r"([A-Za-z0-9]{8,80}@)?[A-Za-z0-9]{8,80}"),
}
"""What each address looks like. A DingTalk robot that signs is `secret@token`."""


def usable(*, for_lead: bool = False) -> list[Channel]:
    """The channels this site has set up. The lead signs in nowhere, so has no browser to be called."""
    mail = [Channel.MAIL] if settings.PAGE_MAIL else []
    gateway = [Channel.SMS, Channel.VOICE] if settings.PAGE_GATEWAY else []
    browser = [Channel.PUSH] if settings.PAGE_PUSH_HOSTS and not for_lead else []
    return [*mail, *gateway, Channel.WECOM, Channel.DINGTALK, *browser]


def check(channel: str, address: str, *, for_lead: bool = False) -> tuple[Channel, str]:
    """Both as they are kept. Raises `ValueRefusedError`."""
    if channel not in usable(for_lead=for_lead):
        raise ValueRefusedError("this site has not set that up")
    how = Channel(channel)
    if how is Channel.PUSH:
        return how, push.check(address)
    where = "".join(address.split())
    if len(where) > 200 or not _ADDRESSES[how].fullmatch(where):
        raise ValueRefusedError("no such address there can be")
    return how, where


def hint(channel: str, address: str) -> str:
    """As much of an address as its owner needs to know it again; of a robot's key hardly anything."""
    if channel == Channel.MAIL:
        name, _, host = address.partition("@")
        return f"{name[:2]}…@{host}"
    if channel == Channel.PUSH:
        return push.hint(address)
    return f"…{address[-4:]}"


def send(receiver: Receiver, page: str, *, test: bool) -> bool:
    """Whether the channel took it. Slow: never in a transaction, never in a thread that others need."""
    title, lines = words(tuple(receiver.organisation.languages), page, test=test)
    plugin = _PLUGINS[Channel(receiver.channel)](receiver, page)
    return bool(plugin.notify(title=title, body=lines, notify_type="info"))


def words(languages: tuple[str, ...], page: str, *, test: bool) -> tuple[str, str]:
    """Title and lines in the organisation's languages."""
    said = [_sentences(language) for language in languages]
    what = "test" if test else "needed"
    link = f"{settings.ORIGIN}/{languages[0]}/staff/#page"
    lines = [*(one[what] for one in said), f"{said[0]['id']} {page}", link]
    return said[0]["title"], "\n".join(lines)


@cache
def _sentences(language: str) -> dict[str, str]:
    said = (organisations.LOCALE / f"{language}.json").read_text(encoding="utf-8")
    return dict(json.loads(said)["paging"])


def _asset() -> Any:
    from apprise import AppriseAsset  # a second of imports, only where pages are sent

    return AppriseAsset(
        app_id="Counsel",
        app_desc="",
        app_url="",
        async_mode=False,
        plugin_paths=[],
        secure_logging=True,
    )


def _mail(receiver: Receiver, page: str) -> Any:
    from apprise.plugins.email import NotifyEmail

    joint = "&" if "?" in settings.PAGE_MAIL else "?"
    url = f"{settings.PAGE_MAIL}{joint}to={quote(receiver.address)}&format=text"
    return NotifyEmail(**NotifyEmail.parse_url(url), asset=_asset())


def _gateway(receiver: Receiver, page: str) -> Any:
    """POSTs `{title, message, to, by, page, …}` as JSON to the site's own gateway."""
    from apprise.plugins.custom_json import NotifyJSON

    url = settings.PAGE_GATEWAY.replace("http", "json", 1)
    fields = f":to={quote(receiver.address, safe='')}&:by={receiver.channel}&:page={page}"
    joint = "&" if "?" in url else "?"
    return NotifyJSON(**NotifyJSON.parse_url(f"{url}{joint}{fields}"), asset=_asset())


def _wecom(receiver: Receiver, page: str) -> Any:
    from apprise.plugins.wecombot import NotifyWeComBot

    return NotifyWeComBot(key=receiver.address, asset=_asset())


def _dingtalk(receiver: Receiver, page: str) -> Any:
    from apprise.plugins.dingtalk import NotifyDingTalk

    secret, _, token = receiver.address.rpartition("@")
    return NotifyDingTalk(token=token, secret=secret or None, asset=_asset())


def _push(receiver: Receiver, page: str) -> Any:
    return push.plugin(receiver.address, _asset())


_PLUGINS: Final[Mapping[Channel, Callable[[Receiver, str], Any]]] = {
    Channel.MAIL: _mail,
    Channel.SMS: _gateway,
    Channel.VOICE: _gateway,
    Channel.WECOM: _wecom,
    Channel.DINGTALK: _dingtalk,
    Channel.PUSH: _push,
}

"""Which spellings of an address reach one mailbox, by the rules that providers publish.

An address is kept as it was written, since that is how its owner gives it out; here two spellings are found to be one.
"""

from __future__ import annotations

import re

# Domains under which one provider delivers to the same mailboxes.
_ALIASES = {
    "googlemail.com": "gmail.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "pm.me": "proton.me",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "ya.ru": "yandex.ru",
    "yandex.com": "yandex.ru",
    "yandex.by": "yandex.ru",
    "yandex.kz": "yandex.ru",
    "yandex.ua": "yandex.ru",
}
_DOTLESS = frozenset(("gmail.com",))  # dots in the local part do not count
_HYPHENS = frozenset(("yahoo.com",))  # what stands behind a hyphen is a tag
# Where an address may be written in more than one way even without a plus sign.
FREE = (*_ALIASES, *sorted(_DOTLESS), *sorted(_HYPHENS))
_TAG = re.compile(r"[\w.-]{1,40}")
# A tag that a machine put there tells one letter from another, not one person's post from another's.
_MACHINE = re.compile(r"(?:.*[._-])?(?:bounces?|reply|noreply|no-reply|return|notifications?|unsubscribe|verp|srs\d?)")


def mailbox(address: str) -> str:
    """Return the plainest spelling of the mailbox that an address reaches, in lower case.

    Tags behind a plus sign are left out (RFC 5233), dots where they do not count, and a provider's domains are made
    one. An address that follows none of these rules is returned as it is.
    """
    local, at, domain = address.rpartition("@")
    if not at or local[:1] == '"':
        return address
    domain = _ALIASES.get(domain, domain)
    bare, plus, tag = local.partition("+")
    if plus and bare and _TAG.fullmatch(tag) and not _MACHINE.fullmatch(bare):
        local = bare
    if domain in _HYPHENS and (bare := local.partition("-")[0]):
        local = bare
    if domain in _DOTLESS:
        local = local.replace(".", "") or local
    return f"{local}@{domain}"

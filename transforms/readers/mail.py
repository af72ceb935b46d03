"""What somebody wrote in an e-mail, without the history that it quotes and the signature below."""

import re

from transforms.readers.html import html_text, soup_of, soup_text

_QUOTES = (
    ".gmail_quote, .gmail_signature, blockquote[type=cite], .yahoo_quoted, .moz-cite-prefix, .moz-signature, "
    ".zendesk_quoted, .freshdesk_quote, .front-signature, #appendonsend ~ *, #appendonsend, .OutlookMessageHeader"
)
_BELOW = re.compile(
    r"^(?:On .{5,200} wrote:|Le .{5,200} a écrit\s?:|Am .{5,200} schrieb .{0,200}:|El .{5,200} escribió:"
    r"|-{2,} ?(?:Original Message|Message d'origine|Forwarded message|Message transféré) ?-{2,}|_{10,}|--)$",
    re.MULTILINE | re.IGNORECASE,
)
_QUOTED_LINE = re.compile(r"^>.*\n?", re.MULTILINE)


def own_words(html: str) -> str:
    """The text that the sender wrote; all of it where nothing else would be left."""
    soup = soup_of(html)
    if soup is None:
        return _above(html_text(html))
    for quote in soup.select(_QUOTES):
        quote.extract()
    return _above(soup_text(soup)) or html_text(html)


def _above(text: str) -> str:
    found = _BELOW.search(text)
    own = _QUOTED_LINE.sub("", text[: found.start()] if found else text).strip()
    return own or text

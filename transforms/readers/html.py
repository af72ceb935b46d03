"""HTML as the text that a reader of it would see."""

import re
import warnings
from html import unescape

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning

from transforms.readers.record import plain

_TAG = re.compile(
    r"</?(?:a|abbr|article|b|big|blockquote|body|br|center|code|div|em|font|footer|form|h[1-6]|head|header|hr|html|i|img"
    r"|input|label|li|link|main|meta|ol|p|pre|s|script|section|small|span|strong|style|sub|sup|svg|table|tbody|td|th|thead"
    r"|title|tr|tt|u|ul)(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
_BLOCKS = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "ul", "ol")
_UNSEEN = ("script", "style", "head", "title", "template")


def html_text(html: str) -> str:
    """The text of the HTML, a line for each block; of a text without tags its entities resolved."""
    soup = soup_of(html)
    return tidy(unescape(html)) if soup is None else soup_text(soup)


def soup_of(html: str) -> BeautifulSoup | None:
    """The HTML's tree; None where it has no tags."""
    if not _TAG.search(html):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        return BeautifulSoup(html, "html.parser")


def soup_text(soup: BeautifulSoup) -> str:
    """The tree's text, a line for each block."""
    for unseen in soup(_UNSEEN):
        unseen.decompose()
    for text in soup.find_all(string=True):
        text.replace_with(re.sub(r"\s+", " ", text))
    for block in soup(_BLOCKS):
        block.insert_before("\n")
        block.append("\n")
    return tidy(soup.get_text())


def tidy(text: str) -> str:
    """The text without superfluous blanks and empty lines."""
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in plain(text).splitlines())
    return "\n".join(line for line in lines if line)

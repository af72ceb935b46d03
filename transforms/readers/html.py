"""HTML as the text that a reader of it would see."""

import re
import warnings
from html import unescape

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning

from transforms.readers.record import plain

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BLOCKS = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "ul", "ol")
_UNSEEN = ("script", "style", "head", "title", "template")


def html_text(html: str) -> str:
    """The text of the HTML, a line for each block; of a text without tags its entities resolved."""
    if not _TAG.search(html):
        return tidy(unescape(html))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(html, "html.parser")
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

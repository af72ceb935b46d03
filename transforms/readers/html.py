"""HTML as the text that a reader of it would see."""

import re
from html import unescape
from typing import Any

from transforms.readers.record import plain

_NAMES = (
    "a|abbr|article|b|big|blockquote|body|br|center|code|div|em|font|footer|form|h[1-6]|head|header|hr|html|i|img|input"
    "|label|li|link|main|meta|ol|p|pre|s|script|section|small|span|strong|style|sub|sup|svg|table|tbody|td|th|thead"
    "|title|tr|tt|u|ul"
)
_TAG = re.compile(rf"</?(?:{_NAMES})(?:[\s/][^<>]*)?>", re.IGNORECASE)
# <EMAIL>, <kim@example.com> and <https://…> stand for themselves: a mark of redaction, an address
_NO_TAG = re.compile(rf"<(?=(?!(?i:{_NAMES})>)[A-Z][A-Z0-9_ -]*>|[^<>\s]+@[^<>\s]+>|https?://[^<>\s]+>)")


def html_text(html: str) -> str:
    """The text of the HTML, a line for each block; of a text without tags its entities resolved."""
    tree = tree_of(html)
    return tidy(unescape(html)) if tree is None else tree_text(tree)


def tree_of(html: str) -> Any | None:
    """The HTML's tree; None where it has no tags."""
    from lxml import etree

    if not _TAG.search(html):
        return None
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    tree = etree.fromstring(_NO_TAG.sub("&lt;", plain(html)).encode(), parser)
    if any(entry.level_name == "FATAL" for entry in parser.error_log):  # too deep, too long: words are lost
        tree = etree.Element("pre")
        tree.text = unescape(_TAG.sub("\n", plain(html)))
    return tree


def tree_text(tree: Any) -> str:
    """The tree's text, a line for each block."""
    from inscriptis.html_engine import Inscriptis
    from inscriptis.model.config import ParserConfig
    from inscriptis.model.tag import CustomHtmlTagHandlerMapping

    no_bullets = CustomHtmlTagHandlerMapping(
        dict.fromkeys(("ul", "ol", "li"), lambda _, __: None), dict.fromkeys(("ul", "ol"), lambda _: None)
    )
    return tidy(Inscriptis(tree, ParserConfig(custom_html_tag_handler_mapping=no_bullets)).get_text())


def tidy(text: str) -> str:
    """The text without superfluous blanks and empty lines."""
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in plain(text).splitlines())
    return "\n".join(line for line in lines if line)

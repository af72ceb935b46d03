"""Text as said: HTML to text, and e-mails without what they quote."""

import pytest

from transforms.readers.html import html_text
from transforms.readers.mail import own_words


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>I am <b>so</b>rry.</p><p>Bye&nbsp;&amp; thanks</p>", "I am sorry.\nBye & thanks"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<ul><li>a</li>\n<li>b</li></ul><script>alert(1)</script><style>p {}</style>", "a\nb"),
        ("3 < 4 &amp; 5 > 4", "3 < 4 & 5 > 4"),
        ("https://example.com", "https://example.com"),
        ("=SUM(A1) <img src=x onerror=alert(1)>", "=SUM(A1)"),
        ("", ""),
    ],
)
def test_html_text(html: str, text: str) -> None:
    assert html_text(html) == text


@pytest.mark.parametrize(
    ("mail", "text"),
    [
        ("Thanks!\n\nOn Mon, 5 Jan 2026 at 10:00, Ann <ann@shop.example> wrote:\n> Hello\n> Bye", "Thanks!"),
        ("Merci\n\nLe lun. 5 janv. 2026 à 10:00, Ann a écrit :\n> Bonjour", "Merci"),
        ("Thanks\n-- \nKim Lee\nDirector", "Thanks"),
        ("> You said this\nNo, I did not", "No, I did not"),
        ("Yes\n-----Original Message-----\nFrom: Ann", "Yes"),
        ('<div>Fine</div><div class="gmail_quote">On Monday Ann wrote<blockquote>Hi</blockquote></div>', "Fine"),
        ('<blockquote type="cite">only a quote</blockquote>', "only a quote"),
        ("On Monday you wrote: call me. I did.", "On Monday you wrote: call me. I did."),
    ],
)
def test_own_words(mail: str, text: str) -> None:
    assert own_words(mail) == text


def test_many_levels_do_no_harm() -> None:
    assert html_text("<div>" * 5000 + "x" + "</div>" * 5000) == "x"

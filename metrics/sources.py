"""Where definitions come from: the three documents that Heard was made from, and what else is cited."""

P = "P: the client in a personal crisis"
D = "D: the difficult client situation"
A = "A: the article on challenging clients"


def said(*passages: str) -> str:
    """A metric's sources in one line."""
    return "; ".join(passages)


LISTEN = said(f'{P}, "listen without interrupting"', f'{D}, "let them have their say"')
ACTIVE_LISTENING = said(f'{D}, "affirmative nods"', f'{A}, "active listening"')

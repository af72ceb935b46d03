"""A link to this very page, to copy; and the turn that a link names, brought into view."""

import streamlit as st

from dashboard.export import BUTTON_CSS

LINK = st.components.v2.component(
    "heard_link",
    html='<button type="button">Copy the link</button> <span role="status"></span>',
    css=BUTTON_CSS,
    js="""
    const brought = new Set();
    async function copy(text) {
      if (navigator.clipboard) return navigator.clipboard.writeText(text);
      const field = document.body.appendChild(document.createElement("textarea"));  // without https there is no other
      field.value = text;
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    export default function ({ parentElement, data }) {
      const status = parentElement.querySelector("[role=status]");
      parentElement.querySelector("button").onclick = () =>
        copy(window.location.href).then(() => { status.textContent = "Copied."; });
      const asked = `${data.conversation} ${data.turn}`;
      const turn = document.querySelector(".heard-transcript .linked");
      if (!turn || brought.has(asked)) return;
      brought.add(asked);
      turn.scrollIntoView({ block: "center" });
      turn.focus({ preventScroll: true });
    }""",
)


def show(conversation_id: str, turn: int | None) -> None:
    """Draws the button; comes after the transcript, so that the turn is there to be brought into view."""
    LINK(data={"conversation": conversation_id, "turn": turn}, key="link", height="content")

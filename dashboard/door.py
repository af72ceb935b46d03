"""Who may look: everyone who reaches the address. The one place where sign-in and roles will stand."""

import streamlit as st

LOCAL = ("127.0.0.1", "localhost", "::1")  # reached from this machine alone


def enter() -> None:
    """Lets in whoever is there; where that can be anyone on the network, it says so on every page."""
    if st.get_option("server.address") not in LOCAL:
        st.sidebar.warning("Anyone who reaches this address reads every conversation here: there is no sign-in yet.")

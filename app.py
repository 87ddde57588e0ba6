"""The lab's web app: ``streamlit run app.py``."""

import streamlit as st
from starlette.middleware import Middleware

from seqviz.ui.shell.assets import Assets
from seqviz.ui.shell.server import PersonCookie, check_settings, lifespan

if __name__ == "__main__":  # once a visit and a change: Streamlit runs this file
    from seqviz.ui.shell.app import PAGES, prepare
    from seqviz.ui.shell.home import HOME

    st.set_page_config(page_title="seqviz", page_icon=str(HOME / "static" / "icon.svg"), layout="wide")
    prepare()
    st.navigation({wing: [st.Page(**page) for page in pages] for wing, pages in PAGES.items()}).run()
else:  # once a server: Streamlit imports this file
    check_settings()
    app = st.App(__file__, lifespan=lifespan, middleware=[Middleware(PersonCookie), Middleware(Assets)])

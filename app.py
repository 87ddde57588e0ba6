"""The lab's web app: ``streamlit run app.py``."""

import streamlit as st

from seqviz.ui.app import PAGES, prepare

st.set_page_config(page_title="seqviz", page_icon="static/icon.svg", layout="wide")
prepare()
st.navigation({wing: [st.Page(**page) for page in pages] for wing, pages in PAGES.items()}).run()

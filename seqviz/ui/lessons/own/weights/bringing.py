"""How weights of one's own come to the page: a file of them, and one of their vocabulary."""

import streamlit as st

from seqviz.errors import SeqvizError
from seqviz.settings import settings
from seqviz.ui.lessons.own.weights.settings import NAME
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page, again, one_sentence, plain

MEGABYTE = 1_000_000


def bring(page: Page) -> None:
    """Draw the upload of weights, and of their vocabulary; their name is the page's setting ``weights``."""
    with st.expander("Bring weights", expanded=not page["weights"]):
        st.markdown(prose(NAME, "bring"))
        most = max(1, min(settings().limits.published_upload_bytes // MEGABYTE, int(st.get_option("server.maxUploadSize"))))
        with st.form(f"{NAME}.form", border=False):
            weights = st.file_uploader(
                "Weights: .safetensors, or a state_dict saved by torch.save", key=f"{NAME}.file", max_upload_size=most
            )
            vocabulary = st.file_uploader(
                "Vocabulary (optional): a JSON list, or a map of tokens and numbers",
                key=f"{NAME}.vocabulary",
                max_upload_size=10,
            )
            if st.form_submit_button("Read with these weights"):
                _keep(page, weights, vocabulary)


def _keep(page: Page, weights: object, vocabulary: object) -> None:
    if weights is None:
        st.error("Choose a file of weights first.")
        return
    try:
        words = None if vocabulary is None else vocabulary.getvalue()  # type: ignore[attr-defined]
        page["weights"] = lab().store.own.add(weights.getvalue(), words)  # type: ignore[attr-defined]
    except SeqvizError as error:
        st.error(plain(one_sentence(error)))
        return
    again(page)

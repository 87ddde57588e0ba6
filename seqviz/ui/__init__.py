"""How pages are made. A page says what it is, chooses, makes one cached call, draws, explains::

    from seqviz.experiment import RecurrentConfig
    from seqviz.figures import gradient_flow_figure
    from seqviz.questions import GRADIENT_FLOW
    from seqviz.ui.shell.cache import lab, traced
    from seqviz.ui.shell.content import prose
    from seqviz.ui.components.figure import show
    from seqviz.ui.shell.links import choice_control, controls_of
    from seqviz.ui.shell.page import begin_page

    CONTROLS = {
        **controls_of(RecurrentConfig, only=("hidden_size",), spans={"hidden_size": (1, 64)}, prefix="model."),
        "view": choice_control("view", {"flow": "flow", "map": "map"}, "flow"),
    }

    with begin_page("flow", "Gradient flow", "How far back can the loss be felt?", CONTROLS) as page:
        page.control("model.hidden_size")                       # the widget its rule asks for, here
        if page.control("view") == "flow":                      # or page["view"] without a widget
            subject = page.config(SomeConfig, prefix="model.")  # checked; fields by the same names
            point = show(gradient_flow_figure(traced(GRADIENT_FLOW, subject)), key="flow.figure", clickable=True)
        st.markdown(prose("flow", "why"))

- :mod:`~seqviz.ui.shell.page`: ``begin_page(name, title, question, controls)`` is the title, the settings and the one place
  that shows a ``SeqvizError``. ``page["x"] = value`` sets a setting from code, before its widget is drawn. A page's
  address is its ``name``, which is its file's stem. In a fragment, call ``page.write_link()`` at the end.
- :mod:`~seqviz.ui.shell.links`: ``controls_of(Config)``, ``choice_control``, ``several_control``, ``integer_control``,
  ``flag_control``, ``text_control`` make the table of a page's settings. Links are read and checked before the
  widgets; what is wrong is said in one sentence and takes its default.
- :mod:`~seqviz.ui.components.figure`: ``show(figure, key=…)`` places any figure; the same key changes it in place. With
  ``clickable=True`` it returns a ``Point`` in the one run that a click caused: turn it into a setting, so that the link
  has it. A figure's key may not be that of a control (``<page>.<name>``).
- :mod:`~seqviz.ui.components.unrolled`: ``show_unrolled(record, key=…, …)`` steps through a one-unit network in the browser.
- :mod:`~seqviz.ui.components.descent`: ``show_descent(record, key=…, title=…)`` steps and plays two descents on a surface.
- A component's JavaScript is modules beside its Python: ``<name>.js`` imports its other files and what is in
  ``components/shared``: ``stepper`` (one bar for all that is stepped; its style comes with
  ``component(__name__, styles=("stepper",))``), ``numbers``, ``colours``, ``tokens``, ``elements``, ``canvas``, ``pointer``
  (what is hovering), ``tables`` (CSV) and ``component`` (what every component is called with). What it is sent and what it
  reports is typed there; what only computes is in files of its own, tested in ``tests/js``.
- :mod:`~seqviz.ui.components.coloured_text`: ``show_text(text, values, key=…, …)`` returns the position chosen.
- :mod:`~seqviz.ui.shell.person`: ``person()`` is the browser's id, None for a moment at first.
- :mod:`~seqviz.ui.shell.cache`: ``lab()``, ``traced(question, subject)``, ``traced_many(pairs)``, ``weights_of(run, step)``; no
  other module caches.
- :mod:`~seqviz.ui.runs.networks`: ``chosen_network(page, titles)`` is the menu of networks, ``opened(named, …)`` the choice.
- :mod:`~seqviz.ui.shell.content`: ``prose(page, section)`` from ``seqviz/content/en/<page>.md``.
- :mod:`~seqviz.ui.shell.app`: the table of pages.
"""

"""How pages are made. A page says what it is, chooses, makes one cached call, draws, explains::

    from seqviz.experiment import RecurrentConfig
    from seqviz.figures import gradient_flow_figure
    from seqviz.ui.cached import lab, traced
    from seqviz.ui.content import prose
    from seqviz.ui.figure import show
    from seqviz.ui.links import choice_control, controls_of
    from seqviz.ui.page import begin_page

    CONTROLS = {
        **controls_of(RecurrentConfig, only=("hidden_size",), spans={"hidden_size": (1, 64)}, prefix="model."),
        "view": choice_control("view", {"flow": "flow", "map": "map"}, "flow"),
    }

    with begin_page("flow", "Gradient flow", "How far back can the loss be felt?", CONTROLS) as page:
        page.control("model.hidden_size")                       # the widget its rule asks for, here
        if page.control("view") == "flow":                      # or page["view"] without a widget
            subject = page.config(SomeConfig, prefix="model.")  # checked; fields by the same names
            point = show(gradient_flow_figure(traced("flow", subject)), key="flow.figure", clickable=True)
        st.markdown(prose("flow", "why"))

- :mod:`~seqviz.ui.page`: ``begin_page(name, title, question, controls)`` is the title, the settings and the one place
  that shows a ``SeqvizError``. ``page["x"] = value`` sets a setting from code, before its widget is drawn. A page's
  address is its ``name``, which is its file's stem. In a fragment, call ``page.write_link()`` at the end.
- :mod:`~seqviz.ui.links`: ``controls_of(Config)``, ``choice_control``, ``several_control``, ``integer_control``,
  ``flag_control``, ``text_control`` make the table of a page's settings. Links are read and checked before the
  widgets; what is wrong is said in one sentence and takes its default.
- :mod:`~seqviz.ui.figure`: ``show(figure, key=…)`` places any figure; the same key changes it in place. With
  ``clickable=True`` it returns a ``Point`` in the one run that a click caused: turn it into a setting, so that the link
  has it. A figure's key may not be that of a control (``<page>.<name>``).
- :mod:`~seqviz.ui.unrolled`: ``show_unrolled(record, key=…, …)`` steps through a one-unit network in the browser.
- :mod:`~seqviz.ui.descent`: ``show_descent(record, key=…, title=…)`` steps and plays two descents on an error surface.
- A component that is stepped is made with ``component(name, shared=("stepper",))``: one bar for all, in ``stepper.js``.
  Others that are shared: ``numbers``, ``colours``, ``tokens``, ``elements``, ``pointer`` (what is hovering), ``tables`` (CSV).
- :mod:`~seqviz.ui.coloured_text`: ``show_text(text, values, key=…, …)`` returns the position chosen.
- :mod:`~seqviz.ui.person`: ``person()`` is the browser's id, None for a moment at first.
- :mod:`~seqviz.ui.cached`: ``lab()``, ``traced(verb, subject)``, ``traced_many(pairs)``, ``weights_of(run, step)``; no
  other module caches.
- :mod:`~seqviz.ui.networks`: ``chosen_network(page, titles)`` is the menu of networks, ``opened(named, …)`` the one chosen.
- :mod:`~seqviz.ui.content`: ``prose(page, section)`` from ``seqviz/content/en/<page>.md``.
- :mod:`~seqviz.ui.app`: the table of pages.
"""

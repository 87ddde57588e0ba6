"""How pages are made. A lesson is ``pages/<wing>/<name>.py``, its views in order; ``lessons/<wing>/<name>/``, whose
``settings`` say what it can be set to, whose ``reading`` makes of settings what is asked, and whose ``views`` draw; and
``content/en/<name>.md``, its prose. A view chooses, makes one cached call, draws, explains::

    from seqviz.experiment import RecurrentConfig
    from seqviz.figures import gradient_flow_figure
    from seqviz.questions import GRADIENT_FLOW
    from seqviz.ui.shell.cache import lab, traced
    from seqviz.ui.shell.content import prose
    from seqviz.ui.components.figure import show
    from seqviz.ui.shell.lesson import lesson
    from seqviz.ui.shell.links import controls_of, view_control

    NAME = "flow"
    CONTROLS = {
        **controls_of(RecurrentConfig, only=("hidden_size",), spans={"hidden_size": (1, 64)}, prefix="model."),
        "view": view_control({"flow": "by time step", "map": "as a map"}),
    }

    with lesson(NAME, CONTROLS) as page:
        page.control("model.hidden_size")                       # the widget its rule asks for, here
        if page.control("view") == "flow":                      # or page["view"] without a widget
            subject = page.config(SomeConfig, prefix="model.")  # checked; fields by the same names
            point = show(gradient_flow_figure(traced(GRADIENT_FLOW, subject)), key="flow.figure", clickable=True)
        st.markdown(prose(NAME, "flow"))

- :mod:`~seqviz.ui.shell.lesson`: ``lesson(name, controls)`` is the beginning of a page (its title, what it asks, its settings
  from the link) and its ending (why, and who found that out).
- :mod:`~seqviz.ui.shell.page`: the settings, and the one place that shows a ``SeqvizError``. ``page["x"] = value`` sets a
  setting from code, before its widget is drawn; ``page.applies(SomeConfig, "x")`` asks its rule whether it means anything now.
  ``page.offer("x", …)`` is its widget where it shows another form than links write, ``page.refuse("x", …)`` where it is grey.
  A page's address is its ``name``, which is its file's stem. In a fragment, call ``page.write_link()`` at the end.
- :mod:`~seqviz.ui.shell.links`: ``controls_of(Config)``, ``choice_control``, ``several_control``, ``integer_control``,
  ``flag_control``, ``text_control``, and those with a name of their own, ``view_control``, ``seed_control``, ``steps_control``,
  make the table of a page's settings. Links are read and checked before the widgets; what is wrong is said in one sentence
  and takes its default.
- :mod:`~seqviz.ui.shell.prediction`: ``question(page)`` is a box that asks for a guess, ``answer(page, finding, right)`` the
  answer in it; ``guess_control`` is its setting.
- :mod:`~seqviz.ui.shell.live`: ``live(page, find, draw, …)`` draws something anew every second while it moves.
- :mod:`~seqviz.ui.components.figure`: ``show(figure, key=…)`` places any figure; the same key changes it in place. With
  ``clickable=True`` it returns a ``Point`` in the one run that a click caused: turn it into a setting, so that the link
  has it. A figure's key may not be that of a control (``<page>.<name>``).
- :mod:`~seqviz.ui.components.unrolled`: ``show_unrolled(record, key=…, …)`` steps through a one-unit network in the browser.
- :mod:`~seqviz.ui.components.descent`: ``show_descent(record, key=…, title=…)`` steps and plays two descents on a surface.
- A component's JavaScript is modules beside its Python: ``<name>.js`` imports its other files and what is in
  ``components/parts``: ``stepper`` (one bar for everything that is stepped through; its style comes with
  ``component(__name__, styles=("stepper",))``), ``numbers``, ``colours``, ``tokens``, ``elements``, ``canvas``, ``pointer``
  (what is hovering), ``tables`` (CSV) and ``component`` (what every component is called with). What it is sent and what it
  reports is typed there; what only computes is in files of its own, tested in ``tests/js``.
- :mod:`~seqviz.ui.components.coloured_text`: ``show_text(text, values, key=…, …)`` returns the position chosen.
- :mod:`~seqviz.ui.shell.person`: ``person()`` is the browser's id, None for a moment at first.
- :mod:`~seqviz.ui.shell.cache`: ``lab()``, ``traced(question, subject)``, ``traced_many(pairs)``, ``weights_of(run, step)``; no
  other module caches.
- :mod:`~seqviz.ui.runs`: ``followed`` offers, trains and follows runs, ``acting`` takes them up and lets them go, ``moment`` is
  the training step shown, ``words`` describes them, ``sharing`` writes them into links, ``shipped`` are those that ship with
  the app, ``translators`` those that translate.
- :mod:`~seqviz.ui.runs.networks`: ``chosen_network(page, titles)`` is the menu of networks, ``opened(named, …)`` the choice.
- :mod:`~seqviz.ui.shell.content`: ``prose(page, section)`` from ``seqviz/content/en/<page>.md``.
- :mod:`~seqviz.ui.shell.app`: the table of pages.
"""

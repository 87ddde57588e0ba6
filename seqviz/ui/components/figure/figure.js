import { isDark, rgb } from "../shared/colours.js";
import { written } from "../shared/numbers.js";
import { saveAs, saveRows } from "../shared/tables.js";

let library;
const owners = new WeakMap();

function plotly() {
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = new URL("app/static/plotly.min.js", document.baseURI).href;
    script.onload = () => done(window.Plotly);
    script.onerror = () => {
      library = undefined;
      script.remove();
      failed(new Error("plotly.min.js did not load"));
    };
    document.head.append(script);
  });
  return library;
}

const faint = (colour, share) => `rgba(${rgb(colour).join(",")},${share})`;
const plain = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

function lookOf(frame) {
  const css = getComputedStyle(frame);
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return {
    text: css.color,
    back: css.outlineColor,
    font: css.fontFamily,
    size: rem * 0.84,
    dark: isDark(frame),
    narrow: frame.clientWidth < 480,
  };
}

function template(look) {
  const axis = {
    gridcolor: faint(look.text, 0.13),
    zerolinecolor: faint(look.text, 0.25),
    linecolor: faint(look.text, 0.4),
    showline: true,
    ticks: "outside",
    tickcolor: faint(look.text, 0.4),
    ticklen: 4,
    automargin: true,
    title: { standoff: 8 },
    zeroline: false,
  };
  return {
    layout: {
      font: { family: look.font, size: look.size, color: look.text },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      xaxis: axis,
      yaxis: axis,
      hoverlabel: { bgcolor: look.back, bordercolor: faint(look.text, 0.4), font: { color: look.text, family: look.font } },
    },
  };
}

// A deep copy, in the colours of the theme. Plotly writes into what it is given.
function dressed(value, twins) {
  if (typeof value === "string") return twins[value] ?? value;
  if (Array.isArray(value)) return value.map((each) => dressed(each, twins));
  if (value && typeof value === "object")
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, name === "bdata" ? each : dressed(each, twins)]),
    );
  return value;
}

// Plotly's own formats would write 3.32e-14: what a template wants with so many digits is written here, point by point.
const WANTED = /%\{(x|y|customdata)(?:\[(\d)\])?:\.(\d)g\}/g;
function pointed(trace) {
  if (typeof trace.hovertemplate !== "string" || !trace.hovertemplate.match(WANTED)) return;
  const held = { x: numbers(trace.x), y: numbers(trace.y), customdata: numbers(trace.customdata) };
  const wide = Number(trace.customdata?.shape?.split(",")[1]) || 1;
  if (trace.type === "heatmap") {
    const digits = Number([...trace.hovertemplate.matchAll(WANTED)][0][3]);
    const cells = held.customdata.flat().map((each) => written(each, digits));
    trace.text = held.y.map((_, row) => cells.slice(row * held.x.length, (row + 1) * held.x.length));
    trace.hovertemplate = trace.hovertemplate.replace(WANTED, "%{text}");
    return;
  }
  const value = (name, at, index) =>
    at === undefined ? held[name][index] : (held[name][index]?.[at] ?? held[name][index * wide + Number(at)]);
  trace.hovertemplate = held.x.map((_, index) =>
    trace.hovertemplate.replace(WANTED, (_, name, at, digits) => written(value(name, at, index), Number(digits))),
  );
}

function drawn(data, look) {
  const twins = look.dark ? data.dark : {};
  const traces = dressed(data.traces, twins);
  const layout = dressed(data.layout, twins);
  traces.forEach((trace) => {
    if (trace.name) trace.name = plain(trace.name);
    pointed(trace);
  });
  delete layout.title;
  layout.template = template(look);
  layout.uirevision = "kept";
  layout.autosize = true;
  if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false; // a finger scrolls the page
  if (look.narrow) {
    layout.margin = { ...layout.margin, l: 48, r: 6, t: 8 };
    layout.legend = { ...layout.legend, y: -0.28, yanchor: "top", font: { size: look.size * 0.9 } };
    if (layout.showlegend !== false)
      layout.height = (layout.height ?? 380) + 18 * traces.filter((trace) => trace.showlegend !== false && trace.name).length;
    traces.forEach((trace) => {
      if (trace.colorbar) trace.colorbar = { ...trace.colorbar, thickness: 9, title: undefined };
    });
  }
  return [traces, layout];
}

const TYPES = {
  f8: Float64Array,
  f4: Float32Array,
  i4: Int32Array,
  u4: Uint32Array,
  i2: Int16Array,
  u2: Uint16Array,
  i1: Int8Array,
  u1: Uint8Array,
};
function numbers(held) {
  if (!held || held.bdata === undefined) return held ?? [];
  const bytes = Uint8Array.from(atob(held.bdata), (each) => each.charCodeAt(0));
  return [...new TYPES[held.dtype](bytes.buffer)];
}
function rowsOf(trace) {
  const x = numbers(trace.x);
  const y = numbers(trace.y);
  const held = trace.meta ?? {};
  if (trace.type === "heatmap") {
    const exact = held.exact ? numbers(trace.customdata).flat() : null;
    const value = (level, index) =>
      held.gap && level === 0
        ? ""
        : exact
          ? exact[index]
          : held.log
            ? 10 ** (held.low + (level / 255) * (held.high - held.low))
            : held.low + (level / 255) * (held.high - held.low);
    return numbers(trace.z)
      .flat()
      .map((level, index) => [held.value, x[index % x.length], y[Math.floor(index / x.length)], value(level, index)]);
  }
  if (held.table) return held.table.map((row) => [trace.name ?? "", ...row]); // of marks that do not stand where their numbers are
  if (held.mark) return (held.labels ?? []).flatMap((labels, index) => labels.map((label) => [label, x[index], held.mark]));
  return x
    .map((each, index) => [held.labelled ? trace.customdata[index] : (trace.name ?? ""), each, y[index]])
    .filter((row) => !Number.isNaN(row[2]) && row[2] !== null);
}

function tableOf(data) {
  const heat = data.traces.some((trace) => trace.type === "heatmap");
  const titles = ["xaxis", "yaxis"].map((axis) => data.layout[axis]?.title?.text ?? axis[0]);
  const head = data.columns?.length ? data.columns : heat ? ["series", ...titles, "value"] : ["series", ...titles];
  return [head, ...data.traces.flatMap(rowsOf)];
}

async function savePicture(own) {
  const look = lookOf(own.frame);
  const width = Math.max(own.plot.clientWidth, 640);
  const height = own.plot.clientHeight;
  const [traces, layout] = drawn(own.data, look);
  const wide = Math.floor(width / (look.size * 0.56));
  const lines = [""];
  for (const word of plain(own.data.finding).split(" "))
    if (lines[lines.length - 1].length + word.length > wide) lines.push(word);
    else lines[lines.length - 1] += ` ${word}`;
  const top = 24 + lines.length * look.size * 1.35;
  const title = {
    text: lines.join("<br>").trim(),
    x: 0,
    xref: "container",
    xanchor: "left",
    pad: { l: 12, t: 12 },
    y: 1,
    yanchor: "top",
    font: { size: look.size * 1.1 },
  };
  const picture = {
    ...layout,
    width,
    height: height + top,
    title,
    paper_bgcolor: look.back,
    margin: { ...layout.margin, t: (layout.margin?.t ?? 30) + top },
  };
  saveAs(
    await window.Plotly.toImage({ data: traces, layout: picture }, { format: "png", width, height: height + top, scale: 2 }),
    `${own.data.name}.png`,
  );
}

function wire(own) {
  own.wired = true;
  own.frame.querySelector(".sv-png").onclick = () => savePicture(own);
  own.frame.querySelector(".sv-csv").onclick = () => saveRows(tableOf(own.data), `${own.data.name}.csv`);
}

function listen(own) {
  own.listening = true;
  own.plot.on("plotly_click", (event) => {
    const point = event.points?.[0];
    if (own.data.clickable && point)
      own.report("point", {
        x: point.x,
        y: point.y,
        curve: point.curveNumber,
        at: Date.now(),
        series: own.data.traces[point.curveNumber]?.name ?? "",
      });
  });
}

export default function ({ data, parentElement: root, setStateValue }) {
  const own = owners.get(root) ?? { turn: 0 };
  owners.set(root, own);
  const turn = ++own.turn;
  own.frame = root.querySelector(".sv-figure");
  own.plot = root.querySelector(".sv-plot");
  own.frame.hidden = Boolean(data.ahead);
  if (data.ahead) return void plotly().catch(() => {}); // whichever figure comes first says so
  own.data = data;
  own.report = setStateValue;
  if (!own.wired) wire(own);
  const caption = root.querySelector(".sv-finding");
  const note = root.querySelector(".sv-note");
  caption.textContent = data.finding;
  own.plot.setAttribute("aria-label", data.finding);
  own.frame.classList.toggle("sv-empty", data.empty);
  own.frame.classList.toggle("sv-clickable", data.clickable);
  own.frame.classList.toggle("sv-bare", !data.tools);
  own.plot.style.minWidth = data.narrowest ? `${data.narrowest}px` : "";
  own.plot.style.minHeight = data.empty ? "" : `${data.layout.height ?? 380}px`;
  note.textContent = "";
  if (!data.empty)
    plotly()
      .then((P) => {
        if (turn !== own.turn || !own.plot.isConnected) return undefined; // a newer figure has arrived
        return P.react(own.plot, ...drawn(data, lookOf(own.frame)), {
          displayModeBar: false,
          responsive: true,
          doubleClick: "reset",
        }).then(() => {
          if (!own.listening) listen(own);
          own.plot.dataset.drawn = String(turn);
        });
      })
      .catch((error) => {
        note.textContent = `This figure could not be drawn (${error.message}); reload the page to try again.`;
      });
  return () => {
    if (!own.plot.isConnected && window.Plotly) window.Plotly.purge(own.plot);
  };
}

// How every figure is placed: drawn by Plotly.react in the theme's colours, saved as PNG and CSV.
import { lookOf, rgb } from "../parts/colours.js";
import { ownOf } from "../parts/component.js";
import { part } from "../parts/elements.js";
import { saveAs, saveRows } from "../parts/tables.js";
import { dressed, plain, tableOf, wrapped, writePoints } from "./traces.js";

/** @typedef {import("./traces.js").Message} Message */
/** @typedef {{ x: any, y: any, curve: number, at: number, series: string }} Point that was clicked, and when */
/** @typedef {import("../parts/component.js").Call<Message | { ahead: string[] }, { point: Point }>} Call */
/** @typedef {import("../parts/colours.js").Look & { size: number, narrow: boolean }} Look */

/**
 * The part of Plotly used here.
 * @typedef {object} Plotly
 * @property {(box: Element, traces: object[], layout: object, settings: object) => Promise<unknown>} react
 * @property {(figure: object, settings: object) => Promise<string>} toImage
 * @property {(box: Element) => void} purge
 */

/** @typedef {(event: "plotly_click", act: (event: { points?: any[] }) => void) => void} On */
/** @typedef {HTMLElement & { on: On }} Plot once it is drawn */

/**
 * @typedef {object} Own
 * @property {number} turn how often it was called
 * @property {HTMLElement} frame
 * @property {HTMLElement} plot
 * @property {Message} data
 * @property {boolean} listening
 * @property {Call["setStateValue"]} report
 */

const HIGH = 380; // pixels, where a figure does not say
const NARROW = 480;

/** @type {Promise<Plotly> | undefined} */
let library;

/** @type {() => Promise<Plotly>} */
function plotly() {
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = new URL("app/static/plotly.min.js", document.baseURI).href;
    script.onload = () => done(/** @type {any} */ (window).Plotly);
    script.onerror = () => {
      library = undefined;
      script.remove();
      failed(new Error("plotly.min.js did not load"));
    };
    document.head.append(script);
  });
  return library;
}

/** @type {(colour: string, share: number) => string} */
const faint = (colour, share) => `rgba(${rgb(colour).join(",")},${share})`;

/** @type {(frame: HTMLElement) => Look} */
function figureLook(frame) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { ...lookOf(frame), size: rem * 0.84, narrow: frame.clientWidth < NARROW };
}

/** @type {(look: Look) => object} */
function template({ text, back, font: family, size }) {
  const lines = { gridcolor: faint(text, 0.13), zerolinecolor: faint(text, 0.25), linecolor: faint(text, 0.4), showline: true };
  const ticks = { ticks: "outside", tickcolor: faint(text, 0.4), ticklen: 4 };
  const axis = { ...lines, ...ticks, automargin: true, title: { standoff: 8 }, zeroline: false };
  const hoverlabel = { bgcolor: back, bordercolor: faint(text, 0.4), font: { color: text, family } };
  const clear = { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" };
  return { layout: { font: { family, size, color: text }, ...clear, xaxis: axis, yaxis: axis, hoverlabel } };
}

/** @type {(data: Message, look: Look) => { traces: import("./traces.js").Trace[], layout: Record<string, any> }} */
function drawn(data, look) {
  const twins = look.dark ? data.dark : {};
  const traces = dressed(data.traces, twins);
  const { title, ...layout } = dressed(data.layout, twins);
  for (const trace of traces) {
    if (trace.name) trace.name = plain(trace.name);
    writePoints(trace);
  }
  Object.assign(layout, { template: template(look), uirevision: "kept", autosize: true });
  if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false; // a finger scrolls the page
  if (look.narrow) narrow(traces, layout, look);
  return { traces, layout };
}

/**
 * Fit a figure to a phone: its legend goes below.
 * @type {(traces: import("./traces.js").Trace[], layout: Record<string, any>, look: Look) => void}
 */
function narrow(traces, layout, { size }) {
  layout.margin = { ...layout.margin, l: 48, r: 6, t: 8 };
  layout.legend = { ...layout.legend, y: -0.28, yanchor: "top", font: { size: size * 0.9 } };
  const named = traces.filter((trace) => trace.showlegend !== false && trace.name).length;
  if (layout.showlegend !== false) layout.height = (layout.height ?? HIGH) + 18 * named;
  for (const trace of traces) {
    if (trace.colorbar) trace.colorbar = { ...trace.colorbar, thickness: 9, title: undefined };
  }
}

/** @type {(own: Own) => Promise<void>} */
async function savePicture({ frame, plot, data }) {
  const look = figureLook(frame);
  const width = Math.max(plot.clientWidth, 640);
  const { traces, layout } = drawn(data, look);
  const lines = wrapped(plain(data.finding), Math.floor(width / (look.size * 0.56)));
  const top = 24 + lines.length * look.size * 1.35;
  const height = plot.clientHeight + top;
  const place = { x: 0, xref: "container", xanchor: "left", pad: { l: 12, t: 12 }, y: 1, yanchor: "top" };
  const title = { text: lines.join("<br>").trim(), ...place, font: { size: look.size * 1.1 } };
  const margin = { ...layout.margin, t: (layout.margin?.t ?? 30) + top };
  const picture = { ...layout, width, height, title, paper_bgcolor: look.back, margin };
  const Plotly = await plotly();
  const href = await Plotly.toImage({ data: traces, layout: picture }, { format: "png", width, height, scale: 2 });
  saveAs(href, `${data.name}.png`);
}

/** @type {(own: Own) => void} */
function listen(own) {
  own.listening = true;
  /** @type {Plot} */ (own.plot).on("plotly_click", ({ points: [point] = [] }) => {
    if (!own.data.clickable || !point) return;
    const { x, y, curveNumber: curve } = point;
    own.report("point", { x, y, curve, at: Date.now(), series: own.data.traces[curve]?.name ?? "" });
  });
}

/** @type {(root: HTMLElement) => Own} */
function begin(root) {
  const parts = { frame: part(root, ".sv-figure"), plot: part(root, ".sv-plot") };
  const own = /** @type {Own} */ ({ turn: 0, ...parts, listening: false });
  part(root, ".sv-png").addEventListener("click", () => savePicture(own));
  part(root, ".sv-csv").addEventListener("click", () => saveRows(tableOf(own.data), `${own.data.name}.csv`));
  return own;
}

/** @type {(root: HTMLElement, own: Own, turn: number) => Promise<void>} */
async function draw(root, own, turn) {
  try {
    const Plotly = await plotly();
    if (turn !== own.turn || !own.plot.isConnected) return; // a newer figure has arrived
    const { traces, layout } = drawn(own.data, figureLook(own.frame));
    await Plotly.react(own.plot, traces, layout, { displayModeBar: false, responsive: true, doubleClick: "reset" });
    if (!own.listening) listen(own);
    own.plot.dataset.drawn = String(turn);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    part(root, ".sv-note").textContent = `This figure could not be drawn (${said}); reload the page to try again.`;
  }
}

/**
 * Preload what a page will need; a failure is reported where it is needed.
 * @type {(addresses: string[]) => void}
 */
function loadAhead(addresses) {
  for (const address of addresses) import(new URL(address, document.baseURI).href).catch(() => {});
  plotly().catch(() => {});
}

/** @type {(own: Own) => void} */
function leave({ plot }) {
  const { Plotly: loaded } = /** @type {{ Plotly?: Plotly }} */ (/** @type {any} */ (window));
  if (!plot.isConnected && loaded) loaded.purge(plot);
}

/** @type {(call: Call) => (() => void) | undefined} */
export default function ({ data, parentElement: root, setStateValue }) {
  const own = ownOf(root, () => begin(root));
  const turn = ++own.turn;
  own.frame.hidden = "ahead" in data;
  if ("ahead" in data) {
    loadAhead(data.ahead);
    return undefined;
  }
  own.data = data;
  own.report = setStateValue;
  part(root, ".sv-finding").textContent = data.finding;
  own.plot.setAttribute("aria-label", data.finding);
  own.frame.classList.toggle("sv-empty", data.empty);
  own.frame.classList.toggle("sv-clickable", data.clickable);
  own.frame.classList.toggle("sv-bare", !data.tools);
  own.plot.style.minWidth = data.narrowest ? `${data.narrowest}px` : "";
  own.plot.style.minHeight = data.empty ? "" : `${data.layout.height ?? HIGH}px`;
  part(root, ".sv-note").textContent = "";
  if (!data.empty) draw(root, own, turn);
  return () => leave(own);
}

// A sentence once for each network, its words shaded by their influence; pointing at a word shows its curve.
import { colourAt, css, ink, lookOf, ramp, rgb } from "../parts/colours.js";
import { ownOf } from "../parts/component.js";
import { element, part, piece, targetOf } from "../parts/elements.js";
import { floatsOf, written } from "../parts/numbers.js";
import { moved } from "../parts/pointer.js";
import { layoutOf, shadeOf, valueAt } from "./curve.js";

/** @typedef {import("./curve.js").Network} Network */

/**
 * @typedef {object} SentNetwork
 * @property {string} name
 * @property {string} label
 * @property {string} light its colour on a light page
 * @property {string} dark
 * @property {string} asked the word that it is asked for
 * @property {string} said what it predicts, in words
 * @property {string} values float32 as base64, T × T
 */

/**
 * @typedef {object} Message
 * @property {string} title
 * @property {string[]} words T of them
 * @property {boolean[]} known by the networks
 * @property {string} unknown what is said of the others
 * @property {number | null} cue the place of the word that decides
 * @property {number} first the place chosen at first
 * @property {number} soft nats up to which colours are about linear
 * @property {number} most nats, the end colours
 * @property {string[]} light the scale of a light page
 * @property {string[]} dark
 * @property {SentNetwork[]} networks
 */

/**
 * @typedef {object} Own
 * @property {HTMLElement} frame
 * @property {HTMLElement} rows
 * @property {HTMLElement} said
 * @property {HTMLElement} about
 * @property {SVGSVGElement} curve
 * @property {Message} data
 * @property {number} most
 * @property {Network[]} networks
 * @property {number | undefined} chosen
 * @property {number | undefined} shown
 * @property {(at: number) => number} rowAt
 */

/** @type {(value: number) => string} */
const signed = (value) => (Number.isFinite(value) ? `${value > 0 ? "+" : ""}${written(value, 3)}` : "not a number");

/** @type {(own: Own, place: number, row?: number) => void} */
function say(own, place, row = own.data.words.length - 1) {
  const { words, known, unknown } = own.data;
  const told = own.networks.map((network) => {
    const predicted = row === words.length - 1 ? network.asked : words[row + 1];
    return `${network.label} ${signed(valueAt(words, network, row, place))} on “${predicted}”`;
  });
  const note = known[place] ? "" : ` (${unknown})`;
  const steps = row + 1 - place;
  const before = `${steps} ${steps === 1 ? "word" : "words"} before`;
  own.said.textContent = `“${words[place]}”${note}, ${before}: ${told.join(", ")} (nats)`;
}

/** @type {(own: Own, place: number) => void} */
function drawCurve(own, place) {
  const { words } = own.data;
  const { curve } = own;
  const last = words.length - 1;
  const height = curve.clientHeight || 176;
  const { x, y, left, right, marked, lines, rowAt } = layoutOf(words, own.networks, place, curve.clientWidth || 600, height);
  curve.replaceChildren();
  piece(curve, "line", { class: "sv-owed-axis", x1: left, x2: right, y1: y(0), y2: y(0) });
  for (const value of marked) piece(curve, "text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, signed(value));
  own.about.textContent = `Influence of “${words[place]}” on each word after it, up to the one asked for (nats):`;
  const [anchor, first] = last === place ? ["middle", "the next word"] : ["start", words[place + 1]];
  piece(curve, "text", { x: x(place), y: height - 6, "text-anchor": anchor }, first);
  if (last > place) piece(curve, "text", { x: x(last), y: height - 6, "text-anchor": "end" }, "the word asked for");
  lines.forEach((points, index) => {
    const { drawn } = own.networks[index];
    piece(curve, "polyline", { points: points.map((point) => point.join(",")).join(" "), stroke: drawn });
    for (const [cx, cy] of points) piece(curve, "circle", { cx, cy, r: points.length > 30 ? 1.5 : 3, fill: drawn });
  });
  curve.setAttribute("aria-label", `Influence of ${words[place]} on each word after it`);
  own.rowAt = rowAt;
}

/** @type {(own: Own, place: number) => void} */
function look(own, place) {
  for (const span of own.rows.querySelectorAll("span")) {
    span.classList.toggle("sv-owed-chosen", Number(span.dataset.place) === place);
  }
  own.shown = place;
  say(own, place);
  drawCurve(own, place);
}

/** @type {(event: Event) => number | null} */
function placeOf(event) {
  const place = targetOf(event)?.dataset.place;
  return place === undefined ? null : Number(place);
}

/** @type {(own: Own) => void} */
function wire(own) {
  own.rows.addEventListener("pointerover", (event) => {
    const at = placeOf(event);
    if (at !== null && moved(event)) look(own, at);
  });
  own.rows.addEventListener("pointerleave", () => look(own, own.chosen ?? 0));
  own.rows.addEventListener("click", (event) => {
    const at = placeOf(event);
    if (at === null) return;
    own.chosen = at;
    look(own, at);
  });
  own.curve.addEventListener("pointermove", (event) => {
    if (moved(event)) say(own, own.shown ?? 0, own.rowAt(event.clientX - own.curve.getBoundingClientRect().left));
  });
  own.curve.addEventListener("pointerleave", () => say(own, own.shown ?? 0));
  own.frame.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1, Home: -1e9, End: 1e9 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    own.chosen = Math.min(Math.max((own.chosen ?? 0) + move, 0), own.data.words.length - 1);
    look(own, own.chosen);
  });
  new ResizeObserver(() => {
    if (own.shown !== undefined) drawCurve(own, own.shown);
  }).observe(own.frame);
}

/** @type {(own: Own, network: Network, stops: import("../parts/colours.js").Colour[]) => HTMLElement} */
function rowOf(own, network, stops) {
  const { words, known, cue, soft } = own.data;
  const row = element(null, "div", "sv-owed-row");
  row.dataset.network = network.name;
  element(row, "div", "sv-owed-name", network.label).style.borderColor = network.drawn;
  const line = element(row, "div", "sv-owed-words");
  words.forEach((word, place) => {
    const value = valueAt(words, network, words.length - 1, place);
    const colour = colourAt(stops, shadeOf(Number.isFinite(value) ? value : 0, soft, own.most) / 2 + 0.5);
    const span = element(line, "span", "", word);
    span.dataset.place = String(place);
    span.style.backgroundColor = css(colour);
    span.style.color = ink(colour);
    span.classList.toggle("sv-owed-cue", place === cue);
    span.classList.toggle("sv-owed-new", !known[place]);
    line.append(" ");
  });
  element(line, "b", "", `→ ${network.asked}`);
  element(line, "small", "", network.said);
  return row;
}

/** @type {(root: HTMLElement) => Own} */
function begin(root) {
  /** @type {(name: string) => HTMLElement} */
  const of = (name) => part(root, `.sv-owed-${name}`);
  const parts = { rows: of("rows"), said: of("said"), about: of("about") };
  const own = /** @type {Own} */ ({
    frame: part(root, ".sv-owed"),
    ...parts,
    curve: part(root, ".sv-owed-curve", SVGSVGElement),
  });
  wire(own);
  return own;
}

/** @type {(root: HTMLElement, own: Own, stops: import("../parts/colours.js").Colour[]) => void} */
function legend(root, { data, most }, stops) {
  part(root, ".sv-owed-low").textContent = `less likely ${signed(-most)}`;
  part(root, ".sv-owed-high").textContent = `${signed(most)} likelier (logarithmic)`;
  part(root, ".sv-owed-ramp").style.background = ramp(stops);
  const unknown = part(root, ".sv-owed-unknown");
  unknown.textContent = data.unknown;
  unknown.hidden = data.known.every(Boolean);
}

/** @type {(call: import("../parts/component.js").Call<Message, {}>) => void} */
export default function ({ data, parentElement: root }) {
  const own = ownOf(root, () => begin(root));
  const same = own.data?.words.join(" ") === data.words.join(" ");
  const { dark } = lookOf(own.frame);
  const stops = (dark ? data.dark : data.light).map(rgb);
  own.data = data;
  own.most = data.most || 1;
  own.networks = data.networks.map((sent) => ({
    ...sent,
    drawn: dark ? sent.dark : sent.light,
    values: floatsOf(sent.values),
  }));
  part(root, ".sv-owed-title").textContent = data.title;
  legend(root, own, stops);
  own.frame.setAttribute("aria-label", data.title);
  own.rows.replaceChildren(...own.networks.map((network) => rowOf(own, network, stops)));
  if (!same || own.chosen === undefined || own.chosen >= data.words.length) own.chosen = data.first;
  look(own, own.chosen);
}

// A text with each character coloured by its value; choose one by click or arrow keys.
import { colourAt, css, ink, lookOf, ramp, rgb } from "../parts/colours.js";
import { ownOf } from "../parts/component.js";
import { part, targetOf } from "../parts/elements.js";
import { floatsOf } from "../parts/numbers.js";
import { moved } from "../parts/pointer.js";

/**
 * @typedef {object} Message
 * @property {string} text
 * @property {string} values float32 as base64, one for each code point
 * @property {string} title
 * @property {string} label what a value is called
 * @property {number} low the value of the first colour
 * @property {number} high the value of the last
 * @property {string[]} light the scale of a light page
 * @property {string[]} dark
 * @property {number | null} selected
 * @property {Partial<Record<"underlined" | "unknown", { at: number[], said: string }>>} marks
 */

/** @typedef {import("../parts/component.js").Call<Message, { selected: number }>} Call */

/**
 * @typedef {object} Own
 * @property {Message} data
 * @property {HTMLElement} box
 * @property {HTMLElement} said
 * @property {Call["setStateValue"]} report
 * @property {string[]} characters
 * @property {Float32Array} values
 * @property {Set<number>} underlined
 * @property {Set<number>} unknown
 * @property {number | undefined} chosen
 * @property {ReturnType<typeof setTimeout> | undefined} waiting
 */

/** @type {Record<string, string>} */
const VISIBLE = { "\n": "⏎\n", "\t": "⇥\t" };
/** @type {Record<string, string>} */
const NAMED = { " ": "space", "\n": "line break", "\t": "tab" };
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;
const KEYS_REST_MS = 120; // a held arrow key reports where it ends

/** @type {(value: number) => string} */
function exact(value) {
  if (Number.isFinite(value)) return String(Number(value.toPrecision(5)));
  return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "-∞";
}

/** @type {(own: Own, index: number) => void} */
function say(own, index) {
  const { data } = own;
  const character = own.characters[index];
  if (character === undefined) {
    own.said.textContent = data.text ? "Point at a character for its value; arrow keys move." : "There is no text to show.";
    return;
  }
  const note = own.unknown.has(index) ? ` (${data.marks.unknown?.said})` : "";
  const name = NAMED[character] ?? `“${character}”`;
  own.said.textContent = `position ${index}, ${name}${note}: ${data.label} = ${exact(own.values[index])}`;
}

/** @type {(own: Own, index: number) => number} */
function choose(own, index) {
  const at = Math.min(Math.max(index, 0), own.characters.length - 1);
  own.box.querySelector(".sv-chosen")?.classList.remove("sv-chosen");
  own.chosen = at;
  own.box.children[at]?.classList.add("sv-chosen");
  say(own, at);
  return at;
}

/** @type {(own: Own, index: number) => void} */
function chooseAndReport(own, index) {
  const at = choose(own, index);
  own.box.children[at]?.scrollIntoView({ block: "nearest" });
  clearTimeout(own.waiting);
  own.waiting = setTimeout(() => own.report("selected", at), KEYS_REST_MS);
}

/** @type {(own: Own) => void} */
function wire(own) {
  /** @type {(event: Event) => number | null} */
  const indexOf = (event) => {
    const index = targetOf(event)?.dataset.index;
    return index === undefined ? null : Number(index);
  };
  own.box.addEventListener("click", (event) => {
    const at = indexOf(event);
    if (at !== null) chooseAndReport(own, at);
  });
  own.box.addEventListener("pointerover", (event) => {
    const at = indexOf(event);
    if (at !== null && moved(event)) say(own, at);
  });
  own.box.addEventListener("pointerleave", () => say(own, own.chosen ?? -1));
  own.box.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10, Home: -1e9, End: 1e9 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    chooseAndReport(own, (own.chosen ?? -1) + move);
  });
}

/** @type {(own: Own, stops: import("../parts/colours.js").Colour[]) => void} */
function write(own, stops) {
  const { low, high } = own.data;
  const parts = own.characters.map((character, index) => {
    const span = document.createElement("span");
    const value = own.values[index];
    span.textContent = VISIBLE[character] ?? character;
    span.dataset.index = String(index);
    span.classList.toggle("sv-wide", WIDE.test(character));
    span.classList.toggle("sv-underlined", own.underlined.has(index));
    span.classList.toggle("sv-unknown", own.unknown.has(index));
    span.classList.toggle("sv-odd", !Number.isFinite(value));
    if (!Number.isFinite(value)) return span;
    const colour = colourAt(stops, (value - low) / (high - low || 1));
    span.style.backgroundColor = css(colour);
    span.style.color = ink(colour);
    return span;
  });
  own.box.replaceChildren(...parts);
}

/** @type {(root: HTMLElement, data: Message, stops: import("../parts/colours.js").Colour[]) => void} */
function legend(root, data, stops) {
  part(root, ".sv-low").textContent = exact(data.low);
  part(root, ".sv-high").textContent = exact(data.high);
  part(root, ".sv-ramp").style.background = ramp(stops);
  for (const name of /** @type {const} */ (["underlined", "unknown"])) {
    const mark = part(root, `.sv-legend.sv-${name}`);
    mark.textContent = data.marks[name]?.said ?? "";
    mark.hidden = !data.marks[name];
  }
}

/** @type {(root: HTMLElement) => Own} */
function begin(root) {
  const own = /** @type {Own} */ ({ box: part(root, ".sv-characters"), said: part(root, ".sv-said") });
  wire(own);
  return own;
}

/** @type {(call: Call) => void} */
export default function ({ data, parentElement: root, setStateValue }) {
  const own = ownOf(root, () => begin(root));
  const stops = (lookOf(part(root, ".sv-text")).dark ? data.dark : data.light).map(rgb);
  own.data = data;
  own.report = setStateValue;
  own.characters = Array.from(data.text);
  own.values = floatsOf(data.values);
  own.underlined = new Set(data.marks.underlined?.at);
  own.unknown = new Set(data.marks.unknown?.at);
  part(root, ".sv-text-title").textContent = data.title;
  legend(root, data, stops);
  own.box.setAttribute("aria-label", `${data.title} ${data.text}`.trim());
  write(own, stops);
  if (data.selected !== null && Number.isInteger(data.selected)) choose(own, data.selected);
  else {
    own.chosen = undefined;
    say(own, -1);
  }
}

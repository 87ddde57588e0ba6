import { colourAt, ink, isDark, rgb } from "../shared/colours.js";
import { floats } from "../shared/numbers.js";
import { moved } from "../shared/pointer.js";

const owners = new WeakMap();
const VISIBLE = { "\n": "⏎\n", "\t": "⇥\t" };
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;
const NAMED = { " ": "space", "\n": "line break", "\t": "tab" };

function exact(value) {
  return Number.isFinite(value)
    ? String(Number(value.toPrecision(5)))
    : Number.isNaN(value)
      ? "not a number"
      : value > 0
        ? "∞"
        : "-∞";
}

function say(own, index) {
  const character = own.characters[index];
  if (character === undefined) {
    own.said.textContent = own.hint;
    return;
  }
  const note = own.unknown.has(index) ? ` (${own.marks.unknown.said})` : "";
  own.said.textContent = `position ${index}, ${NAMED[character] ?? `“${character}”`}${note}: ${own.label} = ${exact(own.values[index])}`;
}

function choose(own, index, report) {
  const at = Math.min(Math.max(index, 0), own.characters.length - 1);
  own.box.querySelector(".sv-chosen")?.classList.remove("sv-chosen");
  own.chosen = at;
  const span = own.box.children[at];
  span?.classList.add("sv-chosen");
  say(own, at);
  if (!report) return;
  span?.scrollIntoView({ block: "nearest" });
  clearTimeout(own.waiting);
  own.waiting = setTimeout(() => own.report("selected", at), 120); // a held arrow key reports where it ends
}

function wire(own) {
  const indexOf = (event) => (event.target.dataset?.index === undefined ? null : Number(event.target.dataset.index));
  own.box.addEventListener("click", (event) => {
    const at = indexOf(event);
    if (at !== null) choose(own, at, true);
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
    choose(own, (own.chosen ?? -1) + move, true);
  });
}

function write(own, data, stops) {
  const parts = own.characters.map((character, index) => {
    const span = document.createElement("span");
    const value = own.values[index];
    span.textContent = VISIBLE[character] ?? character;
    span.dataset.index = index;
    if (WIDE.test(character)) span.classList.add("sv-wide");
    if (own.underlined.has(index)) span.classList.add("sv-underlined");
    if (own.unknown.has(index)) span.classList.add("sv-unknown");
    if (!Number.isFinite(value)) {
      span.classList.add("sv-odd");
      return span;
    }
    const colour = colourAt(stops, (value - data.low) / (data.high - data.low || 1));
    span.style.backgroundColor = `rgb(${colour.join(",")})`;
    span.style.color = ink(colour);
    return span;
  });
  own.box.replaceChildren(...parts);
}

export default function ({ data, parentElement: root, setStateValue }) {
  let own = owners.get(root);
  if (!own) {
    own = { box: root.querySelector(".sv-characters"), said: root.querySelector(".sv-said") };
    owners.set(root, own);
    wire(own);
  }
  own.report = setStateValue;
  own.label = data.label;
  own.hint = data.text ? "Point at a character for its value; arrow keys move." : "There is no text to show.";
  own.characters = Array.from(data.text);
  own.values = floats(data.values);
  own.marks = data.marks ?? {};
  own.underlined = new Set(own.marks.underlined?.at);
  own.unknown = new Set(own.marks.unknown?.at);
  const stops = (isDark(root.querySelector(".sv-text")) ? data.dark : data.light).map(rgb);
  root.querySelector(".sv-text-title").textContent = data.title;
  root.querySelector(".sv-low").textContent = exact(data.low);
  root.querySelector(".sv-high").textContent = exact(data.high);
  root.querySelector(".sv-ramp").style.background =
    `linear-gradient(90deg, ${stops.map((stop) => `rgb(${stop.join(",")})`).join(",")})`;
  for (const name of ["underlined", "unknown"]) {
    const legend = root.querySelector(`.sv-legend.sv-${name}`);
    legend.textContent = own.marks[name]?.said ?? "";
    legend.hidden = !own.marks[name];
  }
  own.box.setAttribute("aria-label", `${data.title} ${data.text}`.trim());
  write(own, data, stops);
  if (Number.isInteger(data.selected)) choose(own, data.selected, false);
  else {
    own.chosen = undefined;
    say(own, -1);
  }
}

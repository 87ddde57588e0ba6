// The formula of one number: its terms as bars, and the steps from their sum to the result.
import { sized } from "../parts/canvas.js";
import { countDrawing } from "../parts/component.js";
import { button, element } from "../parts/elements.js";
import { still } from "../parts/motion.js";
import { written } from "../parts/numbers.js";
import { keyed, moved } from "../parts/pointer.js";
import { formulaOf, spansOf, termSentence, termsSentence } from "./formulas.js";
import { shade } from "./strips.js";

/** @typedef {import("./formulas.js").Formula} Formula */

/**
 * The drawn part of a formula.
 * @typedef {object} Drawn
 * @property {Formula} found
 * @property {HTMLElement} lines
 * @property {HTMLElement} answer
 * @property {{ canvas: HTMLCanvasElement, said: HTMLElement } | null} bars where there is more than one term
 */

/**
 * @typedef {object} Place
 * @property {import("./formulas.js").Walk} walk
 * @property {HTMLElement} frame
 * @property {HTMLElement} formula
 * @property {number | undefined} moving the frame asked for
 * @property {(rows: import("./formulas.js").RowName[]) => void} ask the page for rows
 */

/** @typedef {import("./strips.js").Board & Place} Own */

const ALL_TERMS_MS = 1600;
const TERM_MS = 120; // at most
const STEP_MS = 260;
const HIGH = 92;

/** @type {(own: Own) => void} */
export function drawFormula(own) {
  const found = formulaOf(own.walk, own.ref);
  const box = own.formula;
  halt(own);
  box.replaceChildren();
  if (found.missing) {
    element(box, "div", "", "The weights of this number are on their way.");
    own.ask(found.missing);
    return;
  }
  const rule = element(box, "div", "sv-walk-rule");
  element(rule, "b", "", found.title);
  element(rule, "code", "", `= ${found.rule}`);
  const again = button(rule, "sv-walk-replay", "▶ again", () => animate(own, drawn));
  again.setAttribute("aria-label", "Show the formula's terms again");
  again.hidden = !found.terms.length && found.steps.length < 2;
  const bars = found.terms.length > 1 ? { canvas: element(box, "canvas"), said: element(box, "div", "sv-walk-current") } : null;
  const lines = element(box, "ol");
  for (const [text, value] of found.steps) {
    const line = element(lines, "li");
    element(line, "span", "", text);
    element(line, "span", "", written(value, 7));
  }
  const ends = `= ${written(found.result, 7)}; the network's own number: ${written(found.own, 7)}`;
  const answer = element(box, "div", "sv-walk-result", ends);
  Object.assign(answer.dataset, { result: found.result, own: found.own });
  if (found.from) element(box, "div", "sv-walk-from", `Weights: ${found.from}`);
  const drawn = { found, lines, answer, bars };
  if (bars) explore(own, drawn, bars);
  animate(own, drawn);
}

/** @type {(own: Own) => void} */
function halt(own) {
  if (own.moving !== undefined) cancelAnimationFrame(own.moving);
}

/**
 * Every term tells its numbers, to the pointer and to the arrow keys.
 * @type {(own: Own, drawn: Drawn, bars: { canvas: HTMLCanvasElement, said: HTMLElement }) => void}
 */
function explore(own, drawn, { canvas, said }) {
  const { found } = drawn;
  const last = found.terms.length - 1;
  let at = -1;
  /** @type {(to: number) => void} */
  const tell = (to) => {
    at = Math.min(Math.max(to, 0), last);
    halt(own);
    drawMoment(own, drawn, found.terms.length, found.steps.length); // the end of the movement, at once
    said.textContent = termSentence(found, at);
    ring(own, found, at);
  };
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `The ${found.terms.length} terms of ${found.title}`);
  canvas.tabIndex = 0;
  canvas.addEventListener("pointermove", (event) => {
    if (!moved(event)) return;
    const box = canvas.getBoundingClientRect();
    tell(Math.floor(((event.clientX - box.left) / box.width) * found.terms.length));
  });
  canvas.addEventListener("pointerleave", () => {
    if (keyed(canvas)) return;
    said.textContent = termsSentence(found);
    ring(own, found, -1);
  });
  canvas.addEventListener("keydown", (event) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    tell(to);
  });
}

/**
 * Ring the numbers in a term where they are shown.
 * @type {(own: Own, found: Formula, at: number) => void}
 */
function ring({ strips }, { sources = [] }, at) {
  for (const strip of strips) {
    if (strip.source === undefined || !sources.includes(strip.source)) continue;
    strip.ringed = at;
    strip.canvas.dataset.ringed = String(at);
    strip.draw();
  }
}

/** @type {(own: Own, drawn: Drawn) => void} */
function animate(own, drawn) {
  halt(own);
  const { terms, steps } = drawn.found;
  const pace = Math.min(TERM_MS, ALL_TERMS_MS / Math.max(terms.length, 1));
  const last = terms.length > 1 ? terms.length * pace : 0;
  const end = last + steps.length * STEP_MS;
  /** @type {number | undefined} */
  let started;
  /** @type {(now: number) => void} */
  const tick = (now) => {
    if (!own.frame.isConnected) return;
    started ??= now;
    const spent = still() ? end : now - started;
    const shown = Math.min(terms.length, Math.floor(spent / pace));
    drawMoment(own, drawn, shown, spent >= end ? steps.length : Math.floor((spent - last) / STEP_MS) + 1);
    if (spent < end) own.moving = requestAnimationFrame(tick);
    else countDrawing(own.formula, "done");
  };
  own.moving = requestAnimationFrame(tick);
}

/** @type {(own: Own, drawn: Drawn, shown: number, steps: number) => void} so many terms and steps */
function drawMoment(own, { found, lines, answer, bars }, shown, steps) {
  [...lines.children].forEach((line, at) => line.classList.toggle("sv-later", at >= steps));
  answer.style.visibility = steps >= lines.children.length ? "visible" : "hidden";
  if (!bars) return;
  drawBars(own, bars.canvas, found, shown);
  bars.said.textContent = shown >= found.terms.length ? termsSentence(found) : termSentence(found, shown);
}

/** @type {(own: Own, canvas: HTMLCanvasElement, found: Formula, shown: number) => void} */
function drawBars({ look, wide }, canvas, found, shown) {
  const { chosen, level } = found;
  const pen = sized(canvas, wide, HIGH);
  const spans = spansOf(found);
  const column = wide / spans.length;
  const ends = spans.flat();
  const top = Math.max(...ends, 0);
  const bottom = Math.min(...ends, 0);
  /** @type {(value: number) => number} */
  const y = (value) => 4 + ((top - value) / (top - bottom || 1)) * (HIGH - 8);
  spans.slice(0, shown).forEach(([from, to], at) => {
    pen.fillStyle = shade(look.states, to < from ? 0.06 : 0.94);
    pen.globalAlpha = chosen === undefined || at === chosen ? 1 : 0.45;
    const size = Math.max(column - (column > 4 ? 1 : 0), 0.7);
    pen.fillRect(at * column, Math.min(y(from), y(to)), size, Math.max(Math.abs(y(from) - y(to)), 0.8));
  });
  pen.globalAlpha = 1;
  pen.strokeStyle = look.text;
  drawLine(pen, wide, y(0), []);
  if (level !== undefined) drawLine(pen, wide, y(level), [5, 4]);
}

/** @type {(pen: CanvasRenderingContext2D, wide: number, y: number, dash: number[]) => void} */
function drawLine(pen, wide, y, dash) {
  pen.setLineDash(dash);
  pen.beginPath();
  pen.moveTo(0, y);
  pen.lineTo(wide, y);
  pen.stroke();
}

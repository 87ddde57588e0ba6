// One token's way through a Transformer: the flow of blocks, the guide, and the choices kept when a new message arrives.
import { penOf } from "../parts/canvas.js";
import { lookOf, rgb } from "../parts/colours.js";
import { countDrawing, ownOf } from "../parts/component.js";
import { button, element, part } from "../parts/elements.js";
import { still } from "../parts/motion.js";
import { written } from "../parts/numbers.js";
import { stepper } from "../parts/stepper.js";
import { saveRows } from "../parts/tables.js";
import { blank } from "../parts/tokens.js";
import { drawFormula } from "./formula.js";
import { mostOf, rankedOf, rowOf, tableOf, tellingRef, unpackWalk } from "./formulas.js";
import { drawInside, markPicked } from "./inside.js";
import { shade, signed } from "./strips.js";
import { inPercent, stopsOf, told, whyOf } from "./words.js";

/** @typedef {import("./formulas.js").Walk} Walk */
/** @typedef {import("./formulas.js").Ref} Ref */
/** @typedef {{ side: "encoder" | "decoder", position: number, at: number }} Token that was clicked, and when */
/** @typedef {{ token: Token, rows: import("./formulas.js").RowName[] }} Reports */
/** @typedef {import("../parts/component.js").Call<Uint8Array | ArrayBuffer, Reports>} Call */

/**
 * @typedef {object} Parts
 * @property {HTMLElement} sentences
 * @property {HTMLElement} said
 * @property {HTMLElement} panes
 * @property {HTMLElement} flow
 * @property {HTMLElement} guide
 * @property {HTMLElement} why
 * @property {HTMLElement} count
 * @property {HTMLButtonElement} before
 * @property {HTMLButtonElement} after
 * @property {HTMLElement} open
 * @property {HTMLButtonElement[]} rows of the flow, one for each block
 * @property {Ref | undefined} wanted the number to be chosen with the next block
 * @property {boolean} guiding
 * @property {number} stop of the guide
 * @property {number} was its width
 * @property {Call["setStateValue"]} report
 * @property {import("../parts/stepper.js").Stepper} stepper
 */

/** @typedef {import("./inside.js").Inside & import("./formula.js").Place & Parts} Own */

const PACE = 2600;
const NARROW = 640;

/** @type {(frame: Element, walk: Walk) => import("./strips.js").Look} */
function walkLook(frame, walk) {
  const { text, dark } = lookOf(frame);
  const { states, shares } = walk.look[dark ? "dark" : "light"];
  return { text, states: states.map(rgb), shares: shares.map(rgb) };
}

// Sentences and flow.

/** @type {(own: Own) => void} */
function drawSentences(own) {
  const { source, read } = own.walk;
  own.sentences.replaceChildren();
  if (source.length) drawSentence(own, "encoder", "reads", source, true);
  drawSentence(own, "decoder", source.length ? "writes" : "reads", read, !source.length);
}

/** @type {(own: Own, side: "encoder" | "decoder", name: string, tokens: string[], typed: boolean) => void} */
function drawSentence(own, side, name, tokens, typed) {
  const { walk } = own;
  const row = element(own.sentences, "div");
  element(row, "span", "", name);
  tokens.forEach((token, position) => {
    const strange = typed && walk.unknown.includes(token);
    const act = () => own.report("token", { side, position, at: Date.now() });
    const made = button(row, strange ? "sv-unknown" : "", blank(token), act);
    const place = `is at position ${position + 1}`;
    const what = strange ? `is unknown: the network reads what stands for all such ${walk.noun}s` : place;
    made.title = `${blank(token)} ${what}${side === "decoder" ? `; what comes next is ${blank(walk.written[position])}` : ""}`;
    Object.assign(made.dataset, { side, position });
    made.setAttribute("aria-pressed", String(side === walk.side && position === walk.position));
  });
}

/** @type {(own: Own) => void} */
function drawFlow(own) {
  const { walk, flow } = own;
  let layer = 0;
  flow.replaceChildren();
  if (walk.lens) element(flow, "div", "sv-walk-lens", `“${blank(walk.due ?? "")}”, read out here`);
  own.rows = walk.blocks.map((block, index) => {
    if (block.layer !== layer && block.layer) element(flow, "h4", "", `layer ${block.layer}`);
    layer = block.layer;
    const row = button(flow, block.branch ? "sv-branch" : "", "", () => {
      go(own, index);
      follow(own);
    });
    row.dataset.block = String(index);
    element(row, "span", "", block.title);
    drawThumbnail(own, element(row, "canvas"), block);
    if (walk.lens && block.stage !== undefined) drawLens(element(row, "em"), walk.lens[block.stage], walk.due ?? "");
    return row;
  });
}

/** @type {(own: Own, canvas: HTMLCanvasElement, block: import("./formulas.js").Block) => void} */
function drawThumbnail({ walk, look }, canvas, block) {
  const words = !block.out;
  const values = words ? rankedOf(walk, block) : rowOf(walk, block.out);
  const most = mostOf(values);
  Object.assign(canvas, { width: values.length, height: 1, ariaHidden: "true" });
  const pen = penOf(canvas);
  values.forEach((value, at) => {
    pen.fillStyle = words ? shade(look.shares, value / most) : signed(look, value, most);
    pen.fillRect(at, 0, 1, 1);
  });
}

/**
 * The readout's prediction of the next word at this point.
 * @type {(box: HTMLElement, chance: number, due: string) => void}
 */
function drawLens(box, chance, due) {
  box.textContent = inPercent(chance);
  box.title = `Read out here already, “${blank(due)}” has probability ${written(chance, 4)}`;
  box.style.setProperty("--sv-share", `${100 * chance}%`);
}

// A block and one of its numbers.

/** @type {(own: Own, step: number, ref?: Ref) => void} */
function go(own, step, ref) {
  own.wanted = ref;
  own.stepper.go(step);
}

/** @type {(own: Own, ref: Ref) => void} */
function pick(own, ref) {
  if (ref.block !== own.step) {
    go(own, ref.block, ref);
    return;
  }
  markPicked(own, ref);
  drawFormula(own);
}

/** @type {(own: Own, step: number) => string} */
function show(own, step) {
  own.step = step;
  const ref = own.wanted?.block === step ? own.wanted : tellingRef(own.walk, step);
  own.wanted = undefined;
  own.head = ref.head ?? 0;
  own.rows.forEach((row, at) => {
    row.classList.toggle("sv-now", at === step);
    row.classList.toggle("sv-later", at > step);
    row.setAttribute("aria-current", at === step ? "step" : "false");
  });
  place(own);
  drawInside(own);
  pick(own, ref);
  const said = told(own.walk, step);
  drawGuide(own);
  own.said.textContent = own.guiding ? "" : said;
  own.said.hidden = own.guiding;
  return said;
}

/**
 * The detail is beside the flow or, on a narrow page, under the block it shows.
 * @type {(own: Own) => void}
 */
function place(own) {
  const { activeElement: at } = document;
  const narrow = own.frame.clientWidth < NARROW;
  const held = at instanceof HTMLElement && own.detail.contains(at) ? at : null;
  own.frame.classList.toggle("sv-narrow", narrow);
  if (narrow) own.rows[own.step].after(own.detail);
  else if (own.detail.parentElement !== own.panes) own.panes.append(own.detail);
  held?.focus({ preventScroll: true }); // what is moved loses it
}

/** @type {() => ScrollBehavior} */
const gliding = () => (still() ? "auto" : "smooth");

/**
 * On a narrow screen the detail moves from block to block, and takes the eye along.
 * @type {(own: Own) => void}
 */
function follow({ frame, rows, step }) {
  if (frame.classList.contains("sv-narrow")) rows[step].scrollIntoView({ block: "start", behavior: gliding() });
}

// The guide.

/** @type {(own: Own, on: boolean) => void} */
function guided(own, on) {
  own.guiding = on;
  show(own, own.step);
  (on ? own.after : own.open).focus({ preventScroll: true });
}

/** @type {(own: Own, at: number) => void} */
function guideTo(own, at) {
  const stops = stopsOf(own.walk);
  own.stop = Math.min(Math.max(at, 0), stops.length - 1);
  own.guiding = true;
  go(own, stops[own.stop]);
  follow(own);
}

/**
 * While the guide is open, it is beside the block shown.
 * @type {(own: Own) => void}
 */
function drawGuide(own) {
  const { walk, step } = own;
  const stops = stopsOf(walk);
  const here = stops.indexOf(step);
  own.guide.hidden = !own.guiding;
  own.open.hidden = own.guiding;
  if (here >= 0) own.stop = here;
  own.why.textContent = `${whyOf(walk, step)} ${told(walk, step)}`;
  own.count.textContent = here >= 0 ? `${here + 1} of ${stops.length}` : `on the way, ${own.stop + 1} of ${stops.length} seen`;
  own.before.disabled = own.stop === 0 && here === 0;
  own.after.disabled = own.stop === stops.length - 1;
  for (const each of own.frame.querySelectorAll(".sv-walk-lit")) each.classList.remove("sv-walk-lit");
  if (own.guiding) lit(own)?.classList.add("sv-walk-lit");
}

/**
 * The subject of the sentence, if not "out".
 * @type {Partial<Record<import("./formulas.js").Kind, import("./formulas.js").Part>>}
 */
const LIT = { position: "place", self: "weight", cross: "weight", feedforward: "inner", logits: "logit", softmax: "chance" };

/** @type {(own: Own) => Element | null} */
function lit({ walk, step, inside }) {
  const found = `[data-part="${LIT[walk.blocks[step].kind] ?? "out"}"]`;
  return inside.querySelector(`${found}.sv-picked`) ?? inside.querySelector(found);
}

/** @type {(own: Own, root: HTMLElement) => void} */
function wire(own, root) {
  own.before.onclick = () => guideTo(own, own.step === stopsOf(own.walk)[own.stop] ? own.stop - 1 : own.stop);
  own.after.onclick = () => guideTo(own, own.stop + 1);
  part(root, ".sv-walk-close").onclick = () => guided(own, false);
  own.open.onclick = () => guided(own, true);
  own.frame.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !own.guiding) return;
    event.preventDefault();
    guided(own, false);
  });
  part(root, ".sv-walk-csv").onclick = () => saveRows(tableOf(own.walk), "walk.csv");
  const label = "Block of the walk";
  own.stepper = stepper(part(root, ".sv-walk-bar"), own.frame, { label, pace: PACE, show: (_, step) => show(own, step) });
  new ResizeObserver(() => {
    if (own.was === own.frame.clientWidth) return;
    own.was = own.frame.clientWidth;
    place(own);
    drawInside(own);
    pick(own, own.ref);
    drawGuide(own);
  }).observe(own.frame);
}

/** @type {(root: HTMLElement) => Own} */
function begin(root) {
  /** @type {(name: string) => HTMLElement} */
  const of = (name) => part(root, `.sv-walk-${name}`);
  const shown = { sentences: of("sentences"), said: of("said"), panes: of("panes"), flow: of("flow"), detail: of("detail") };
  const texts = { inside: of("inside"), formula: of("formula"), guide: of("guide"), why: of("why"), count: of("count") };
  const turns = {
    before: part(root, ".sv-walk-before", HTMLButtonElement),
    after: part(root, ".sv-walk-after", HTMLButtonElement),
    open: of("open"),
  };
  const frame = part(root, ".sv-walk");
  /** @type {Pick<Own, "pick" | "reveal" | "ask">} */
  const acts = {
    pick: (ref) => pick(own, ref),
    reveal: () => own.formula.scrollIntoView({ block: "nearest", behavior: gliding() }), // it may be below what is seen
    ask: (rows) => own.report("rows", rows),
  };
  /** @type {any} the rest comes with the first message */
  const made = { frame, ...shown, ...texts, ...turns, ...acts, guiding: true, stop: 0, strips: [], step: 0 };
  /** @type {Own} */
  const own = made;
  wire(own, root);
  return own;
}

/** @type {(call: Call) => void} */
export default function ({ data, parentElement: root, setStateValue }) {
  const own = ownOf(root, () => begin(root));
  const { walk: before, step, ref } = own;
  own.report = setStateValue;
  own.walk = unpackWalk(data);
  own.look = walkLook(own.frame, own.walk);
  own.was = own.frame.clientWidth;
  part(root, ".sv-walk-title").textContent = own.walk.title;
  own.frame.setAttribute("aria-label", own.walk.title);
  drawSentences(own);
  drawFlow(own);
  const alike = before?.blocks.length === own.walk.blocks.length;
  const same = alike && /** @type {const} */ (["side", "position", "title"]).every((name) => before[name] === own.walk[name]);
  own.wanted = same ? ref : undefined;
  own.stepper.begin(own.walk.blocks.length - 1, alike ? step : 0);
  countDrawing(own.frame);
}

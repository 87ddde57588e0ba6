// The inside of a block: its vectors, heads, keys or words; every number opens into its formula.
import { button, element, heading } from "../parts/elements.js";
import { written } from "../parts/numbers.js";
import { blank } from "../parts/tokens.js";
import { largest, makerOf, mostOf, rankedOf, rowIfSent, rowOf, sameRef, tokensOf } from "./formulas.js";
import { addStrip } from "./strips.js";
import { inPercent } from "./words.js";

/** @typedef {import("./formulas.js").Walk} Walk */
/** @typedef {import("./formulas.js").Block} Block */
/** @typedef {import("./formulas.js").Ref} Ref */
/** @typedef {import("./formulas.js").Row} Row */

/**
 * @typedef {object} Opened
 * @property {Walk} walk
 * @property {number} step the block that is shown
 * @property {number} head the head that is shown
 * @property {HTMLElement} detail
 * @property {HTMLElement} inside
 */

/** @typedef {import("./strips.js").Board & Opened} Inside */

/** @type {(own: Inside) => void} */
export function drawInside(own) {
  const block = own.walk.blocks[own.step];
  const box = own.inside;
  own.strips = [];
  box.replaceChildren();
  own.wide = Math.max(own.detail.clientWidth - 24, 200);
  element(box, "div", "sv-walk-name", block.layer ? `Layer ${block.layer}: ${block.title}` : block.title);
  INSIDES[block.kind](own, box, block);
  box.classList.remove("sv-opening");
  void box.offsetWidth; // so that the movement begins anew
  box.classList.add("sv-opening");
}

/**
 * @typedef {object} Options
 * @property {string} label
 * @property {Row} values
 * @property {import("./formulas.js").Part} [part]
 * @property {(unit: number) => Ref} [ref]
 * @property {string} [source]
 */

/** @type {(own: Inside, parent: Element, options: Options) => void} */
function labelled(own, parent, { label, values, part, ref, source }) {
  const { step } = own;
  const box = element(parent, "div", "sv-walk-strip");
  const line = element(box, "span", "", label);
  const most = mostOf(values);
  const note = element(line, "small", "", `${values.length} numbers, colours to ±${written(most)}`);
  const made = ref ?? ((/** @type {number} */ unit) => ({ block: step, part: part ?? "out", unit }));
  addStrip(own, box, { name: label, values, part, most, note, source, ref: made });
}

/** @typedef {(own: Inside, box: HTMLElement, block: Block) => void} Drawer */

/** @type {(own: Inside, box: HTMLElement, block: Block, labels: string[]) => void} */
function drawPlain(own, box, block, labels) {
  const { walk } = own;
  block.from.forEach((name, at) => {
    const read = { label: labels[at], source: `${name}:0`, values: rowOf(walk, name) };
    labelled(own, box, name === "place" ? { ...read, part: "place" } : { ...read, ref: makerOf(walk, name) });
  });
  labelled(own, box, { label: labels[labels.length - 1], values: rowOf(walk, block.out), part: "out" });
}

/** @type {Drawer} */
function drawFeed(own, box, block) {
  const { walk } = own;
  const [from] = block.from;
  labelled(own, box, { label: "what it reads", source: `${from}:0`, values: rowOf(walk, from), ref: makerOf(walk, from) });
  const inner = { source: `${block.inner}:0`, values: rowOf(walk, block.inner) };
  labelled(own, box, { label: "inner units, after ReLU", ...inner, part: "inner" });
  labelled(own, box, { label: "what it answers", values: rowOf(walk, block.out), part: "out" });
}

/** @type {Drawer} */
function drawAttention(own, box, block) {
  const { walk, head, step } = own;
  drawHeads(own, element(box, "div", "sv-walk-heads"), block);
  labelled(own, box, {
    label: `query of “${blank(walk.token)}”: what this head asks`,
    source: `${block.look}.queries:${head}`,
    values: rowOf(walk, `${block.look}.queries`, head),
    part: "query",
    ref: (unit) => ({ block: step, part: "query", head, unit }),
  });
  drawKeys(own, element(box, "div", "sv-walk-keys"), element(box, "small", "sv-walk-note"), block);
  labelled(own, box, {
    label: "mixed: the values, each times its weight, added up",
    values: rowOf(walk, `${block.look}.mixed`, head),
    part: "mixed",
    ref: (unit) => ({ block: step, part: "mixed", head, unit }),
  });
  const label = `output: all ${walk.heads} heads' mixtures through one matrix`;
  labelled(own, box, { label, values: rowOf(walk, block.out), part: "out" });
}

/** @type {(own: Inside, box: HTMLElement, block: Block) => void} */
function drawHeads(own, box, block) {
  const { walk, step } = own;
  const tokens = tokensOf(walk, block);
  for (let head = 0; head < walk.heads; head++) {
    const weights = rowOf(walk, `${block.look}.weights`, head);
    const key = largest(weights);
    const made = button(box, "", `head ${head + 1}: ${blank(tokens[key])} ${inPercent(weights[key])}`, () => {
      own.head = head;
      drawInside(own);
      own.pick({ block: step, part: "weight", head, key });
    });
    made.setAttribute("aria-pressed", String(head === own.head));
  }
}

/** @type {(own: Inside, box: HTMLElement, note: HTMLElement, block: Block) => void} */
function drawKeys(own, box, note, block) {
  const { walk, head } = own;
  const tokens = tokensOf(walk, block);
  const table = element(box, "table");
  const names = element(table.createTHead(), "tr");
  /** @type {(which: "keys" | "values") => Row[] | null} */
  const rows = (which) => {
    const all = tokens.map((_, key) => rowIfSent(walk, `${block.look}.${which}`, head * tokens.length + key));
    const sent = all.filter((row) => row !== null);
    return sent.length === tokens.length ? sent : null;
  };
  const [keys, values] = [rows("keys"), rows("values")];
  /** @type {Vectors} */
  const vectors = keys && values ? { keys, values } : null;
  for (const name of vectors ? ["", "key k", "score", "weight", "value v"] : ["", "score", "weight"])
    heading(names, "col", name);
  if (!vectors) note.textContent = "So large a network's keys and values come with the formulas that need them.";
  const body = table.createTBody();
  tokens.forEach((_, key) => drawKey(own, body.insertRow(), note, block, key, vectors));
}

/** @typedef {{ keys: Row[], values: Row[] } | null} Vectors null where they did not come along */

/** @type {(own: Inside, row: HTMLTableRowElement, note: HTMLElement, block: Block, key: number, vectors: Vectors) => void} */
function drawKey(own, row, note, block, key, vectors) {
  const { walk, head, step } = own;
  const tokens = tokensOf(walk, block);
  const token = tokens[key];
  const scores = rowOf(walk, `${block.look}.scores`, head);
  const weights = rowOf(walk, `${block.look}.weights`, head);
  const wide = Math.max(64, Math.min(walk.unit * 8, (own.wide - 300) / 2));
  heading(row, "row", blank(token)).title = token;
  /** @type {(part: "key" | "value", all: Row[]) => void} */
  const vector = (part, all) =>
    addStrip(own, row.insertCell(), {
      name: `${part} of “${blank(token)}”`,
      values: all[key],
      most: Math.max(...all.map(mostOf)),
      wide,
      note,
      source: `${block.look}.${part}s:${head * tokens.length + key}`,
      part,
      ref: (unit) => ({ block: step, part, head, key, unit }),
    });
  /** @type {(part: "score" | "weight", text: string, name?: string) => HTMLButtonElement} */
  const number = (part, text, name = "") => {
    const made = button(row.insertCell(), name, text, () => pickAndReveal(own, { block: step, part, head, key }));
    Object.assign(made.dataset, { part, key, head });
    return made;
  };
  if (vectors) vector("key", vectors.keys);
  number("score", Number.isFinite(scores[key]) ? written(scores[key], 3) : "−∞");
  const weight = number("weight", inPercent(weights[key]), "sv-weight");
  weight.title = written(weights[key], 7);
  weight.style.setProperty("--sv-share", `${100 * weights[key]}%`);
  if (vectors) vector("value", vectors.values);
}

/** @type {(own: Inside, ref: Ref) => void} */
function pickAndReveal(own, ref) {
  own.pick(ref);
  own.reveal();
}

/** @type {Drawer} */
function drawWords(own, box, block) {
  const { walk, step } = own;
  const softmax = block.kind === "softmax";
  const part = softmax ? "chance" : "logit";
  const list = element(box, "div", "sv-walk-words");
  const values = rankedOf(walk, block);
  const most = Math.max(...values);
  const least = softmax ? 0 : Math.min(...values, 0);
  walk.words.forEach((word, unit) => {
    const name = word === walk.due ? "sv-due" : "";
    const made = button(list, name, "", () => pickAndReveal(own, { block: step, part, unit }));
    Object.assign(made.dataset, { part, unit });
    element(made, "span", "", blank(word));
    const told = softmax ? inPercent(values[unit]) : written(values[unit], 3);
    element(made, "span", "", told).title = written(values[unit], 7);
    element(made, "i").style.width = `${(100 * (values[unit] - least)) / (most - least || 1)}%`;
  });
  const many = rowOf(walk, "logits").length.toLocaleString("en");
  const next = walk.due === null ? "" : `; in bold the one that comes next, “${blank(walk.due)}”`;
  element(box, "small", "", `The ${walk.words.length} likeliest of ${many} ${walk.noun}s${next}.`);
  if (softmax) return;
  const read = { source: "result:0", values: rowOf(walk, "result"), ref: makerOf(walk, "result") };
  labelled(own, box, { label: "what the readout reads", ...read });
}

/** @type {Record<import("./formulas.js").Kind, Drawer>} */
const INSIDES = {
  word: (own, box, block) => {
    const { width, noun } = own.walk;
    drawPlain(own, box, block, ["its numbers in the table", `times √${width}: what stands for the ${noun}`]);
  },
  position: (own, box, block) => {
    const { position, noun } = own.walk;
    drawPlain(own, box, block, [`the ${noun}`, `position ${position + 1}`, `${noun} + position`]);
  },
  norm: (own, box, block) => drawPlain(own, box, block, ["before the norm", "after it"]),
  sum: (own, box, block) => drawPlain(own, box, block, [...(block.called ?? []), "both added"]),
  self: drawAttention,
  cross: drawAttention,
  feedforward: drawFeed,
  logits: drawWords,
  softmax: drawWords,
};

/**
 * Mark the number that was chosen.
 * @type {(own: Inside, ref: Ref) => void}
 */
export function markPicked(own, ref) {
  own.ref = ref;
  for (const strip of own.strips) {
    if (sameRef(strip.ref(strip.at), ref)) continue;
    if (ref.unit !== undefined && ref.unit < strip.values.length && sameRef(strip.ref(ref.unit), ref)) strip.at = ref.unit;
  }
  for (const strip of own.strips) strip.draw();
  /** @type {(button: HTMLElement) => boolean} */
  const isPicked = ({ dataset }) =>
    dataset.part === ref.part &&
    /** @type {const} */ (["key", "head", "unit"]).every((name) => {
      return dataset[name] === undefined || Number(dataset[name]) === ref[name];
    });
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = own.inside.querySelectorAll("button[data-part]");
  for (const each of buttons) each.classList.toggle("sv-picked", isPicked(each));
  uncover(own.inside.querySelector(".sv-walk-keys"));
}

/**
 * Scroll a long row of keys to the chosen one without moving the page.
 * @type {(box: Element | null) => void}
 */
function uncover(box) {
  const row = box?.querySelector("button.sv-picked")?.closest("tr");
  if (!box || !row) return;
  const outside = row.offsetTop < box.scrollTop || row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight;
  if (outside) box.scrollTop = row.offsetTop - box.clientHeight / 2;
}

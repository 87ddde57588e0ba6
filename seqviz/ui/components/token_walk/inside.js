// The inside of a block, and the formula of one of its numbers, term by term.

import { colourAt } from "../shared/colours.js";
import { element } from "../shared/elements.js";
import { written } from "../shared/numbers.js";
import { keyed, moved } from "../shared/pointer.js";
import { blank } from "../shared/tokens.js";
import { formulaOf, rowOf, tokensOf, total } from "./formulas.js";
import { inPercent } from "./guide.js";

const PER_LINE = 64;
const TALL = 15;
const ALL_TERMS_MS = 1600;
const STEP_MS = 260;
const BIGGEST = 6;
export const largest = (values) => values.reduce((best, each, at) => (Math.abs(each) > Math.abs(values[best]) ? at : best), 0);
export const mostOf = (values) =>
  Math.max(...Array.from(values, (each) => (Number.isFinite(each) ? Math.abs(each) : 0)), 1e-12);
export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export const shade = (stops, at) => `rgb(${colourAt(stops, at).join(",")})`; // at from 0 to 1
export const signed = (own, value, most) => shade(own.look.states, (value / most + 1) / 2);

function sized(canvas, wide, high) {
  // in CSS pixels
  const ratio = window.devicePixelRatio || 1;
  const context = canvas.getContext("2d");
  Object.assign(canvas, { width: Math.round(wide * ratio), height: Math.round(high * ratio) });
  Object.assign(canvas.style, { width: `${wide}px`, height: `${high}px` });
  context.scale(ratio, ratio);
  return context;
}

// A vector as a row of cells, each of which can be chosen with the pointer or the arrow keys.
function cells(own, parent, { name, values, ref, part, most = mostOf(values), wide, note, source }) {
  const canvas = element(parent, "canvas");
  const columns = Math.min(values.length, PER_LINE);
  const lines = Math.ceil(values.length / PER_LINE);
  const cell = Math.max(2, Math.min(16, Math.floor((wide ?? own.wide) / columns)));
  const strip = { canvas, values, ref, source, at: 0, ringed: -1 };
  const noted = note.textContent;
  Object.assign(canvas, {
    tabIndex: 0,
    role: "slider",
    ariaLabel: `${name}, ${values.length} numbers`,
    ariaValueMin: 1,
    ariaValueMax: values.length,
  });
  canvas.setAttribute("role", "slider");
  canvas.dataset.part = part ?? "";
  strip.draw = () => {
    const chosen = samePick(own.ref, ref(strip.at)) ? strip.at : -1;
    if (strip.drawn === `${chosen} ${strip.ringed}`) return;
    strip.drawn = `${chosen} ${strip.ringed}`;
    const context = sized(canvas, columns * cell, lines * TALL);
    values.forEach((value, at) => {
      context.fillStyle = signed(own, value, most);
      context.fillRect((at % PER_LINE) * cell, Math.floor(at / PER_LINE) * TALL, cell - (cell > 3 ? 1 : 0), TALL - 2);
    });
    context.strokeStyle = own.look.text;
    context.lineWidth = 2;
    for (const at of [chosen, strip.ringed])
      if (at >= 0) context.strokeRect((at % PER_LINE) * cell + 0.5, Math.floor(at / PER_LINE) * TALL + 0.5, cell - 1, TALL - 3);
  };
  const tell = (at) => {
    note.textContent = `${noted ? "" : `${name}, `}number ${at + 1}: ${written(values[at], 7)}`;
    canvas.ariaValueNow = at + 1;
    canvas.ariaValueText = written(values[at], 4);
  };
  const under = (event) => {
    const box = canvas.getBoundingClientRect();
    const at = Math.floor((event.clientX - box.left) / cell) + PER_LINE * Math.floor((event.clientY - box.top) / TALL);
    return at >= 0 && at < values.length ? at : undefined;
  };
  const choose = (at) => {
    strip.at = at;
    pick(own, ref(at));
    tell(at);
  };
  canvas.addEventListener("pointermove", (event) => {
    const at = under(event);
    if (at === undefined || !moved(event)) return;
    if (event.buttons) choose(at);
    else tell(at);
  });
  for (const gone of ["pointerleave", "blur"])
    canvas.addEventListener(gone, () => {
      note.textContent = noted;
    });
  canvas.addEventListener("pointerdown", (event) => {
    const at = under(event);
    if (at !== undefined) choose(at);
  });
  canvas.addEventListener("click", () => reveal(own));
  canvas.addEventListener("keydown", (event) => {
    const to = { ArrowRight: strip.at + 1, ArrowLeft: strip.at - 1, Home: 0, End: values.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    choose(Math.min(Math.max(to, 0), values.length - 1));
  });
  own.strips.push(strip);
  return strip;
}

const samePick = (one, other) =>
  one && other && ["block", "part", "head", "key", "unit"].every((name) => one[name] === other[name]);

function strip(own, parent, { label, values, part, ref, source }) {
  const box = element(parent, "div", "sv-walk-strip");
  const line = element(box, "span", "", label);
  const most = mostOf(values);
  const note = element(line, "small", "", `${values.length} numbers, colours to ±${written(most)}`);
  return cells(own, box, {
    name: label,
    values,
    part,
    most,
    note,
    source,
    ref: ref ?? ((unit) => ({ block: own.step, part, unit })),
  });
}

// A number that another block made: its formula is there. A stream goes on under another name; its numbers stay the same.
function maker(own, name) {
  const { blocks } = own.walk;
  const reader = blocks.findIndex((block) => block.from?.includes(name));
  const equal = (one, other) => one.length === other.length && one.every((each, at) => each === other[at]);
  const block = blocks
    .slice(0, reader)
    .findLastIndex((each) => each.out && equal(rowOf(own.walk, each.out), rowOf(own.walk, name)));
  return (unit) => ({ block: Math.max(block, 0), part: "out", unit });
}

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

function drawPlain(own, box, block, labels) {
  const read = (name) => ({ source: `${name}:0`, values: rowOf(own.walk, name) });
  block.from.forEach((name, at) =>
    strip(own, box, {
      label: labels[at],
      ...read(name),
      ...(name === "place" ? { part: "place" } : { ref: maker(own, name) }),
    }),
  );
  strip(own, box, { label: labels.at(-1), values: rowOf(own.walk, block.out), part: "out" });
}

function drawFeed(own, box, block) {
  strip(own, box, {
    label: "what it reads",
    source: `${block.from[0]}:0`,
    values: rowOf(own.walk, block.from[0]),
    ref: maker(own, block.from[0]),
  });
  strip(own, box, {
    label: "inner units, after ReLU",
    source: `${block.inner}:0`,
    values: rowOf(own.walk, block.inner),
    part: "inner",
  });
  strip(own, box, { label: "what it answers", values: rowOf(own.walk, block.out), part: "out" });
}

function drawAttention(own, box, block) {
  const { walk } = own;
  const heads = element(box, "div", "sv-walk-heads");
  const tokens = tokensOf(walk, block);
  const head = own.head;
  for (let each = 0; each < walk.heads; each++) {
    const weights = rowOf(walk, `${block.look}.weights`, each);
    const top = largest(weights);
    const button = element(heads, "button", "", `head ${each + 1}: ${blank(tokens[top])} ${inPercent(weights[top])}`);
    Object.assign(button, {
      type: "button",
      onclick: () => {
        own.head = each;
        drawInside(own);
        pick(own, { block: own.step, part: "weight", head: each, key: top });
      },
    });
    button.setAttribute("aria-pressed", String(each === head));
  }
  strip(own, box, {
    label: `query of “${blank(walk.token)}”: what this head asks`,
    source: `${block.look}.queries:${head}`,
    values: rowOf(walk, `${block.look}.queries`, head),
    part: "query",
    ref: (unit) => ({ block: own.step, part: "query", head, unit }),
  });
  drawKeys(own, element(box, "div", "sv-walk-keys"), element(box, "small", "sv-walk-note"), block, tokens);
  strip(own, box, {
    label: "mixed: the values, each times its weight, added up",
    values: rowOf(walk, `${block.look}.mixed`, head),
    part: "mixed",
    ref: (unit) => ({ block: own.step, part: "mixed", head, unit }),
  });
  strip(own, box, {
    label: `output: all ${walk.heads} heads' mixtures through one matrix`,
    values: rowOf(walk, block.out),
    part: "out",
  });
}

function drawKeys(own, box, note, block, tokens) {
  const { walk, head, step } = own;
  const table = element(box, "table");
  const names = element(table.createTHead(), "tr");
  const keys = tokens.length;
  const body = table.createTBody();
  const rows = (which) => tokens.map((_, key) => rowOf(walk, `${block.look}.${which}`, head * keys + key));
  const [asked, given] = [rows("keys"), rows("values")];
  const carried = asked[0] && given[0];
  const scores = rowOf(walk, `${block.look}.scores`, head);
  const weights = rowOf(walk, `${block.look}.weights`, head);
  for (const name of carried ? ["", "key k", "score", "weight", "value v"] : ["", "score", "weight"])
    Object.assign(element(names, "th", "", name), { scope: "col" });
  if (!carried) note.textContent = "So large a network's keys and values come with the formulas that need them.";
  const scale = (which) => Math.max(...which.map(mostOf));
  const wide = Math.max(64, Math.min(walk.unit * 8, (own.wide - 300) / 2));
  tokens.forEach((token, key) => {
    const row = body.insertRow();
    const vector = (which, values, most) =>
      cells(own, row.insertCell(), {
        name: `${which} of “${blank(token)}”`,
        values,
        most,
        wide,
        note,
        source: `${block.look}.${which}s:${head * keys + key}`,
        part: which,
        ref: (unit) => ({ block: step, part: which, head, key, unit }),
      });
    Object.assign(element(row, "th", "", blank(token)), { scope: "row", title: token });
    if (carried) vector("key", asked[key], scale(asked));
    const number = (part, text, name) => {
      const button = element(row.insertCell(), "button", name, text);
      Object.assign(button, {
        type: "button",
        onclick: () => {
          pick(own, { block: step, part, head, key });
          reveal(own);
        },
      });
      Object.assign(button.dataset, { part, key, head });
      return button;
    };
    number("score", Number.isFinite(scores[key]) ? written(scores[key], 3) : "−∞");
    const weight = number("weight", inPercent(weights[key]), "sv-weight");
    weight.title = written(weights[key], 7);
    weight.style.setProperty("--sv-share", `${100 * weights[key]}%`);
    if (carried) vector("value", given[key], scale(given));
  });
}

export const rankedOf = (walk, block) =>
  block.kind === "softmax" ? rowOf(walk, "chances") : Float64Array.from(walk.best, (symbol) => rowOf(walk, "logits")[symbol]); // best first

function drawWords(own, box, block) {
  const { walk, step } = own;
  const softmax = block.kind === "softmax";
  const list = element(box, "div", "sv-walk-words");
  const values = rankedOf(walk, block);
  const most = Math.max(...values);
  const least = softmax ? 0 : Math.min(...values, 0);
  walk.words.forEach((word, unit) => {
    const button = element(list, "button", word === walk.due ? "sv-due" : "");
    Object.assign(button, {
      type: "button",
      onclick: () => {
        pick(own, { block: step, part: softmax ? "chance" : "logit", unit });
        reveal(own);
      },
    });
    Object.assign(button.dataset, { part: softmax ? "chance" : "logit", unit });
    element(button, "span", "", blank(word));
    element(button, "span", "", softmax ? inPercent(values[unit]) : written(values[unit], 3)).title = written(values[unit], 7);
    element(button, "i").style.width = `${(100 * (values[unit] - least)) / (most - least || 1)}%`;
  });
  element(
    box,
    "small",
    "",
    `The ${walk.words.length} likeliest of ${rowOf(walk, "logits").length.toLocaleString("en")} ${walk.noun}s${walk.due === null ? "" : `; in bold the one that comes next, “${blank(walk.due)}”`}.`,
  );
  if (!softmax)
    strip(own, box, {
      label: "what the readout reads",
      source: "result:0",
      values: rowOf(walk, "result"),
      ref: maker(own, "result"),
    });
}

const INSIDES = {
  word: (own, box, block) =>
    drawPlain(own, box, block, [`its numbers in the table`, `times √${own.walk.width}: what stands for the ${own.walk.noun}`]),
  position: (own, box, block) =>
    drawPlain(own, box, block, [`the ${own.walk.noun}`, `position ${own.walk.position + 1}`, `${own.walk.noun} + position`]),
  norm: (own, box, block) => drawPlain(own, box, block, ["before the norm", "after it"]),
  sum: (own, box, block) => drawPlain(own, box, block, [...block.called, "both added"]),
  self: drawAttention,
  cross: drawAttention,
  feedforward: drawFeed,
  logits: drawWords,
  softmax: drawWords,
};

// The formula.
export function pick(own, ref) {
  if (ref.block !== own.step) return own.go(ref.block, ref);
  own.ref = ref;
  for (const each of own.strips) {
    if (samePick(each.ref(each.at), ref)) continue;
    if (ref.unit !== undefined && ref.unit < each.values.length && samePick(each.ref(ref.unit), ref)) each.at = ref.unit;
  }
  for (const each of own.strips) each.draw();
  const same = (dataset, name) => dataset[name] === undefined || Number(dataset[name]) === ref[name];
  for (const button of own.inside.querySelectorAll("button[data-part]"))
    button.classList.toggle(
      "sv-picked",
      button.dataset.part === ref.part && ["key", "head", "unit"].every((name) => same(button.dataset, name)),
    );
  uncover(own.inside.querySelector(".sv-walk-keys"));
  drawFormula(own);
}

function uncover(box) {
  // of many keys, the one picked, without moving the page
  const row = box?.querySelector("button.sv-picked")?.closest("tr");
  if (!row) return;
  if (row.offsetTop < box.scrollTop || row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight)
    box.scrollTop = row.offsetTop - box.clientHeight / 2;
}

function reveal(own) {
  // on a small screen it may stand below what can be seen
  own.formula.scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
}

function drawFormula(own) {
  const found = formulaOf(own.walk, own.ref);
  const box = own.formula;
  cancelAnimationFrame(own.moving);
  box.replaceChildren();
  if (found.missing) {
    element(box, "div", "", "The weights of this number are on their way.");
    own.ask(found.missing);
    return;
  }
  own.found = found;
  const rule = element(box, "div", "sv-walk-rule");
  const again = Object.assign(element(rule, "button", "sv-walk-replay", "▶ again"), {
    type: "button",
    onclick: () => animate(own),
  });
  again.setAttribute("aria-label", "Show the formula's terms again");
  rule.prepend(
    Object.assign(document.createElement("b"), { textContent: found.title }),
    Object.assign(document.createElement("code"), { textContent: `= ${found.rule}` }),
  );
  again.hidden = !found.terms.length && found.steps.length < 2;
  own.bars = found.terms.length > 1 ? element(box, "canvas") : null;
  own.bars?.setAttribute("role", "img");
  own.bars?.setAttribute("aria-label", `The ${found.terms.length} terms of ${found.title}`);
  if (own.bars) explore(own, found);
  own.current = found.terms.length > 1 ? element(box, "div", "sv-walk-current") : null;
  own.lines = element(box, "ol");
  for (const [text, value] of found.steps) {
    const line = element(own.lines, "li");
    element(line, "span", "", text);
    element(line, "span", "", written(value, 7));
  }
  own.answer = element(
    box,
    "div",
    "sv-walk-result",
    `= ${written(found.result, 7)}; the network's own number: ${written(found.own, 7)}`,
  );
  own.answer.dataset.result = found.result;
  own.answer.dataset.own = found.own;
  if (found.from) element(box, "div", "sv-walk-from", `Weights: ${found.from}`);
  animate(own);
}

function explore(own, found) {
  // every term tells its numbers, to the pointer and to the arrow keys
  const { bars } = own;
  let at = -1;
  const tell = (to) => {
    at = Math.min(Math.max(to, 0), found.terms.length - 1);
    settle(own);
    own.current.textContent = term(found, at);
    ring(own, at);
  };
  bars.tabIndex = 0;
  bars.addEventListener("pointermove", (event) => {
    if (!moved(event)) return;
    const box = bars.getBoundingClientRect();
    tell(Math.floor(((event.clientX - box.left) / box.width) * found.terms.length));
  });
  bars.addEventListener("pointerleave", () => {
    if (keyed(bars)) return;
    own.current.textContent = biggest(found);
    ring(own, -1);
  });
  bars.addEventListener("keydown", (event) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: found.terms.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    tell(to);
  });
}

function ring(own, at) {
  // the numbers that a term is made of, where they stand
  for (const each of own.strips)
    if (own.found.sources?.includes(each.source)) {
      each.ringed = at;
      each.canvas.dataset.ringed = at;
      each.draw();
    }
}

function settle(own) {
  // to the end of the movement at once
  cancelAnimationFrame(own.moving);
  drawMoment(own, own.found.terms.length, own.found.steps.length);
}

function animate(own) {
  cancelAnimationFrame(own.moving);
  const { terms, steps } = own.found;
  const pace = Math.min(120, ALL_TERMS_MS / Math.max(terms.length, 1));
  const last = terms.length > 1 ? terms.length * pace : 0;
  let started;
  const tick = (now) => {
    if (!own.frame.isConnected) return;
    started ??= now;
    const spent = still() ? Infinity : now - started;
    drawMoment(
      own,
      Math.min(terms.length, Math.floor(spent / pace)),
      spent === Infinity ? steps.length : Math.floor((spent - last) / STEP_MS) + 1,
    );
    if (spent < last + steps.length * STEP_MS) own.moving = requestAnimationFrame(tick);
    else own.formula.dataset.done = String(Number(own.formula.dataset.done ?? 0) + 1);
  };
  own.moving = requestAnimationFrame(tick);
}

function drawMoment(own, shown, steps) {
  [...own.lines.children].forEach((line, at) => line.classList.toggle("sv-later", at >= steps));
  own.answer.style.visibility = steps >= own.lines.children.length ? "visible" : "hidden";
  if (!own.bars) return;
  drawBars(own, shown);
  own.current.textContent = shown >= own.found.terms.length ? biggest(own.found) : term(own.found, shown);
}

const product = (found, each) =>
  found.names[1]
    ? `${found.names[0]} ${written(each.left, 4)} × ${found.names[1]} ${written(each.right, 4)} = ${written(each.value, 4)}`
    : `${found.names[0]} = ${written(each.value, 4)}`;

function term(found, at) {
  const each = found.terms[at];
  const sofar = total(found.terms.slice(0, at + 1).map((one) => one.value));
  return `${each.name === String(at + 1) ? "Term" : `${each.name}, term`} ${at + 1} of ${found.terms.length}: ${product(found, each)}; so far ${written(sofar, 4)}`;
}

function biggest(found) {
  if (found.chosen !== undefined) return `${found.terms[found.chosen].name}: ${product(found, found.terms[found.chosen])}`;
  const order = [...found.terms].sort((one, other) => Math.abs(other.value) - Math.abs(one.value)).slice(0, BIGGEST);
  return `The largest of ${found.terms.length} terms: ${order.map((each) => `${each.name} ${written(each.value, 3)}`).join(", ")}`;
}

function drawBars(own, shown) {
  // products one upon the other, as they add up; shares and norms side by side
  const { terms, chosen, level } = own.found;
  const wide = own.wide;
  const high = 92;
  const context = sized(own.bars, wide, high);
  const column = wide / terms.length;
  const piled = chosen === undefined;
  let run = 0;
  const spans = terms.map(({ value }) => {
    const from = piled ? run : 0;
    run += value;
    return [from, piled ? run : value];
  });
  const ends = spans.flat();
  const top = Math.max(...ends, 0);
  const bottom = Math.min(...ends, 0);
  const y = (value) => 4 + ((top - value) / (top - bottom || 1)) * (high - 8);
  spans.slice(0, shown).forEach(([from, to], at) => {
    context.fillStyle = shade(own.look.states, to < from ? 0.06 : 0.94);
    context.globalAlpha = piled || at === chosen ? 1 : 0.45;
    context.fillRect(
      at * column,
      Math.min(y(from), y(to)),
      Math.max(column - (column > 4 ? 1 : 0), 0.7),
      Math.max(Math.abs(y(from) - y(to)), 0.8),
    );
  });
  context.globalAlpha = 1;
  context.strokeStyle = own.look.text;
  for (const [value, dash] of [[0, []], ...(level === undefined ? [] : [[level, [5, 4]]])]) {
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(0, y(value));
    context.lineTo(wide, y(value));
    context.stroke();
  }
}

import { isDark, rgb } from "../shared/colours.js";
import { element } from "../shared/elements.js";
import { written } from "../shared/numbers.js";
import { stepper } from "../shared/stepper.js";
import { saveRows } from "../shared/tables.js";
import { blank } from "../shared/tokens.js";
import { rowOf, unpackWalk } from "./formulas.js";
import { drawGuide, follow, guideTo, inPercent, stopsOf, told } from "./guide.js";
import { drawInside, largest, mostOf, pick, rankedOf, shade, signed } from "./inside.js";

const owners = new WeakMap();
const PACE = 2600;
const NARROW = 640;

function lookOf(frame, walk) {
  const { states, shares } = walk.look[isDark(frame) ? "dark" : "light"];
  return { text: getComputedStyle(frame).color, states: states.map(rgb), shares: shares.map(rgb) };
}

function drawSentences(own) {
  const { walk } = own;
  const rows = walk.source.length
    ? [
        ["encoder", "reads", walk.source],
        ["decoder", "writes", walk.read],
      ]
    : [["decoder", "reads", walk.read]];
  own.sentences.replaceChildren(
    ...rows.map(([side, name, tokens]) => {
      const row = document.createElement("div");
      element(row, "span", "", name);
      tokens.forEach((token, position) => {
        const strange = side === rows[0][0] && walk.unknown.includes(token);
        const button = element(row, "button", strange ? "sv-unknown" : "", blank(token));
        const what = strange
          ? `is unknown: the network reads what stands for all such ${walk.noun}s`
          : `is at position ${position + 1}`;
        const title = `${blank(token)} ${what}${side === "decoder" ? `; what comes next is ${blank(walk.written[position])}` : ""}`;
        Object.assign(button, { type: "button", title, onclick: () => own.tell("token", { side, position, at: Date.now() }) });
        Object.assign(button.dataset, { side, position });
        button.setAttribute("aria-pressed", String(side === walk.side && position === walk.position));
      });
      return row;
    }),
  );
}

function drawFlow(own) {
  const { walk } = own;
  let layer = 0;
  own.flow.replaceChildren();
  if (walk.lens) element(own.flow, "div", "sv-walk-lens", `“${blank(walk.due)}”, read out here`);
  own.rows = walk.blocks.map((block, index) => {
    if (block.layer !== layer) {
      if (block.layer) element(own.flow, "h4", "", `layer ${block.layer}`);
      layer = block.layer;
    }
    const row = element(own.flow, "button", block.branch ? "sv-branch" : "");
    Object.assign(row, {
      type: "button",
      onclick: () => {
        own.go(index);
        follow(own);
      },
    });
    row.dataset.block = index;
    element(row, "span", "", block.title);
    thumbnail(own, element(row, "canvas"), block);
    if (walk.lens && block.stage !== undefined) lensed(own, element(row, "em"), block);
    return row;
  });
}

function thumbnail(own, canvas, block) {
  const words = !block.out;
  const values = words ? rankedOf(own.walk, block) : rowOf(own.walk, block.out);
  const most = mostOf(values);
  const context = canvas.getContext("2d");
  Object.assign(canvas, { width: values.length, height: 1, ariaHidden: "true" });
  values.forEach((value, at) => {
    context.fillStyle = words ? shade(own.look.shares, value / most) : signed(own, value, most);
    context.fillRect(at, 0, 1, 1);
  });
}

function lensed(own, box, block) {
  // what the readout would give the next word here
  const chance = own.walk.lens[block.stage];
  box.textContent = inPercent(chance);
  box.title = `Read out here already, “${blank(own.walk.due)}” has probability ${written(chance, 4)}`;
  box.style.setProperty("--sv-share", `${100 * chance}%`);
}

function defaultPick(own, index) {
  // what tells most: the largest number, the strongest look, the word that comes next
  const { walk } = own;
  const block = walk.blocks[index];
  const part = { logits: "logit", softmax: "chance" }[block.kind];
  if (part) return { block: index, part, unit: Math.max(walk.words.indexOf(walk.due), 0) };
  if (!block.look || (block.kind !== "self" && block.kind !== "cross"))
    return { block: index, part: "out", unit: largest(rowOf(walk, block.out)) };
  const weights = walk.held.get(`${block.look}.weights`);
  const at = largest(weights.numbers);
  return { block: index, part: "weight", head: Math.floor(at / weights.columns), key: at % weights.columns };
}

function show(own, step) {
  own.step = step;
  const ref = own.wanted?.block === step ? own.wanted : defaultPick(own, step);
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

export function place(own) {
  // beside the flow, or where that is too narrow under the block that it shows
  const narrow = own.frame.clientWidth < NARROW;
  const held = own.detail.contains(document.activeElement) && document.activeElement;
  own.frame.classList.toggle("sv-narrow", narrow);
  if (narrow) own.rows[own.step].after(own.detail);
  else if (own.detail.parentElement !== own.panes) own.panes.append(own.detail);
  if (held) held.focus({ preventScroll: true }); // what is moved loses it
}

function guided(own, on) {
  own.guiding = on;
  show(own, own.step);
  (on ? own.after : own.open).focus({ preventScroll: true });
}

function saveTable(own) {
  const { walk } = own;
  const lines = [["block", "array", "row", "number", "value"]];
  const names = new Map(
    walk.blocks.flatMap((block, at) => [
      [block.out, at],
      [block.inner, at],
    ]),
  );
  for (const [name, { rows, columns, numbers }] of walk.held) {
    if (!(numbers instanceof Float64Array) || name.endsWith(".joined")) continue;
    const block = names.has(name)
      ? walk.blocks[names.get(name)]
      : walk.blocks.find((each) => each.look && name.startsWith(`${each.look}.`));
    for (let row = 0; row < rows; row++)
      for (let at = 0; at < columns; at++)
        lines.push([
          block ? `${block.layer ? `layer ${block.layer} ` : ""}${block.title}` : "",
          name,
          row + 1,
          at + 1,
          numbers[row * columns + at],
        ]);
  }
  saveRows(lines, "walk.csv");
}

function wire(own, root) {
  const part = (name) => root.querySelector(`.sv-walk-${name}`);
  for (const name of [
    "sentences",
    "said",
    "panes",
    "flow",
    "detail",
    "inside",
    "formula",
    "guide",
    "why",
    "count",
    "before",
    "after",
    "open",
  ])
    own[name] = part(name);
  Object.assign(own, { guiding: true, stop: 0, strips: [] });
  own.go = (step, ref) => {
    own.wanted = ref;
    own.stepper.go(step);
  };
  own.ask = (rows) => own.tell("rows", rows);
  own.before.onclick = () => guideTo(own, own.step === stopsOf(own.walk)[own.stop] ? own.stop - 1 : own.stop);
  own.after.onclick = () => guideTo(own, own.stop + 1);
  part("close").onclick = () => guided(own, false);
  own.open.onclick = () => guided(own, true);
  own.frame.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && own.guiding) {
      event.preventDefault();
      guided(own, false);
    }
  });
  part("csv").onclick = () => saveTable(own);
  own.stepper = stepper(part("bar"), own.frame, {
    label: "Block of the walk",
    pace: PACE,
    show: (_at, step) => show(own, step),
  });
  new ResizeObserver(() => {
    if (!own.walk || own.was === own.frame.clientWidth) return;
    own.was = own.frame.clientWidth;
    place(own);
    drawInside(own);
    pick(own, own.ref);
    drawGuide(own);
  }).observe(own.frame);
}

export default function ({ data, parentElement: root, setStateValue }) {
  const own = owners.get(root) ?? {};
  const fresh = !owners.has(root);
  own.tell = setStateValue;
  own.frame = root.querySelector(".sv-walk");
  if (fresh) wire(own, root);
  owners.set(root, own);
  const before = own.walk;
  const kept = own.step;
  const ref = own.ref;
  own.walk = unpackWalk(data);
  own.look = lookOf(own.frame, own.walk);
  own.was = own.frame.clientWidth;
  root.querySelector(".sv-walk-title").textContent = own.walk.title;
  own.frame.setAttribute("aria-label", own.walk.title);
  drawSentences(own);
  drawFlow(own);
  const alike = before && before.blocks.length === own.walk.blocks.length;
  const same =
    alike && before.side === own.walk.side && before.position === own.walk.position && before.title === own.walk.title;
  own.wanted = same ? ref : undefined;
  own.stepper.begin(own.walk.blocks.length - 1, alike ? kept : 0);
  own.frame.dataset.drawn = String((Number(own.frame.dataset.drawn) || 0) + 1);
}

import { colourAt, isDark, rgb } from "../shared/colours.js";
import { element } from "../shared/elements.js";
import { percent } from "../shared/numbers.js";
import { keyed, moved } from "../shared/pointer.js";
import { saveRows } from "../shared/tables.js";
import { blank } from "../shared/tokens.js";
import { drawLines, stroke, tellMore } from "./lines.js";
import { cellAt, drawMap, drawScale, lay, markPair } from "./map.js";
import { exactRow, levelsOf, rowOf, same, sees, unpack, vector, weightOf } from "./message.js";
import { drawPair, number } from "./pair.js";

const owners = new WeakMap();
export const FAINTEST = 0.05,
  MOST_HEADS = 2 * 8,
  STOPS = 256; // beyond the eight colours, lines are dashed
const nameOf = ([layer, head]) => `layer ${layer + 1}, head ${head + 1}`;

function lookOf(frame, d) {
  const css = getComputedStyle(frame);
  const { palette, scale, positive, negative } = d.look[isDark(frame) ? "dark" : "light"];
  const stops = scale.map(rgb);
  const table = Uint8ClampedArray.from(
    Array.from({ length: STOPS }, (_, index) => [...colourAt(stops, index / (STOPS - 1)), 255]).flat(),
  );
  return { text: css.color, font: css.fontFamily, palette, positive, negative, table };
}

export function paint(canvas, d, head, look) {
  const levels = levelsOf(d, head);
  const image = new ImageData(d.K, d.Q);
  const colours = new Uint32Array(look.table.buffer);
  const pixels = new Uint32Array(image.data.buffer);
  for (let at = 0; at < levels.length; at++) pixels[at] = d.masked && at % d.K > Math.floor(at / d.K) ? 0 : colours[levels[at]];
  canvas.width = d.K;
  canvas.height = d.Q;
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function drawGrid(own) {
  own.named = own.data.labels.flat().some(([name]) => name);
  const d = own.data;
  const wide = Math.max(22, Math.min(54, Math.floor((Math.min(own.frame.clientWidth || 470, 500) - 64) / d.heads) - 3));
  own.grid.style.gridTemplateColumns = `auto repeat(${d.heads}, ${wide}px)`;
  own.grid.replaceChildren();
  element(own.grid, "span", "", "");
  for (let head = 0; head < d.heads; head++)
    element(own.grid, "span", "", head || d.heads > 6 ? String(head + 1) : `head ${head + 1}`);
  for (let layer = 0; layer < d.layers; layer++) {
    element(own.grid, "span", "", layer || d.heads > 12 ? String(layer + 1) : `layer ${layer + 1}`);
    for (let head = 0; head < d.heads; head++) thumbnail(own, [layer, head], wide);
  }
}

function thumbnail(own, head, wide) {
  const [name, said] = own.data.labels[head[0]][head[1]];
  const button = element(own.grid, "button");
  button.type = "button";
  button.dataset.head = head.join(",");
  button.title = nameOf(head) + (said ? `: ${said}` : "");
  button.setAttribute("aria-label", button.title);
  const canvas = element(button, "canvas");
  paint(canvas, own.data, head, own.look);
  canvas.style.imageRendering = Math.max(own.data.Q, own.data.K) > wide ? "auto" : "pixelated"; // what is made smaller leaves no row out
  if (wide >= 44 && own.named) element(button, "small", "", name);
  button.addEventListener("click", (event) =>
    pick(own, head, own.overlays || event.shiftKey || event.ctrlKey || event.metaKey),
  );
  button.addEventListener("keydown", (event) => {
    const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!move) return;
    event.preventDefault();
    own.grid.querySelector(`[data-head="${head[0] + move[0]},${head[1] + move[1]}"]`)?.focus();
  });
  button.addEventListener("focus", () => {
    for (const each of own.grid.querySelectorAll("button")) each.tabIndex = each === button ? 0 : -1;
  });
}

// Show a head alone; or, with others, add it to those whose lines are drawn, or take it from them.
function pick(own, head, withOthers) {
  const there = own.shown.some((each) => same(each, head));
  if (!withOthers) own.shown = [head];
  else if (!there) own.shown = [...own.shown, head].slice(-MOST_HEADS);
  else if (own.shown.length > 1) own.shown = own.shown.filter((each) => !same(each, head));
  choose(own, own.shown.some((each) => same(each, head)) ? head : own.shown.at(-1));
}

function choose(own, head) {
  const moved = !own.primary || !same(own.primary, head);
  own.primary = head;
  if (moved && !own.pinned) own.pair = telling(own.data, head);
  draw(own);
  report(own);
}

// A pair to begin with: each query's strongest key, and of those the pair whose weight is nearest to 80 %, neither all nor little.
function telling(d, head) {
  const levels = levelsOf(d, head);
  let best = [0, 0];
  let off = Infinity;
  for (let query = d.masked && d.Q > 1 ? 1 : 0; query < Math.max(1, d.Q - d.cross); query++) {
    // the end of what is written says little
    let key = 0;
    for (let other = 1; other < d.K; other++) if (levels[query * d.K + other] > levels[query * d.K + key]) key = other;
    const far = Math.abs((levels[query * d.K + key] / 255) ** 2 - 0.8);
    if (far < off) [best, off] = [[query, key], far];
  }
  return best;
}

function report(own) {
  const [layer, head] = own.primary;
  const [query, key] = own.pair;
  own.tell("place", { layer, head, query, key, pinned: own.pinned, at: Date.now() });
}

export function pin(own, query, key) {
  if (!sees(own.data, query, key)) return;
  own.pair = [query, key];
  own.pinned = true;
  showPair(own);
  markPair(own);
  report(own);
}

export const paletteAt = (own, index) => own.look.palette[index % own.look.palette.length];

function drawChips(own) {
  own.chips.replaceChildren();
  own.shown.forEach((head, index) => {
    const chip = element(own.chips, "button", same(head, own.primary) ? "sv-primary" : "");
    chip.type = "button";
    chip.style.setProperty("--sv-colour", paletteAt(own, index));
    chip.title = own.shown.length > 1 ? "Show this head alone" : "The head drawn below";
    element(chip, "i", index >= own.look.palette.length ? "sv-dashed" : "");
    chip.append(nameOf(head));
    chip.onclick = () => pick(own, head, false);
  });
  for (const button of own.grid.querySelectorAll("button")) {
    const index = own.shown.findIndex((each) => each.join(",") === button.dataset.head);
    const primary = own.primary.join(",") === button.dataset.head;
    button.setAttribute("aria-pressed", String(index >= 0));
    button.classList.toggle("sv-primary", primary);
    button.style.setProperty("--sv-colour", index < 0 ? "" : paletteAt(own, index));
    button.tabIndex = primary ? 0 : -1;
  }
}

// What is pointed at: {query}, {key}, both or nothing. Only its lines stay, with their weights beside the keys.
export function point(own, at) {
  const d = own.data;
  const { cell, left, top } = own.cells;
  const hasQuery = at?.query !== undefined;
  const hasKey = at?.key !== undefined;
  own.at = at;
  stroke(own, at && (hasQuery ? { query: at.query } : at));
  lay(own, "row", left, top + (hasQuery ? at.query : 0) * cell, hasQuery ? d.K * cell : 0, cell);
  lay(own, "column", left + (hasKey ? at.key : 0) * cell, top, hasKey ? cell : 0, d.Q * cell);
  lay(own, "cell", left + (at?.key ?? 0) * cell, top + (at?.query ?? 0) * cell, hasQuery && hasKey ? cell : 0, cell);
  const row = hasQuery ? rowOf(d, own.primary, at.query) : null;
  [...own.sides.query.children].forEach((each, query) => {
    mark(each, hasQuery && at.query === query, hasKey && !sees(d, query, at.key));
    tell(own, each.firstChild, at && !hasQuery ? (head) => weightOf(d, head, query, at.key) : null);
  });
  [...own.sides.key.children].forEach((each, key) => {
    mark(each, hasKey && at.key === key, hasQuery && !sees(d, at.query, key));
    tell(
      own,
      each.lastChild,
      hasQuery ? (head) => (same(head, own.primary) ? row[key] : weightOf(d, head, at.query, key)) : null,
    );
  });
  own.said.textContent = sentence(own, at);
}

// A token's share beside it: in per cent of one head, or a square for each of several, as full as the share.
function tell(own, share, weight) {
  if (share.children.length)
    [...share.children].forEach((square, index) => {
      square.style.opacity = weight ? weight(own.shown[index]) : 0;
    });
  else {
    const value = weight ? weight(own.primary) : 0;
    const told = value >= 0.005 ? `${(100 * value).toFixed(0)} %` : "";
    if (share.textContent !== told) share.textContent = told;
  }
}

export function mark(row, on, unseen) {
  row.classList.toggle("sv-at", on);
  row.classList.toggle("sv-unseen", unseen);
}

function sentence(own, at) {
  const d = own.data;
  const who = `In ${nameOf(own.primary)}`;
  const ask = (query) =>
    d.cross ? `while writing “${blank(d.queries[query])}” (${query + 1})` : `“${blank(d.queries[query])}” (${query + 1})`;
  const looked = (key) => `“${blank(d.keys[key])}” (${key + 1})`;
  if (!at)
    return own.shown.length > 1 ? `${own.shown.length} heads, a colour each. Point at a token to see where it looks.` : d.hint;
  if (at.query !== undefined) {
    const row = rowOf(d, own.primary, at.query);
    if (at.key !== undefined)
      return sees(d, at.query, at.key)
        ? `${who}, ${ask(at.query)} gives ${looked(at.key)} ${percent(row[at.key])} of its attention.`
        : `${who}, ${ask(at.query)} cannot see ${looked(at.key)}, which comes later: weight exactly 0.`;
    const order = [...row]
      .map((weight, key) => [weight, key])
      .sort((a, b) => b[0] - a[0])
      .slice(0, 3)
      .filter(([weight]) => weight > 0);
    return `${who}, ${ask(at.query)} looks at ${order.map(([weight, key]) => `${looked(key)} ${percent(weight)}`).join(", ")}.`;
  }
  const column = Array.from({ length: d.Q }, (_, query) => [weightOf(d, own.primary, query, at.key), query])
    .sort((a, b) => b[0] - a[0])
    .slice(0, 3)
    .filter(([weight]) => weight >= 0.005);
  return column.length
    ? `${who}, ${looked(at.key)} is looked at most by ${column.map(([weight, query]) => `${ask(query)} ${percent(weight)}`).join(", ")}.`
    : `${who}, nobody gives ${looked(at.key)} as much as 0.5 %.`;
}

function showPair(own) {
  const d = own.data;
  const [query, key] = own.pair;
  const head = own.primary;
  const exact = exactRow(d, head, query);
  if (!exact) {
    own.pairBox.textContent = "The numbers of this head are on their way.";
    return;
  }
  const all = (which) => Array.from({ length: which === "q" ? d.Q : d.K }, (_, time) => vector(d, which, head, time));
  drawPair(own.pairBox, {
    query,
    key,
    asks: d.queries[query],
    keys: d.keys,
    exact: { scores: [...exact.scores], weights: [...exact.weights] },
    q: [...vector(d, "q", head, query)],
    k: [...vector(d, "k", head, key)],
    v: [...vector(d, "v", head, key)],
    values: all("v"),
    where: nameOf(head),
  });
}

function draw(own) {
  own.look = lookOf(own.frame, own.data);
  own.frame.style.setProperty("--sv-positive", own.look.positive);
  own.frame.style.setProperty("--sv-negative", own.look.negative);
  drawChips(own);
  drawLines(own);
  drawMap(own);
  drawScale(own);
  point(own, null);
  markPair(own);
  showPair(own);
  if (!own.numbers.hidden) drawNumbers(own);
}

function exactRows(own) {
  return own.data.queries.map((_, query) => exactRow(own.data, own.primary, query));
}

function drawNumbers(own) {
  const d = own.data;
  const table = document.createElement("table");
  const rows = exactRows(own);
  own.numbers.replaceChildren(table);
  if (rows.some((row) => !row)) {
    own.numbers.textContent = "The numbers of this head are on their way.";
    return;
  }
  table.createCaption().textContent = `Weights of ${nameOf(own.primary)}: a row for each token that asks`;
  const line = table.createTHead().insertRow();
  const heading = (parent, scope, text) => {
    const th = element(parent, "th", "", text);
    th.scope = scope;
  };
  heading(line, "col", "");
  d.keys.forEach((token) => heading(line, "col", blank(token)));
  const body = table.createTBody();
  rows.forEach(({ weights }, query) => {
    const row = body.insertRow();
    heading(row, "row", blank(d.queries[query]));
    weights.forEach((weight, key) => {
      row.insertCell().textContent = sees(d, query, key) ? number(weight) : "0";
    });
  });
}

function saveNumbers(own) {
  const d = own.data;
  const rows = exactRows(own);
  if (rows.some((row) => !row)) return;
  const lines = [["layer", "head", "query", "query token", "key", "key token", "score", "weight"]];
  rows.forEach(({ scores, weights }, query) =>
    weights.forEach((weight, key) =>
      lines.push([
        own.primary[0] + 1,
        own.primary[1] + 1,
        query + 1,
        d.queries[query],
        key + 1,
        d.keys[key],
        Number.isFinite(scores[key]) ? scores[key] : "-inf",
        weight,
      ]),
    ),
  );
  saveRows(lines, `attention-layer-${own.primary[0] + 1}-head-${own.primary[1] + 1}.csv`);
}

function wire(own, root) {
  const part = (name) => root.querySelector(`.sv-heads-${name}`);
  Object.assign(own, {
    grid: part("grid"),
    chips: part("chips"),
    said: part("said"),
    lines: part("lines"),
    map: part("map"),
    scale: part("scale"),
    pairBox: part("pair"),
    numbers: part("numbers"),
    overlays: false,
  });
  own.lines.addEventListener("scroll", () => tellMore(own));
  part("overlay").onclick = (event) => {
    own.overlays = !own.overlays;
    event.currentTarget.setAttribute("aria-pressed", String(own.overlays));
  };
  part("layer").onclick = () => {
    own.shown = Array.from({ length: Math.min(own.data.heads, MOST_HEADS) }, (_, head) => [own.primary[0], head]);
    if (!own.shown.some((each) => same(each, own.primary))) own.shown[own.shown.length - 1] = own.primary;
    draw(own);
  };
  part("show").onclick = (event) => {
    own.numbers.hidden = !own.numbers.hidden;
    event.currentTarget.setAttribute("aria-pressed", String(!own.numbers.hidden));
    if (!own.numbers.hidden) drawNumbers(own);
  };
  part("csv").onclick = () => saveNumbers(own);
  own.map.addEventListener("pointermove", (event) => {
    if (!moved(event)) return;
    const at = cellAt(own, event);
    if (at?.query !== own.at?.query || at?.key !== own.at?.key) point(own, at);
  });
  own.map.addEventListener("pointerleave", () => {
    if (!keyed(own.map)) point(own, null);
  });
  own.map.addEventListener("click", (event) => {
    const at = cellAt(own, event);
    if (at) pin(own, at.query, at.key);
  });
  own.map.addEventListener("blur", () => point(own, null));
  own.map.addEventListener("keydown", (event) => {
    const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    const d = own.data;
    const { query, key } =
      own.at?.key !== undefined && own.at.query !== undefined ? own.at : { query: own.pair[0], key: own.pair[1] };
    if (event.key === "Enter" || event.key === " ") pin(own, query, key);
    else if (move)
      point(own, {
        query: Math.min(Math.max(query + move[0], 0), d.Q - 1),
        key: Math.min(Math.max(key + move[1], 0), d.K - 1),
      });
    else return;
    event.preventDefault();
  });
}

function settle(own, d) {
  // what was looked at stays, as far as the new message has it
  const asked = JSON.stringify(d.chosen);
  const fresh = asked !== own.asked;
  const fits = (head) => head[0] < d.layers && head[1] < d.heads;
  own.asked = asked;
  if (fresh || !own.primary || !fits(own.primary)) {
    own.primary = [d.chosen.layer, d.chosen.head];
    own.shown = [own.primary];
    own.pair = [d.chosen.query, d.chosen.key];
    own.pinned = d.chosen.pinned;
  }
  own.shown = own.shown.filter(fits);
  if (!own.pinned || own.pair[0] >= d.Q || own.pair[1] >= d.K || !sees(d, ...own.pair))
    [own.pair, own.pinned] = [telling(d, own.primary), false];
}

export default function ({ data, parentElement: root, setStateValue }) {
  const own = owners.get(root) ?? {};
  own.tell = setStateValue;
  own.frame = root.querySelector(".sv-heads");
  if (!owners.has(root)) wire(own, root);
  owners.set(root, own);
  own.data = unpack(data);
  settle(own, own.data);
  own.look = lookOf(own.frame, own.data);
  root.querySelector(".sv-heads-title").textContent = own.data.title;
  own.frame.setAttribute("aria-label", own.data.title);
  drawGrid(own);
  draw(own);
  own.frame.dataset.drawn = String((Number(own.frame.dataset.drawn) || 0) + 1);
}

// Every head of a Transformer: thumbnails, chosen heads as lines, one as a map, and the arithmetic of one pair.
import { countDrawing, ownOf } from "../parts/component.js";
import { button, element, heading, part, targetOf } from "../parts/elements.js";
import { written } from "../parts/numbers.js";
import { keyed, moved } from "../parts/pointer.js";
import { saveRows } from "../parts/tables.js";
import { blank } from "../parts/tokens.js";
import { exactRow, nameOf, rowOf, same, sees, sentence, tableOf, tellingPair, unpack, vectorOf, weightOf } from "./heads.js";
import { drawPair } from "./pair.js";
import { cellAt, drawLines, drawMap, drawScale, drawThumbnail, headsLook, linesOf, paletteAt } from "./pictures.js";

/** @typedef {import("./heads.js").Heads} Heads */
/** @typedef {import("./heads.js").Head} Head */
/** @typedef {import("./heads.js").Pair} Pair */
/** @typedef {import("./heads.js").At} At */

/**
 * The reader's latest choice, and its time.
 * @typedef {{ layer: number, head: number, query: number, key: number, pinned: boolean, at: number }} Place
 */

/** @typedef {import("../parts/component.js").Call<Uint8Array | ArrayBuffer, { place: Place }>} Call */
/** @typedef {"query" | "key"} Side */

/**
 * @typedef {object} Own
 * @property {Heads} data
 * @property {import("./pictures.js").Look} look
 * @property {string | undefined} asked by the page, as JSON
 * @property {Head} primary the head drawn as a map
 * @property {Head[]} shown those drawn as lines
 * @property {Pair} pair whose arithmetic is shown
 * @property {boolean} pinned whether the reader chose the pair
 * @property {At | null} at
 * @property {boolean} overlays whether a click adds a head
 * @property {HTMLElement} frame
 * @property {HTMLElement} grid
 * @property {HTMLElement} chips
 * @property {HTMLElement} said
 * @property {HTMLElement} lines
 * @property {HTMLElement} map
 * @property {HTMLElement} scale
 * @property {HTMLElement} pairBox
 * @property {HTMLElement} numbers
 * @property {HTMLElement} more how much of the list is out of sight
 * @property {Record<Side, HTMLElement>} sides
 * @property {import("./pictures.js").Lines} drawn
 * @property {import("./pictures.js").Cells} cells
 * @property {Record<"row" | "column" | "cell" | "chosen", HTMLElement>} marks
 * @property {Call["setStateValue"]} report
 */

const MOST_HEADS = 2 * 8; // beyond the eight colours, lines are dashed
const ON_THE_WAY = "The numbers of this head are on their way.";

// The grid of thumbnails.

/** @type {(own: Own) => void} */
function drawGrid(own) {
  const { data: d, grid } = own;
  const room = Math.min(own.frame.clientWidth || 470, 500) - 64;
  const wide = Math.max(22, Math.min(54, Math.floor(room / d.heads) - 3));
  const named = d.labels.flat().some(([name]) => name);
  grid.style.gridTemplateColumns = `auto repeat(${d.heads}, ${wide}px)`;
  grid.replaceChildren();
  element(grid, "span", "", "");
  for (let head = 0; head < d.heads; head++) {
    element(grid, "span", "", head || d.heads > 6 ? String(head + 1) : `head ${head + 1}`);
  }
  for (let layer = 0; layer < d.layers; layer++) {
    element(grid, "span", "", layer || d.heads > 12 ? String(layer + 1) : `layer ${layer + 1}`);
    for (let head = 0; head < d.heads; head++) thumbnail(own, [layer, head], wide, named);
  }
}

/** @type {(own: Own, head: Head, wide: number, named: boolean) => void} */
function thumbnail(own, head, wide, named) {
  const { data: d } = own;
  const [name, said] = d.labels[head[0]][head[1]];
  const made = button(own.grid, "", "", (event) => {
    pick(own, head, own.overlays || event.shiftKey || event.ctrlKey || event.metaKey);
  });
  made.dataset.head = head.join(",");
  made.title = nameOf(head) + (said ? `: ${said}` : "");
  made.setAttribute("aria-label", made.title);
  const canvas = element(made, "canvas");
  drawThumbnail(canvas, d, head, own.look);
  canvas.style.imageRendering = Math.max(d.Q, d.K) > wide ? "auto" : "pixelated"; // what is made smaller leaves no row out
  if (wide >= 44 && named) element(made, "small", "", name);
  made.addEventListener("keydown", (event) => {
    const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!move) return;
    event.preventDefault();
    const to = own.grid.querySelector(`[data-head="${head[0] + move[0]},${head[1] + move[1]}"]`);
    if (to instanceof HTMLElement) to.focus();
  });
  made.addEventListener("focus", () => {
    for (const each of own.grid.querySelectorAll("button")) each.tabIndex = each === made ? 0 : -1;
  });
}

/**
 * Show a head by itself, or add it to (or remove it from) those whose lines are drawn.
 * @type {(own: Own, head: Head, withOthers: boolean) => void}
 */
function pick(own, head, withOthers) {
  const there = own.shown.some((each) => same(each, head));
  if (!withOthers) own.shown = [head];
  else if (!there) own.shown = [...own.shown, head].slice(-MOST_HEADS);
  else if (own.shown.length > 1) own.shown = own.shown.filter((each) => !same(each, head));
  choose(own, own.shown.some((each) => same(each, head)) ? head : own.shown[own.shown.length - 1]);
}

/** @type {(own: Own, head: Head) => void} */
function choose(own, head) {
  const other = !same(own.primary, head);
  own.primary = head;
  if (other && !own.pinned) own.pair = tellingPair(own.data, head);
  draw(own);
  report(own);
}

/** @type {(own: Own) => void} */
function report({ primary: [layer, head], pair: [query, key], pinned, report: tell }) {
  tell("place", { layer, head, query, key, pinned, at: Date.now() });
}

/** @type {(own: Own, query: number, key: number) => void} */
function pin(own, query, key) {
  if (!sees(own.data, query, key)) return;
  own.pair = [query, key];
  own.pinned = true;
  showPair(own);
  markPair(own);
  report(own);
}

/** @type {(own: Own) => void} */
function drawChips(own) {
  own.chips.replaceChildren();
  own.shown.forEach((head, index) => {
    const chip = button(own.chips, same(head, own.primary) ? "sv-primary" : "", "", () => pick(own, head, false));
    chip.style.setProperty("--sv-colour", paletteAt(own.look, index));
    chip.title = own.shown.length > 1 ? "Show this head alone" : "The head drawn below";
    element(chip, "i", index >= own.look.palette.length ? "sv-dashed" : "");
    chip.append(nameOf(head));
  });
  for (const each of own.grid.querySelectorAll("button")) {
    const index = own.shown.findIndex((head) => head.join(",") === each.dataset.head);
    const primary = own.primary.join(",") === each.dataset.head;
    each.setAttribute("aria-pressed", String(index >= 0));
    each.classList.toggle("sv-primary", primary);
    each.style.setProperty("--sv-colour", index < 0 ? "" : paletteAt(own.look, index));
    each.tabIndex = primary ? 0 : -1;
  }
}

// The lines, between two columns of tokens.

/** @type {(own: Own) => void} */
function showLines(own) {
  const { data: d, lines } = own;
  const most = Math.max(d.Q, d.K);
  const tall = most > 64 ? 13 : most > 30 ? 16 : 21;
  lines.replaceChildren();
  const drawing = element(lines, "div", "sv-heads-drawing");
  const query = drawSide(own, drawing, "query", d.queries, tall);
  const canvas = element(drawing, "canvas");
  own.sides = { query, key: drawSide(own, drawing, "key", d.keys, tall) };
  const room = (lines.clientWidth || 330) - query.offsetWidth - own.sides.key.offsetWidth - 6;
  own.drawn = linesOf(d, canvas, Math.max(96, Math.min(220, room)), tall);
  own.more = element(lines, "div", "sv-heads-more");
  tellMore(own);
  drawLines(own.drawn, d, own.shown, own.look, null);
}

/**
 * Say how much of the list is out of sight, since a bar to scroll with may not be seen.
 * @type {(own: Own) => void}
 */
function tellMore({ lines, more, data, drawn: { tall } }) {
  const count = Math.max(data.Q, data.K);
  more.hidden = count * tall <= lines.clientHeight;
  const above = Math.floor(lines.scrollTop / tall);
  const seen = lines.scrollTop + lines.clientHeight - more.offsetHeight;
  const below = Math.max(0, count - Math.floor(seen / tall));
  const ways = [above ? `↑ ${above} above` : "", below ? `↓ ${below} below` : ""].filter(Boolean);
  more.textContent = `Scroll this list of ${count} tokens: ${ways.join(", ")}`;
}

/** @type {(own: Own, parent: Element, of: Side, tokens: string[], tall: number) => HTMLElement} */
function drawSide(own, parent, of, tokens, tall) {
  const made = element(parent, "div", "sv-heads-side");
  made.dataset.of = of;
  tokens.forEach((token, index) => {
    const row = element(made, "div");
    element(row, "b", "", blank(token));
    const share = element(row, "em");
    if (of === "query") row.prepend(share);
    if (own.shown.length > 1) {
      own.shown.forEach((_, each) => {
        element(share, "i").style.background = paletteAt(own.look, each);
      });
    }
    row.title = blank(token).length > 12 ? blank(token) : "";
    Object.assign(row.style, { height: `${tall}px`, fontSize: `${tall > 18 ? 14 : tall > 14 ? 12 : 10}px` });
    Object.assign(row.dataset, { side: of, index });
    row.tabIndex = index ? -1 : 0;
  });
  wireSide(own, made, of);
  return made;
}

/** @type {(own: Own, side: HTMLElement, of: Side) => void} */
function wireSide(own, side, of) {
  /** @type {(target: Element | null) => number | null} */
  const indexOf = (target) => {
    const row = target?.closest("[data-index]");
    return row instanceof HTMLElement ? Number(row.dataset.index) : null;
  };
  /** @type {(target: Element | null) => void} */
  const pointTo = (target) => {
    const index = indexOf(target);
    point(own, index === null ? null : { [of]: index });
  };
  side.addEventListener("pointerover", (event) => moved(event) && pointTo(targetOf(event)));
  side.addEventListener("pointerleave", () => pointTo(keyed(side)));
  side.addEventListener("focusin", (event) => pointTo(targetOf(event)));
  side.addEventListener("focusout", () => point(own, null));
  side.addEventListener("click", (event) => take(own, of, indexOf(targetOf(event))));
  side.addEventListener("keydown", (event) => step(own, event, of, indexOf(targetOf(event)) ?? 0));
}

/**
 * A query brings the key that it looks at most; a key goes with the query chosen before.
 * @type {(own: Own, of: Side, index: number | null) => void}
 */
function take(own, of, index) {
  if (index === null) return;
  if (of === "key") {
    pin(own, own.pair[0], index);
    return;
  }
  const row = rowOf(own.data, own.primary, index);
  pin(own, index, row.indexOf(Math.max(...row)));
}

/** @type {(own: Own, event: KeyboardEvent, of: Side, index: number) => void} */
function step(own, event, of, index) {
  const last = own.sides[of].children.length - 1;
  /** @type {Record<string, [Side, number]>} */
  const moves = {
    ArrowDown: [of, Math.min(index + 1, last)],
    ArrowUp: [of, Math.max(index - 1, 0)],
    ArrowRight: ["key", index],
    ArrowLeft: ["query", index],
  };
  const to = moves[event.key];
  const chosen = event.key === "Enter" || event.key === " ";
  if (chosen) take(own, of, index);
  else if (!to) return;
  event.preventDefault();
  if (!to) return;
  const rows = own.sides[to[0]].querySelectorAll("div");
  const row = rows[Math.min(to[1], rows.length - 1)];
  for (const side of [own.sides.query, own.sides.key]) for (const each of side.querySelectorAll("div")) each.tabIndex = -1;
  row.tabIndex = 0;
  row.focus();
}

// The map.

/** @type {(own: Own) => void} */
function showMap(own) {
  own.map.replaceChildren();
  const canvas = element(own.map, "canvas");
  own.cells = drawMap(canvas, own.data, own.primary, own.look, own.frame.clientWidth - 130);
  const [row, column, cell, chosen] = ["row", "column", "cell", "chosen"].map((name) => element(own.map, "i", `sv-${name}`));
  own.marks = { row, column, cell, chosen };
}

/** @type {(mark: HTMLElement, x: number, y: number, wide: number, high: number) => void} */
function lay(mark, x, y, wide, high) {
  const place = { left: `${x}px`, top: `${y}px`, width: `${wide}px`, height: `${high}px` };
  Object.assign(mark.style, { ...place, display: wide ? "" : "none" });
}

/** @type {(own: Own) => void} */
function markPair({ cells: { cell, left, top }, pair: [query, key], marks }) {
  lay(marks.chosen, left + key * cell, top + query * cell, cell, cell);
}

// Pointing.

/**
 * Point at a query, a key, both or nothing: only its lines stay, with their weights beside the keys.
 * @type {(own: Own, at: At | null) => void}
 */
function point(own, at) {
  const { data: d, primary } = own;
  const { query, key } = at ?? {};
  own.at = at;
  drawLines(own.drawn, d, own.shown, own.look, query === undefined ? at : { query });
  layMarks(own, query, key);
  const row = query === undefined ? null : rowOf(d, primary, query);
  [...own.sides.query.children].forEach((each, other) => {
    mark(each, query === other, key !== undefined && !sees(d, other, key));
    const asked = key !== undefined && query === undefined;
    tell(own, part(each, "em"), asked ? (head) => weightOf(d, head, other, key) : null);
  });
  [...own.sides.key.children].forEach((each, other) => {
    mark(each, key === other, query !== undefined && !sees(d, query, other));
    const share = (/** @type {Head} */ head) =>
      row && same(head, primary) ? row[other] : weightOf(d, head, query ?? 0, other);
    tell(own, part(each, "em"), row ? share : null);
  });
  own.said.textContent = at ? sentence(d, primary, at) : resting(own);
}

/** @type {(own: Own) => string} what is said where nothing is pointed at */
const resting = ({ shown, data }) =>
  shown.length > 1 ? `${shown.length} heads, a colour each. Point at a token to see where it looks.` : data.hint;

/** @type {(own: Own, query: number | undefined, key: number | undefined) => void} */
function layMarks({ marks, data: d, cells: { cell, left, top } }, query, key) {
  const [x, y] = [left + (key ?? 0) * cell, top + (query ?? 0) * cell];
  const [hasQuery, hasKey] = [query !== undefined, key !== undefined];
  lay(marks.row, left, y, hasQuery ? d.K * cell : 0, cell);
  lay(marks.column, x, top, hasKey ? cell : 0, d.Q * cell);
  lay(marks.cell, x, y, hasQuery && hasKey ? cell : 0, cell);
}

/**
 * A token's share beside it: a percentage for one head, or for several a square each, filled by the share.
 * @type {(own: Own, share: HTMLElement, weight: ((head: Head) => number) | null) => void}
 */
function tell(own, share, weight) {
  const squares = share.querySelectorAll("i");
  squares.forEach((square, index) => {
    square.style.opacity = String(weight ? weight(own.shown[index]) : 0);
  });
  if (squares.length) return;
  const value = weight ? weight(own.primary) : 0;
  const told = value >= 0.005 ? `${(100 * value).toFixed(0)} %` : "";
  if (share.textContent !== told) share.textContent = told;
}

/** @type {(row: Element, on: boolean, unseen: boolean) => void} */
function mark(row, on, unseen) {
  row.classList.toggle("sv-at", on);
  row.classList.toggle("sv-unseen", unseen);
}

// Numbers.

/** @type {(own: Own) => void} */
function showPair({ data: d, pair: [query, key], primary, pairBox }) {
  const exact = exactRow(d, primary, query);
  const [q, k, v] = [vectorOf(d, "q", primary, query), vectorOf(d, "k", primary, key), vectorOf(d, "v", primary, key)];
  if (!exact || !q || !k || !v) {
    pairBox.textContent = ON_THE_WAY;
    return;
  }
  const values = d.keys.map((_, time) => vectorOf(d, "v", primary, time) ?? v);
  drawPair(pairBox, { query, key, asks: d.queries[query], keys: d.keys, exact, q, k, v, values, where: nameOf(primary) });
}

/** @type {(own: Own) => import("./heads.js").Row[] | null} null where they are on their way */
function exactRows({ data, primary }) {
  const rows = data.queries.map((_, query) => exactRow(data, primary, query)).filter((row) => row !== null);
  return rows.length === data.Q ? rows : null;
}

/** @type {(own: Own) => void} */
function drawNumbers(own) {
  const { data: d, numbers } = own;
  const rows = exactRows(own);
  numbers.replaceChildren();
  if (!rows) {
    numbers.textContent = ON_THE_WAY;
    return;
  }
  const table = element(numbers, "table");
  table.createCaption().textContent = `Weights of ${nameOf(own.primary)}: a row for each token that asks`;
  const line = table.createTHead().insertRow();
  heading(line, "col", "");
  for (const token of d.keys) heading(line, "col", blank(token));
  const body = table.createTBody();
  rows.forEach(({ weights }, query) => {
    const row = body.insertRow();
    heading(row, "row", blank(d.queries[query]));
    weights.forEach((weight, key) => {
      row.insertCell().textContent = sees(d, query, key) ? written(weight, 3) : "0";
    });
  });
}

/** @type {(own: Own) => void} */
function saveNumbers(own) {
  const rows = exactRows(own);
  const [layer, head] = own.primary;
  if (rows) saveRows(tableOf(own.data, own.primary, rows), `attention-layer-${layer + 1}-head-${head + 1}.csv`);
}

// The whole.

/** @type {(own: Own) => void} */
function draw(own) {
  own.look = headsLook(own.frame, own.data);
  own.frame.style.setProperty("--sv-positive", own.look.positive);
  own.frame.style.setProperty("--sv-negative", own.look.negative);
  drawChips(own);
  showLines(own);
  showMap(own);
  drawScale(own.scale, own.look, own.cells.every);
  point(own, null);
  markPair(own);
  showPair(own);
  if (!own.numbers.hidden) drawNumbers(own);
}

/** @type {(own: Own) => void} */
function wireMap(own) {
  own.map.addEventListener("pointermove", (event) => {
    if (!moved(event)) return;
    const at = cellAt(own.data, own.cells, event);
    if (at?.query !== own.at?.query || at?.key !== own.at?.key) point(own, at);
  });
  own.map.addEventListener("pointerleave", () => {
    if (!keyed(own.map)) point(own, null);
  });
  own.map.addEventListener("click", (event) => {
    const at = cellAt(own.data, own.cells, event);
    if (at) pin(own, at.query, at.key);
  });
  own.map.addEventListener("blur", () => point(own, null));
  own.map.addEventListener("keydown", (event) => {
    const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    const { data: d, at } = own;
    const both = at?.key !== undefined && at.query !== undefined;
    const [query, key] = both ? [Number(at.query), Number(at.key)] : own.pair;
    if (event.key === "Enter" || event.key === " ") pin(own, query, key);
    else if (move) {
      /** @type {(value: number, size: number) => number} */
      const inside = (value, size) => Math.min(Math.max(value, 0), size - 1);
      point(own, { query: inside(query + move[0], d.Q), key: inside(key + move[1], d.K) });
    } else return;
    event.preventDefault();
  });
}

/** @type {(own: Own) => void} */
function wireTools(own) {
  const overlay = part(own.frame, ".sv-heads-overlay");
  overlay.addEventListener("click", () => {
    own.overlays = !own.overlays;
    overlay.setAttribute("aria-pressed", String(own.overlays));
  });
  part(own.frame, ".sv-heads-layer").addEventListener("click", () => {
    own.shown = Array.from({ length: Math.min(own.data.heads, MOST_HEADS) }, (_, head) => [own.primary[0], head]);
    if (!own.shown.some((each) => same(each, own.primary))) own.shown[own.shown.length - 1] = own.primary;
    draw(own);
  });
  const shower = part(own.frame, ".sv-heads-show");
  shower.addEventListener("click", () => {
    own.numbers.hidden = !own.numbers.hidden;
    shower.setAttribute("aria-pressed", String(!own.numbers.hidden));
    if (!own.numbers.hidden) drawNumbers(own);
  });
  part(own.frame, ".sv-heads-csv").addEventListener("click", () => saveNumbers(own));
}

/**
 * Keep the reader's choices where the new message still has them.
 * @type {(own: Own, d: Heads) => void}
 */
function settle(own, d) {
  const asked = JSON.stringify(d.chosen);
  /** @type {(head: Head) => boolean} */
  const fits = ([layer, head]) => layer < d.layers && head < d.heads;
  if (asked !== own.asked || !fits(own.primary)) {
    own.primary = [d.chosen.layer, d.chosen.head];
    own.shown = [own.primary];
    own.pair = [d.chosen.query, d.chosen.key];
    own.pinned = d.chosen.pinned;
  }
  own.asked = asked;
  own.shown = own.shown.filter(fits);
  const [query, key] = own.pair;
  if (own.pinned && query < d.Q && key < d.K && sees(d, query, key)) return;
  own.pair = tellingPair(d, own.primary);
  own.pinned = false;
}

/** @type {(root: HTMLElement) => Own} */
function begin(root) {
  /** @type {(name: string) => HTMLElement} */
  const of = (name) => part(root, `.sv-heads-${name}`);
  const shown = {
    grid: of("grid"),
    chips: of("chips"),
    said: of("said"),
    lines: of("lines"),
    map: of("map"),
    scale: of("scale"),
  };
  const frame = part(root, ".sv-heads");
  const own = /** @type {Own} */ ({ frame, ...shown, pairBox: of("pair"), numbers: of("numbers"), overlays: false });
  own.lines.addEventListener("scroll", () => tellMore(own));
  wireMap(own);
  wireTools(own);
  return own;
}

/** @type {(call: Call) => void} */
export default function ({ data, parentElement: root, setStateValue }) {
  const own = ownOf(root, () => begin(root));
  own.report = setStateValue;
  own.data = unpack(data);
  settle(own, own.data);
  own.look = headsLook(own.frame, own.data);
  part(root, ".sv-heads-title").textContent = own.data.title;
  own.frame.setAttribute("aria-label", own.data.title);
  drawGrid(own);
  draw(own);
  countDrawing(own.frame);
}

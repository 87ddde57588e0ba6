import { element, piece } from "../shared/elements.js";
import { percent } from "../shared/numbers.js";
import { moved } from "../shared/pointer.js";

const owners = new WeakMap();
const SIDE = 64;
const VEIL = 0.82;
const SHADE = 96;

// The weight at a pixel's middle: of its cell, or in proportion between the middles of the four cells around it.
function lifted(grid, x, y, smooth) {
  const cells = grid.length;
  const size = SIDE / cells;
  if (!smooth) return grid[Math.floor(y / size)][Math.floor(x / size)];
  const at = (value) => Math.min(Math.max((value + 0.5) / size - 0.5, 0), cells - 1);
  const u = at(x);
  const v = at(y);
  const left = Math.min(Math.floor(u), cells - 2);
  const top = Math.min(Math.floor(v), cells - 2);
  const a = u - left;
  const b = v - top;
  return (
    (grid[top][left] * (1 - a) + grid[top][left + 1] * a) * (1 - b) +
    (grid[top + 1][left] * (1 - a) + grid[top + 1][left + 1] * a) * b
  );
}

// The picture as the network reads it, under a veil of grey where less of the attention is; the cell with most of it stays as bright as it is.
function veiled(own, grid) {
  const image = new ImageData(SIDE, SIDE);
  const pixels = own.pixels;
  const most = grid ? Math.max(...grid.flat()) : 1;
  for (let y = 0, at = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++, at++) {
      const light = grid ? 1 - VEIL * (1 - lifted(grid, x, y, own.smooth) / most) : 1;
      for (let part = 0; part < 3; part++) image.data[4 * at + part] = pixels[3 * at + part] * light + SHADE * (1 - light);
      image.data[4 * at + 3] = 255;
    }
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

function paint(canvas, picture) {
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = false;
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
}

function outline(region) {
  // the edges between cells that are inside and cells that are not
  const cells = region.length;
  const size = SIDE / cells;
  const inside = (row, column) => Boolean(region[row]?.[column]);
  let path = "";
  for (let row = 0; row < cells; row++)
    for (let column = 0; column < cells; column++) {
      if (!inside(row, column)) continue;
      const x = column * size;
      const y = row * size;
      if (!inside(row - 1, column)) path += `M${x} ${y}h${size}`;
      if (!inside(row + 1, column)) path += `M${x} ${y + size}h${size}`;
      if (!inside(row, column - 1)) path += `M${x} ${y}v${size}`;
      if (!inside(row, column + 1)) path += `M${x + size} ${y}v${size}`;
    }
  return path;
}

function drawMarks(own, word, cell) {
  const d = own.data;
  const svg = own.marks;
  const cells = d.weights[0].length;
  const size = SIDE / cells;
  svg.replaceChildren();
  if (!own.alone) {
    for (let at = 1; at < cells; at++) {
      piece(svg, "line", { x1: at * size, x2: at * size, y1: 0, y2: SIDE });
      piece(svg, "line", { y1: at * size, y2: at * size, x1: 0, x2: SIDE });
    }
    const path = outline(d.regions[word]);
    if (path) {
      piece(svg, "path", { d: path, class: "sv-pic-under" });
      piece(svg, "path", { d: path, class: "sv-pic-own" });
    }
    if (cell)
      for (const name of ["sv-pic-at-under", "sv-pic-at"])
        piece(svg, "rect", { x: cell[1] * size, y: cell[0] * size, width: size, height: size, class: name });
  }
  d.things.forEach((thing, _at) => {
    const box = piece(svg, "rect", {
      x: thing.x - thing.radius,
      y: thing.y - thing.radius,
      width: 2 * thing.radius + 1,
      height: 2 * thing.radius + 1,
      class: "sv-pic-thing",
      "data-thing": thing.number,
    });
    piece(box, "title", {}).textContent =
      d.things.length > 1 ? `${thing.title}: click to erase it` : `${thing.title}: the last thing left`;
  });
}

function wordSentence(d, word) {
  const region = d.regions[word].flat();
  const own = region.filter(Boolean).length;
  const grid = d.weights[word];
  const most = Math.max(...grid.flat());
  const row = grid.findIndex((line) => line.includes(most));
  const column = grid[row].indexOf(most);
  const made = d.forced[word] ? "You made it write this word" : "It writes this word";
  const looks = own
    ? `${percent(d.inside[word])} of ${d.whose} is inside the dashed line, on what the word is about: ${own} of ${region.length} cells, ${percent(own / region.length)} of the picture. The largest share`
    : `This word is about nothing that the picture shows. The largest share of ${d.whose}`;
  return `${made} with probability ${percent(d.probability[word])}. ${looks} is at row ${row + 1}, column ${column + 1}: ${percent(most)}.`;
}

function headsOf(d, word) {
  // each head's look at one word
  return d.heads ? d.heads[word] : [];
}

function meanOf(heads) {
  return heads[0].map((line, row) =>
    line.map((_, column) => heads.reduce((sum, head) => sum + head[row][column], 0) / heads.length),
  );
}

function drawHeads(own, word) {
  // the mean and each head, to choose one by a click
  const heads = headsOf(own.data, word);
  if (heads.length < 2) {
    own.heads.replaceChildren();
    return;
  }
  const looks = [meanOf(heads), ...heads];
  if (own.heads.children.length !== looks.length) own.heads.replaceChildren(...looks.map((_, head) => headButton(own, head)));
  [...own.heads.children].forEach((button, head) => {
    paint(button.firstChild, veiled(own, looks[head]));
    button.setAttribute("aria-pressed", String(head === own.data.head));
  });
}

function headButton(own, head) {
  const button = element(null, "button", "sv-pic-head");
  const small = document.createElement("canvas");
  small.width = small.height = 128;
  button.type = "button";
  button.append(small, head ? `head ${head}` : "mean");
  button.addEventListener("click", () => own.report("choice", { kind: "head", head, at: Date.now() }));
  return button;
}

function cellSentence(d, word, row, column) {
  const score = d.scores ? `, score ${Number(d.scores[word][row][column].toPrecision(3))}` : "";
  const each =
    headsOf(d, word).length > 1
      ? ` Head by head: ${headsOf(d, word)
          .map((head) => percent(head[row][column]))
          .join(" · ")}.`
      : "";
  return `Row ${row + 1}, column ${column + 1}: ${percent(d.weights[word][row][column])} of ${d.whose}${score}.${each}`;
}

function say(own, word, text) {
  own.said.replaceChildren(element(null, "b", "", own.data.written[word]), element(null, "br"), text);
}

function drawNext(own, word) {
  const d = own.data;
  own.next.replaceChildren(
    element(null, "span", "", `Likeliest here, given the words before; choose one to make it write that:`),
  );
  d.alternatives[word].forEach(([each, chance]) => {
    const button = element(null, "button", "", `${each} ${percent(chance)}`);
    button.type = "button";
    button.dataset.word = each;
    button.setAttribute("aria-pressed", String(each === d.written[word]));
    button.addEventListener("click", () => own.report("choice", { kind: "word", place: word, word: each, at: Date.now() }));
    own.next.append(button);
  });
}

function drawTable(own, word) {
  const d = own.data;
  const table = document.createElement("table");
  const body = table.createTBody();
  d.weights[word].forEach((line, row) => {
    const made = body.insertRow();
    const head = element(null, "th", "", `row ${row + 1}`);
    head.scope = "row";
    made.append(head);
    line.forEach((weight, column) => {
      const cell = made.insertCell();
      cell.textContent = percent(weight);
      if (d.regions[word][row][column]) cell.className = "sv-pic-inside";
    });
  });
  own.table.replaceChildren(table);
}

function show(own, word) {
  // word: the one shown now, by pointer or step
  own.shown = word;
  paint(own.canvas, veiled(own, own.alone ? null : own.data.weights[word]));
  drawMarks(own, word);
  drawHeads(own, word);
  say(own, word, wordSentence(own.data, word));
  own.buttons.forEach((button, at) => button.setAttribute("aria-current", String(at === word)));
}

function step(own, word) {
  // the one that stays when the pointer leaves
  own.word = Math.min(Math.max(word, 0), own.data.written.length - 1);
  show(own, own.word);
  drawNext(own, own.word);
  drawTable(own, own.word);
}

function drawWords(own) {
  const d = own.data;
  own.buttons = d.written.map((each, word) => {
    const button = element(null, "button", d.forced[word] ? "sv-pic-word sv-pic-forced" : "sv-pic-word");
    const small = document.createElement("canvas");
    small.width = small.height = 128;
    paint(small, veiled(own, d.weights[word]));
    button.type = "button";
    button.append(small, element(null, "strong", "", each), element(null, "small", "", percent(d.probability[word])));
    button.setAttribute("role", "listitem");
    button.setAttribute("aria-label", `${each}: ${wordSentence(d, word)}`);
    button.addEventListener("pointerenter", (event) => moved(event) && show(own, word));
    button.addEventListener("pointerleave", () => show(own, own.word));
    button.addEventListener("click", () => step(own, word));
    return button;
  });
  own.words.replaceChildren(...own.buttons);
}

function cellAt(own, event) {
  const box = own.pane.getBoundingClientRect();
  const cells = own.data.weights[0].length;
  const place = (value, size) => Math.min(Math.max(Math.floor((cells * value) / size), 0), cells - 1);
  return [place(event.clientY - box.top, box.height), place(event.clientX - box.left, box.width)];
}

function wire(own) {
  own.frame.querySelector(".sv-pic-tools").addEventListener("click", (event) => {
    if (event.target.dataset.move) step(own, own.word + Number(event.target.dataset.move));
  });
  const toggle = (name, flip) =>
    own.frame.querySelector(name).addEventListener("click", (event) => {
      event.currentTarget.setAttribute("aria-pressed", String(flip()));
      drawWords(own);
      step(own, own.word);
    });
  toggle(".sv-pic-smooth", () => (own.smooth = !own.smooth));
  toggle(".sv-pic-plain", () => (own.alone = !own.alone));
  own.pane.addEventListener("pointermove", (event) => {
    if (own.alone || !moved(event)) return;
    const cell = cellAt(own, event);
    const key = String(cell);
    if (own.cell === key) return;
    own.cell = key;
    drawMarks(own, own.word, cell);
    say(own, own.word, cellSentence(own.data, own.word, ...cell));
  });
  own.pane.addEventListener("pointerleave", () => {
    own.cell = undefined;
    show(own, own.word);
  });
  own.marks.addEventListener("click", (event) => {
    const thing = event.target.dataset?.thing;
    if (thing !== undefined && own.data.things.length > 1)
      own.report("choice", { kind: "erase", thing: Number(thing), at: Date.now() });
  });
  own.frame.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1, Home: -1e9, End: 1e9 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    step(own, own.word + move);
  });
}

export default function ({ data, parentElement: root, setStateValue }) {
  let own = owners.get(root);
  if (!own) {
    const part = (name) => root.querySelector(`.sv-pic-${name}`);
    own = {
      frame: root.querySelector(".sv-pic"),
      pane: part("frame"),
      canvas: part("canvas"),
      marks: part("marks"),
      said: part("said"),
      heads: part("heads"),
      next: part("next"),
      words: part("words"),
      table: part("table"),
      smooth: true,
      alone: false,
      buttons: [],
    };
    owners.set(root, own);
    wire(own);
  }
  const before = own.data;
  own.data = data;
  own.report = setStateValue;
  own.pixels = Uint8Array.from(atob(data.picture), (each) => each.charCodeAt(0));
  root.querySelector(".sv-pic-title").textContent = data.title;
  root.querySelector(".sv-pic-key").textContent = data.key;
  own.frame.setAttribute("aria-label", data.title);
  own.canvas.setAttribute("aria-label", data.described);
  own.canvas.setAttribute("role", "img");
  drawWords(own);
  const kept =
    before &&
    own.word < data.written.length &&
    before.written.slice(0, own.word).every((each, at) => each === data.written[at]);
  step(own, kept ? own.word : data.begin);
}

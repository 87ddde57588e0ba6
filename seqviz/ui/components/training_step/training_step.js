import { colourAt, ink, isDark, rgb } from "../shared/colours.js";
import { written } from "../shared/numbers.js";
import { stepper } from "../shared/stepper.js";
import { saveRows } from "../shared/tables.js";

const owners = new WeakMap();
const READABLE = 8;
const LEAST = 4;
const MOST = 26;
const WIDE = 220;
const PACE = 2200; // at most so many rows and columns are written as numbers; else a square each

const number = (value) => written(value, 3);
const exact = (value) => written(value, 7);

function lookOf(frame) {
  return { text: getComputedStyle(frame).color, dark: isDark(frame) };
}

const filled = (own, value, most) => colourAt(own.stops, (typeof value === "number" && most ? value / most : 0) / 2 + 0.5);

function asTable(own, part) {
  const table = document.createElement("table");
  part.rows.forEach((row, at) => {
    const line = table.insertRow();
    row.forEach((value, column) => {
      const cell = line.insertCell();
      const paint = filled(own, value, part.most);
      cell.textContent = number(value);
      cell.style.background = `rgb(${paint.join(",")})`;
      cell.style.color = ink(paint);
      cell.addEventListener("pointerenter", () => point(own, part, at, column));
    });
  });
  return table;
}

const fitting = (count) => Math.max(LEAST, Math.min(MOST, Math.floor(WIDE / count)));

function asPicture(own, part) {
  const rows = part.rows.length;
  const columns = part.rows[0].length;
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [fitting(columns), fitting(rows)];
  const canvas = Object.assign(document.createElement("canvas"), {
    width: columns * wide * ratio,
    height: rows * high * ratio,
  });
  Object.assign(canvas.style, { width: `${columns * wide}px`, height: `${rows * high}px` });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${part.name}: ${part.shape}`);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.strokeStyle = own.look.text;
  part.rows.forEach((row, at) =>
    row.forEach((value, column) => {
      const [x, y] = [column * wide, at * high];
      context.fillStyle = `rgb(${filled(own, value, part.most).join(",")})`;
      context.fillRect(x, y, wide - 0.5, high - 0.5);
      if (typeof value === "number") return;
      context.beginPath(); // not a number, or infinite: crossed
      for (const [begin, end] of [
        [x, x + wide],
        [x + wide, x],
      ]) {
        context.moveTo(begin, y);
        context.lineTo(end, y + high);
      }
      context.stroke();
    }),
  );
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / wide);
    const at = Math.floor((event.clientY - box.top) / high);
    if (part.rows[at]?.[column] !== undefined) point(own, part, at, column);
  });
  return canvas;
}

function point(own, part, row, column) {
  const chain = part.chain && own.data.parts.filter((each) => each.chain && each.phase <= own.stepper.step);
  own.tip.textContent = chain
    ? `row ${row}, column ${column}: ${chain.map((each) => `${each.chain} ${exact(each.rows[row][column])}`).join(" → ")}`
    : `${part.name}, ${part.axes[0]} ${row + part.from[0]}, ${part.axes[1]} ${column + part.from[1]}: ${exact(part.rows[row][column])}`;
}

function draw(own) {
  own.pictures.replaceChildren(
    ...own.data.parts.map((part) => {
      const figure = document.createElement("figure");
      const caption = document.createElement("figcaption");
      const small = document.createElement("small");
      figure.dataset.phase = part.phase;
      caption.textContent = part.name;
      small.textContent = part.shape;
      caption.append(small);
      const fits = part.rows.length <= READABLE && part.rows[0].length <= READABLE;
      figure.append(caption, (fits ? asTable : asPicture)(own, part));
      return figure;
    }),
  );
  own.phases.replaceChildren(
    ...own.data.phases.map(([name], index) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
      button.addEventListener("click", () => own.stepper.go(index));
      item.append(button);
      return item;
    }),
  );
}

function show(own, step) {
  for (const each of own.pictures.children) {
    each.classList.toggle("sv-later", Number(each.dataset.phase) > step);
    each.classList.toggle("sv-fresh", Number(each.dataset.phase) === step);
  }
  [...own.phases.querySelectorAll("button")].forEach((each, index) => {
    each.classList.toggle("sv-now", index === step);
    if (index === step) each.setAttribute("aria-current", "step");
    else each.removeAttribute("aria-current");
  });
  own.said.textContent = own.data.phases[step][1];
  return own.said.textContent;
}

function saveTable(own) {
  const lines = own.data.parts.flatMap((part) =>
    part.rows.flatMap((row, at) => row.map((value, column) => [part.name, at + part.from[0], column + part.from[1], value])),
  );
  saveRows([["part", "row", "column", "value"], ...lines], "training-step.csv");
}

export default function ({ data, parentElement: root }) {
  let own = owners.get(root);
  if (!own) {
    const part = (name) => root.querySelector(`.sv-step-${name}`);
    const frame = root.querySelector(".sv-step");
    own = { frame, said: part("said"), pictures: part("pictures"), phases: part("phases"), tip: part("tip") };
    own.stepper = stepper(part("bar"), frame, {
      label: "Phase of the training step",
      pace: PACE,
      show: (_at, step) => show(own, step),
    });
    part("csv").addEventListener("click", () => saveTable(own));
    owners.set(root, own);
  }
  const begun = own.data !== undefined;
  const phase = own.stepper.step;
  own.data = data;
  own.look = lookOf(own.frame);
  own.stops = (own.look.dark ? data.dark : data.scale).map(rgb);
  own.tip.textContent = "";
  root.querySelector(".sv-step-title").textContent = data.title;
  own.frame.setAttribute("aria-label", data.title);
  draw(own);
  own.stepper.begin(data.phases.length - 1, begun ? phase : data.phases.length - 1);
  own.frame.dataset.drawn = String(Number(own.frame.dataset.drawn ?? 0) + 1);
}

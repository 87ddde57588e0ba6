// One head as a map, queries down and keys across, with its scale and the chosen pair.

import { element } from "../shared/elements.js";
import { blank } from "../shared/tokens.js";
import { paint, STOPS } from "./head_view.js";

const NAME_ROOM = 13; // pixels: where rows of the map are lower, every n-th has its name

export function drawMap(own) {
  const d = own.data;
  const cell = Math.max(
    3,
    Math.min(26, Math.floor(Math.min(520, Math.max(280, own.frame.clientWidth - 130)) / Math.max(d.Q, d.K))),
  );
  const every = cell >= 12 ? 1 : Math.ceil(NAME_ROOM / cell);
  own.map.replaceChildren();
  const canvas = element(own.map, "canvas");
  const context = canvas.getContext("2d");
  const small = document.createElement("canvas");
  const sharp = window.devicePixelRatio || 1;
  const font = `${Math.min(13, Math.max(11, cell))}px ${own.look.font}`;
  const long = (tokens) => {
    context.font = font;
    return Math.min(96, Math.max(...tokens.map((token) => context.measureText(blank(token)).width)) + 8);
  };
  const left = long(d.queries);
  const top = long(d.keys) * 0.8 + 12;
  const wide = left + d.K * cell + 60;
  const high = top + d.Q * cell + 2;
  own.cells = { cell, left, top, canvas, every };
  Object.assign(canvas, { width: wide * sharp, height: high * sharp });
  Object.assign(canvas.style, { width: `${wide}px`, height: `${high}px` });
  context.scale(sharp, sharp);
  paint(small, d, own.primary, own.look);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, left, top, d.K * cell, d.Q * cell);
  Object.assign(context, { font, fillStyle: own.look.text, textBaseline: "middle", strokeStyle: own.look.text });
  names(own, context);
  context.strokeStyle = own.look.text;
  context.globalAlpha = 0.3;
  context.strokeRect(left + 0.5, top + 0.5, d.K * cell - 1, d.Q * cell - 1);
  context.globalAlpha = 1;
  for (const [key, query] of d.gold ?? []) if (query < d.Q && key < d.K) ring(own, context, query, key);
  own.marks = Object.fromEntries(
    ["row", "column", "cell", "chosen"].map((name) => [name, element(own.map, "i", `sv-${name}`)]),
  );
}

export function drawScale(own) {
  // a weight's colour goes by its root: half-way along the bar stands a quarter
  own.scale.replaceChildren();
  element(own.scale, "b", "", "weight 0");
  const bar = element(own.scale, "canvas");
  const image = new ImageData(Uint8ClampedArray.from(own.look.table), STOPS, 1);
  Object.assign(bar, { width: STOPS, height: 1 });
  bar.getContext("2d").putImageData(image, 0, 0);
  const every = own.cells.every > 1 ? `; the map has a name for one token in ${own.cells.every}` : "";
  own.scale.append(`1. Not linear: small weights are made more visible, and half-way along stands 0.25${every}`);
}

function ring(own, context, query, key) {
  const { cell, left, top } = own.cells;
  context.strokeStyle = own.look.palette[0];
  context.lineWidth = 2;
  context.beginPath();
  context.arc(left + (key + 0.5) * cell, top + (query + 0.5) * cell, cell / 5, 0, 7);
  context.stroke();
}

function names(own, context) {
  const d = own.data;
  const { cell, left, top, every } = own.cells;
  const fitted = (token) => {
    const full = blank(token);
    return [...full].length > 13 ? `${[...full].slice(0, 12).join("")}…` : full;
  };
  context.textAlign = "right";
  d.queries.forEach(
    (token, query) => query % every || context.fillText(fitted(token), left - 5, top + (query + 0.5) * cell, left - 5),
  );
  context.textAlign = "left";
  d.keys.forEach((token, key) => {
    if (key % every) return;
    context.save();
    context.translate(left + (key + 0.5) * cell, top - 6);
    context.rotate(-Math.PI / 3.6);
    context.fillText(fitted(token), 0, 0);
    context.restore();
  });
}

export function cellAt(own, event) {
  const { cell, left, top, canvas } = own.cells;
  const box = canvas.getBoundingClientRect();
  const key = Math.floor((event.clientX - box.left - left) / cell);
  const query = Math.floor((event.clientY - box.top - top) / cell);
  return query >= 0 && query < own.data.Q && key >= 0 && key < own.data.K ? { query, key } : null;
}

export function lay(own, name, x, y, wide, high) {
  Object.assign(own.marks[name].style, {
    left: `${x}px`,
    top: `${y}px`,
    width: `${wide}px`,
    height: `${high}px`,
    display: wide ? "" : "none",
  });
}

export function markPair(own) {
  const { cell, left, top } = own.cells;
  const [query, key] = own.pair;
  lay(own, "chosen", left + key * cell, top + query * cell, cell, cell);
}

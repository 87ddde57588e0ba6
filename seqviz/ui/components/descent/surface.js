// The surface of two numbers' error: from above as a map with contours, and as a landscape.

import { colourAt } from "../shared/colours.js";
import { floats, written } from "../shared/numbers.js";

export const MESH = 90,
  LEVELS = 9,
  LEFT = 52,
  RIGHT = 62,
  TOP = 12,
  BOTTOM = 44;
export const number = (value) => written(value, 4);

export function pen(canvas) {
  // cleared, in CSS pixels
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return Object.assign(context, { wide: width, high: height });
}

export const coloursOf = (own) => own.data[own.look.dark ? "dark" : "light"];

// The surface, once for each unit.
export function prepared(sent) {
  const errors = floats(sent.errors);
  const norms = floats(sent.norms);
  const n = sent.points;
  return {
    ...sent,
    errors,
    norms,
    at: (column, row) => errors[row * n + column],
    top: errors.reduce((a, b) => Math.max(a, b), 0) || 1,
  };
}
const share = ([low, high], value) => (value - low) / (high - low);
export const cellOf = (s, w, b) =>
  [share(s.w, w), share(s.b, b)].map((each) => Math.min(Math.max(Math.round(each * (s.points - 1)), 0), s.points - 1));

// The map: w to the right, b upwards.
function mapBox(context) {
  return { x: LEFT, y: TOP, wide: context.wide - LEFT - RIGHT, high: context.high - TOP - BOTTOM };
}
export const onMap = (own, w, b) => [
  own.box.x + share(own.surface.w, w) * own.box.wide,
  own.box.y + (1 - share(own.surface.b, b)) * own.box.high,
];

export function drawMap(own) {
  const context = pen(own.map.children[0]);
  const s = own.surface;
  const n = s.points;
  const image = new ImageData(n, n);
  own.box = mapBox(context);
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++) {
      const [r, g, b] = colourAt(own.stops, s.at(column, row) / s.top);
      const at = 4 * ((n - 1 - row) * n + column);
      image.data.set([r, g, b, 255], at);
    }
  const flat = Object.assign(document.createElement("canvas"), { width: n, height: n });
  flat.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(flat, own.box.x, own.box.y, own.box.wide, own.box.high);
  contours(own, context);
  axes(own, context);
  heights(own, context);
}

function contours(own, context) {
  const s = own.surface;
  const n = s.points;
  const box = own.box;
  context.strokeStyle = own.look.text;
  context.globalAlpha = 0.3;
  context.lineWidth = 0.7;
  context.beginPath();
  const x = (column) => box.x + (column / (n - 1)) * box.wide;
  const y = (row) => box.y + (1 - row / (n - 1)) * box.high;
  for (let level = 1; level <= LEVELS; level++) {
    const at = (s.top * level) / (LEVELS + 1);
    for (let row = 0; row < n - 1; row++)
      for (let column = 0; column < n - 1; column++) {
        const a = s.at(column, row) - at;
        const b = s.at(column + 1, row) - at;
        const c = s.at(column + 1, row + 1) - at;
        const d = s.at(column, row + 1) - at;
        if (a < 0 === b < 0 && a < 0 === c < 0 && a < 0 === d < 0) continue; // most cells
        const corners = [a, b, c, d];
        const cuts = [];
        for (let side = 0; side < 4; side++) {
          const from = corners[side];
          const to = corners[(side + 1) % 4];
          if (from < 0 === to < 0) continue;
          const part = from / (from - to);
          const [dx, dy] = [
            [part, 0],
            [1, part],
            [1 - part, 1],
            [0, 1 - part],
          ][side];
          cuts.push([x(column + dx), y(row + dy)]);
        }
        for (let cut = 0; cut + 1 < cuts.length; cut += 2) {
          context.moveTo(...cuts[cut]);
          context.lineTo(...cuts[cut + 1]);
        }
      }
  }
  context.stroke();
  context.globalAlpha = 1;
}

export function write(own, context, text, x, y, align = "center", baseline = "middle") {
  context.font = `12px ${own.look.font}`;
  context.fillStyle = own.look.text;
  context.textAlign = align;
  context.textBaseline = baseline;
  context.fillText(text, x, y);
}

function ticks([low, high]) {
  const step = [0.1, 0.2, 0.5, 1, 2, 5].find((each) => (high - low) / each <= 7) ?? (high - low) / 5;
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + 1e-9; at += step) found.push(Number(at.toFixed(6)));
  return found;
}

function axes(own, context) {
  const { x, y, wide, high } = own.box;
  const s = own.surface;
  context.strokeStyle = own.look.text;
  context.globalAlpha = 0.4;
  context.strokeRect(x, y, wide, high);
  context.globalAlpha = 1;
  for (const each of ticks(s.w)) write(own, context, number(each), onMap(own, each, s.b[0])[0], y + high + 12);
  for (const each of ticks(s.b)) write(own, context, number(each), x - 6, onMap(own, s.w[0], each)[1], "right");
  write(own, context, s.names[0], x + wide / 2, y + high + 32);
  context.save();
  context.translate(12, y + high / 2);
  context.rotate(-Math.PI / 2);
  write(own, context, s.names[1], 0, 0);
  context.restore();
}

function heights(own, context) {
  // the colour bar
  const { y, high } = own.box;
  const x = context.wide - RIGHT + 12;
  for (let at = 0; at < high; at++) {
    context.fillStyle = `rgb(${colourAt(own.stops, 1 - at / high).join(",")})`;
    context.fillRect(x, y + at, 10, 1.5);
  }
  for (const part of [0, 0.5, 1])
    write(own, context, number(Number((own.surface.top * part).toPrecision(2))), x + 15, y + (1 - part) * high, "left");
}

// The relief: an orthographic view of the same surface, drawn from back to front.
function projected(own, u, v, height) {
  // u, v in [-½, ½], height in [0, 1]
  const { turn, tilt } = own.view;
  const x = u * Math.cos(turn) - v * Math.sin(turn);
  const y = u * Math.sin(turn) + v * Math.cos(turn);
  return [
    own.middle[0] + x * own.size,
    own.middle[1] - (y * Math.sin(tilt) + (height - 0.5) * 0.62 * Math.cos(tilt)) * own.size,
  ];
}
export const onRelief = (own, w, b, error) =>
  projected(own, share(own.surface.w, w) - 0.5, share(own.surface.b, b) - 0.5, error / own.surface.top);

export function drawRelief(own) {
  const context = pen(own.relief.children[0]);
  const s = own.surface;
  const n = MESH;
  own.middle = [context.wide / 2, context.high / 2 + 4];
  own.size = Math.min((context.wide - 96) / 1.42, (context.high - 30) / 1.32);
  const pick = (index) => Math.round((index / n) * (s.points - 1));
  const points = [];
  for (let row = 0; row <= n; row++)
    for (let column = 0; column <= n; column++)
      points.push(projected(own, column / n - 0.5, row / n - 0.5, s.at(pick(column), pick(row)) / s.top));
  own.mesh = points;
  floor(own, context);
  const rows = order(n, Math.cos(own.view.turn) > 0);
  const columns = order(n, Math.sin(own.view.turn) > 0);
  context.lineWidth = 0.7;
  for (const row of rows)
    for (const column of columns) {
      const corners = [
        row * (n + 1) + column,
        row * (n + 1) + column + 1,
        (row + 1) * (n + 1) + column + 1,
        (row + 1) * (n + 1) + column,
      ];
      const [a, b, c, d] = corners.map((each) => s.at(pick(each % (n + 1)), pick(Math.floor(each / (n + 1)))) / s.top);
      const light = 0.86 + 0.14 * Math.tanh(6 * (a + d - b - c) - 6 * (a + b - c - d));
      const colour = colourAt(own.stops, (a + b + c + d) / 4).map((each) => each * light);
      context.fillStyle = context.strokeStyle = `rgb(${colour.map(Math.round).join(",")})`;
      context.beginPath();
      corners.forEach((each, index) => (index ? context.lineTo(...points[each]) : context.moveTo(...points[each])));
      context.closePath();
      context.fill();
      context.stroke();
    }
}
const order = (n, farFirst) => Array.from({ length: n }, (_, index) => (farFirst ? n - 1 - index : index));

function floor(own, context) {
  const s = own.surface;
  const corner = (u, v, h = 0) => projected(own, u, v, h);
  context.strokeStyle = own.look.text;
  context.globalAlpha = 0.35;
  context.beginPath();
  [
    [-0.5, -0.5],
    [0.5, -0.5],
    [0.5, 0.5],
    [-0.5, 0.5],
    [-0.5, -0.5],
  ].forEach((each, index) => (index ? context.lineTo(...corner(...each)) : context.moveTo(...corner(...each))));
  const sides = [
    [-0.5, -0.5],
    [0.5, -0.5],
    [0.5, 0.5],
    [-0.5, 0.5],
  ];
  const edge = sides.toSorted((one, other) => corner(...one)[0] - corner(...other)[0])[0]; // the one farthest left
  context.moveTo(...corner(...edge, 0));
  context.lineTo(...corner(...edge, 1));
  context.stroke();
  context.globalAlpha = 1;
  const [x, low] = corner(...edge, 0);
  const high = corner(...edge, 1)[1];
  write(own, context, "0", x - 8, low, "right");
  write(own, context, number(Number(s.top.toPrecision(2))), x - 8, high, "right");
  write(own, context, "error E", x - 8, high - 16, "center");
  const near = (u, v, text) => {
    const [px, py] = corner(u, v);
    write(own, context, text, px, py + 4);
  };
  const front = Math.cos(own.view.turn) > 0 ? -0.57 : 0.57;
  const side = Math.sin(own.view.turn) > 0 ? -0.57 : 0.57;
  near(-0.44, front, number(s.w[0]));
  near(0.44, front, number(s.w[1]));
  near(0, 1.05 * front, "w");
  near(side, -0.44, number(s.b[0]));
  near(side, 0.44, number(s.b[1]));
  near(1.05 * side, 0, "b");
}

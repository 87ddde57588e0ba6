// Two descents on the surface, and what is said of a step.
import { coloursOf, number, onMap, onRelief, pen } from "./surface.js";

export const finite = (place) => place.every((each) => typeof each === "number");

// The paths, up to a moment that may lie between two steps; where one leaves the picture, it ends at the edge with an arrow.
export function drawPaths(own, at) {
  for (const [canvas, place] of [
    [own.map.children[1], onMap],
    [own.relief.children[1], onRelief],
  ]) {
    const context = pen(canvas);
    own.data.paths.forEach((path, index) => trail(own, context, path, index, at, place));
  }
  own.frame.dataset.frames = String(Number(own.frame.dataset.frames ?? 0) + 1);
}

export const held = (s, [w, b]) => w >= s.w[0] && w <= s.w[1] && b >= s.b[0] && b <= s.b[1];

export function cut(s, from, to) {
  // the share of the way at which a step that begins inside leaves
  let most = 1;
  for (const [axis, [low, high]] of [
    [0, s.w],
    [1, s.b],
  ]) {
    const move = to[axis] - from[axis];
    if (move > 0) most = Math.min(most, (high - from[axis]) / move);
    if (move < 0) most = Math.min(most, (low - from[axis]) / move);
  }
  return Math.max(most, 0);
}

const between = (from, to, part) => from.map((each, index) => each + (to[index] - each) * part);

function pieces(s, path, at) {
  // straight pieces of a path inside the picture: from, to, whether it goes on outside
  const found = [];
  const whole = Math.floor(at);
  const points = path.places.map((place, index) => [...place, path.errors[index]]);
  for (let step = 0; step < Math.min(at, points.length - 1); step++) {
    const from = points[step];
    const goal = points[step + 1];
    if (!finite(from) || !finite(goal)) break;
    const to = step < whole ? goal : between(from, goal, at - whole);
    const starts = held(s, from);
    const ends = held(s, to);
    if (starts && ends) found.push([from, to, false]);
    else if (starts) found.push([from, between(from, to, cut(s, from, to)), true]);
    else if (ends) found.push([between(to, from, cut(s, to, from)), to, false]);
  }
  return found;
}

function trail(own, context, path, index, at, place) {
  const s = own.surface;
  const found = pieces(s, path, at);
  const colour = coloursOf(own).paths[index];
  const start = [...path.places[0], path.errors[0]];
  const lines = (width, paint) => {
    context.strokeStyle = paint;
    context.lineWidth = width;
    context.beginPath();
    for (const [from, to] of found) {
      context.moveTo(...place(own, ...from));
      context.lineTo(...place(own, ...to));
    }
    context.stroke();
  };
  context.lineCap = context.lineJoin = "round";
  context.setLineDash([]);
  lines(5, own.look.back);
  context.setLineDash(index ? [] : [7, 5]);
  lines(2.6, colour);
  context.setLineDash([]);
  for (const [, to, leaves] of found) leaves ? null : dot(own, context, place(own, ...to), 2.2, colour, 1);
  dot(own, context, place(own, ...start), 5, own.look.text, 2);
  const last = found.at(-1);
  if (last?.[2]) arrow(own, context, place(own, ...last[0]), place(own, ...last[1]), colour);
  else if (last) dot(own, context, place(own, ...last[1]), 6, colour, 2);
}

function dot(own, context, [x, y], radius, colour, rim) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.strokeStyle = own.look.back;
  context.lineWidth = rim;
  context.fill();
  context.stroke();
}

function arrow(own, context, [x, y], [tipX, tipY], colour) {
  const angle = Math.atan2(tipY - y, tipX - x);
  context.beginPath();
  for (const [far, turn] of [
    [0, 0],
    [14, 2.7],
    [14, -2.7],
  ])
    context.lineTo(tipX + far * Math.cos(angle + turn), tipY + far * Math.sin(angle + turn));
  context.closePath();
  context.fillStyle = colour;
  context.strokeStyle = own.look.back;
  context.lineWidth = 2;
  context.stroke();
  context.fill();
}

// Words.
export function told(own, path, step) {
  const s = own.surface;
  const [w, b] = path.places[step];
  const E = path.errors[step];
  if (step === 0)
    return `${path.name}: starts at w = ${number(w)}, b = ${number(b)}; error ${number(E)}, gradient ${number(path.norms[0])}.`;
  const cutTo = path.clipped[step - 1] ? ` cut to ${number(own.data.threshold)}` : "";
  const where = finite([w, b]) && !held(s, [w, b]) ? ", outside the picture" : "";
  return `${path.name}: gradient ${number(path.norms[step - 1])}${cutTo}, a step of ${number(path.lengths[step - 1])} to w = ${number(w)}, b = ${number(b)}${where}; error ${number(E)}.`;
}
export const sentence = (own, step) =>
  `Step ${step} of ${own.data.paths[0].places.length - 1}\n${own.data.paths.map((path) => told(own, path, step)).join("\n")}`;

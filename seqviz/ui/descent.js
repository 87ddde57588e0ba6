const DARK = {}; /* light colour -> its twin on a dark page, written here by descent.py */
const owners = new WeakMap();
// Surfaces are sent once, apart from the paths on them, and kept for the whole page under their unit's name.
const surfaces = (window[Symbol.for("seqviz.surfaces")] ??= Object.assign(new EventTarget(), { held: new Map() }));
const MESH = 90, LEVELS = 9, LEFT = 52, RIGHT = 62, TOP = 12, BOTTOM = 44, NEAR = 12, PACE = 300;
const VIEW = { turn: -0.9, tilt: 0.62 };

const number = value => typeof value !== "number" ? String(value) : value === 0 ? "0" : Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4
  ? String(Number(value.toPrecision(4))) : value.toExponential(2);
const rgb = colour => (colour.match(/[\d.]+/g) ?? [0, 0, 0]).slice(0, 3).map(Number);
const hex = colour => [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16));
const floats = text => new Float32Array(Uint8Array.from(atob(text), each => each.charCodeAt(0)).buffer);
const finite = place => place.every(each => typeof each === "number");

function lookOf(frame) {
  const css = getComputedStyle(frame), [r, g, b] = rgb(css.outlineColor);
  return { text: css.color, back: css.outlineColor, font: css.fontFamily, dark: r * 0.3 + g * 0.59 + b * 0.11 < 110 };
}
const shade = (own, colour) => own.look.dark ? DARK[colour] ?? colour : colour;

function scaled(own, share) {  // a colour of the height scale
  const stops = own.stops, at = Math.min(Math.max(share, 0), 1) * (stops.length - 1), low = Math.min(Math.floor(at), stops.length - 2);
  return stops[low].map((each, index) => each + (stops[low + 1][index] - each) * (at - low));
}

function pen(canvas) {  // cleared, in CSS pixels
  const width = canvas.clientWidth, height = canvas.clientHeight, ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return Object.assign(context, { wide: width, high: height });
}

// The surface, once for each unit.
function prepared(sent) {
  const errors = floats(sent.errors), norms = floats(sent.norms), n = sent.points;
  return { ...sent, errors, norms, at: (column, row) => errors[row * n + column], top: errors.reduce((a, b) => Math.max(a, b), 0) || 1 };
}
const share = ([low, high], value) => (value - low) / (high - low);
const cellOf = (s, w, b) => [share(s.w, w), share(s.b, b)].map(each => Math.min(Math.max(Math.round(each * (s.points - 1)), 0), s.points - 1));

// The map: w to the right, b upwards.
function mapBox(context) { return { x: LEFT, y: TOP, wide: context.wide - LEFT - RIGHT, high: context.high - TOP - BOTTOM }; }
const onMap = (own, w, b) => [own.box.x + share(own.surface.w, w) * own.box.wide, own.box.y + (1 - share(own.surface.b, b)) * own.box.high];

function drawMap(own) {
  const context = pen(own.map.children[0]), s = own.surface, n = s.points, image = new ImageData(n, n);
  own.box = mapBox(context);
  for (let row = 0; row < n; row++) for (let column = 0; column < n; column++) {
    const [r, g, b] = scaled(own, s.at(column, row) / s.top), at = 4 * ((n - 1 - row) * n + column);
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
  const s = own.surface, n = s.points, box = own.box;
  context.strokeStyle = own.look.text;
  context.globalAlpha = 0.3;
  context.lineWidth = 0.7;
  context.beginPath();
  const x = column => box.x + column / (n - 1) * box.wide, y = row => box.y + (1 - row / (n - 1)) * box.high;
  for (let level = 1; level <= LEVELS; level++) {
    const at = s.top * level / (LEVELS + 1);
    for (let row = 0; row < n - 1; row++) for (let column = 0; column < n - 1; column++) {
      const a = s.at(column, row) - at, b = s.at(column + 1, row) - at, c = s.at(column + 1, row + 1) - at, d = s.at(column, row + 1) - at;
      if ((a < 0) === (b < 0) && (a < 0) === (c < 0) && (a < 0) === (d < 0)) continue;  // most cells
      const corners = [a, b, c, d], cuts = [];
      for (let side = 0; side < 4; side++) {
        const from = corners[side], to = corners[(side + 1) % 4];
        if ((from < 0) === (to < 0)) continue;
        const part = from / (from - to), [dx, dy] = [[part, 0], [1, part], [1 - part, 1], [0, 1 - part]][side];
        cuts.push([x(column + dx), y(row + dy)]);
      }
      for (let cut = 0; cut + 1 < cuts.length; cut += 2) { context.moveTo(...cuts[cut]); context.lineTo(...cuts[cut + 1]); }
    }
  }
  context.stroke();
  context.globalAlpha = 1;
}

function write(own, context, text, x, y, align = "center", baseline = "middle") {
  context.font = `12px ${own.look.font}`;
  context.fillStyle = own.look.text;
  context.textAlign = align;
  context.textBaseline = baseline;
  context.fillText(text, x, y);
}

function ticks([low, high]) {
  const step = [0.1, 0.2, 0.5, 1, 2, 5].find(each => (high - low) / each <= 7) ?? (high - low) / 5;
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + 1e-9; at += step) found.push(Number(at.toFixed(6)));
  return found;
}

function axes(own, context) {
  const { x, y, wide, high } = own.box, s = own.surface;
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

function heights(own, context) {  // the colour bar
  const { y, high } = own.box, x = context.wide - RIGHT + 12;
  for (let at = 0; at < high; at++) {
    context.fillStyle = `rgb(${scaled(own, 1 - at / high).join(",")})`;
    context.fillRect(x, y + at, 10, 1.5);
  }
  for (const part of [0, 0.5, 1]) write(own, context, number(Number((own.surface.top * part).toPrecision(2))), x + 15, y + (1 - part) * high, "left");
}

// The relief: an orthographic view of the same surface, drawn from back to front.
function projected(own, u, v, height) {  // u, v in [-½, ½], height in [0, 1]
  const { turn, tilt } = own.view, x = u * Math.cos(turn) - v * Math.sin(turn), y = u * Math.sin(turn) + v * Math.cos(turn);
  return [own.middle[0] + x * own.size, own.middle[1] - (y * Math.sin(tilt) + (height - 0.5) * 0.62 * Math.cos(tilt)) * own.size];
}
const onRelief = (own, w, b, error) => projected(own, share(own.surface.w, w) - 0.5, share(own.surface.b, b) - 0.5, error / own.surface.top);

function drawRelief(own) {
  const context = pen(own.relief.children[0]), s = own.surface, n = MESH;
  own.middle = [context.wide / 2, context.high / 2 + 4];
  own.size = Math.min((context.wide - 96) / 1.42, (context.high - 30) / 1.32);
  const pick = index => Math.round(index / n * (s.points - 1));
  const points = [];
  for (let row = 0; row <= n; row++) for (let column = 0; column <= n; column++)
    points.push(projected(own, column / n - 0.5, row / n - 0.5, s.at(pick(column), pick(row)) / s.top));
  own.mesh = points;
  floor(own, context);
  const rows = order(n, Math.cos(own.view.turn) > 0), columns = order(n, Math.sin(own.view.turn) > 0);
  context.lineWidth = 0.7;
  for (const row of rows) for (const column of columns) {
    const corners = [row * (n + 1) + column, row * (n + 1) + column + 1, (row + 1) * (n + 1) + column + 1, (row + 1) * (n + 1) + column];
    const [a, b, c, d] = corners.map(each => s.at(pick(each % (n + 1)), pick(Math.floor(each / (n + 1)))) / s.top);
    const light = 0.86 + 0.14 * Math.tanh(6 * (a + d - b - c) - 6 * (a + b - c - d));
    const colour = scaled(own, (a + b + c + d) / 4).map(each => each * light);
    context.fillStyle = context.strokeStyle = `rgb(${colour.map(Math.round).join(",")})`;
    context.beginPath();
    corners.forEach((each, index) => index ? context.lineTo(...points[each]) : context.moveTo(...points[each]));
    context.closePath();
    context.fill();
    context.stroke();
  }
}
const order = (n, farFirst) => Array.from({ length: n }, (_, index) => farFirst ? n - 1 - index : index);

function floor(own, context) {
  const s = own.surface, corner = (u, v, h = 0) => projected(own, u, v, h);
  context.strokeStyle = own.look.text;
  context.globalAlpha = 0.35;
  context.beginPath();
  [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5], [-0.5, -0.5]].forEach((each, index) => index ? context.lineTo(...corner(...each)) : context.moveTo(...corner(...each)));
  const sides = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]], edge = sides.reduce((best, each) => corner(...each)[0] < corner(...best)[0] ? each : best);
  context.moveTo(...corner(...edge, 0));
  context.lineTo(...corner(...edge, 1));
  context.stroke();
  context.globalAlpha = 1;
  const [x, low] = corner(...edge, 0), high = corner(...edge, 1)[1];
  write(own, context, "0", x - 8, low, "right");
  write(own, context, number(Number(s.top.toPrecision(2))), x - 8, high, "right");
  write(own, context, "error E", x - 8, high - 16, "center");
  const near = (u, v, text) => { const [px, py] = corner(u, v); write(own, context, text, px, py + 4); };
  const front = Math.cos(own.view.turn) > 0 ? -0.57 : 0.57, side = Math.sin(own.view.turn) > 0 ? -0.57 : 0.57;
  near(-0.44, front, number(s.w[0])); near(0.44, front, number(s.w[1])); near(0, 1.05 * front, "w");
  near(side, -0.44, number(s.b[0])); near(side, 0.44, number(s.b[1])); near(1.05 * side, 0, "b");
}

// The paths, up to a moment that may lie between two steps; where one leaves the picture, it ends at the edge with an arrow.
function drawPaths(own, at) {
  for (const [canvas, place] of [[own.map.children[1], onMap], [own.relief.children[1], onRelief]]) {
    const context = pen(canvas);
    own.data.paths.forEach((path, index) => trail(own, context, path, index, at, place));
  }
  own.frame.dataset.frames = String(Number(own.frame.dataset.frames ?? 0) + 1);
}

const held = (s, [w, b]) => w >= s.w[0] && w <= s.w[1] && b >= s.b[0] && b <= s.b[1];

function cut(s, from, to) {  // the share of the way at which a step that begins inside leaves
  let most = 1;
  for (const [axis, [low, high]] of [[0, s.w], [1, s.b]]) {
    const move = to[axis] - from[axis];
    if (move > 0) most = Math.min(most, (high - from[axis]) / move);
    if (move < 0) most = Math.min(most, (low - from[axis]) / move);
  }
  return Math.max(most, 0);
}

const between = (from, to, part) => from.map((each, index) => each + (to[index] - each) * part);

function pieces(s, path, at) {  // straight pieces of a path inside the picture: from, to, whether it goes on outside
  const found = [], whole = Math.floor(at), points = path.places.map((place, index) => [...place, path.errors[index]]);
  for (let step = 0; step < Math.min(at, points.length - 1); step++) {
    const from = points[step], goal = points[step + 1];
    if (!finite(from) || !finite(goal)) break;
    const to = step < whole ? goal : between(from, goal, at - whole);
    const starts = held(s, from), ends = held(s, to);
    if (starts && ends) found.push([from, to, false]);
    else if (starts) found.push([from, between(from, to, cut(s, from, to)), true]);
    else if (ends) found.push([between(to, from, cut(s, to, from)), to, false]);
  }
  return found;
}

function trail(own, context, path, index, at, place) {
  const s = own.surface, found = pieces(s, path, at), colour = shade(own, own.data.colours[index]), start = [...path.places[0], path.errors[0]];
  const lines = (width, paint) => {
    context.strokeStyle = paint;
    context.lineWidth = width;
    context.beginPath();
    for (const [from, to] of found) { context.moveTo(...place(own, ...from)); context.lineTo(...place(own, ...to)); }
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
  for (const [far, turn] of [[0, 0], [14, 2.7], [14, -2.7]]) context.lineTo(tipX + far * Math.cos(angle + turn), tipY + far * Math.sin(angle + turn));
  context.closePath();
  context.fillStyle = colour;
  context.strokeStyle = own.look.back;
  context.lineWidth = 2;
  context.stroke();
  context.fill();
}

// Words.
function told(own, path, step) {
  const s = own.surface, [w, b] = path.places[step], E = path.errors[step];
  if (step === 0) return `${path.name}: starts at w = ${number(w)}, b = ${number(b)}; error ${number(E)}, gradient ${number(path.norms[0])}.`;
  const cutTo = path.clipped[step - 1] ? ` cut to ${number(own.data.threshold)}` : "", where = finite([w, b]) && !held(s, [w, b]) ? ", outside the picture" : "";
  return `${path.name}: gradient ${number(path.norms[step - 1])}${cutTo}, a step of ${number(path.lengths[step - 1])} to w = ${number(w)}, b = ${number(b)}${where}; error ${number(E)}.`;
}
const sentence = (own, step) => `Step ${step} of ${own.data.paths[0].places.length - 1}\n${own.data.paths.map(path => told(own, path, step)).join("\n")}`;

// Pointing.
function nearest(own, x, y, place) {  // a point of a path near the pointer, as far as it has been drawn
  let best;
  own.data.paths.forEach(path => path.places.forEach((at, step) => {
    if (step > own.stepper.at || !finite(at) || !held(own.surface, at)) return;
    const [px, py] = place(own, ...at, path.errors[step]), far = Math.hypot(px - x, py - y);
    if (far <= (best?.far ?? NEAR)) best = { far, path, step };
  }));
  return best;
}

function tip(own, event, pane, text) {
  own.tip.hidden = !text;
  if (!text) return;
  own.tip.textContent = text;
  const frame = own.frame.getBoundingClientRect(), x = event.clientX - frame.left, y = event.clientY - frame.top;
  own.tip.style.left = `${Math.min(x + 14, Math.max(frame.width - own.tip.offsetWidth - 4, 0))}px`;
  own.tip.style.top = `${y + 16}px`;
}

const pointed = (event, pane) => { const box = pane.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
function ground(s, w, b) {
  const [column, row] = cellOf(s, w, b), at = row * s.points + column;
  return `w = ${number(s.w[0] + column / (s.points - 1) * (s.w[1] - s.w[0]))}, b = ${number(s.b[0] + row / (s.points - 1) * (s.b[1] - s.b[0]))}\nerror ${number(s.errors[at])}\ngradient norm ${number(s.norms[at])}`;
}

function fromMap(own, x, y) {
  const s = own.surface, u = (x - own.box.x) / own.box.wide, v = 1 - (y - own.box.y) / own.box.high;
  return u < 0 || u > 1 || v < 0 || v > 1 ? null : [s.w[0] + u * (s.w[1] - s.w[0]), s.b[0] + v * (s.b[1] - s.b[0])];
}

function hoverMap(own, event) {
  const at = pointed(event, own.map), close = nearest(own, ...at, onMap), place = fromMap(own, ...at);
  tip(own, event, own.map, close ? `Step ${close.step}\n${told(own, close.path, close.step)}` : place ? ground(own.surface, ...place) : "");
}

function hoverRelief(own, event) {
  if (own.drag) return turn(own, event);
  const [x, y] = pointed(event, own.relief), close = nearest(own, x, y, onRelief), s = own.surface;
  let best = { far: NEAR };
  if (!close) own.mesh.forEach(([px, py], index) => { const far = Math.hypot(px - x, py - y); if (far < best.far) best = { far, index }; });
  const place = best.index === undefined ? null : [s.w[0] + best.index % (MESH + 1) / MESH * (s.w[1] - s.w[0]), s.b[0] + Math.floor(best.index / (MESH + 1)) / MESH * (s.b[1] - s.b[0])];
  return tip(own, event, own.relief, close ? `Step ${close.step}\n${told(own, close.path, close.step)}` : place ? ground(s, ...place) : "");
}

function turn(own, event) {
  own.view.turn = own.drag.turn + (event.clientX - own.drag.x) * 0.008;
  own.view.tilt = Math.min(Math.max(own.drag.tilt + (event.clientY - own.drag.y) * 0.006, 0.15), 1.4);
  own.asked ??= requestAnimationFrame(() => { own.asked = undefined; drawRelief(own); drawPaths(own, own.stepper.at); });
}

function wire(own) {
  own.map.addEventListener("pointermove", event => own.surface && hoverMap(own, event));
  own.relief.addEventListener("pointermove", event => own.surface && hoverRelief(own, event));
  for (const pane of [own.map, own.relief]) pane.addEventListener("pointerleave", event => tip(own, event, pane, ""));
  own.map.addEventListener("click", event => {
    const place = own.surface && fromMap(own, ...pointed(event, own.map));
    if (place) own.report("place", { w: place[0], b: place[1], at: Date.now() });
  });
  own.relief.addEventListener("pointerdown", event => {
    own.drag = { x: event.clientX, y: event.clientY, ...own.view };
    own.relief.setPointerCapture(event.pointerId);
  });
  for (const end of ["pointerup", "pointercancel"]) own.relief.addEventListener(end, () => { own.drag = undefined; });
  own.frame.querySelector(".sv-descent-png").addEventListener("click", () => savePicture(own));
  own.frame.querySelector(".sv-descent-csv").addEventListener("click", () => saveTable(own));
  new ResizeObserver(() => own.surface && redraw(own)).observe(own.frame);
  surfaces.addEventListener("held", () => own.data && take(own));
}

// Taking home.
function save(href, name) { Object.assign(document.createElement("a"), { href, download: name }).click(); }

function savePicture(own) {
  const all = [...own.map.children, ...own.relief.children], ratio = window.devicePixelRatio || 1, top = 40 * ratio, wide = all[0].width, right = all[2].width;
  const whole = Object.assign(document.createElement("canvas"), { width: wide + right, height: all[0].height + top });
  const context = whole.getContext("2d");
  context.fillStyle = own.look.back;
  context.fillRect(0, 0, whole.width, whole.height);
  all.forEach((each, index) => context.drawImage(each, index < 2 ? 0 : wide, top));
  context.scale(ratio, ratio);
  write(own, context, own.data.title, 10, 20, "left");
  save(whole.toDataURL("image/png"), "descent.png");
}

function saveTable(own) {
  const rows = own.data.paths.flatMap(path => path.places.map(([w, b], step) => [path.name, step, w, b, path.errors[step], path.norms[step], path.clipped[step] ? "yes" : "no"]));
  const text = [["path", "step", "w", "b", "error", "gradient norm", "clipped"], ...rows].map(row => row.join(",")).join("\r\n") + "\r\n";
  const href = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv" }));
  save(href, "descent.csv");
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

function redraw(own, look = lookOf(own.frame)) {
  own.look = look;
  own.drawnSurface = own.surface;
  own.stops = own.data.scale.map(each => hex(shade(own, each)));
  drawMap(own);
  drawRelief(own);
  drawPaths(own, own.stepper.at);
}

function legend(own) {
  own.legend.replaceChildren(...own.data.paths.map((path, index) => {
    const item = document.createElement("span");
    item.innerHTML = '<svg viewBox="0 0 34 12" aria-hidden="true"><line x1="1" y1="6" x2="33" y2="6" stroke-width="3" stroke-linecap="round"/></svg>';
    const line = item.querySelector("line");
    line.style.stroke = shade(own, own.data.colours[index]);
    if (!index) line.setAttribute("stroke-dasharray", "7 5");
    item.append(path.name);
    return item;
  }));
}

function take(own) {  // the data, once its surface is there
  const surface = surfaces.held.get(own.data.unit);
  if (!surface) return;
  own.surface = surface;
  const look = lookOf(own.frame);
  if (own.drawnSurface !== surface || own.look.back !== look.back) redraw(own, look);  // else the paths alone are new
  legend(own);
  own.stepper.begin(own.data.paths[0].places.length - 1);
  own.frame.dataset.drawn = String(Number(own.frame.dataset.drawn ?? 0) + 1);
}

export default function ({ data, parentElement: root, setStateValue }) {
  const frame = root.querySelector(".sv-descent");
  frame.classList.toggle("sv-stored", Boolean(data.surface));
  if (data.surface) {
    surfaces.held.set(data.surface.unit, prepared(data.surface));
    surfaces.dispatchEvent(new Event("held"));
    return;
  }
  let own = owners.get(root);
  if (!own) {
    const part = name => root.querySelector(`.sv-descent-${name}`);
    own = { frame, map: part("map"), relief: part("relief"), tip: part("tip"), legend: part("legend"), said: part("said"), view: { ...VIEW } };
    own.stepper = stepper(part("bar"), frame, { label: "Step of the descent", pace: PACE, smooth: true, show: (at, step) => {
      drawPaths(own, at);
      return own.said.textContent = sentence(own, step);
    } });
    owners.set(root, own);
    wire(own);
  }
  own.data = data;
  own.report = setStateValue;
  root.querySelector(".sv-descent-title").textContent = data.title;
  frame.setAttribute("aria-label", data.title);
  own.map.setAttribute("aria-label", `${data.title} Seen from above.`);
  own.relief.setAttribute("aria-label", `${data.title} Seen as a landscape.`);
  take(own);
}

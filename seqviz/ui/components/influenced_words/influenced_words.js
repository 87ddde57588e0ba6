import { colourAt, ink, isDark, rgb } from "../shared/colours.js";
import { piece } from "../shared/elements.js";
import { floats, written } from "../shared/numbers.js";
import { moved } from "../shared/pointer.js";

const owners = new WeakMap();
const signed = (value) => (!Number.isFinite(value) ? "not a number" : `${value > 0 ? "+" : ""}${written(value, 3)}`);

const valueAt = (own, network, row, place) => network.values[row * own.words.length + place];
const predicted = (own, network, row) => (row === own.words.length - 1 ? network.asked : own.words[row + 1]);

// From -1 to 1, about linear near 0 and logarithmic beyond: weak influences are seen beside strong ones, in one scale for every row.
const shadeOf = (own, value) => (Math.sign(value) * Math.log1p(Math.abs(value) / own.soft)) / Math.log1p(own.most / own.soft);

function say(own, place, row = own.words.length - 1) {
  const told = own.networks.map(
    (network) => `${network.label} ${signed(valueAt(own, network, row, place))} on “${predicted(own, network, row)}”`,
  );
  const note = own.known[place] ? "" : ` (${own.unknown})`;
  const steps = row + 1 - place;
  own.said.textContent = `“${own.words[place]}”${note}, ${steps} ${steps === 1 ? "word" : "words"} before: ${told.join(", ")} (nats)`;
}

// How the chosen word's influence goes on, from the word right behind it to the one predicted last.
function drawCurve(own, place) {
  const last = own.words.length - 1;
  const width = own.curve.clientWidth || 600;
  const height = own.curve.clientHeight || 176;
  const [left, right, top, bottom] = [46, 12, 10, 24];
  const all = own.networks
    .flatMap((network) => Array.from({ length: last - place + 1 }, (_, step) => valueAt(own, network, place + step, place)))
    .filter(Number.isFinite);
  const high = Math.max(0, ...all);
  const low = Math.min(0, ...all);
  const span = high - low || 1;
  const x = (row) => left + (last === place ? 0.5 : (row - place) / (last - place)) * (width - left - right);
  const y = (value) => top + ((high - value) / span) * (height - top - bottom);
  const parts = [piece(null, "line", { class: "sv-owed-axis", x1: left, x2: width - right, y1: y(0), y2: y(0) })];
  const apart = [high, 0, low].filter(
    (value, at, all) => all.indexOf(value) === at && (value === 0 || Math.abs(y(value) - y(0)) > 14),
  );
  for (const value of apart)
    parts.push(piece(null, "text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, signed(value)));
  own.about.textContent = `Influence of “${own.words[place]}” on each word after it, up to the one asked for (nats):`;
  parts.push(
    piece(
      null,
      "text",
      { x: x(place), y: height - 6, "text-anchor": last === place ? "middle" : "start" },
      last === place ? "the next word" : own.words[place + 1],
    ),
  );
  if (last > place) parts.push(piece(null, "text", { x: x(last), y: height - 6, "text-anchor": "end" }, "the word asked for"));
  for (const network of own.networks) {
    const points = Array.from({ length: last - place + 1 }, (_, step) => [
      x(place + step),
      y(valueAt(own, network, place + step, place)),
    ]);
    parts.push(piece(null, "polyline", { points: points.map((point) => point.join(",")).join(" "), stroke: network.drawn }));
    for (const [cx, cy] of points)
      parts.push(piece(null, "circle", { cx, cy, r: points.length > 30 ? 1.5 : 3, fill: network.drawn }));
  }
  own.curve.replaceChildren(...parts);
  own.curve.setAttribute("aria-label", `Influence of ${own.words[place]} on each word after it`);
  own.rowAt = (at) => Math.round(place + Math.min(Math.max((at - left) / (width - left - right || 1), 0), 1) * (last - place));
}

function look(own, place) {
  own.rows
    .querySelectorAll("span[data-place]")
    .forEach((span) => span.classList.toggle("sv-owed-chosen", Number(span.dataset.place) === place));
  own.shown = place;
  say(own, place);
  drawCurve(own, place);
}

function wire(own) {
  const placeOf = (event) => (event.target.dataset?.place === undefined ? null : Number(event.target.dataset.place));
  own.rows.addEventListener("pointerover", (event) => {
    const at = placeOf(event);
    if (at !== null && moved(event)) look(own, at);
  });
  own.rows.addEventListener("pointerleave", () => look(own, own.chosen));
  own.rows.addEventListener("click", (event) => {
    const at = placeOf(event);
    if (at !== null) {
      own.chosen = at;
      look(own, at);
    }
  });
  own.curve.addEventListener(
    "pointermove",
    (event) => moved(event) && say(own, own.shown, own.rowAt(event.clientX - own.curve.getBoundingClientRect().left)),
  );
  own.curve.addEventListener("pointerleave", () => say(own, own.shown));
  own.frame.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1, Home: -1e9, End: 1e9 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    own.chosen = Math.min(Math.max(own.chosen + move, 0), own.words.length - 1);
    look(own, own.chosen);
  });
  new ResizeObserver(() => {
    if (own.shown !== undefined) drawCurve(own, own.shown);
  }).observe(own.frame);
}

function rowOf(own, network, stops, dark) {
  const row = document.createElement("div");
  const name = document.createElement("div");
  const words = document.createElement("div");
  row.className = "sv-owed-row";
  row.dataset.network = network.name;
  name.className = "sv-owed-name";
  words.className = "sv-owed-words";
  network.drawn = dark ? network.dark : network.light;
  name.textContent = network.label;
  name.style.borderColor = network.drawn;
  own.words.forEach((word, place) => {
    const span = document.createElement("span");
    const value = valueAt(own, network, own.words.length - 1, place);
    const colour = colourAt(stops, shadeOf(own, Number.isFinite(value) ? value : 0) / 2 + 0.5);
    span.textContent = word;
    span.dataset.place = place;
    span.style.backgroundColor = `rgb(${colour.join(",")})`;
    span.style.color = ink(colour);
    span.classList.toggle("sv-owed-cue", place === own.cue);
    span.classList.toggle("sv-owed-new", !own.known[place]);
    words.append(span, " ");
  });
  const next = document.createElement("b");
  const said = document.createElement("small");
  next.textContent = `→ ${network.asked}`;
  said.textContent = network.said;
  words.append(next, said);
  row.append(name, words);
  return row;
}

export default function ({ data, parentElement: root }) {
  let own = owners.get(root);
  const fresh = !own;
  if (fresh) {
    own = {};
    owners.set(root, own);
  }
  own.frame = root.querySelector(".sv-owed");
  own.rows = root.querySelector(".sv-owed-rows");
  own.said = root.querySelector(".sv-owed-said");
  own.about = root.querySelector(".sv-owed-about");
  own.curve = root.querySelector(".sv-owed-curve");
  if (fresh) wire(own);
  const same = own.words?.join(" ") === data.words.join(" ");
  Object.assign(own, {
    words: data.words,
    known: data.known,
    cue: data.cue,
    most: data.most || 1,
    soft: data.soft,
    unknown: data.unknown,
  });
  own.networks = data.networks.map((network) => ({ ...network, values: floats(network.values) }));
  const dark = isDark(own.frame);
  const stops = (dark ? data.dark : data.light).map(rgb);
  root.querySelector(".sv-owed-title").textContent = data.title;
  root.querySelector(".sv-owed-low").textContent = `less likely ${signed(-own.most)}`;
  root.querySelector(".sv-owed-high").textContent = `${signed(own.most)} likelier (logarithmic)`;
  root.querySelector(".sv-owed-ramp").style.background =
    `linear-gradient(90deg, ${stops.map((stop) => `rgb(${stop.join(",")})`).join(",")})`;
  const unknown = root.querySelector(".sv-owed-unknown");
  unknown.textContent = own.unknown;
  unknown.hidden = own.known.every(Boolean);
  own.frame.setAttribute("aria-label", data.title);
  own.rows.replaceChildren(...own.networks.map((network) => rowOf(own, network, stops, dark)));
  if (!same || own.chosen === undefined || own.chosen >= own.words.length) own.chosen = data.first;
  look(own, own.chosen);
}

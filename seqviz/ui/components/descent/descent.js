// Two gradient descents on an error surface: the response to pointer, buttons and new messages.
import { lookOf, rgb } from "../parts/colours.js";
import { countDrawing, ownOf } from "../parts/component.js";
import { element, part, piece } from "../parts/elements.js";
import { stepper } from "../parts/stepper.js";
import { saveAs, saveRows } from "../parts/tables.js";
import { drawPaths, nearest, sentence, told } from "./paths.js";
import { cellOf, drawMap, drawRelief, fromMap, MESH, number, onMap, onRelief, picture, prepared, within } from "./surface.js";

/** @typedef {{ scale: string[], paths: string[] }} Colours */

/**
 * @typedef {object} Message
 * @property {string} title
 * @property {string} unit whose surface they are on
 * @property {number} threshold of clipping
 * @property {import("./paths.js").Path[]} paths
 * @property {Colours} light
 * @property {Colours} dark
 */

/** @typedef {{ w: number, b: number, at: number }} Place that was clicked, and when */
/** @typedef {{ surface: import("./surface.js").SentSurface }} SurfaceMessage */
/** @typedef {import("../parts/component.js").Call<Message | SurfaceMessage, { place: Place }>} Call */

/**
 * @typedef {object} Parts
 * @property {Message} data
 * @property {HTMLElement} frame
 * @property {HTMLElement} tip
 * @property {HTMLElement} legend
 * @property {HTMLElement} said
 * @property {Colours} colours of this page
 * @property {import("./surface.js").Surface | undefined} drawnSurface
 * @property {{ x: number, y: number, turn: number, tilt: number } | undefined} drag where it began
 * @property {number | undefined} asked
 * @property {Call["setStateValue"]} report
 * @property {import("../parts/stepper.js").Stepper} stepper
 */

/** @typedef {import("./surface.js").Drawing & Parts} Own */

// Surfaces are sent once, apart from the paths on them, and kept for the whole page under their unit's name.
const surfaces = Object.assign(new EventTarget(), {
  /** @type {Map<string, import("./surface.js").Surface>} */
  held: new Map(),
});
const NEAR = 12;
const PACE = 300;
const VIEW = { turn: -0.9, tilt: 0.62 };

// Pointing.

/** @type {(own: Own, event: MouseEvent, text: string) => void} */
function tip(own, event, text) {
  own.tip.hidden = !text;
  if (!text) return;
  own.tip.textContent = text;
  const frame = own.frame.getBoundingClientRect();
  const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
  own.tip.style.left = `${Math.min(x + 14, Math.max(frame.width - own.tip.offsetWidth - 4, 0))}px`;
  own.tip.style.top = `${y + 16}px`;
}

/** @type {(event: MouseEvent, pane: Element) => import("./surface.js").Pixel} */
function pointed(event, pane) {
  const box = pane.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

/** @type {(s: import("./surface.js").Surface, w: number, b: number) => string} */
function ground(s, w, b) {
  const [column, row] = cellOf(s, w, b);
  const at = row * s.points + column;
  const [atW, atB] = [within(s.w, column / (s.points - 1)), within(s.b, row / (s.points - 1))];
  return `w = ${number(atW)}, b = ${number(atB)}\nerror ${number(s.errors[at])}\ngradient norm ${number(s.norms[at])}`;
}

/** @type {(own: Own, pixel: import("./surface.js").Pixel, place: import("./paths.js").Placing) => string | undefined} */
function stepAt(own, pixel, place) {
  const close = nearest(own, own.stepper.at, pixel, place, NEAR);
  return close && `Step ${close.step}\n${told(own.surface, own.data.threshold, close.path, close.step)}`;
}

/** @type {(own: Own, event: MouseEvent) => void} */
function hoverMap(own, event) {
  const at = pointed(event, own.map);
  const place = fromMap(own, ...at);
  tip(own, event, stepAt(own, at, onMap) ?? (place ? ground(own.surface, ...place) : ""));
}

/** @type {(own: Own, event: MouseEvent) => void} */
function hoverRelief(own, event) {
  if (own.drag) {
    turn(own, own.drag, event);
    return;
  }
  const at = pointed(event, own.relief);
  tip(own, event, stepAt(own, at, onRelief) ?? reliefGround(own, at));
}

/** @type {(own: Own, pixel: import("./surface.js").Pixel) => string} */
function reliefGround({ mesh, surface: s }, [x, y]) {
  let best = -1;
  let far = NEAR;
  mesh.forEach(([px, py], index) => {
    const distance = Math.hypot(px - x, py - y);
    if (distance < far) [best, far] = [index, distance];
  });
  if (best < 0) return "";
  return ground(s, within(s.w, (best % (MESH + 1)) / MESH), within(s.b, Math.floor(best / (MESH + 1)) / MESH));
}

/** @type {(own: Own, from: { x: number, y: number, turn: number, tilt: number }, event: MouseEvent) => void} */
function turn(own, from, event) {
  own.view.turn = from.turn + (event.clientX - from.x) * 0.008;
  own.view.tilt = Math.min(Math.max(from.tilt + (event.clientY - from.y) * 0.006, 0.15), 1.4);
  own.asked ??= requestAnimationFrame(() => {
    own.asked = undefined;
    drawRelief(own);
    trace(own, own.stepper.at);
  });
}

/** @type {(own: Own) => void} */
function wire(own) {
  own.map.addEventListener("pointermove", (event) => own.surface && hoverMap(own, event));
  own.relief.addEventListener("pointermove", (event) => own.surface && hoverRelief(own, event));
  for (const pane of [own.map, own.relief]) pane.addEventListener("pointerleave", (event) => tip(own, event, ""));
  own.map.addEventListener("click", (event) => {
    const place = own.surface && fromMap(own, ...pointed(event, own.map));
    if (place) own.report("place", { w: place[0], b: place[1], at: Date.now() });
  });
  own.relief.addEventListener("pointerdown", (event) => {
    own.drag = { x: event.clientX, y: event.clientY, ...own.view };
    own.relief.setPointerCapture(event.pointerId);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    own.relief.addEventListener(end, () => {
      own.drag = undefined;
    });
  }
  part(own.frame, ".sv-descent-png").addEventListener("click", () => {
    saveAs(picture(own, own.data.title).toDataURL("image/png"), "descent.png");
  });
  part(own.frame, ".sv-descent-csv").addEventListener("click", () => saveRows(tableOf(own.data.paths), "descent.csv"));
  new ResizeObserver(() => own.surface && redraw(own)).observe(own.frame);
  surfaces.addEventListener("held", () => own.data && take(own));
}

/** @type {(paths: import("./paths.js").Path[]) => import("../parts/tables.js").Cell[][]} */
export function tableOf(paths) {
  const rows = paths.flatMap(({ name, places, errors, norms, clipped }) =>
    places.map(([w, b], step) => [name, step, w, b, errors[step], norms[step], clipped[step] ? "yes" : "no"]),
  );
  return [["path", "step", "w", "b", "error", "gradient norm", "clipped"], ...rows];
}

/** @type {(own: Own) => void} */
function redraw(own) {
  own.look = lookOf(own.frame);
  own.colours = own.data[own.look.dark ? "dark" : "light"];
  own.drawnSurface = own.surface;
  own.stops = own.colours.scale.map(rgb);
  drawMap(own);
  drawRelief(own);
  trace(own, own.stepper.at);
}

/** @type {(own: Own, at: number) => void} */
function trace(own, at) {
  drawPaths(own, at);
  countDrawing(own.frame, "frames");
}

/** @type {(own: Own) => void} */
function drawLegend(own) {
  own.legend.replaceChildren();
  own.data.paths.forEach((path, index) => {
    const item = element(own.legend, "span");
    const svg = piece(item, "svg", { viewBox: "0 0 34 12", "aria-hidden": "true" });
    const line = piece(svg, "line", { x1: 1, y1: 6, x2: 33, y2: 6, "stroke-width": 3, "stroke-linecap": "round" });
    line.style.stroke = own.colours.paths[index];
    if (!index) line.setAttribute("stroke-dasharray", "7 5");
    item.append(path.name);
  });
}

/**
 * Draw the message, once its surface is there.
 * @type {(own: Own) => void}
 */
function take(own) {
  const surface = surfaces.held.get(own.data.unit);
  if (!surface) return;
  own.surface = surface;
  if (own.drawnSurface !== surface || own.look.back !== lookOf(own.frame).back) redraw(own); // else the paths alone are new
  drawLegend(own);
  own.stepper.begin(own.data.paths[0].places.length - 1);
  countDrawing(own.frame);
}

/** @type {(root: HTMLElement, data: Message) => Own} */
function begin(root, data) {
  /** @type {(name: string) => HTMLElement} */
  const of = (name) => part(root, `.sv-descent-${name}`);
  const frame = part(root, ".sv-descent");
  const parts = { map: of("map"), relief: of("relief"), tip: of("tip"), legend: of("legend"), said: of("said") };
  const own = /** @type {Own} */ ({ data, frame, ...parts, view: { ...VIEW } });
  own.stepper = stepper(of("bar"), frame, {
    label: "Step of the descent",
    pace: PACE,
    smooth: true,
    show: (at, step) => {
      const said = sentence(own.surface, own.data.threshold, own.data.paths, step);
      trace(own, at);
      own.said.textContent = said;
      return said;
    },
  });
  wire(own);
  return own;
}

/** @type {(call: Call) => void} */
export default function ({ data, parentElement: root, setStateValue }) {
  part(root, ".sv-descent").classList.toggle("sv-stored", "surface" in data);
  if ("surface" in data) {
    surfaces.held.set(data.surface.unit, prepared(data.surface));
    surfaces.dispatchEvent(new Event("held"));
    return;
  }
  const own = ownOf(root, () => begin(root, data));
  own.data = data;
  own.report = setStateValue;
  part(root, ".sv-descent-title").textContent = data.title;
  own.frame.setAttribute("aria-label", data.title);
  own.map.setAttribute("aria-label", `${data.title} Seen from above.`);
  own.relief.setAttribute("aria-label", `${data.title} Seen as a landscape.`);
  take(own);
}

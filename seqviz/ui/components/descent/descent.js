import { isDark, rgb } from "../shared/colours.js";
import { stepper } from "../shared/stepper.js";
import { saveAs, saveRows } from "../shared/tables.js";
import { drawPaths, finite, held, sentence, told } from "./paths.js";
import { cellOf, coloursOf, drawMap, drawRelief, MESH, number, onMap, onRelief, prepared, write } from "./surface.js";

const owners = new WeakMap();
// Surfaces are sent once, apart from the paths on them, and kept for the whole page under their unit's name.
const surfaces = Object.assign(new EventTarget(), { held: new Map() });
const NEAR = 12;
const PACE = 300;
const VIEW = { turn: -0.9, tilt: 0.62 };

function lookOf(frame) {
  const css = getComputedStyle(frame);
  return { text: css.color, back: css.outlineColor, font: css.fontFamily, dark: isDark(frame) };
}
export // Pointing.
function nearest(own, x, y, place) {
  // a point of a path near the pointer, as far as it has been drawn
  let best;
  own.data.paths.forEach((path) =>
    path.places.forEach((at, step) => {
      if (step > own.stepper.at || !finite(at) || !held(own.surface, at)) return;
      const [px, py] = place(own, ...at, path.errors[step]);
      const far = Math.hypot(px - x, py - y);
      if (far <= (best?.far ?? NEAR)) best = { far, path, step };
    }),
  );
  return best;
}

function tip(own, event, text) {
  own.tip.hidden = !text;
  if (!text) return;
  own.tip.textContent = text;
  const frame = own.frame.getBoundingClientRect();
  const x = event.clientX - frame.left;
  const y = event.clientY - frame.top;
  own.tip.style.left = `${Math.min(x + 14, Math.max(frame.width - own.tip.offsetWidth - 4, 0))}px`;
  own.tip.style.top = `${y + 16}px`;
}

const pointed = (event, pane) => {
  const box = pane.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};
function ground(s, w, b) {
  const [column, row] = cellOf(s, w, b);
  const at = row * s.points + column;
  return `w = ${number(s.w[0] + (column / (s.points - 1)) * (s.w[1] - s.w[0]))}, b = ${number(s.b[0] + (row / (s.points - 1)) * (s.b[1] - s.b[0]))}\nerror ${number(s.errors[at])}\ngradient norm ${number(s.norms[at])}`;
}

function fromMap(own, x, y) {
  const s = own.surface;
  const u = (x - own.box.x) / own.box.wide;
  const v = 1 - (y - own.box.y) / own.box.high;
  return u < 0 || u > 1 || v < 0 || v > 1 ? null : [s.w[0] + u * (s.w[1] - s.w[0]), s.b[0] + v * (s.b[1] - s.b[0])];
}

function hoverMap(own, event) {
  const at = pointed(event, own.map);
  const close = nearest(own, ...at, onMap);
  const place = fromMap(own, ...at);
  tip(
    own,
    event,
    close ? `Step ${close.step}\n${told(own, close.path, close.step)}` : place ? ground(own.surface, ...place) : "",
  );
}

function hoverRelief(own, event) {
  if (own.drag) return turn(own, event);
  const [x, y] = pointed(event, own.relief);
  const close = nearest(own, x, y, onRelief);
  const s = own.surface;
  let best = { far: NEAR };
  if (!close)
    own.mesh.forEach(([px, py], index) => {
      const far = Math.hypot(px - x, py - y);
      if (far < best.far) best = { far, index };
    });
  const place =
    best.index === undefined
      ? null
      : [
          s.w[0] + ((best.index % (MESH + 1)) / MESH) * (s.w[1] - s.w[0]),
          s.b[0] + (Math.floor(best.index / (MESH + 1)) / MESH) * (s.b[1] - s.b[0]),
        ];
  return tip(own, event, close ? `Step ${close.step}\n${told(own, close.path, close.step)}` : place ? ground(s, ...place) : "");
}

export function turn(own, event) {
  own.view.turn = own.drag.turn + (event.clientX - own.drag.x) * 0.008;
  own.view.tilt = Math.min(Math.max(own.drag.tilt + (event.clientY - own.drag.y) * 0.006, 0.15), 1.4);
  own.asked ??= requestAnimationFrame(() => {
    own.asked = undefined;
    drawRelief(own);
    drawPaths(own, own.stepper.at);
  });
}

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
  for (const end of ["pointerup", "pointercancel"])
    own.relief.addEventListener(end, () => {
      own.drag = undefined;
    });
  own.frame.querySelector(".sv-descent-png").addEventListener("click", () => savePicture(own));
  own.frame.querySelector(".sv-descent-csv").addEventListener("click", () => saveTable(own));
  new ResizeObserver(() => own.surface && redraw(own)).observe(own.frame);
  surfaces.addEventListener("held", () => own.data && take(own));
}

// Taking home.
function savePicture(own) {
  const all = [...own.map.children, ...own.relief.children];
  const ratio = window.devicePixelRatio || 1;
  const top = 40 * ratio;
  const wide = all[0].width;
  const right = all[2].width;
  const whole = Object.assign(document.createElement("canvas"), { width: wide + right, height: all[0].height + top });
  const context = whole.getContext("2d");
  context.fillStyle = own.look.back;
  context.fillRect(0, 0, whole.width, whole.height);
  all.forEach((each, index) => context.drawImage(each, index < 2 ? 0 : wide, top));
  context.scale(ratio, ratio);
  write(own, context, own.data.title, 10, 20, "left");
  saveAs(whole.toDataURL("image/png"), "descent.png");
}

function saveTable(own) {
  const rows = own.data.paths.flatMap((path) =>
    path.places.map(([w, b], step) => [
      path.name,
      step,
      w,
      b,
      path.errors[step],
      path.norms[step],
      path.clipped[step] ? "yes" : "no",
    ]),
  );
  saveRows([["path", "step", "w", "b", "error", "gradient norm", "clipped"], ...rows], "descent.csv");
}

function redraw(own, look = lookOf(own.frame)) {
  own.look = look;
  own.drawnSurface = own.surface;
  own.stops = coloursOf(own).scale.map(rgb);
  drawMap(own);
  drawRelief(own);
  drawPaths(own, own.stepper.at);
}

function legend(own) {
  own.legend.replaceChildren(
    ...own.data.paths.map((path, index) => {
      const item = document.createElement("span");
      item.innerHTML =
        '<svg viewBox="0 0 34 12" aria-hidden="true"><line x1="1" y1="6" x2="33" y2="6" stroke-width="3" stroke-linecap="round"/></svg>';
      const line = item.querySelector("line");
      line.style.stroke = coloursOf(own).paths[index];
      if (!index) line.setAttribute("stroke-dasharray", "7 5");
      item.append(path.name);
      return item;
    }),
  );
}

function take(own) {
  // the data, once its surface is there
  const surface = surfaces.held.get(own.data.unit);
  if (!surface) return;
  own.surface = surface;
  const look = lookOf(own.frame);
  if (own.drawnSurface !== surface || own.look.back !== look.back) redraw(own, look); // else the paths alone are new
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
    const part = (name) => root.querySelector(`.sv-descent-${name}`);
    own = {
      frame,
      map: part("map"),
      relief: part("relief"),
      tip: part("tip"),
      legend: part("legend"),
      said: part("said"),
      view: { ...VIEW },
    };
    own.stepper = stepper(part("bar"), frame, {
      label: "Step of the descent",
      pace: PACE,
      smooth: true,
      show: (at, step) => {
        drawPaths(own, at);
        own.said.textContent = sentence(own, step);
        return own.said.textContent;
      },
    });
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

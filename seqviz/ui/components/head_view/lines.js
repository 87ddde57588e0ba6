// The lines from each query to the keys that it looks at, between two columns of tokens.

import { element } from "../shared/elements.js";
import { keyed, moved } from "../shared/pointer.js";
import { blank } from "../shared/tokens.js";
import { FAINTEST, paletteAt, pin, point } from "./head_view.js";
import { levelsOf, rowOf } from "./message.js";

export function drawLines(own) {
  const d = own.data;
  const tall = Math.max(d.Q, d.K) > 64 ? 13 : Math.max(d.Q, d.K) > 30 ? 16 : 21;
  own.tall = tall;
  own.lines.replaceChildren();
  const drawing = element(own.lines, "div", "sv-heads-drawing");
  const left = side(own, drawing, "query", d.queries);
  const canvas = element(drawing, "canvas");
  own.sides = { query: left, key: side(own, drawing, "key", d.keys) };
  own.pen = {
    canvas,
    wide: Math.max(96, Math.min(220, (own.lines.clientWidth || 330) - left.offsetWidth - own.sides.key.offsetWidth - 6)),
    high: tall * Math.max(d.Q, d.K),
  };
  const sharp = window.devicePixelRatio || 1;
  const { wide, high } = own.pen;
  Object.assign(canvas, { width: wide * sharp, height: high * sharp });
  Object.assign(canvas.style, { width: `${wide}px`, height: `${high}px` });
  own.pen.all = undefined;
  own.more = element(own.lines, "div", "sv-heads-more");
  tellMore(own);
  stroke(own, null);
}

// How much of the list is out of sight, since a bar to scroll with may not be seen.
export function tellMore(own) {
  const { lines, more, tall } = own;
  const count = Math.max(own.data.Q, own.data.K);
  more.hidden = count * tall <= lines.clientHeight;
  const above = Math.floor(lines.scrollTop / tall);
  const below = Math.max(0, count - Math.floor((lines.scrollTop + lines.clientHeight - more.offsetHeight) / tall));
  more.textContent = `Scroll this list of ${count} tokens: ${[above && `↑ ${above} above`, below && `↓ ${below} below`].filter(Boolean).join(", ")}`;
}

function side(own, parent, of, tokens) {
  const made = element(parent, "div", "sv-heads-side");
  made.dataset.of = of;
  tokens.forEach((token, index) => {
    const row = element(made, "div");
    const name = element(row, "b", "", blank(token));
    const share = element(row, "em");
    if (of === "query") row.prepend(share);
    if (own.shown.length > 1)
      own.shown.forEach((_, each) => {
        element(share, "i").style.background = paletteAt(own, each);
      });
    row.title = name.textContent.length > 12 ? name.textContent : "";
    Object.assign(row.style, { height: `${own.tall}px`, fontSize: `${own.tall > 18 ? 14 : own.tall > 14 ? 12 : 10}px` });
    Object.assign(row.dataset, { side: of, index });
    row.tabIndex = index ? -1 : 0;
  });
  const indexOf = (event) => Number(event.target.closest("[data-index]")?.dataset.index ?? NaN);
  const at = (index) => (Number.isNaN(index) ? null : { [of]: index });
  made.addEventListener("pointerover", (event) => moved(event) && point(own, at(indexOf(event))));
  made.addEventListener("pointerleave", () => point(own, keyed(made) && at(indexOf({ target: keyed(made) }))));
  made.addEventListener("focusin", (event) => point(own, at(indexOf(event))));
  made.addEventListener("focusout", () => point(own, null));
  made.addEventListener("click", (event) => take(own, of, indexOf(event)));
  made.addEventListener("keydown", (event) => step(own, event, of, indexOf(event)));
  return made;
}

function take(own, of, index) {
  // a query brings the key that it looks at most; a key goes with the query chosen before
  if (Number.isNaN(index)) return;
  const row = rowOf(own.data, own.primary, index);
  if (of === "query") pin(own, index, row.indexOf(Math.max(...row)));
  else pin(own, own.pair[0], index);
}

export function step(own, event, of, index) {
  const other = of === "query" ? "key" : "query";
  const count = own.sides[of].children.length;
  const to = {
    ArrowDown: [of, Math.min(index + 1, count - 1)],
    ArrowUp: [of, Math.max(index - 1, 0)],
    ArrowRight: ["key", index],
    ArrowLeft: ["query", index],
  }[event.key];
  if (event.key === "Enter" || event.key === " ") take(own, of, index);
  else if (!to) return;
  event.preventDefault();
  if (!to) return;
  const rows = own.sides[to[0]].children;
  const row = rows[Math.min(to[1], rows.length - 1)];
  for (const each of [...own.sides[of].children, ...own.sides[other].children]) each.tabIndex = -1;
  row.tabIndex = 0;
  row.focus();
}

// The lines of every pair, or of the token pointed at alone; all of them are drawn once and kept as a picture.
export function stroke(own, at) {
  const { canvas, all } = own.pen;
  const context = canvas.getContext("2d");
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!at && all) return context.drawImage(all, 0, 0);
  const sharp = window.devicePixelRatio || 1;
  context.setTransform(sharp, 0, 0, sharp, 0, 0);
  own.shown.forEach((head, index) => strokeHead(own, context, head, index, at));
  if (!at) {
    own.pen.all = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
    own.pen.all.getContext("2d").drawImage(canvas, 0, 0);
  }
  return undefined;
}

function strokeHead(own, context, head, index, at) {
  const d = own.data;
  const levels = levelsOf(d, head);
  const { wide } = own.pen;
  const y = (place) => (place + 0.5) * own.tall;
  const least = at ? 0.004 : FAINTEST;
  const offset = own.shown.length > 1 ? (index - (own.shown.length - 1) / 2) * Math.min(2, own.tall / 2 / own.shown.length) : 0;
  context.strokeStyle = paletteAt(own, index);
  context.setLineDash(index >= own.look.palette.length ? [5, 4] : []);
  const line = (query, key) => {
    const weight = (levels[query * d.K + key] / 255) ** 2;
    if (weight < least || (at && ((at.query !== undefined && at.query !== query) || (at.key !== undefined && at.key !== key))))
      return;
    context.globalAlpha = 0.12 + 0.8 * weight;
    context.lineWidth = 0.6 + 3.4 * weight;
    context.beginPath();
    context.moveTo(2, y(query) + offset);
    context.bezierCurveTo(wide * 0.35, y(query) + offset, wide * 0.65, y(key) + offset, wide - 2, y(key) + offset);
    context.stroke();
  };
  if (at?.query !== undefined) for (let key = 0; key < d.K; key++) line(at.query, key);
  else if (at?.key !== undefined) for (let query = 0; query < d.Q; query++) line(query, at.key);
  else for (let query = 0; query < d.Q; query++) for (let key = 0; key < d.K; key++) line(query, key);
  context.globalAlpha = 1;
}

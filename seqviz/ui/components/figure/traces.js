// Prepare a figure's traces for Plotly, and write them as a table.
import { bytesOf, written } from "../parts/numbers.js";

/** @typedef {{ bdata: string, dtype: string, shape?: string }} Packed an array as Plotly sends it */
/** @typedef {Packed | any[] | undefined} Numbers */

/**
 * The source of its table, if not x and y.
 * @typedef {object} Meta
 * @property {string} [value] what a cell of a heatmap is called
 * @property {boolean} [exact] whether customdata has the cells' values
 * @property {boolean} [gap] whether level 0 is no value
 * @property {boolean} [log] whether levels are of the logarithm
 * @property {number} [low]
 * @property {number} [high]
 * @property {import("../parts/tables.js").Cell[][]} [table] the rows, of marks that are not where their numbers are
 * @property {string} [mark] what labels stand for
 * @property {string[][]} [labels]
 * @property {boolean} [labelled] whether customdata names each point
 */

/** @typedef {{ type?: string, name?: string, meta?: Meta, [more: string]: any }} Named */
/** @typedef {Named & { x?: Numbers, y?: Numbers, z?: Numbers, customdata?: Numbers }} Trace */

/**
 * @typedef {object} Message
 * @property {Trace[]} traces
 * @property {Record<string, any>} layout
 * @property {string} finding
 * @property {boolean} empty
 * @property {string[]} columns of the table; by default the axes' titles
 * @property {string} name of the files that are saved
 * @property {boolean} clickable
 * @property {boolean} tools whether PNG and CSV can be saved
 * @property {number} narrowest pixels below which it scrolls sideways
 * @property {Record<string, string>} dark by each colour of a light page its twin on a dark one
 */

const TYPES = {
  f8: Float64Array,
  f4: Float32Array,
  i4: Int32Array,
  u4: Uint32Array,
  i2: Int16Array,
  u2: Uint16Array,
  i1: Int8Array,
  u1: Uint8Array,
};

/** @type {(held: Numbers) => any[]} */
export function numbersOf(held) {
  if (!held || Array.isArray(held)) return held ?? [];
  const Type = TYPES[/** @type {keyof typeof TYPES} */ (held.dtype)];
  return Array.from(new Type(bytesOf(held.bdata).buffer));
}

/** @type {(text: unknown) => string} */
export const plain = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/**
 * A deep copy with the theme's colours: Plotly modifies its input.
 * @template Value
 * @param {Value} value
 * @param {Record<string, string>} twins
 * @returns {Value}
 */
export function dressed(value, twins) {
  /** @type {(one: any) => any} */
  const copy = (one) => {
    if (typeof one === "string") return Object.hasOwn(twins, one) ? twins[one] : one;
    if (Array.isArray(one)) return one.map(copy);
    if (!one || typeof one !== "object") return one;
    return Object.fromEntries(Object.entries(one).map(([name, each]) => [name, name === "bdata" ? each : copy(each)]));
  };
  return copy(value);
}

// Plotly would write 3.32e-14, so numbers that a template wants with fixed digits are formatted here, point by point.
const WANTED = /%\{(x|y|customdata)(?:\[(\d)\])?:\.(\d)g\}/g;

/** @type {(trace: Trace) => void} */
export function writePoints(trace) {
  const { hovertemplate: template } = trace;
  const [first] = typeof template === "string" ? template.matchAll(WANTED) : [];
  if (!first) return;
  const { customdata } = trace;
  /** @type {Record<string, any[]>} */
  const held = { x: numbersOf(trace.x), y: numbersOf(trace.y), customdata: numbersOf(customdata) };
  if (trace.type === "heatmap") {
    const cells = held.customdata.flat().map((each) => written(each, Number(first[3])));
    trace.text = held.y.map((_, row) => cells.slice(row * held.x.length, (row + 1) * held.x.length));
    trace.hovertemplate = template.replace(WANTED, "%{text}");
    return;
  }
  const shape = customdata && !Array.isArray(customdata) ? customdata.shape : undefined;
  const wide = Number(shape?.split(",")[1]) || 1;
  /** @type {(name: string, at: string | undefined, index: number) => unknown} */
  const value = (name, at, index) =>
    at === undefined ? held[name][index] : (held[name][index]?.[at] ?? held[name][index * wide + Number(at)]);
  trace.hovertemplate = held.x.map((_, index) =>
    template.replace(WANTED, (/** @type {string[]} */ ...[, name, at, digits]) =>
      written(value(name, at, index), Number(digits)),
    ),
  );
}

/** @type {(trace: Trace) => import("../parts/tables.js").Cell[][]} */
function rowsOf(trace) {
  const { meta = {}, name = "" } = trace;
  if (trace.type === "heatmap") return cellsOf(trace, meta);
  if (meta.table) return meta.table.map((row) => [name, ...row]);
  const x = numbersOf(trace.x);
  if (meta.mark) return (meta.labels ?? []).flatMap((labels, index) => labels.map((label) => [label, x[index], meta.mark]));
  const y = numbersOf(trace.y);
  const labels = meta.labelled ? numbersOf(trace.customdata) : null;
  return x.map((each, index) => [labels ? labels[index] : name, each, y[index]]).filter(([, , value]) => isGiven(value));
}

/** @type {(value: unknown) => boolean} */
const isGiven = (value) => !Number.isNaN(value) && value !== null;

/** @type {(trace: Trace, meta: Meta) => import("../parts/tables.js").Cell[][]} */
function cellsOf(trace, { value, exact, gap, log, low = 0, high = 1 }) {
  const [x, y] = [numbersOf(trace.x), numbersOf(trace.y)];
  const given = exact ? numbersOf(trace.customdata).flat() : null;
  /** @type {(level: number, index: number) => import("../parts/tables.js").Cell} */
  const valueAt = (level, index) => {
    if (gap && level === 0) return "";
    if (given) return given[index];
    const at = low + (level / 255) * (high - low);
    return log ? 10 ** at : at;
  };
  const levels = numbersOf(trace.z).flat();
  return levels.map((level, index) => [value, x[index % x.length], y[Math.floor(index / x.length)], valueAt(level, index)]);
}

/** @type {(data: Message) => import("../parts/tables.js").Cell[][]} */
export function tableOf({ traces, layout, columns }) {
  const titles = ["xaxis", "yaxis"].map((axis) => layout[axis]?.title?.text ?? axis[0]);
  const heat = traces.some((trace) => trace.type === "heatmap") ? ["value"] : [];
  return [columns.length ? columns : ["series", ...titles, ...heat], ...traces.flatMap(rowsOf)];
}

/**
 * Words in lines of at most so many characters.
 * @type {(text: string, wide: number) => string[]}
 */
export function wrapped(text, wide) {
  const lines = [""];
  for (const word of text.split(" ")) {
    if (lines[lines.length - 1].length + word.length > wide) lines.push(word);
    else lines[lines.length - 1] += ` ${word}`;
  }
  return lines;
}

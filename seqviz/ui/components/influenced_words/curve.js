// Shades of words by their influence, and the curve of one word.

/**
 * @typedef {object} Network
 * @property {string} name
 * @property {string} label
 * @property {string} asked the word that it is asked for
 * @property {string} said what it predicts, in words
 * @property {string} drawn its colour on this page
 * @property {Float32Array} values T × T: row t is of the word after place t, column p the influence of the word at p
 */

/** @type {(words: string[], network: Network, row: number, place: number) => number} */
export const valueAt = (words, network, row, place) => network.values[row * words.length + place];

/**
 * Maps to [-1, 1], about linear near 0 and logarithmic beyond, so that weak influences show beside strong ones.
 * @type {(value: number, soft: number, most: number) => number} `most` has the end colours; up to `soft` it is linear
 */
export const shadeOf = (value, soft, most) => (Math.sign(value) * Math.log1p(Math.abs(value) / soft)) / Math.log1p(most / soft);

const [LEFT, RIGHT, TOP, BOTTOM] = [46, 12, 10, 24];
const APART = 14; // pixels between two numbers of the axis

/**
 * Positions of everything in the curve: the influence of the word at `place` on each later word.
 * @param {string[]} words
 * @param {Network[]} networks
 * @param {number} place
 * @param {number} width
 * @param {number} height
 */
export function layoutOf(words, networks, place, width, height) {
  const last = words.length - 1;
  const steps = Array.from({ length: last - place + 1 }, (_, step) => place + step);
  const all = networks.flatMap((network) => steps.map((row) => valueAt(words, network, row, place))).filter(Number.isFinite);
  const high = Math.max(0, ...all);
  const low = Math.min(0, ...all);
  const inside = width - LEFT - RIGHT;
  /** @type {(row: number) => number} */
  const x = (row) => LEFT + (last === place ? 0.5 : (row - place) / (last - place)) * inside;
  /** @type {(value: number) => number} */
  const y = (value) => TOP + ((high - value) / (high - low || 1)) * (height - TOP - BOTTOM);
  const marked = [...new Set([high, 0, low])].filter((value) => value === 0 || Math.abs(y(value) - y(0)) > APART);
  return {
    x,
    y,
    left: LEFT,
    right: width - RIGHT,
    marked,
    lines: networks.map((network) => steps.map((row) => [x(row), y(valueAt(words, network, row, place))])),
    /** @type {(at: number) => number} the row nearest to a pixel */
    rowAt: (at) => Math.round(place + Math.min(Math.max((at - LEFT) / (inside || 1), 0), 1) * (last - place)),
  };
}

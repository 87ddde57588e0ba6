// A caption's attention on the picture: what each word looks at, and the sentence about it.
import { percent } from "../parts/numbers.js";

/** @typedef {number[][]} Grid shares of the attention, row by row, or scores */

/**
 * Of T words, and looks of N × N cells.
 * @typedef {object} Message
 * @property {string} title
 * @property {string} key what colours and lines mean
 * @property {string} described the picture in words
 * @property {string} picture 64 × 64 × 3 bytes as base64
 * @property {string[]} written T
 * @property {boolean[]} forced T: whether the reader chose it
 * @property {number[]} probability T
 * @property {Grid[]} weights T × N × N
 * @property {Grid[] | null} scores T × N × N
 * @property {Grid[][] | null} heads T × heads × N × N
 * @property {number} head the one whose look is shown, from 1; 0 is the mean of all
 * @property {string} whose attention it is
 * @property {boolean[][][]} regions T × N × N: what the word is about
 * @property {number[]} inside T: the share of the attention on its region
 * @property {[word: string, probability: number][][]} alternatives T
 * @property {{ number: number, title: string, x: number, y: number, radius: number }[]} things that can be erased
 * @property {number} begin the word shown first
 */

export const SIDE = 64; // pixels of the picture
const VEIL = 0.82; // how much of a pixel is grey where there is no attention
const SHADE = 96; // the grey

/**
 * The weight at a pixel's middle: of its cell, or in proportion between the middles of the four cells around it.
 * @type {(grid: Grid, x: number, y: number, smooth: boolean) => number}
 */
export function lifted(grid, x, y, smooth) {
  const cells = grid.length;
  const size = SIDE / cells;
  if (!smooth) return grid[Math.floor(y / size)][Math.floor(x / size)];
  /** @type {(value: number) => number} */
  const at = (value) => Math.min(Math.max((value + 0.5) / size - 0.5, 0), cells - 1);
  const [u, v] = [at(x), at(y)];
  const [left, top] = [Math.min(Math.floor(u), cells - 2), Math.min(Math.floor(v), cells - 2)];
  const [a, b] = [u - left, v - top];
  const above = grid[top][left] * (1 - a) + grid[top][left + 1] * a;
  const below = grid[top + 1][left] * (1 - a) + grid[top + 1][left + 1] * a;
  return above * (1 - b) + below * b;
}

/**
 * The picture's pixels, greyed where attention is weak; the cell with the most attention keeps its brightness.
 * @type {(pixels: Uint8Array, grid: Grid | null, smooth: boolean) => Uint8ClampedArray<ArrayBuffer>}
 */
export function veiled(pixels, grid, smooth) {
  const painted = new Uint8ClampedArray(4 * SIDE * SIDE);
  const most = grid ? Math.max(...grid.flat()) : 1;
  for (let at = 0; at < SIDE * SIDE; at++) {
    const weight = grid ? lifted(grid, at % SIDE, Math.floor(at / SIDE), smooth) / most : 1;
    const light = 1 - VEIL * (1 - weight);
    for (let part = 0; part < 3; part++) painted[4 * at + part] = pixels[3 * at + part] * light + SHADE * (1 - light);
    painted[4 * at + 3] = 255;
  }
  return painted;
}

/**
 * The edges between cells that are inside a region and cells that are not, as an SVG path.
 * @type {(region: boolean[][]) => string}
 */
export function outline(region) {
  const size = SIDE / region.length;
  /** @type {(row: number, column: number) => boolean} */
  const outside = (row, column) => !region[row]?.[column];
  let path = "";
  region.forEach((line, row) => {
    line.forEach((inside, column) => {
      if (!inside) return;
      const [x, y] = [column * size, row * size];
      if (outside(row - 1, column)) path += `M${x} ${y}h${size}`;
      if (outside(row + 1, column)) path += `M${x} ${y + size}h${size}`;
      if (outside(row, column - 1)) path += `M${x} ${y}v${size}`;
      if (outside(row, column + 1)) path += `M${x + size} ${y}v${size}`;
    });
  });
  return path;
}

/** @type {(d: Message, word: number) => Grid[]} each head's look at one word */
export const headsOf = (d, word) => d.heads?.[word] ?? [];

/** @type {(heads: Grid[]) => Grid} */
export const meanOf = (heads) =>
  heads[0].map((line, row) => line.map((_, column) => heads.reduce((sum, head) => sum + head[row][column], 0) / heads.length));

/** @type {(d: Message, word: number) => string} */
export function wordSentence(d, word) {
  const region = d.regions[word].flat();
  const own = region.filter(Boolean).length;
  const grid = d.weights[word];
  const most = Math.max(...grid.flat());
  const row = grid.findIndex((line) => line.includes(most));
  const column = grid[row].indexOf(most);
  const made = d.forced[word] ? "You made it write this word" : "It writes this word";
  const where = `${own} of ${region.length} cells, ${percent(own / region.length)} of the picture`;
  const about = `${percent(d.inside[word])} of ${d.whose} is inside the dashed line, on what the word is about: ${where}.`;
  const looks = own
    ? `${about} The largest share`
    : `This word is about nothing that the picture shows. The largest share of ${d.whose}`;
  const chance = percent(d.probability[word]);
  return `${made} with probability ${chance}. ${looks} is at row ${row + 1}, column ${column + 1}: ${percent(most)}.`;
}

/** @type {(d: Message, word: number, row: number, column: number) => string} */
export function cellSentence(d, word, row, column) {
  const heads = headsOf(d, word);
  const score = d.scores ? `, score ${Number(d.scores[word][row][column].toPrecision(3))}` : "";
  const each = heads.length > 1 ? ` Head by head: ${heads.map((head) => percent(head[row][column])).join(" · ")}.` : "";
  return `Row ${row + 1}, column ${column + 1}: ${percent(d.weights[word][row][column])} of ${d.whose}${score}.${each}`;
}

/**
 * Whether a caption begins with the same words as another.
 * @type {(one: string[], other: string[], words: number) => boolean}
 */
export const beginAlike = (one, other, words) => one.slice(0, words).every((each, at) => each === other[at]);

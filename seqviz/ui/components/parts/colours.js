// Colours as numbers: those of a style or a message, how light they are, and those between the stops of a scale.

/** @typedef {number[]} Colour red, green and blue, from 0 to 255 */
/** @typedef {{ text: string, back: string, font: string, dark: boolean }} Look of the page around a component */

/** @type {(colour: string) => Colour} */
export const rgb = (colour) =>
  colour.startsWith("#")
    ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
    : (colour.match(/[\d.]+/g) ?? [0, 0, 0]).slice(0, 3).map(Number);

/** @type {(colour: Colour) => number} */
const lightness = ([r, g, b]) => r * 0.299 + g * 0.587 + b * 0.114; // from 0 to 255

/** @type {(colour: Colour) => string} */
export const ink = (colour) => (lightness(colour) > 140 ? "#14171a" : "#ffffff"); // what is read on it

/** @type {(colour: Colour) => string} */
export const css = (colour) => `rgb(${colour.join(",")})`;

/**
 * The colour at a share of the way from the first stop, 0, to the last, 1.
 * @type {(stops: Colour[], share: number) => Colour}
 */
export function colourAt(stops, share) {
  const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  return stops[low].map((part, index) => Math.round(part + (stops[low + 1][index] - part) * (at - low)));
}

/** @type {(stops: Colour[]) => string} */
export const ramp = (stops) => `linear-gradient(90deg, ${stops.map(css).join(",")})`;

/**
 * A frame's outline takes the colour of the page behind it.
 * @type {(frame: Element) => Look}
 */
export function lookOf(frame) {
  const style = getComputedStyle(frame);
  return {
    text: style.color,
    back: style.outlineColor,
    font: style.fontFamily,
    dark: lightness(rgb(style.outlineColor)) < 110,
  };
}

// Colours as numbers: those of a style or a message, how light they are, and those between the stops of a scale.
export const rgb = (colour) =>
  colour.startsWith("#")
    ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
    : (colour.match(/[\d.]+/g) ?? [0, 0, 0]).slice(0, 3).map(Number);
export const light = ([r, g, b]) => r * 0.299 + g * 0.587 + b * 0.114; // from 0 to 255
export const isDark = (frame) => light(rgb(getComputedStyle(frame).outlineColor)) < 110; // a frame's outline has the colour of the page behind it
export const ink = (colour) => (light(colour) > 140 ? "#14171a" : "#ffffff"); // what is read on it

export function colourAt(stops, share) {
  // from the first stop, 0, to the last, 1
  const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  return stops[low].map((part, index) => Math.round(part + (stops[low + 1][index] - part) * (at - low)));
}

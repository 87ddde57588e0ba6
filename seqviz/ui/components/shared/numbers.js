// One way to write a number, that of titles (seqviz.figures.words.number): 0.25, 3·10⁻⁹.
export const raised = (exponent) =>
  `10${[...String(exponent)].map((each) => (each === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[each])).join("")}`;

export function written(value, digits = 2) {
  if (typeof value !== "number") return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "-∞";
  if (value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4)) return String(Number(value.toPrecision(digits)));
  const [size, exponent] = value.toExponential(digits - 1).split("e");
  const power = raised(Number(exponent));
  return Number(size) === 1 ? power : `${Number(size)}·${power}`;
}

// A share in percent, as titles tell it (seqviz.figures.words.percent): 75 %, 9.7 %.
export function percent(share) {
  if (!Number.isFinite(share)) return "?";
  if (share >= 0.995 && share < 1) return "≈100 %";
  if (share && share < 0.0005) return written(share);
  return `${(100 * share).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`;
}

export const floats = (packed) => new Float32Array(Uint8Array.from(atob(packed), (each) => each.charCodeAt(0)).buffer); // sent as base64

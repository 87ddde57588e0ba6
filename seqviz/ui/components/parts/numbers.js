// Format numbers as titles do (seqviz.language.words.number): 0.25, 3·10⁻⁹.

/** @type {(exponent: number) => string} */
const raised = (exponent) =>
  `10${Array.from(String(exponent), (each) => (each === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(each)])).join("")}`;

/**
 * Words stay: JSON has no number that is not finite, so the page sends those as words.
 * @type {(value: unknown, digits?: number) => string}
 */
export function written(value, digits = 2) {
  if (typeof value !== "number") return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "-∞";
  if (value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4)) return String(Number(value.toPrecision(digits)));
  const [size, exponent] = value.toExponential(digits - 1).split("e");
  const power = raised(Number(exponent));
  return Number(size) === 1 ? power : `${Number(size)}·${power}`;
}

/**
 * Three digits, or a question mark if it is not a number.
 * @type {(value: unknown) => string}
 */
export const writtenOrUnknown = (value) => (typeof value === "number" ? written(value, 3) : "?");

/**
 * A share in percent, as titles write it (seqviz.language.words.percent): 75 %, 9.7 %.
 * @type {(share: number) => string}
 */
export function percent(share) {
  if (!Number.isFinite(share)) return "?";
  if (share >= 0.995 && share < 1) return "≈100 %";
  if (share && share < 0.0005) return written(share);
  return `${(100 * share).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`;
}

/** @type {(index: number) => string} */
export const subscript = (index) => String(index).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);

/** @type {(packed: string) => Uint8Array<ArrayBuffer>} */
export const bytesOf = (packed) => Uint8Array.from(atob(packed), (each) => each.charCodeAt(0)); // sent as base64

/** @type {(packed: string) => Float32Array<ArrayBuffer>} */
export const floatsOf = (packed) => new Float32Array(bytesOf(packed).buffer);

/** @type {(values: Iterable<number>) => number} */
export function total(values) {
  let sum = 0;
  for (const each of values) sum += each;
  return sum;
}

export const same = (one, other) => one[0] === other[0] && one[1] === other[1];

// The message: the length of its header, the header as JSON, float32 of q, k and v of the heads that it carries, then one byte
// for each weight, the byte being 255 times the weight's root: small weights keep their digits.
export function unpack(data) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const at = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const read = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + at)));
  let from = 4 + at;
  const floats = (count) => {
    const part = new Float32Array(bytes.slice(from, from + 4 * count).buffer);
    from += 4 * count;
    return part;
  };
  const [Q, K, d, n] = [read.queries.length, read.keys.length, read.width, read.carried.length];
  const vectors = { q: floats(n * Q * d), k: floats(n * K * d), v: floats(n * K * d) };
  return { ...read, Q, K, d, vectors, levels: bytes.subarray(from, from + read.layers * read.heads * Q * K) };
}

export const levelsOf = (d, [layer, head]) => {
  const each = d.Q * d.K;
  const from = (layer * d.heads + head) * each;
  return d.levels.subarray(from, from + each);
};
const placeOf = (d, head) => d.carried.findIndex((each) => same(each, head));
export const sees = (d, query, key) => !d.masked || key <= query;

export function vector(d, which, head, time) {
  const at = placeOf(d, head);
  const long = which === "q" ? d.Q : d.K;
  return at < 0 ? null : d.vectors[which].subarray((at * long + time) * d.d, (at * long + time + 1) * d.d);
}

// A row's scores and weights from its own q and k, as the network's head computes them.
export function exactRow(d, head, query) {
  const at = placeOf(d, head);
  const { q, k } = d.vectors;
  const scores = new Float64Array(d.K).fill(-Infinity);
  const weights = new Float64Array(d.K);
  if (at < 0) return null;
  let top = -Infinity;
  let total = 0;
  for (let key = 0; key < d.K && sees(d, query, key); key++) {
    let sum = 0;
    for (let unit = 0, one = (at * d.Q + query) * d.d, other = (at * d.K + key) * d.d; unit < d.d; unit++)
      sum += q[one + unit] * k[other + unit];
    scores[key] = sum / Math.sqrt(d.d);
    top = Math.max(top, scores[key]);
  }
  for (let key = 0; key < d.K; key++) {
    weights[key] = Math.exp(scores[key] - top);
    total += weights[key];
  }
  for (let key = 0; key < d.K; key++) weights[key] /= total;
  return { scores, weights };
}

export const weightOf = (d, head, query, key) => (levelsOf(d, head)[query * d.K + key] / 255) ** 2;
export const rowOf = (d, head, query) =>
  exactRow(d, head, query)?.weights ?? Float64Array.from({ length: d.K }, (_, key) => weightOf(d, head, query, key));

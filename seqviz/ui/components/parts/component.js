// The arguments of every component, and its state between calls.

/**
 * One call by Streamlit: the first, and one for each new message.
 * @template Message what the page sends
 * @template {object} Reports what the browser reports, by the name under which the page reads it
 * @typedef {object} Call
 * @property {Message} data
 * @property {HTMLElement} parentElement the component's HTML is in it
 * @property {<Name extends keyof Reports>(name: Name, value: Reports[Name]) => void} setStateValue
 */

/** @type {WeakMap<HTMLElement, any>} */
const owners = new WeakMap();

/**
 * Return the state of the component in `root`, created by `begin` at its first call.
 * @template Own
 * @param {HTMLElement} root
 * @param {() => Own} begin
 * @returns {Own}
 */
export function ownOf(root, begin) {
  if (!owners.has(root)) owners.set(root, begin());
  return owners.get(root);
}

/**
 * Count a drawing, for tests and benches that wait for it.
 * @type {(frame: HTMLElement, name?: string) => void}
 */
export function countDrawing(frame, name = "drawn") {
  frame.dataset[name] = String(Number(frame.dataset[name] ?? 0) + 1);
}

// Create HTML and SVG elements; their content is always text, never markup.
const SVG = "http://www.w3.org/2000/svg";

/**
 * A part of a component's own HTML.
 * @template {Element} [Kind=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} [kind]
 * @returns {Kind}
 */
export function part(root, selector, kind = /** @type {any} */ (HTMLElement)) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`there is no ${selector}`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Element | null} parent
 * @param {Tag} tag
 * @param {string} [name] its class
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(parent, tag, name = "", text) {
  const made = Object.assign(document.createElement(tag), { className: name });
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Element | null} parent
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function piece(parent, tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}

/**
 * A button that runs `act`.
 * @param {Element | null} parent
 * @param {string} name its class
 * @param {string} text
 * @param {(event: MouseEvent) => void} act
 */
export function button(parent, name, text, act) {
  const made = element(parent, "button", name, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/**
 * A cell that names its row or its column.
 * @type {(row: HTMLTableRowElement, scope: "row" | "col", text: string) => HTMLTableCellElement}
 */
export const heading = (row, scope, text) => Object.assign(element(row, "th", "", text), { scope });

/**
 * An event's target, if it is an HTML or SVG element.
 * @type {(event: Event) => HTMLElement | SVGElement | null}
 */
export const targetOf = ({ target }) => (target instanceof HTMLElement || target instanceof SVGElement ? target : null);

// Elements of the page and of a picture in it; what stands in them is always text, never markup.
export const SVG = "http://www.w3.org/2000/svg";

export function element(parent, tag, name = "", text) {
  const made = Object.assign(document.createElement(tag), { className: name });
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}

export function piece(parent, tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}

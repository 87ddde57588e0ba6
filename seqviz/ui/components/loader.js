// Streamlit runs this for each component. It has no address of its own, so it imports the component's module from the app's.
/** @typedef {{ parentElement: HTMLElement }} Call */
/** @typedef {(call: Call) => unknown} Draw */

/** @type {Draw | undefined} */
let draw;
/** @type {Promise<Draw>} */
const loading = import(new URL("ADDRESS", document.baseURI).href).then((module) => module.default);

/** @type {Draw} */
export default function (call) {
  if (draw) return draw(call); // at once, as if there were no loader
  const box = call.parentElement;
  box.style.visibility = "hidden"; // nothing in it works yet
  /** @type {(loaded: Draw) => unknown} */
  const begin = (loaded) => {
    draw = loaded; // not before: calls that came earlier are made first, in their order
    box.style.visibility = "";
    return draw(call);
  };
  const fail = () => {
    box.style.visibility = "";
    box.textContent = "This part of the page did not load; reload the page to try again.";
  };
  return loading.then(begin, fail);
}

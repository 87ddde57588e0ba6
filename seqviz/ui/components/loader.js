// What Streamlit runs for each component. It has no address itself, so it imports the component's module from the app's.
let draw;
const loading = import(new URL("ADDRESS", document.baseURI).href).then((module) => module.default);

export default function (call) {
  if (draw) return draw(call); // at once, as if there were no loader
  const box = call.parentElement;
  box.style.visibility = "hidden"; // nothing in it works yet
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

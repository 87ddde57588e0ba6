const NAME = "seqviz.person";
const drawn = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), each => each.toString(16).padStart(2, "0")).join("");

function kept() {
  try {
    const found = localStorage.getItem(NAME);
    if (/^[0-9a-f]{32}$/.test(found ?? "")) return found;
    const id = drawn();
    localStorage.setItem(NAME, id);
    return id;
  } catch {
    return (window.seqvizPerson ??= drawn());  // no storage here: one id for as long as the page is open
  }
}

export default function ({ data, setStateValue }) {
  const id = kept();
  if (data.known !== id) setStateValue("id", id);
}

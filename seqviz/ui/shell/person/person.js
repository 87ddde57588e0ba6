// A browser's random id, kept by the browser itself.

const NAME = "seqviz.person";
const LOOKS = 3;
const EVERY = 60; // milliseconds

/** @type {() => string} */
const drawn = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) => each.toString(16).padStart(2, "0")).join("");

/** @type {string | undefined} */
let passing;

/** @type {() => string} */
function kept() {
  try {
    const found = localStorage.getItem(NAME);
    if (found && /^[0-9a-f]{32}$/.test(found)) return found;
    const id = drawn();
    localStorage.setItem(NAME, id);
    return id;
  } catch {
    passing ??= drawn(); // no storage here: one id for as long as the page is open
    return passing;
  }
}

/**
 * A report makes the page run again with what its widgets hold. Just mounted, they hold nothing yet, also once the script
 * has ended: so it waits until the page has been still for a few looks.
 * @type {(report: () => void) => () => void} returns what stops it
 */
function whenStill(report) {
  let looks = 0;
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const look = () => {
    const app = document.querySelector("[data-testid=stApp]");
    looks = app?.getAttribute("data-test-script-state") === "notRunning" ? looks + 1 : 0;
    if (looks > LOOKS) report();
    else timer = setTimeout(look, EVERY);
  };
  look();
  return () => clearTimeout(timer);
}

/** @typedef {import("../../components/parts/component.js").Call<{ known: string | null }, { id: string }>} Call */

/** @type {(call: Call) => (() => void) | undefined} */
export default function ({ data, setStateValue }) {
  const id = kept();
  return data.known === id ? undefined : whenStill(() => setStateValue("id", id));
}

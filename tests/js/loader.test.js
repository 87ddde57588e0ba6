import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const text = await readFile(new URL("../../seqviz/ui/components/loader.js", import.meta.url), "utf-8");
const moduleOf = (script) => `data:text/javascript,${encodeURIComponent(script)}`;
const DRAWS = "export default ({ data, parentElement }) => { parentElement.drawn.push(data); return () => 'left ' + data; };";

/** The loader of a component whose module is at an address, as Streamlit imports it. */
async function loaderOf(address) {
  globalThis.document = { baseURI: "http://localhost/below/page" };
  return (await import(moduleOf(`${text.replace("ADDRESS", address)}\n// ${Math.random()}`))).default;
}
const box = () => ({ style: { visibility: "" }, drawn: [], textContent: "" });

test("calls made before the module is there are made in their order, later ones at once", async () => {
  const loader = await loaderOf(moduleOf(DRAWS));
  const parentElement = box();
  const early = [1, 2, 3].map((data) => loader({ data, parentElement }));
  assert.deepEqual(parentElement.drawn, []);
  assert.equal(parentElement.style.visibility, "hidden");
  let between;
  early[0].then(() => {
    between = loader({ data: 4, parentElement });
  });
  const left = (await Promise.all(early)).map((leave) => leave());
  assert.deepEqual(parentElement.drawn, [1, 2, 3, 4]);
  assert.deepEqual(left, ["left 1", "left 2", "left 3"]);
  assert.equal(parentElement.style.visibility, "");
  assert.equal(between(), "left 4");
  assert.equal(loader({ data: 5, parentElement })(), "left 5");
});

test("a module that does not load is one sentence, for every call", async () => {
  const loader = await loaderOf(moduleOf("throw new Error('broken');"));
  const parentElement = box();
  for (let call = 0; call < 2; call++) {
    parentElement.textContent = "";
    await loader({ parentElement });
    assert.equal(parentElement.textContent, "This part of the page did not load; reload the page to try again.");
    assert.equal(parentElement.style.visibility, "");
  }
});

test("an error in drawing is not taken for one in loading", async () => {
  const loader = await loaderOf(moduleOf("export default () => { throw new Error('a bug'); };"));
  const parentElement = box();
  await assert.rejects(async () => loader({ parentElement }), /a bug/);
  assert.equal(parentElement.textContent, "");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { sentence } from "#components/unrolled/unrolled.js";

const MESSAGE = {
  title: "",
  w: 0.5,
  u: 1,
  target: 0,
  loss: 0.0659,
  inputs: [1, 0],
  preactivations: [1, 0.381],
  hidden: [0, 0.762, 0.363],
  to_hidden: [0.0662, 0.158, "∞"],
  to_preactivation: [0.0662, 0.315],
  local_activation: [0.42, 0.868],
  local_recurrent: [0.21, 0.43],
  weight_terms: [0, 0.24],
};

test("the walk goes forward, turns at the loss and comes back to the first step", () => {
  const told = [0, 1, 2, 3, 4, 5].map((step) => sentence(MESSAGE, step));
  assert.equal(told[0], "Before the first step: h₀ = 0, and the inputs are known.");
  assert.equal(told[1], "Forward, t = 1: a₁ = w·h₀ + u·x₁ + b = 1, and h₁ = φ(a₁) = 0.762.");
  assert.match(told[2], /^Forward, t = 2: a₂ = w·h₁ \+ u·x₂ \+ b = 0.381,/);
  assert.equal(told[3], "The loss is 0.0659. Backward begins: ∂L/∂h₂ = h₂ − target = ?.");
  assert.match(told[4], /^Backward, t = 2: ∂L\/∂a₂ = .* = 0.315; carried through w to ∂L\/∂h₁ = 0.158; .* adds 0.24 /);
  assert.match(told[5], /^Backward, t = 1: /);
});

// A bar that goes through moments 0 … last: buttons, a slider, the arrow keys of the frame around it, and play.
import { button, element, targetOf } from "./elements.js";
import { still } from "./motion.js";

/**
 * @typedef {object} Options
 * @property {string} label of the slider
 * @property {(at: number, step: number) => string} show draws a moment and returns it in words; while it plays smoothly, `at`
 *   lies between two steps
 * @property {number} [pace] milliseconds a step
 * @property {boolean} [smooth]
 * @property {{ text: string, name: string, to: (step: number) => number }[]} [jumps] further buttons: what each shows, its
 *   name, and to which step it goes from one
 */

/**
 * @typedef {object} Stepper
 * @property {(step: number) => void} go
 * @property {(last: number, step?: number) => void} begin with so many moments, at the last one or another
 * @property {number} step
 * @property {number} at
 */

/** @type {(bar: HTMLElement, frame: HTMLElement, options: Options) => Stepper} */
export function stepper(bar, frame, { label, show, pace = 900, smooth = false, jumps = [] }) {
  const own = { at: 0, step: 0, last: 0 };
  /** @type {number | undefined} */
  let playing;

  /** @type {(text: string, name: string, act: () => void) => HTMLButtonElement} */
  const named = (text, name, act) => {
    const made = button(bar, "", text, act);
    made.setAttribute("aria-label", name);
    return made;
  };
  bar.classList.add("sv-stepper");
  named("|◀", "To the beginning", () => go(0));
  named("◀ back", "One step back", () => go(own.step - 1));
  named("next ▶", "One step on", () => go(own.step + 1));
  for (const { text, name, to } of jumps) named(text, name, () => go(to(own.step)));
  const toggle = named("play", "Play", () => {
    if (playing !== undefined) return play(false);
    if (own.step >= own.last) draw(0);
    return play(true);
  });
  toggle.className = "sv-stepper-play";
  named("▶|", "To the end", () => go(own.last));
  const slider = Object.assign(element(bar, "input"), { type: "range", min: "0", step: "1" });
  slider.setAttribute("aria-label", label);
  slider.addEventListener("input", () => go(Number(slider.value)));
  frame.addEventListener("keydown", (event) => {
    const to = { ArrowRight: own.step + 1, ArrowLeft: own.step - 1, Home: 0, End: own.last }[event.key];
    if (to === undefined || targetOf(event)?.matches("input")) return;
    event.preventDefault();
    go(to);
  });

  /** @type {(at: number) => void} */
  function draw(at) {
    own.at = Math.min(Math.max(at, 0), own.last);
    own.step = Math.floor(own.at);
    const said = show(own.at, own.step);
    slider.max = String(own.last);
    slider.value = String(own.step);
    slider.setAttribute("aria-valuetext", said);
  }

  /** @type {(step: number) => void} */
  function go(step) {
    play(false);
    draw(step);
  }

  /** @type {(on: boolean) => void} */
  function play(on) {
    if (playing !== undefined) cancelAnimationFrame(playing);
    playing = undefined;
    toggle.setAttribute("aria-pressed", String(on));
    toggle.textContent = on ? "pause" : "play";
    toggle.setAttribute("aria-label", on ? "Pause" : "Play");
    if (!on) return;
    const glides = smooth && !still();
    const from = own.at;
    /** @type {number | undefined} */
    let started;
    /** @type {(now: number) => void} */
    const tick = (now) => {
      if (!frame.isConnected) return;
      started ??= now;
      const at = from + (now - started) / pace;
      const whole = glides ? at : Math.floor(at);
      if (whole !== own.at) draw(whole);
      if (own.at >= own.last) play(false);
      else playing = requestAnimationFrame(tick);
    };
    playing = requestAnimationFrame(tick);
  }

  return {
    go,
    begin(last, step = last) {
      own.last = last;
      go(step);
    },
    get step() {
      return own.step;
    },
    get at() {
      return own.at;
    },
  };
}

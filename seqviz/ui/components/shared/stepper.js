// A bar that goes through moments 0 … last: buttons, a slider, the arrow keys of the frame around it, and play.
// `show(at, step)` draws a moment and returns it in words; while it plays smoothly, `at` lies between two steps.
// Each of `jumps` is a further button: what stands on it, its name, and to which step it goes from one.
export function stepper(bar, frame, { label, show, pace = 900, smooth = false, jumps = [] }) {
  const own = { at: 0, step: 0, last: 0, playing: undefined };
  const button = (text, name, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: act });
    made.setAttribute("aria-label", name);
    bar.append(made);
    return made;
  };
  bar.classList.add("sv-stepper");
  button("|◀", "To the beginning", () => go(0));
  button("◀ back", "One step back", () => go(own.step - 1));
  button("next ▶", "One step on", () => go(own.step + 1));
  for (const { text, name, to } of jumps) button(text, name, () => go(to(own.step)));
  const toggle = button("play", "Play", () => {
    if (own.playing !== undefined) return play(false);
    if (own.step >= own.last) draw(0);
    play(true);
  });
  toggle.className = "sv-stepper-play";
  button("▶|", "To the end", () => go(own.last));
  const slider = Object.assign(document.createElement("input"), { type: "range", min: 0, step: 1 });
  slider.setAttribute("aria-label", label);
  slider.addEventListener("input", () => go(Number(slider.value)));
  bar.append(slider);
  frame.addEventListener("keydown", (event) => {
    const to = { ArrowRight: own.step + 1, ArrowLeft: own.step - 1, Home: 0, End: own.last }[event.key];
    if (to === undefined || event.target.matches("input")) return;
    event.preventDefault();
    go(to);
  });

  function draw(at) {
    own.at = Math.min(Math.max(at, 0), own.last);
    own.step = Math.floor(own.at);
    const said = show(own.at, own.step);
    slider.max = own.last;
    slider.value = own.step;
    slider.setAttribute("aria-valuetext", said);
  }

  function go(step) {
    play(false);
    draw(step);
  }

  function play(on) {
    cancelAnimationFrame(own.playing);
    own.playing = undefined;
    toggle.setAttribute("aria-pressed", String(on));
    toggle.textContent = on ? "pause" : "play";
    toggle.setAttribute("aria-label", on ? "Pause" : "Play");
    if (!on) return;
    const glides = smooth && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const from = own.at;
    let started;
    const tick = (now) => {
      if (!frame.isConnected) return;
      started ??= now;
      const at = from + (now - started) / pace;
      const whole = glides ? at : Math.floor(at);
      if (whole !== own.at) draw(whole);
      if (own.at >= own.last) return play(false);
      own.playing = requestAnimationFrame(tick);
    };
    own.playing = requestAnimationFrame(tick);
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

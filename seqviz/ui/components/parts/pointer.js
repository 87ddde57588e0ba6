// What scrolls or is moved by keys under a pointer at rest is not hovered: it must not take the place of what was chosen.

/** @type {{ at: string, time: number | undefined, moved: boolean }} */
const pointer = { at: "", time: undefined, moved: false };

/**
 * Whether an event comes from the pointer's own movement; whatever one movement causes has one time.
 * @type {(event: PointerEvent) => boolean}
 */
export function moved(event) {
  if (event.timeStamp !== pointer.time) {
    const at = `${event.screenX} ${event.screenY}`;
    Object.assign(pointer, { moved: at !== pointer.at, at, time: event.timeStamp });
  }
  return pointer.moved;
}
window.addEventListener("pointermove", moved, { capture: true, passive: true }); // wherever it goes to rest

/**
 * The element in a box that has the keyboard's focus, where it shows.
 * @type {(box: Element) => HTMLElement | SVGElement | null}
 */
export function keyed(box) {
  const { activeElement: at } = document;
  const inside = at && box.contains(at) && at.matches(":focus-visible");
  return inside && (at instanceof HTMLElement || at instanceof SVGElement) ? at : null;
}

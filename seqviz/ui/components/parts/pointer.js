// An element that scrolls or moves under a resting pointer is not hovered: it must not replace the reader's choice.

/** @type {{ at: string, time: number | undefined, moved: boolean }} */
const pointer = { at: "", time: undefined, moved: false };

/**
 * Whether an event comes from the pointer's own movement; all events of one movement share a time stamp.
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
 * The element in a box with visible keyboard focus.
 * @type {(box: Element) => HTMLElement | SVGElement | null}
 */
export function keyed(box) {
  const { activeElement: at } = document;
  const inside = at && box.contains(at) && at.matches(":focus-visible");
  return inside && (at instanceof HTMLElement || at instanceof SVGElement) ? at : null;
}

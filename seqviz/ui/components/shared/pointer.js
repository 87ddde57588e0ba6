// A page that scrolls, or things that keys move, under a pointer at rest are no hovering: they must not take over what was chosen.
const pointer = { at: "", time: undefined, moved: false };

export function moved(event) {
  // whether it tells of the pointer's own movement; what one movement causes has one time
  if (event.timeStamp !== pointer.time) {
    const at = `${event.screenX} ${event.screenY}`;
    Object.assign(pointer, { moved: at !== pointer.at, at, time: event.timeStamp });
  }
  return pointer.moved;
}
window.addEventListener("pointermove", moved, { capture: true, passive: true }); // wherever it goes to rest

export const keyed = (box) =>
  box.contains(document.activeElement) && document.activeElement.matches(":focus-visible") ? document.activeElement : null; // where the keys are in it

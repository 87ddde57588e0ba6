// Whether things may move.

/** @type {() => boolean} */
export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

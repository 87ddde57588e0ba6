// Canvases, measured in CSS pixels and sharp on every screen.

/** @type {() => number} */
const sharpness = () => window.devicePixelRatio || 1;

/** @type {(canvas: HTMLCanvasElement) => CanvasRenderingContext2D} */
export function penOf(canvas) {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser cannot draw");
  return pen;
}

/**
 * An empty canvas that is not on the page.
 * @type {(width: number, height: number) => HTMLCanvasElement}
 */
export const aside = (width, height) => Object.assign(document.createElement("canvas"), { width, height });

/**
 * Set a canvas's size, which clears it.
 * @type {(canvas: HTMLCanvasElement, wide: number, high: number) => CanvasRenderingContext2D}
 */
export function sized(canvas, wide, high) {
  const ratio = sharpness();
  Object.assign(canvas, { width: Math.floor(wide * ratio), height: Math.floor(high * ratio) });
  Object.assign(canvas.style, { width: `${wide}px`, height: `${high}px` });
  const pen = penOf(canvas);
  pen.scale(ratio, ratio);
  return pen;
}

/**
 * Empty a canvas that is as large as its box on the page.
 * @type {(canvas: HTMLCanvasElement) => { pen: CanvasRenderingContext2D, wide: number, high: number }}
 */
export function cleared(canvas) {
  const ratio = sharpness();
  const wide = canvas.clientWidth;
  const high = canvas.clientHeight;
  const [width, height] = [Math.round(wide * ratio), Math.round(high * ratio)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pen = penOf(canvas);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, wide, high);
  return { pen, wide, high };
}

/**
 * A picture of pixels, four bytes each.
 * @type {(pixels: Uint8ClampedArray<ArrayBuffer>, width: number) => HTMLCanvasElement}
 */
export function pictured(pixels, width) {
  const canvas = aside(width, pixels.length / 4 / width);
  penOf(canvas).putImageData(new ImageData(pixels, width), 0, 0);
  return canvas;
}

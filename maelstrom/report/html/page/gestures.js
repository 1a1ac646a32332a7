/**
 * @typedef {object} Gestures what a hand does on a canvas; places are in pixels from its upper left corner
 * @property {'x' | 'y'} axis along which time runs
 * @property {(pixels: number) => void} onPan how far what is drawn has been pulled
 * @property {(factor: number, at: number) => void} onZoom how much more is to be seen, and what stays where it is
 * @property {(x: number, y: number, event: PointerEvent) => void} onHover
 * @property {(x: number, y: number, event: PointerEvent) => void} onTap
 * @property {() => void} onLeave
 */

const tapPixels = 5;
const zoomPerWheelPixel = 0.002;

/**
 * Pulling moves, two fingers or Ctrl and the wheel zoom. The wheel alone moves only once the canvas has been clicked,
 * so that whoever scrolls through the page does not get stuck here.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Gestures} gestures
 */
export function takeGestures(canvas, gestures) {
  const fingers = /** @type {Map<number, { x: number, y: number }>} */ (new Map());
  let pulled = 0;
  const placeOf = (/** @type {MouseEvent} */ event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    if (fingers.size === 0) pulled = 0;
    fingers.set(event.pointerId, placeOf(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    const place = placeOf(event);
    const before = fingers.get(event.pointerId);
    if (before === undefined) {
      gestures.onHover(place.x, place.y, event);
      return;
    }
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, place);
    pulled += Math.abs(place.x - before.x) + Math.abs(place.y - before.y);
    if (other !== undefined) pinch(before, place, other, gestures);
    else if (pulled > tapPixels) gestures.onPan(place[gestures.axis] - before[gestures.axis]);
  });
  const lift = (/** @type {PointerEvent} */ event) => {
    const wasDown = fingers.delete(event.pointerId);
    const { x, y } = placeOf(event);
    if (wasDown && pulled <= tapPixels && event.type === 'pointerup') gestures.onTap(x, y, event);
  };
  canvas.addEventListener('pointerup', lift);
  canvas.addEventListener('pointercancel', lift);
  canvas.addEventListener('pointerleave', () => gestures.onLeave());
  canvas.addEventListener(
    'wheel',
    (event) => {
      const isZoom = event.ctrlKey || event.metaKey;
      if (!isZoom && document.activeElement !== canvas) return;
      event.preventDefault();
      if (isZoom) gestures.onZoom(Math.exp(event.deltaY * zoomPerWheelPixel), placeOf(event)[gestures.axis]);
      else gestures.onPan(-(gestures.axis === 'x' && event.deltaX !== 0 ? event.deltaX : event.deltaY));
    },
    { passive: false },
  );
}

/**
 * @param {{ x: number, y: number }} before
 * @param {{ x: number, y: number }} now
 * @param {{ x: number, y: number }} other the finger that rests
 * @param {Gestures} gestures
 */
function pinch(before, now, other, { axis, onZoom, onPan }) {
  const distance = (/** @type {{ x: number, y: number }} */ finger) =>
    Math.hypot(finger.x - other.x, finger.y - other.y);
  const [was, is] = [distance(before), distance(now)];
  if (was > 0 && is > 0) onZoom(was / is, (now[axis] + other[axis]) / 2);
  onPan((now[axis] - before[axis]) / 2);
}

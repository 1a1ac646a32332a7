// From values to places on the screen, and where to put marks on an axis.

/**
 * @typedef {object} Scale
 * @property {(value: number) => number} place in pixels
 * @property {(place: number) => number} value
 */

/**
 * @param {readonly [number, number]} values
 * @param {readonly [number, number]} places
 * @returns {Scale}
 */
export function linearScale([from, to], [start, end]) {
  const span = to - from || 1;
  return {
    place: (value) => start + ((value - from) / span) * (end - start),
    value: (place) => from + ((place - start) / (end - start || 1)) * span,
  };
}

/**
 * Values below the first are put in its place.
 *
 * @param {readonly [number, number]} values both above 0
 * @param {readonly [number, number]} places
 * @returns {Scale}
 */
export function logScale([from, to], places) {
  const linear = linearScale([Math.log10(from), Math.log10(to)], places);
  return {
    place: (value) => linear.place(Math.log10(Math.max(value, from))),
    value: (place) => 10 ** linear.value(place),
  };
}

/**
 * Round numbers from one to the other, about so many.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} wanted
 */
export function roundTicks(from, to, wanted) {
  const step = roundStep((to - from) / Math.max(1, wanted));
  const ticks = [];
  for (let tick = Math.ceil(from / step - 1e-9); tick * step <= to + step * 1e-9; tick += 1)
    ticks.push(tick * step + 0);
  return { step, ticks };
}

/** @param {number} atLeast */
function roundStep(atLeast) {
  if (!(atLeast > 0)) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * magnitude >= atLeast * (1 - 1e-9)) ?? 10;
  return factor * magnitude;
}

/**
 * Powers of ten.
 *
 * @param {number} from
 * @param {number} to
 */
export function logTicks(from, to) {
  const ticks = [];
  for (let power = Math.ceil(Math.log10(from) - 1e-9); 10 ** power <= to * (1 + 1e-9); power += 1)
    ticks.push(10 ** power);
  return ticks;
}

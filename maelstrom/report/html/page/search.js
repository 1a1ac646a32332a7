/**
 * The first place, from `from` to `to`, at which the test holds; `to` where it holds nowhere. Once it holds it has to
 * hold ever after.
 *
 * @param {number} from
 * @param {number} to
 * @param {(place: number) => boolean} holds
 */
export function firstPlace(from, to, holds) {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
export function clamp(value, least, most) {
  return Math.max(least, Math.min(most, value));
}

// Numbers and times as people read them.

/**
 * A moment of the run, in seconds, as exact as `stepMs` asks for.
 *
 * @param {number} ms
 * @param {number} [stepMs]
 */
export function momentText(ms, stepMs = 10) {
  const digits = Math.max(0, Math.min(6, Math.ceil(3 - Math.log10(Math.max(stepMs, 1e-3)) - 1e-9)));
  return `${(ms / 1000).toFixed(digits)} s`;
}

/**
 * How long something took, three figures of it.
 *
 * @param {number} ms
 */
export function durationText(ms) {
  if (ms === 0) return '0';
  if (ms < 0.9995) return `${Number((1000 * ms).toPrecision(3))} µs`;
  return ms < 999.5 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1000).toPrecision(3))} s`;
}

/** @param {number} count */
export function countText(count) {
  return count.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

/**
 * A number with its noun: `1 message`, `2 messages`.
 *
 * @param {number} count
 * @param {string} noun
 */
export function counted(count, noun) {
  return `${countText(count)} ${count === 1 ? noun : `${noun}s`}`;
}

/**
 * Cut where it is longer.
 *
 * @param {string} text
 * @param {number} length
 */
export function shortened(text, length) {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

import type { Json } from '../../../src/services/json.ts';

/** So many of a kind are shown. */
export const maxShown = 8;

/** The first of many values, for a sentence. */
export function shown(values: readonly Json[]): string {
  const texts = values.slice(0, maxShown).map((value) => JSON.stringify(value));
  return values.length > maxShown ? `${texts.join(', ')} and ${values.length - maxShown} more` : texts.join(', ');
}

/** `1 message was`, `2 messages were`. */
export function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun} was` : `${count} ${noun}s were`;
}

/** A moment of the history, as `0.250 s`. */
export function seconds(timeNs: number): string {
  return `${(timeNs / 1e9).toFixed(3)} s`;
}

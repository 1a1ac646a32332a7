import type { Json } from '../../../src/services/json.ts';
import type { Pair } from '../../history/pairs.ts';
import type { Log, Place } from './log.ts';

const maxShown = 5;
const maxTextLength = 60;

/** `process 3 at 0.512 s`: who asked, and when the answer came. */
export function who({ invocation, completion }: Pair): string {
  return `process ${invocation.process} at ${((completion ?? invocation).time / 1e9).toFixed(3)} s`;
}

export function keyText({ key }: Log): string {
  return `key ${JSON.stringify(key)}`;
}

export function messageText(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}...`;
}

/** The first of many offsets. */
export function offsetsText(places: readonly Place[]): string {
  const shown = places.slice(0, maxShown).map(({ offset }) => offset).join(', ');
  return places.length > maxShown ? `${shown} and ${places.length - maxShown} more` : shown;
}

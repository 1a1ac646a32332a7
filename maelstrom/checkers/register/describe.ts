/** Operations, values and times in words. */
import type { Json } from '../../../src/services/json.ts';
import { plainText } from '../../history/exact.ts';
import type { Operation } from '../../history/operations.ts';

/** Who did what, when: `process 3: cas from 1 to 2, invoked at 0.120 s, ok at 0.131 s`. */
export function describe(operation: Operation): string {
  const { process, invoked, outcome, completed } = operation;
  const end = outcome === 'info' ? 'outcome unknown' : `${outcome} at ${seconds(completed.timeNs)}`;
  return `process ${process}: ${what(operation)}, invoked at ${seconds(invoked.timeNs)}, ${end}`;
}

/** `write 1`, `read "a"`, `cas from 1 to 2`. */
export function what(operation: Operation): string {
  switch (operation.f) {
    case 'read':
      return `read ${text(operation.value)}`;
    case 'write':
      return `write ${text(operation.value)}`;
    case 'cas':
      return `cas from ${text(operation.value[0])} to ${text(operation.value[1])}${refusal(operation)}`;
  }
}

/** The code with which it failed, where that says what it found. */
function refusal(operation: Operation): string {
  if (operation.outcome !== 'fail' || operation.found === undefined) return '';
  return operation.found === 'nothing' ? ', error 20' : ', error 22';
}

/** `process 3's write of 2`, for within a sentence. */
export function whose({ process, ...call }: Operation): string {
  switch (call.f) {
    case 'read':
      return `process ${process}'s read of ${text(call.value)}`;
    case 'write':
      return `process ${process}'s write of ${text(call.value)}`;
    case 'cas':
      return `process ${process}'s cas from ${text(call.value[0])} to ${text(call.value[1])}`;
  }
}

const maxTextLength = 60;

/** A value as JSON, or as EDN where that has no word for it, cut where it is long. */
export function text(value: Json): string {
  const json = plainText(value);
  return json.length <= maxTextLength ? json : `${json.slice(0, maxTextLength - 1)}…`;
}

export function seconds(timeNs: number): string {
  return `${(timeNs / 1e9).toFixed(3)} s`;
}

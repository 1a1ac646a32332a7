import { isJson, isObject } from '../json.ts';
import type { Fault, Json } from '../json.ts';
import type { Result } from '../service.ts';
import type { Capture, Restoration, StateMachine } from '../state-machine.ts';

/** Carries out commands such as `{"op":"add","delta":2}`. Every query is answered with the sum. */
export class Counter implements StateMachine<Json, Result> {
  #sum = 0;

  apply(command: unknown): Result {
    if (command === null) return { kind: 'ok' };
    const delta = deltaOf(command);
    if (typeof delta !== 'number') return { kind: 'not-understood', reason: delta.reason };
    const sum = this.#sum + delta;
    if (!Number.isSafeInteger(sum)) return { kind: 'not-understood', reason: 'the sum would be beyond 2^53 - 1' };
    this.#sum = sum;
    return { kind: 'ok' };
  }

  read(_query: Json): Result {
    return { kind: 'value', value: this.#sum };
  }

  /** The state has one part: the sum. */
  capture(): Capture {
    const parts = [this.#sum];
    return { next: () => parts.shift(), end: () => {} };
  }

  restore(): Restoration {
    let sum: number | undefined;
    return {
      add: (part) => {
        if (sum !== undefined || !Number.isSafeInteger(part)) return 'it is not the sum alone';
        sum = Number(part);
        return undefined;
      },
      adopt: () => {
        this.#sum = sum ?? 0;
      },
    };
  }
}

/** Why a value is not a command of the counter. Undefined if it is one. */
export function faultOfCommand(value: unknown): Fault | undefined {
  const delta = deltaOf(value);
  return typeof delta === 'number' ? undefined : delta;
}

function deltaOf(value: unknown): number | Fault {
  if (!isJson(value) || !isObject(value) || value['op'] !== 'add') return { path: [], reason: 'expected {"op":"add"}' };
  const { delta } = value;
  if (typeof delta !== 'number' || !Number.isSafeInteger(delta)) {
    return { path: ['delta'], reason: 'expected an integer' };
  }
  return delta;
}

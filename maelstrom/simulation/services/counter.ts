import type { Random } from '../../../src/index.ts';
import { counter } from '../../../src/services/counter/service.ts';
import { checkLinearizableCounter } from '../../checkers/counters/linearizable.ts';
import type { Asked, Asker, Load, PlayedService } from './played-service.ts';

const maxPadding = 1500;

/** One number, added to and read. Each operation adds its own number, so that it can be told in the log. */
export const playedCounter: PlayedService = {
  service: counter,
  newLoad: ({ random }) => new CounterLoad(random),
  operationOf: (command) => {
    if (typeof command !== 'object' || command === null || !('delta' in command)) return undefined;
    const { delta } = command;
    return typeof delta === 'number' && delta > 0 ? delta : undefined;
  },
  touchedBy: () => null,
  heldBy: (part) => [null, part],
  judge: checkLinearizableCounter,
  calmWrite: { type: 'add', delta: 0 },
};

class CounterLoad implements Load {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  draw(number: number, asker: Asker): Asked {
    const drawn = this.#random.integer(20);
    if (drawn < { witness: 20, reader: 18, writer: 4 }[asker]) {
      return { kind: 'read', call: { f: 'read', value: null }, leaves: null, request: { type: 'read' } };
    }
    const call = { f: 'add', value: number };
    if (drawn < 18) return { kind: 'write', call, leaves: number, request: { type: 'add', delta: number } };
    // A long command: what is written of it spans sectors, and may be torn.
    const padding = '.'.repeat(this.#random.integer(maxPadding));
    const entry = { command: { op: 'add', delta: number, padding } };
    return { kind: 'append', call, leaves: number, request: { type: 'raft_append', entry } };
  }

  /** What it asks does not depend on what was seen. */
  saw(): void {}
}

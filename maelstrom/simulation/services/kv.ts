import { kv } from '../../../src/index.ts';
import type { Random } from '../../../src/index.ts';
import type { Json } from '../../../src/services/json.ts';
import { checkHistory, defaultBudget } from '../../checkers/register/check.ts';
import { explain } from '../../checkers/register/explain.ts';
import { operationsOf } from '../../history/operations.ts';
import type { Asked, Asker, Call, Load, LoadOptions, PlayedService } from './played-service.ts';

/** Keys are left for new ones after so many operations: what stays open on a key makes it ever harder to judge. */
const operationsPerKeys = 150;

const maxPadding = 1500;

/** Counted in configurations, not in time: a slow machine must not change a verdict. */
const budget = { ...defaultBudget, cacheBytes: 64 * 1024 * 1024, nowMs: () => 0 };

/** Registers, read, written, compared and set, deleted, and written by the raw door. */
export const playedKv: PlayedService = {
  service: kv,
  newLoad: (options) => new RegisterLoad(options),
  operationOf: (command) => {
    if (typeof command !== 'object' || command === null) return undefined;
    const written = 'value' in command ? command.value : 'to' in command ? command.to : undefined;
    return typeof written === 'number' ? written : undefined;
  },
  touchedBy: (command) => {
    if (typeof command !== 'object' || command === null || !('key' in command)) return null;
    return typeof command.key === 'number' || typeof command.key === 'string' ? command.key : null;
  },
  heldBy: (part) => {
    if (!Array.isArray(part)) return undefined;
    const [key, value]: readonly (Json | undefined)[] = part;
    return key === undefined || value === undefined ? undefined : [key, value];
  },
  judge: (events) => {
    const report = checkHistory(operationsOf(events), { budget });
    switch (report.verdict) {
      case 'linearizable':
        return { verdict: 'good', explanation: [] };
      case 'not-linearizable':
        return { verdict: 'violated', explanation: explain(report) };
      case 'unknown':
        return { verdict: 'undecided', explanation: [] };
    }
  },
  calmWrite: { type: 'write', key: 'calm', value: 'calm' },
};

/** Each operation writes its own number, which no other writes. */
class RegisterLoad implements Load {
  readonly #keys: number;
  readonly #random: Random;
  /** Key -> the latest value that a client has seen there. */
  readonly #seen = new Map<Json, Json>();

  constructor({ keys, random }: LoadOptions) {
    this.#keys = keys;
    this.#random = random;
  }

  draw(number: number, asker: Asker): Asked {
    const key = this.#keys * Math.floor(number / operationsPerKeys) + this.#random.integer(this.#keys);
    const drawn = this.#random.integer(20);
    if (drawn < { witness: 20, reader: 18, writer: 4 }[asker]) {
      return { kind: 'read', call: { f: 'read', key, value: null }, leaves: null, request: { type: 'read', key } };
    }
    const write = { call: { f: 'write', key, value: number }, leaves: number };
    if (drawn < 12) return { kind: 'write', ...write, request: { type: 'write', key, value: number } };
    if (drawn < 17) {
      const from = this.#seen.get(key) ?? 0;
      const call = { f: 'cas', key, value: [from, number] };
      return { kind: 'write', call, leaves: number, request: { type: 'cas', key, from, to: number } };
    }
    if (drawn < 18) {
      const call = { f: 'write', key, value: null };
      return { kind: 'unnumbered', call, leaves: null, request: { type: 'delete', key } };
    }
    // A long command: what is written of it spans sectors, and may be torn.
    const padding = '.'.repeat(this.#random.integer(maxPadding));
    const entry = { command: { op: 'put', key, value: number, padding } };
    return { kind: 'append', ...write, request: { type: 'raft_append', entry } };
  }

  saw({ key = null }: Call, value: Json): void {
    this.#seen.set(key, value);
  }
}

import { Random } from '../../src/index.ts';

/** What clients ask for. */
export interface Mix {
  /** The share of operations that are reads, 0 to 1; the others are writes. */
  readonly readShare: number;
  /** Keys are the whole numbers below it. */
  readonly keyCount: number;
  /** How long the strings are that are written. */
  readonly valueBytes: number;
  readonly seed: number;
}

export interface Operation {
  readonly type: 'read' | 'write';
  /** The end of the request's line, from behind its `msg_id` on. */
  readonly rest: string;
}

const preparedOperations = 8192;
const differentValues = 64;
const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Operations drawn in advance, so that drawing them costs nothing while there is something to measure. Goes round. */
export class Operations {
  readonly #prepared: readonly Operation[];
  #next = 0;

  constructor(mix: Mix) {
    const random = new Random(mix.seed);
    const values = Array.from({ length: differentValues }, () => drawValue(mix.valueBytes, random));
    this.#prepared = Array.from({ length: preparedOperations }, () => drawOperation(mix, values, random));
  }

  next(): Operation {
    const operation = this.#prepared[this.#next % preparedOperations];
    this.#next += 1;
    if (operation === undefined) throw new Error('there is always a next operation');
    return operation;
  }
}

function drawOperation(mix: Mix, values: readonly string[], random: Random): Operation {
  const key = random.integer(mix.keyCount);
  if (random.fraction() < mix.readShare) return { type: 'read', rest: `,"key":${key}}}\n` };
  return { type: 'write', rest: `,"key":${key},"value":"${values[random.integer(values.length)]}"}}\n` };
}

function drawValue(length: number, random: Random): string {
  return Array.from({ length }, () => alphabet[random.integer(alphabet.length)]).join('');
}

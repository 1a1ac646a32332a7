import type { Random } from '../../src/index.ts';
import type { Json } from '../../src/services/json.ts';
import type { Generator, GeneratorOptions } from './workload.ts';

/** The value of a write is the new one, that of a cas `[from, to]`. */
export type RegisterInvocation =
  | { readonly f: 'read'; readonly key: Json; readonly value: null }
  | { readonly f: 'write'; readonly key: Json; readonly value: Json }
  | { readonly f: 'cas'; readonly key: Json; readonly value: readonly [Json, Json] };

/** Values are 0 to 4: few enough that a compare-and-set with random arguments often succeeds. */
const valueCount = 5;
/** A key is left after this many processes have used it: each crashed one may leave an operation open for ever. */
const processesPerKey = 20;

/** What one group of threads works on. */
interface Group {
  key: number;
  processes: Set<number>;
}

/**
 * Maelstrom's (that is, Jepsen's) load on linearizable registers. Threads form groups of twice the number of nodes.
 * A group works on one key at a time: its first half only reads, its second half mixes one write to two
 * compare-and-sets. Keys are numbered from 0 and are used once.
 */
export class LinKvGenerator implements Generator<RegisterInvocation> {
  readonly #random: Random;
  readonly #nodeCount: number;
  readonly #groups: Group[];
  #nextKey = 0;

  constructor({ nodeCount, concurrency, random }: GeneratorOptions) {
    this.#random = random;
    this.#nodeCount = nodeCount;
    this.#groups = Array.from({ length: Math.ceil(concurrency / (2 * nodeCount)) }, () => this.#freshGroup());
  }

  next(thread: number, process: number): RegisterInvocation {
    const key = this.#keyFor(Math.floor(thread / (2 * this.#nodeCount)), process);
    const isReader = thread % (2 * this.#nodeCount) < this.#nodeCount;
    if (isReader) return { f: 'read', key, value: null };
    if (this.#random.integer(3) === 0) return { f: 'write', key, value: this.#value() };
    return { f: 'cas', key, value: [this.#value(), this.#value()] };
  }

  #keyFor(groupIndex: number, process: number): number {
    let group = this.#groups[groupIndex];
    if (group === undefined) throw new Error(`group ${groupIndex} of ${this.#groups.length} does not exist`);
    const isNew = !group.processes.has(process);
    if (isNew && group.processes.size === processesPerKey) {
      group = this.#freshGroup();
      this.#groups[groupIndex] = group;
    }
    group.processes.add(process);
    return group.key;
  }

  #freshGroup(): Group {
    const group = { key: this.#nextKey, processes: new Set<number>() };
    this.#nextKey += 1;
    return group;
  }

  #value(): number {
    return this.#random.integer(valueCount);
  }
}

import type { Random } from '../../src/index.ts';
import type { Json } from '../../src/services/json.ts';
import { highestOffsets } from '../checkers/kafka/steps.ts';
import type { KafkaInvocation } from './kafka-client.ts';
import type { Generator, GeneratorOptions, Outcome, Settings } from './workload.ts';

/** Elle's and Maelstrom's. */
const defaults = { keyCount: 10, maxWritesPerKey: 16 };
/** Of so many operations one is an assign. */
const operationsPerAssign = 64;
/** An assign takes in all keys that hold something unseen, once in so many times. */
const assignsPerCatchUp = 3;
/** How often a client crashes, on average. */
const crashIntervalMs = 30_000;
/** However slow the load, at least so many operations are none for each one that is a crash. */
const minOperationsPerCrash = 8;

/** A key that is in use. */
interface Key {
  number: number;
  sends: number;
}

/** What a thread does at the end: it begins anew, takes all keys from the beginning, and polls until it saw all. */
type Ending =
  | { readonly stage: 'assign' }
  | { readonly stage: 'poll'; /** What it has not seen yet: key -> offset. */ readonly awaited: Map<string, number> };

/**
 * Jepsen's load of kafka as Maelstrom uses it. Half of the operations send, half poll; one in 64 assigns instead, and
 * every client crashes about every 30 s and begins anew. A key that was sent 16 messages is replaced by a fresh one;
 * messages count from 1 for each key. In one thing it differs: a process begins with an assign, so that its polls bring
 * something from the start.
 */
export class KafkaGenerator implements Generator<KafkaInvocation> {
  readonly #random: Random;
  readonly #operationsPerCrash: number;
  readonly #maxWritesPerKey: number;
  readonly #keys: Key[];
  #nextKey: number;
  /** The latest process of each thread that has assigned. */
  readonly #assigned = new Map<number, number>();
  /** Key -> the highest offset that was sent or polled, and that was sent and is not known to have been polled. */
  readonly #highest = new Map<string, number>();
  readonly #unseen = new Map<string, number>();
  readonly #endings = new Map<number, Ending>();

  constructor({ random, concurrency, ratePerSecond }: GeneratorOptions, settings: Settings) {
    const { keyCount = defaults.keyCount, maxWritesPerKey = defaults.maxWritesPerKey } = settings;
    this.#random = random;
    this.#operationsPerCrash = Math.max(minOperationsPerCrash, (ratePerSecond * crashIntervalMs) / 1000 / concurrency);
    this.#maxWritesPerKey = maxWritesPerKey;
    this.#keys = Array.from({ length: keyCount }, (_, number) => ({ number, sends: 0 }));
    this.#nextKey = keyCount;
  }

  next(thread: number, process: number): KafkaInvocation {
    if (this.#assigned.get(thread) !== process) {
      this.#assigned.set(thread, process);
      return this.#assign(true);
    }
    if (this.#random.fraction() * this.#operationsPerCrash < 1) return { f: 'crash', value: null };
    if (this.#random.integer(operationsPerAssign) === 0) return this.#assign(this.#random.integer(assignsPerCatchUp) === 0);
    return this.#random.integer(2) === 0 ? { f: 'poll', value: [['poll']] } : this.#send();
  }

  completed(thread: number, outcome: Outcome): void {
    if (outcome.type !== 'ok') return;
    const { sent, polled } = highestOffsets(outcome.value);
    for (const [key, offset] of sent) {
      raise(this.#highest, key, offset);
      raise(this.#unseen, key, offset);
    }
    const ending = this.#endings.get(thread);
    for (const [key, offset] of polled) {
      raise(this.#highest, key, offset);
      if (offset >= (this.#unseen.get(key) ?? Infinity)) this.#unseen.delete(key);
      if (ending?.stage === 'poll' && offset >= (ending.awaited.get(key) ?? Infinity)) ending.awaited.delete(key);
    }
  }

  last(thread: number): KafkaInvocation | undefined {
    const ending = this.#endings.get(thread);
    if (ending === undefined) {
      if (this.#highest.size === 0) return undefined;
      this.#endings.set(thread, { stage: 'assign' });
      return { f: 'crash', value: null, final: true };
    }
    if (ending.stage === 'assign') {
      this.#endings.set(thread, { stage: 'poll', awaited: new Map(this.#highest) });
      return { f: 'assign', value: [...this.#highest.keys()], final: true };
    }
    return ending.awaited.size === 0 ? undefined : { f: 'poll', value: [['poll']], final: true };
  }

  #assign(catchesUp: boolean): KafkaInvocation {
    const keys = new Set([String(this.#key().number)]);
    if (catchesUp) for (const key of this.#unseen.keys()) keys.add(key);
    return { f: 'assign', value: [...keys] };
  }

  #send(): KafkaInvocation {
    const key = this.#key();
    if (key.sends === this.#maxWritesPerKey) {
      key.number = this.#nextKey;
      key.sends = 0;
      this.#nextKey += 1;
    }
    key.sends += 1;
    const message: Json = key.sends;
    return { f: 'send', value: [['send', String(key.number), message]] };
  }

  /** The last one half of the time, the one before it half of the rest, and so on. */
  #key(): Key {
    const last = this.#keys.length - 1;
    const weight = (2 ** (last + 1) - 1) * this.#random.fraction();
    const place = Math.min(last, Math.floor(Math.log2(weight + 1)));
    const key = this.#keys[place];
    if (key === undefined) throw new Error(`there is no key at place ${place} of ${this.#keys.length}`);
    return key;
  }
}

function raise(highest: Map<string, number>, key: string, offset: number): void {
  highest.set(key, Math.max(highest.get(key) ?? -Infinity, offset));
}

import type { Json } from '../../../src/services/json.ts';
import type { HistoryEvent } from '../../history/history.ts';
import { pairsOf } from '../../history/pairs.ts';
import type { Pair } from '../../history/pairs.ts';
import type { Judgement } from '../judgement.ts';

/** Something that happened between two places in the history; `Infinity` where nobody knows when it ended. */
interface Span {
  readonly begin: number;
  readonly end: number;
  /** What was added or read. */
  readonly value: number;
}

/** Before anything happened the counter was 0. */
const start: Span = { begin: -1, end: -1, value: 0 };

/**
 * Judges a linearizable counter that only grows, whose operations are `add` and `read`. Every read is held against every
 * earlier one: between the two the counter grew at least by all adds that lie between them, and at most by all that may.
 * These are bounds. A history that breaks one is wrong for certain; one that keeps them all may still have no order.
 */
export function checkLinearizableCounter(
  events: readonly HistoryEvent[],
): Pick<Judgement, 'verdict' | 'explanation'> {
  const pairs = pairsOf(events);
  const adds = pairs.filter(({ invocation, completion }) => invocation.f === 'add' && completion?.type !== 'fail');
  const reads = pairs.filter(({ invocation, completion }) => invocation.f === 'read' && completion?.type === 'ok');
  const bounds = new Bounds(adds.map((pair) => spanOf(pair, pair.invocation.value)));
  const spans = reads.map((pair) => spanOf(pair, pair.completion?.value ?? null));
  const wrong = spans.flatMap((read) => bounds.faultOf(read, [start, ...spans.filter(({ end }) => end < read.begin)]));
  return { verdict: wrong.length > 0 ? 'violated' : 'good', explanation: wrong.slice(0, 1) };
}

/** An add without a known end may take effect at any time after it began. */
function spanOf({ invocation, completion }: Pair, value: Json): Span {
  if (typeof value !== 'number') throw new Error(`a counter holds a number, not ${JSON.stringify(value)}`);
  return { begin: invocation.index, end: completion?.type === 'ok' ? completion.index : Infinity, value };
}

class Bounds {
  /** The latest first. */
  readonly #byBegin: readonly Span[];
  /** At each place in the history: what all adds that had begun, or had ended, by then make together. */
  readonly #begun: PrefixSums;
  readonly #ended: PrefixSums;

  constructor(adds: readonly Span[]) {
    this.#byBegin = adds.toSorted((left, right) => right.begin - left.begin);
    this.#begun = new PrefixSums(adds.map(({ begin, value }) => ({ at: begin, value })));
    this.#ended = new PrefixSums(adds.map(({ end, value }) => ({ at: end, value })));
  }

  /** What is wrong with a read after these others. */
  faultOf(read: Span, earlier: readonly Span[]): readonly string[] {
    let between = 0;
    let place = 0;
    for (const other of earlier.toSorted((left, right) => right.end - left.end)) {
      for (let add = this.#byBegin[place]; add !== undefined && add.begin > other.end; add = this.#byBegin[place]) {
        if (add.end < read.begin) between += add.value;
        place += 1;
      }
      const atLeast = other.value + between;
      const atMost = other.value + this.#begun.before(read.end) - this.#ended.before(other.begin);
      if (read.value >= atLeast && read.value <= atMost) continue;
      const since = other === start ? 'since the beginning' : `since a read (${other.begin} to ${other.end}) of ${other.value}`;
      const range = `${since} it is at least ${atLeast} and at most ${atMost}`;
      return [`A read (events ${read.begin} to ${read.end}) saw ${read.value}; ${range}.`];
    }
    return [];
  }
}

/** Sums of what lies before a place. */
class PrefixSums {
  readonly #places: readonly number[];
  readonly #sums: readonly number[];

  constructor(items: readonly { readonly at: number; readonly value: number }[]) {
    const sorted = items.toSorted((left, right) => left.at - right.at);
    let sum = 0;
    this.#places = sorted.map(({ at }) => at);
    this.#sums = sorted.map(({ value }) => (sum += value));
  }

  before(at: number): number {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#places[middle] ?? Infinity) < at) low = middle + 1;
      else high = middle;
    }
    return this.#sums[low - 1] ?? 0;
  }
}

/** The places at which a key is wrong: the first, and some of those that come later. */
import type { Operation } from '../../history/operations.ts';
import { decide } from './decide.ts';
import type { Limit } from './decide.ts';
import { firstWrong } from './first-wrong.ts';
import { changesNothing } from './meaning.ts';
import { byCompletion, cut, isCertain } from './part.ts';
import type { CertainOperation, Part } from './part.ts';
import { withWantedOptions } from './reduce.ts';

/** A stretch of a key that has no order, whatever was there before it. */
export interface Place {
  /** The last completion of the stretch, without which it has an order. */
  readonly culprit: CertainOperation;
  readonly stretch: Part;
  /** The cas of shortly before, or two in a row, that would explain the place if done once more; none if none would. */
  readonly casAgain: readonly Operation[];
}

const maxPlaces = 12;
/** How many completions are searched for a later place at a time, and how often. */
const reach = 200;
const maxSearches = 24;
/** How many completions before a place a cas may have been that takes effect again there. */
const memory = 50;

/**
 * The places of a key, in the order of their completions. Each begins behind the one before it, so it is wrong for a
 * reason of its own. How many are found depends on the limit.
 */
export class Places {
  readonly list: readonly Place[];
  /**
   * Where the writes and cas around the places have no order even if nobody had read: then it is the register that is
   * wrong, and not only what readers were told of it. Undefined where they have one, or the limit does not suffice.
   */
  readonly unread: Place | undefined;
  readonly #whole: Part;
  readonly #completions: readonly CertainOperation[];
  readonly #limit: Limit;

  /** @param first the first completion up to which the key has no order */
  constructor(whole: Part, first: CertainOperation, limit: Limit) {
    this.#whole = whole;
    this.#completions = byCompletion(whole);
    this.#limit = limit;
    this.list = this.#find(first);
    this.unread = this.#findUnread();
  }

  #find(first: CertainOperation): readonly Place[] {
    const rank = this.#completions.indexOf(first);
    const places = [this.#place(this.#beginOf(rank), rank)];
    let from = rank + 1;
    for (let count = 0; count < maxSearches && places.length < maxPlaces; count += 1) {
      if (from >= this.#completions.length) break;
      const last = Math.min(from + reach, this.#completions.length) - 1;
      const culprit = this.#firstWrongOf(this.#cut(from, last));
      if (culprit === 'unknown') break;
      const end = culprit === undefined ? undefined : this.#completions.indexOf(culprit);
      if (end !== undefined) places.push(this.#place(from, end));
      // What is wrong may lie across the edge of what was searched.
      from = end === undefined ? from + reach / 2 : end + 1;
    }
    return places;
  }

  /** From where on the first place is looked at: from near, if that is wrong by itself. */
  #beginOf(rank: number): number {
    const near = Math.max(0, rank - reach);
    const isNear = decide(this.#cut(near, rank), this.#limit).kind === 'none';
    return isNear ? near : 0;
  }

  /** Of all that may have happened, as long ago as it may be, only what somebody expects. */
  #cut(from: number, to: number): Part {
    return withWantedOptions(cut(this.#whole, this.#completions, from, to));
  }

  #place(from: number, to: number): Place {
    const culprit = this.#completions[to];
    if (culprit === undefined) throw new Error('assertion: a place ends with a completion');
    const stretch = this.#cut(from, to);
    return { culprit, stretch, casAgain: to - from > reach ? [] : this.#casAgain(stretch, to) };
  }

  /** Of a stretch that is short: it is searched for every cas, and for every two in a row. */
  #casAgain(stretch: Part, to: number): readonly Operation[] {
    const before = this.#completions.slice(Math.max(0, to - memory), to);
    const answered = before.filter((operation) => operation.f === 'cas' && !changesNothing(operation));
    const unanswered = stretch.possible.filter(({ f, outcome }) => f === 'cas' && outcome === 'info').slice(-memory);
    const pairs = answered.slice(1).map((operation, place) => [answered[place] ?? operation, operation]);
    const singles = [...unanswered, ...answered].map((operation) => [operation]);
    return [...pairs, ...singles].findLast((again) => this.#hasOrderWith(stretch, again)) ?? [];
  }

  /** Whether a stretch has an order where these may happen once more. */
  #hasOrderWith(stretch: Part, again: readonly Operation[]): boolean {
    const copies = again.map((operation) => {
      return { ...operation, invoked: operation.completed ?? operation.invoked, outcome: 'info', completed: undefined } as const;
    });
    const possible = [...stretch.possible, ...copies].toSorted((left, right) => left.invoked.index - right.invoked.index);
    return decide({ ...stretch, possible }, this.#limit).kind === 'order';
  }

  #findUnread(): Place | undefined {
    const rankOf = (place: Place | undefined): number => {
      return place === undefined ? 0 : this.#completions.indexOf(place.culprit);
    };
    const last = Math.min(rankOf(this.list.at(-1)) + reach, this.#completions.length - 1);
    const around = this.#cut(rankOf(this.list[0]) - reach, last);
    const changes = { ...around, certain: around.certain.filter(({ f }) => f !== 'read') };
    const culprit = this.#firstWrongOf(changes);
    if (culprit === undefined || culprit === 'unknown') return undefined;
    const completions = byCompletion(changes);
    const stretch = cut(changes, completions, 0, completions.indexOf(culprit));
    return { culprit, stretch, casAgain: [] };
  }

  /** The first completion that makes a part wrong; undefined if nothing does. */
  #firstWrongOf(part: Part): CertainOperation | 'unknown' | undefined {
    const decision = decide(part, this.#limit);
    if (decision.kind !== 'none') return decision.kind === 'order' ? undefined : 'unknown';
    const { unplaced, isFirst } = firstWrong(part, decision, this.#limit);
    const [culprit] = unplaced;
    return isFirst && isCertain(culprit) ? culprit : 'unknown';
  }
}

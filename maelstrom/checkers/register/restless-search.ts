/**
 * A search that does not stay where it is stuck. Where many operations are open at once and few values are in use, what
 * makes a place hopeless may have been done long before it, and a search that takes back its last moves one by one does
 * not come there in any time. This one goes back some way at random when it has not come further for a while, and tries
 * what follows in another order. It comes upon orders sooner, and hardly ever shows that there is none.
 */
import { Random } from '../../../src/index.ts';
import type { Operation } from '../../history/operations.ts';
import type { Problem } from './problem.ts';
import { Search } from './search.ts';
import type { Outcome } from './search.ts';

/** For how many turns it stays where it does not come further. */
const patience = 256;
/** How far it goes back at first, in ranks, and by how much more each time; then, it begins anew. */
const leastBack = 4;
const growth = 1.3;
/** How far it goes back at most, as a multiple of how many operations are open at once. */
const mostBack = 3;
/** How much an order of moves may differ from the most promising one, in steps of their rating. */
const mostNoise = 4;

export class RestlessSearch {
  readonly #search: Search;
  readonly #mostBack: number;
  /** Always the same one, so that the same history is judged in the same way. */
  readonly #random = new Random(1);
  #back = leastBack;

  constructor(problem: Problem, cacheBytes: number) {
    const { pure, write, cas } = problem.slotCounts;
    this.#search = new Search(problem, cacheBytes);
    this.#mostBack = mostBack * (pure + write + cas);
  }

  get configurations(): number {
    return this.#search.configurations;
  }

  get turns(): number {
    return this.#search.turns;
  }

  order(): readonly Operation[] {
    return this.#search.order();
  }

  /** Goes on for about so many turns. Memory does not run out: it forgets where it has been. */
  run(turns: number): Outcome {
    for (const end = this.turns + turns; this.turns < end; ) {
      const { furthest } = this.#search;
      const outcome = this.#search.run(patience);
      if (outcome === 'order' || outcome === 'none') return outcome;
      if (this.#search.furthest > furthest && outcome === 'open') this.#back = leastBack;
      else this.#goBack();
    }
    return 'open';
  }

  #goBack(): void {
    const amplitude = mostNoise * this.#random.fraction() ** 3;
    this.#search.goBack(Math.floor(this.#back), () => amplitude * this.#random.fraction());
    this.#back = this.#back > this.#mostBack ? leastBack : growth * this.#back + 1;
  }
}

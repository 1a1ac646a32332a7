import { counter } from './pn-counter.ts';

/** Maelstrom's g-counter: a pn-counter that only grows, by 0 to 4 at a time. */
export const gCounter = counter('g-counter', (random) => random.integer(5), (delta) => delta >= 0);

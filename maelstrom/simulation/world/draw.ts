/** How things are drawn from a seeded generator. */
import { Random } from '../../../src/index.ts';
import { crc32c } from '../../../src/storage/crc32c.ts';

/**
 * A generator of its own for one purpose of one seed, so that what is drawn for it does not depend on what else is
 * drawn: a fault that is switched off leaves the others as they were.
 */
export function stream(seed: number, purpose: string): Random {
  const mixed = new Random(seed ^ crc32c(Buffer.from(purpose)));
  return new Random(mixed.integer(2 ** 32));
}

/** True with the given probability. */
export function chance(random: Random, probability: number): boolean {
  return random.fraction() < probability;
}

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.fraction();
}

/** From `low` to `high`, both above 0, where each doubling is as likely as the next. */
export function logarithmic(random: Random, low: number, high: number): number {
  return low * (high / low) ** random.fraction();
}

/** Mostly little, now and then several times the mean. */
export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.fraction());
}

export function pick<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[random.integer(items.length)] ?? items[0];
}

/** A random item, undefined where there is none. */
export function pickAny<Item>(random: Random, items: readonly Item[]): Item | undefined {
  return items[random.integer(items.length)];
}

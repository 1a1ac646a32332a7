import type { Json } from '../src/services/json.ts';
import type { Random } from '../src/raft/random.ts';

const primitives: readonly Json[] = [
  null,
  true,
  false,
  0,
  -0,
  1,
  -1,
  0.5,
  1e-7,
  Number.MAX_SAFE_INTEGER,
  '',
  '0',
  '1',
  'null',
  'a',
  'b',
  'é',
  '\u2028',
  '😀',
  '\ud800',
  '"',
  '\\ud800',
  '[]',
  '{}',
  '__proto__',
];
const keys: readonly string[] = ['a', 'b', '', '1', '__proto__', 'constructor', 'é', '"'];

/** A value from a small world, so that two of them are often equal or nearly so. */
export function randomJson(random: Random, nesting = 3): Json {
  const kind = nesting === 0 ? 0 : random.integer(4);
  if (kind < 2) return pick(random, primitives);
  const size = random.integer(3);
  if (kind === 2) return Array.from({ length: size }, () => randomJson(random, nesting - 1));
  // From entries, since assigning `__proto__` would set the prototype instead.
  return Object.fromEntries(Array.from({ length: size }, () => [pick(random, keys), randomJson(random, nesting - 1)]));
}

export function pick<Element>(random: Random, elements: readonly Element[]): Element {
  const element = elements[random.integer(elements.length)];
  if (element === undefined) throw new Error('nothing to pick from');
  return element;
}

/** The same value with the keys of every object in reverse order. */
export function reordered(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Array) return value.map(reordered);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, reordered(member)] as const)
      .reverse(),
  );
}

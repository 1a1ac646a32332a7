import { describe, expect, test } from 'vitest';
import { counter } from '../../../src/services/counter/service.ts';
import { Counter } from '../../../src/services/counter/counter.ts';

function add(delta: unknown): unknown {
  return { op: 'add', delta };
}

describe('the counter', () => {
  test('adds up', () => {
    const sum = new Counter();
    for (const delta of [5, -7, 0]) expect(sum.apply(add(delta))).toEqual({ kind: 'ok' });
    expect(sum.read(null)).toEqual({ kind: 'value', value: -2 });
  });

  test('takes the no-op of a new leader', () => {
    expect(new Counter().apply(null)).toEqual({ kind: 'ok' });
  });

  test.each([add(1.5), add('1'), add(undefined), { op: 'put', key: 1, value: 2 }, 'SET x 1', 7, [], undefined, add(2 ** 53)])(
    'does nothing for %j, and says why',
    (command) => {
      const sum = new Counter();
      expect(sum.apply(command)).toMatchObject({ kind: 'not-understood' });
      expect(counter.commandFault(command)).toMatchObject({ reason: expect.any(String) });
      expect(sum.read(null)).toEqual({ kind: 'value', value: 0 });
    },
  );

  test('never comes to a sum that a double does not hold exactly', () => {
    const sum = new Counter();
    sum.apply(add(Number.MAX_SAFE_INTEGER));
    expect(sum.apply(add(1))).toEqual({ kind: 'not-understood', reason: 'the sum would be beyond 2^53 - 1' });
    expect(sum.read(null)).toEqual({ kind: 'value', value: Number.MAX_SAFE_INTEGER });
  });

  test('is the same after a snapshot, and keeps its sum until that is whole', () => {
    const [from, to] = [new Counter(), new Counter()];
    from.apply(add(41));
    const capture = from.capture();
    from.apply(add(1));
    const restoration = to.restore();
    for (let part = capture.next(); part !== undefined; part = capture.next()) expect(restoration.add(part)).toBeUndefined();
    expect(to.read(null)).toEqual({ kind: 'value', value: 0 });
    restoration.adopt();
    expect(to.read(null)).toEqual({ kind: 'value', value: 41 });
  });

  test.each([[['x']], [[1, 2]], [[1.5]]])('refuses parts of another state: %j', (parts) => {
    const restoration = new Counter().restore();
    expect(parts.map((part) => restoration.add(part)).at(-1)).toBe('it is not the sum alone');
  });
});

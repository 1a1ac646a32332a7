import { expect, it } from 'vitest';
import { checkLinearizableCounter } from '../../../../maelstrom/checkers/counters/linearizable.ts';
import type { OperationEvent } from '../../../../maelstrom/history/history.ts';
import { Random } from '../../../../src/index.ts';

type Short = readonly [process: number, type: OperationEvent['type'], f: 'add' | 'read', value: number | null];

function verdictOf(...events: readonly Short[]): string {
  return checkLinearizableCounter(events.map(([process, type, f, value], index): OperationEvent => {
    return { index, time: index, process, type, f, value };
  })).verdict;
}

const add = (process: number, value: number, type: 'ok' | 'fail' | 'info' = 'ok'): readonly Short[] => {
  return [[process, 'invoke', 'add', value], [process, type, 'add', value]];
};
const read = (process: number, value: number): readonly Short[] => {
  return [[process, 'invoke', 'read', null], [process, 'ok', 'read', value]];
};

it('a read sees every add that was acknowledged before', () => {
  expect(verdictOf(...add(1, 2), ...add(1, 3), ...read(2, 5))).toBe('good');
  expect(verdictOf(...add(1, 2), ...add(1, 3), ...read(2, 2))).toBe('violated');
});

it('a read sees nothing that was not added, or certainly failed, or was not yet asked for', () => {
  expect(verdictOf(...add(1, 2), ...read(2, 3))).toBe('violated');
  expect(verdictOf(...add(1, 2, 'fail'), ...read(2, 2))).toBe('violated');
  expect(verdictOf(...read(2, 2), ...add(1, 2))).toBe('violated');
});

it('an add in doubt is seen or not, at any time, but stays seen', () => {
  expect(verdictOf(...add(1, 2, 'info'), ...read(2, 0), ...read(2, 2))).toBe('good');
  expect(verdictOf(...add(1, 2, 'info'), ...read(2, 2), ...read(2, 0))).toBe('violated');
});

it('an add that overlaps a read is seen by it or not', () => {
  const overlapping = (value: number) => verdictOf(
    [2, 'invoke', 'read', null], [1, 'invoke', 'add', 2], [2, 'ok', 'read', value], [1, 'ok', 'add', 2],
  );
  expect([overlapping(0), overlapping(2), overlapping(1)]).toEqual(['good', 'good', 'good']);
  expect(overlapping(3)).toBe('violated');
});

it('after an add in doubt was seen, what is acknowledged comes on top of it', () => {
  expect(verdictOf(...add(1, 10, 'info'), ...read(2, 10), ...add(3, 1), ...read(2, 11))).toBe('good');
  expect(verdictOf(...add(1, 10, 'info'), ...read(2, 10), ...add(3, 1), ...read(2, 10))).toBe('violated');
});

it('two reads differ by no more than what may have been added between them', () => {
  const seen = [...add(1, 10, 'info'), ...add(1, 1), ...read(2, 11)] as const;
  expect(verdictOf(...seen.slice(0, 4), ...read(2, 1), ...read(2, 11))).toBe('good');
  expect(verdictOf(...add(4, 1), ...read(2, 1), ...add(1, 5), ...read(2, 7))).toBe('violated');
});

it('a counter that is linearizable is never called wrong', () => {
  for (let seed = 0; seed < 200; seed += 1) {
    expect(verdictOf(...history(new Random(seed)))).toBe('good');
  }
});

/** Ten clients of one correct counter; an operation takes effect somewhere between its beginning and its end, if at all. */
function history(random: Random): readonly Short[] {
  const events: Short[] = [];
  let sum = 0;
  const open = new Map<number, { readonly f: 'add' | 'read'; readonly delta: number; seen: number | undefined }>();
  for (let step = 0; step < 300; step += 1) {
    const process = random.integer(10);
    const operation = open.get(process);
    if (operation === undefined) {
      const begun = { f: random.integer(2) === 0 ? 'add' : 'read', delta: 1 + random.integer(5), seen: undefined } as const;
      open.set(process, { ...begun });
      events.push([process, 'invoke', begun.f, begun.f === 'add' ? begun.delta : null]);
    } else if (operation.seen === undefined) {
      sum += operation.f === 'add' ? operation.delta : 0;
      operation.seen = sum;
    } else {
      open.delete(process);
      events.push([process, 'ok', operation.f, operation.f === 'add' ? operation.delta : operation.seen]);
    }
  }
  return events;
}

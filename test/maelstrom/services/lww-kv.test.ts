import { describe, expect, it } from 'vitest';
import { LwwKv } from '../../../maelstrom/services/lww-kv.ts';
import { Random } from '../../../src/index.ts';

const read = { type: 'read', key: 'x' };
const write = (value: number) => ({ type: 'write', key: 'x', value });

/** What all replicas come to hold when nothing is written any more. */
function settled(store: LwwKv): unknown {
  for (let time = 0; time < 200; time += 1) store.handle('n1', { type: 'read', key: 'anything else' });
  const values = Array.from({ length: 50 }, () => store.handle('n1', read)['value']);
  expect(new Set(values).size).toBe(1);
  return values[0];
}

describe('lww-kv', () => {
  it('loses acknowledged writes to clocks that are ahead: of two, one after the other, the first may win for good', () => {
    const winners = Array.from({ length: 50 }, (_, seed) => {
      const store = new LwwKv(new Random(seed));
      expect(store.handle('n1', write(1))).toEqual({ type: 'write_ok' });
      expect(store.handle('n1', write(2))).toEqual({ type: 'write_ok' });
      return settled(store);
    });
    expect(new Set(winners)).toEqual(new Set([1, 2]));
  });

  it('lets a later write win once it is so late that all clocks agree', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const store = new LwwKv(new Random(seed));
      store.handle('n1', write(1));
      settled(store);
      store.handle('n1', write(2));
      expect(settled(store)).toBe(2);
    }
  });

  it('brings what is stale: a client need not see what it wrote itself', () => {
    const seen = Array.from({ length: 50 }, (_, seed) => {
      const store = new LwwKv(new Random(seed));
      store.handle('n1', write(1));
      return store.handle('n1', read)['type'];
    });
    expect(new Set(seen)).toEqual(new Set(['read_ok', 'error']));
  });

  it('never brings what was not written, nor loses the only write to a key', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const store = new LwwKv(new Random(seed));
      for (let key = 0; key < 3000; key += 1) store.handle('n1', { type: 'write', key, value: -key });
      settledAll(store);
      for (let key = 0; key < 3000; key += 100) expect(store.handle('n1', { type: 'read', key })).toMatchObject({ value: -key });
    }
  });

  it('answers alike to the same requests where the seed is the same', () => {
    const answers = (seed: number) => {
      const store = new LwwKv(new Random(seed));
      return Array.from({ length: 200 }, (_, step) => store.handle('n1', step % 2 === 0 ? write(step) : read));
    };
    expect(answers(1)).toEqual(answers(1));
    expect(answers(1)).not.toEqual(answers(2));
  });
});

function settledAll(store: LwwKv): void {
  for (let time = 0; time < 200; time += 1) store.handle('n1', read);
}

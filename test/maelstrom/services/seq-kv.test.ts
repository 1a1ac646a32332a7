import { describe, expect, it } from 'vitest';
import { maxStates, SeqKv } from '../../../maelstrom/services/seq-kv.ts';
import type { KvRequest } from '../../../maelstrom/services/kv-request.ts';
import { Random } from '../../../src/index.ts';
import { answerOf, isSequential } from './sequential.ts';
import type { Asked } from './sequential.ts';

const read = (key: string) => ({ type: 'read', key });
const write = (key: string, value: number) => ({ type: 'write', key, value });

describe('seq-kv', () => {
  it('is sequentially consistent', () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const random = new Random(seed);
      const store = new SeqKv(new Random(seed));
      const clients: Asked[][] = [[], [], []];
      for (let step = 0; step < 14; step += 1) {
        const client = random.integer(3);
        const request = draw(random);
        const reply = store.handle(`n${client}`, { ...request });
        clients[client]?.push({ request, answer: answerOf(reply) });
      }
      expect(isSequential(clients), `seed ${seed}`).toBe(true);
    }
  });

  it('serves old states: what one client wrote is not seen by another at once, and it is not linearizable', () => {
    const seen = new Set<unknown>();
    for (let seed = 0; seed < 50; seed += 1) {
      const store = new SeqKv(new Random(seed));
      for (let value = 1; value <= 5; value += 1) store.handle('n1', write('x', value));
      seen.add(store.handle('n2', read('x'))['value']);
    }
    expect(seen).toEqual(new Set([undefined, 1, 2, 3, 4, 5]));
  });

  it('never lets a client go back', () => {
    const store = new SeqKv(new Random(1));
    let last = -1;
    for (let value = 0; value < 200; value += 1) {
      store.handle('writer', write('x', value));
      const { value: seen = -1 } = store.handle('reader', read('x'));
      expect(seen).toBeGreaterThanOrEqual(last);
      last = Number(seen);
    }
    expect(last).toBeGreaterThan(100);
  });

  it('shows a client that has written something all that was written before', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const store = new SeqKv(new Random(seed));
      for (let value = 1; value <= 5; value += 1) store.handle('n1', write('x', value));
      store.handle('n2', write('mine', seed));
      expect(store.handle('n2', read('x'))).toMatchObject({ value: 5 });
    }
  });

  it('may carry out a write that changes nothing in the past', () => {
    const values = Array.from({ length: 100 }, (_, seed) => {
      const store = new SeqKv(new Random(seed));
      store.handle('n1', write('x', 1));
      const { type } = store.handle('n2', { type: 'cas', key: 'x', from: 1, to: 2 });
      store.handle('n1', write('x', 1));
      return type === 'cas_ok' ? [store.handle('n2', read('x'))['value']] : [];
    });
    // The second write of n1 may have come after the cas, or before it and to no effect: Maelstrom's own example.
    expect(new Set(values.flat())).toEqual(new Set([1, 2]));
  });

  it('keeps a bounded number of old states', () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 300; seed += 1) {
      const store = new SeqKv(new Random(seed));
      for (let value = 1; value <= 100; value += 1) store.handle('n1', write('x', value));
      seen.add(Number(store.handle('n2', read('x'))['value']));
    }
    expect(Math.min(...seen)).toBe(101 - maxStates);
  });

  it('answers alike to the same requests where the seed is the same', () => {
    const answers = (seed: number) => {
      const random = new Random(7);
      const store = new SeqKv(new Random(seed));
      return Array.from({ length: 200 }, () => store.handle(`n${random.integer(3)}`, { ...draw(random) }));
    };
    expect(answers(1)).toEqual(answers(1));
    expect(answers(1)).not.toEqual(answers(2));
  });
});

/** The search has to be able to say no. */
describe('sequential consistency', () => {
  const asked = (request: KvRequest, ...answer: readonly (string | number | null)[]): Asked => ({ request, answer });
  const reads = (value: number) => asked({ type: 'read', key: 'x' }, 'read_ok', value, null);
  const writes = (value: number) => asked({ type: 'write', key: 'x', value }, 'write_ok', null, null);

  it('allows a client to see late what another wrote, and no two to disagree on the order', () => {
    expect(isSequential([[writes(1), writes(2)], [reads(1), reads(1), reads(2)]])).toBe(true);
    expect(isSequential([[writes(1), writes(2)], [reads(2), reads(1)]])).toBe(false);
    expect(isSequential([[writes(1)], [writes(2)], [reads(1), reads(2)], [reads(2), reads(1)]])).toBe(false);
  });
});

function draw(random: Random): KvRequest {
  const key = random.integer(2) === 0 ? 'x' : 'y';
  const value = () => random.integer(3);
  switch (random.integer(3)) {
    case 0:
      return { type: 'read', key };
    case 1:
      return { type: 'write', key, value: value() };
    default:
      return { type: 'cas', key, from: value(), to: value(), mayCreate: false };
  }
}

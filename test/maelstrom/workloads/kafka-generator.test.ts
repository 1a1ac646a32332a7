import { describe, expect, it } from 'vitest';
import { KafkaGenerator } from '../../../maelstrom/workloads/kafka-generator.ts';
import type { KafkaInvocation } from '../../../maelstrom/workloads/kafka-client.ts';
import { Random } from '../../../src/index.ts';

const options = { nodeCount: 3, concurrency: 6, ratePerSecond: 100 };

function generator(settings = {}, seed = 1): KafkaGenerator {
  return new KafkaGenerator({ ...options, random: new Random(seed) }, settings);
}

/** What one process is to do, after its first assign. */
function draw(source: KafkaGenerator, count: number): readonly KafkaInvocation[] {
  source.next(0, 0);
  return Array.from({ length: count }, () => source.next(0, 0));
}

function sends(drawn: readonly KafkaInvocation[]): readonly (readonly [key: string, message: unknown])[] {
  return drawn.flatMap((invocation) => {
    if (invocation.f !== 'send') return [];
    const [step] = invocation.value;
    return step[0] === 'send' ? [[step[1], step[2]] as const] : [];
  });
}

const ok = (value: readonly (readonly ['send', string, readonly [number, number]] | readonly ['poll', object])[]) => {
  return { type: 'ok' as const, value: JSON.parse(JSON.stringify(value)) };
};

describe('the load of logs', () => {
  it('is half sends and half polls, an assign in 64, and a crash of each client every 30 s', () => {
    const drawn = draw(generator(), 30_000);
    const count = (f: string) => drawn.filter((invocation) => invocation.f === f).length;
    expect(count('send') / drawn.length).toBeCloseTo(0.49, 1);
    expect(count('poll') / drawn.length).toBeCloseTo(0.49, 1);
    expect(count('assign')).toBeGreaterThan(30_000 / 64 / 1.3);
    expect(count('assign')).toBeLessThan((30_000 / 64) * 1.3);
    // Six clients and 100 operations a second: one crash in 500 operations.
    expect(count('crash')).toBeGreaterThan(40);
    expect(count('crash')).toBeLessThan(80);
  });

  it('counts the messages of each key from 1, 16 for each, and then takes a fresh key', () => {
    const byKey = new Map<string, unknown[]>();
    for (const [key, message] of sends(draw(generator(), 5000))) byKey.set(key, [...(byKey.get(key) ?? []), message]);
    for (const messages of byKey.values()) expect(messages).toEqual(messages.map((_, place) => place + 1));
    expect(Math.max(...[...byKey.values()].map((messages) => messages.length))).toBe(16);
    expect(byKey.size).toBeGreaterThan(100);
  });

  it('may be told how many keys, and how many messages each', () => {
    const drawn = sends(draw(generator({ keyCount: 1, maxWritesPerKey: 3 }), 40));
    expect(drawn.slice(0, 7)).toEqual([['0', 1], ['0', 2], ['0', 3], ['1', 1], ['1', 2], ['1', 3], ['2', 1]]);
  });

  it('has every process begin with an assign, of all keys that hold something unseen as well', () => {
    const source = generator();
    expect(source.next(0, 0).f).toBe('assign');
    source.completed(0, ok([['send', '40', [0, 1]]]));
    source.completed(0, ok([['send', '41', [0, 1]]]));
    source.completed(0, ok([['poll', { 41: [[0, 1]] }]]));
    expect(source.next(0, 6).value).toEqual([expect.any(String), '40']);
  });

  it('ends with a crash, an assign of all keys, and polls until each thread saw all itself', () => {
    const source = generator();
    source.completed(0, ok([['send', '4', [7, 1]]]));
    source.completed(0, ok([['poll', { 4: [[7, 1]], 5: [[2, 1]] }]]));
    expect(source.last(0)).toEqual({ f: 'crash', value: null, final: true });
    expect(source.last(0)).toEqual({ f: 'assign', value: ['4', '5'], final: true });
    const poll = { f: 'poll', value: [['poll']], final: true };
    expect(source.last(0)).toEqual(poll);
    source.completed(1, ok([['poll', { 4: [[7, 1]], 5: [[2, 1]] }]]));
    source.completed(0, ok([['poll', { 4: [[6, 0]], 5: [[2, 1]] }]]));
    expect(source.last(0)).toEqual(poll);
    source.completed(0, ok([['poll', { 4: [[7, 1]] }]]));
    expect(source.last(0)).toBeUndefined();
  });

  it('asks nothing at the end where nothing is known', () => {
    expect(generator().last(0)).toBeUndefined();
  });
});

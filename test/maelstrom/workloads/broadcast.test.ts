import { describe, expect, it } from 'vitest';
import { broadcast } from '../../../maelstrom/workloads/broadcast.ts';
import { Random } from '../../../src/index.ts';
import { judge } from './history.ts';
import type { Step } from './history.ts';

const begin = (message: number): Step => [0, 'invoke', 'broadcast', message];
const end = (message: number): Step => [0, 'ok', 'broadcast', message];
const ask: Step = [1, 'invoke', 'read', null];
const see = (...messages: readonly number[]): Step => [1, 'ok', 'read', messages];

describe('broadcasting', () => {
  it('is asked for as Maelstrom asks, every message once and in turn', () => {
    const generator = broadcast.generator({ nodeCount: 3, concurrency: 6, ratePerSecond: 100, random: new Random(1) });
    const drawn = Array.from({ length: 100 }, () => generator.next(0, 0));
    const messages = drawn.filter(({ f }) => f === 'broadcast').map(({ value }) => value);
    expect(messages).toEqual(messages.map((_, place) => place));
    expect(messages.length).toBeGreaterThan(30);
    expect(messages.length).toBeLessThan(70);
    expect(broadcast.request({ f: 'broadcast', value: 3 })).toEqual({ type: 'broadcast', message: 3 });
    expect(broadcast.request({ f: 'read', value: null })).toEqual({ type: 'read' });
  });

  it('tells nodes who their neighbours are', () => {
    const topology = { n1: ['n2'], n2: ['n1', 'n3'], n3: ['n2'] };
    expect(broadcast.greeting?.(['n1', 'n2', 'n3'], 'line')).toEqual({ type: 'topology', topology });
  });

  it('brings a list', () => {
    const read = { f: 'read', value: null } as const;
    expect(broadcast.outcome(read, { type: 'read_ok', messages: [1, 'a'] })).toEqual({ type: 'ok', value: [1, 'a'] });
    expect(broadcast.outcome(read, { type: 'read_ok', messages: 7 })).toMatchObject({ type: 'bad-reply' });
    expect(broadcast.unanswered(read, 'timeout').type).toBe('fail');
    expect(broadcast.unanswered({ f: 'broadcast', value: 1 }, 'timeout').type).toBe('info');
  });
});

/** The cases of Jepsen's set-full. */
describe('a message', () => {
  it('is stable when the last read that could see it does', () => {
    const { verdict, results } = judge(broadcast, begin(0), end(0), ask, see(0));
    expect(verdict).toBe('good');
    expect(results).toMatchObject({ broadcast: { stableCount: 1, lost: [], stale: [], stableLatencies: { 1: 0 } } });
  });

  it('was stale when a read that began after it was taken did not see it, until just after that', () => {
    const { verdict, results } = judge(broadcast, begin(0), end(0), ask, see(), ask, see(0));
    expect(verdict).toBe('good');
    expect(results).toMatchObject({ broadcast: { stableCount: 1, stale: [0], stableLatencies: { 0: 1, 1: 1 } } });
  });

  it('is lost when reads stop seeing it', () => {
    const { verdict, reasons, results } = judge(broadcast, begin(0), end(0), ask, see(0), ask, see(), begin(1));
    expect([verdict, reasons]).toEqual(['violated', ['1 message was lost: 0.']]);
    expect(results).toMatchObject({ broadcast: { attemptCount: 2, lost: [0], neverRead: [1] } });
  });

  it('is lost when it was taken and never seen', () => {
    expect(judge(broadcast, begin(0), end(0), ask, see()).verdict).toBe('violated');
  });

  it('that nobody answered for is lost once it was seen, and otherwise may never have been', () => {
    const open: Step = [0, 'info', 'broadcast', 0];
    expect(judge(broadcast, begin(0), open, ask, see(0), ask, see()).verdict).toBe('violated');
    expect(judge(broadcast, begin(0), open, ask, see()).verdict).toBe('undecided');
  });

  it('may be missed by a read that began before it was taken', () => {
    const { results } = judge(broadcast, begin(0), ask, end(0), see(), begin(1), end(1));
    expect(results).toMatchObject({ broadcast: { lost: [], neverRead: [0, 1] } });
  });

  it('has to be one that somebody broadcast', () => {
    const { reasons } = judge(broadcast, begin(0), end(0), ask, see(0, 9));
    expect(reasons).toEqual(['Reads brought what nobody had broadcast: 9.']);
  });
});

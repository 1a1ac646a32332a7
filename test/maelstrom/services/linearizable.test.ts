import { describe, expect, it } from 'vitest';
import { defaultBudget } from '../../../maelstrom/checkers/register/check.ts';
import type { HistoryEvent } from '../../../maelstrom/history/history.ts';
import { LinKv } from '../../../maelstrom/services/lin-kv.ts';
import { LinTso } from '../../../maelstrom/services/lin-tso.ts';
import { SeqKv } from '../../../maelstrom/services/seq-kv.ts';
import type { Service } from '../../../maelstrom/services/service.ts';
import { linKv } from '../../../maelstrom/workloads/lin-kv.ts';
import { Random } from '../../../src/index.ts';

/** What clients see whose requests and answers travel for random times. */
function verdictOn(store: Service, seed: number): string {
  const random = new Random(seed);
  const generator = linKv.generator({ nodeCount: 2, concurrency: 4, ratePerSecond: 100, random });
  const moments: { readonly atMs: number; readonly happens: (atMs: number) => void }[] = [];
  const later = (atMs: number, happens: (atMs: number) => void) => moments.push({ atMs, happens });
  const events: HistoryEvent[] = [];
  const ask = (process: number, atMs: number): void => {
    if (atMs > 300) return;
    const invocation = generator.next(process, process);
    const stamp = () => ({ index: events.length, time: events.length, process });
    events.push({ ...stamp(), type: 'invoke', ...invocation });
    later(atMs + 10 * random.fraction(), (arrivedAtMs) => {
      const reply = store.handle(`n${process}`, linKv.request(invocation));
      later(arrivedAtMs + 10 * random.fraction(), (doneAtMs) => {
        const outcome = linKv.outcome(invocation, { ...reply, in_reply_to: 1 });
        if (outcome.type === 'bad-reply') throw new Error(outcome.what);
        events.push({ ...stamp(), ...invocation, ...outcome });
        ask(process, doneAtMs + 1);
      });
    });
  };
  for (let process = 0; process < 4; process += 1) ask(process, process);
  for (;;) {
    moments.sort((left, right) => right.atMs - left.atMs);
    const next = moments.pop();
    if (next === undefined) break;
    next.happens(next.atMs);
  }
  return linKv.judge(events, { budget: { nowMs: () => 0, ...defaultBudget } }).verdict;
}

describe('lin-kv, the service', () => {
  it('is linearizable', () => {
    for (let seed = 0; seed < 20; seed += 1) expect(verdictOn(new LinKv(), seed)).toBe('good');
  });

  it('is told by the same check from seq-kv, which is not', () => {
    const verdicts = Array.from({ length: 20 }, (_, seed) => verdictOn(new SeqKv(new Random(seed)), seed));
    expect(verdicts.filter((verdict) => verdict === 'violated').length).toBeGreaterThan(10);
  });
});

describe('lin-tso', () => {
  it('gives out every number from 0, in turn', () => {
    const oracle = new LinTso();
    const given = Array.from({ length: 5 }, (_, client) => oracle.handle(`n${client}`, { type: 'ts' }));
    expect(given).toEqual([0, 1, 2, 3, 4].map((ts) => ({ type: 'ts_ok', ts })));
    expect(oracle.handle('n1', { type: 'read', key: 1 })).toMatchObject({ type: 'error', code: 10 });
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encodeColumn } from '../../../../maelstrom/report/html/column.ts';
import { buildPageData } from '../../../../maelstrom/report/html/build-data.ts';
import { messageData } from '../../../../maelstrom/report/html/message-data.ts';
import { leaderMarks } from '../../../../maelstrom/report/html/node-data.ts';
import { operationData } from '../../../../maelstrom/report/html/operation-data.ts';
import { decodeColumn } from '../../../../maelstrom/report/html/page/columns.js';
import { bucketMsFor, ratesOf } from '../../../../maelstrom/report/html/rates.ts';
import type { RunOperation } from '../../../../maelstrom/report/html/run-operations.ts';
import { badRun, journalOf, nodeIds, statuses } from './runs.ts';
import type { Sent } from './runs.ts';

const golden = fileURLToPath(new URL('bad-run.json', import.meta.url));

/** A line for each member, so that people and diffs can read it. */
function pretty(data: object): string {
  return `${JSON.stringify(data, undefined, 1).replaceAll(/\[[^[\]{}]*\]/g, (list) => list.replaceAll(/\s+/g, ' '))}\n`;
}

describe('the data of a page', () => {
  it('is, of a small run, what is written down here', () => {
    const text = pretty(buildPageData(badRun().recorded));
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, 'utf8'));
  });
});

function operation(index: number, change: Partial<RunOperation> = {}): RunOperation {
  const shown = { f: 'read', key: '1', text: 'read 1', leaves: '1', outcome: 'ok' as const, error: null };
  return { ...shown, process: 0, index, invokedMs: 10 * index, endedMs: 10 * index + 5, ...change };
}

describe('rates', () => {
  it.each([
    [1000, 50],
    [10_000, 200],
    [60_000, 1000],
    [600_000, 10_000],
    [0, 50],
  ])('of a run of %d ms are counted every %d ms', (durationMs, bucketMs) =>
    expect(bucketMsFor(durationMs)).toBe(bucketMs),
  );

  it('count an operation when it ends, the end of the run included, and no latency but that of a success', () => {
    const operations = [
      operation(1),
      operation(9, { outcome: 'fail' }),
      operation(10, { endedMs: 100 }),
      operation(3, { endedMs: undefined }),
    ];
    expect(ratesOf(operations, ['read', 'cas'], 100)).toEqual({
      bucketMs: 50,
      byKind: [
        { kind: 'read', ok: [1, 1], fail: [0, 1], info: [0, 0], p50: [5, 0], p95: [5, 0], p99: [5, 0], max: [5, 0] },
        {
          kind: 'cas',
          ok: [0, 0],
          fail: [0, 0],
          info: [0, 0],
          p50: [null, null],
          p95: [null, null],
          p99: [null, null],
          max: [null, null],
        },
      ],
    });
  });
});

describe('operations of a run that is too long for a page', () => {
  const all = Array.from({ length: 1000 }, (_, index) => operation(index, { key: String(index % 4) }));
  const verdicts = ['linearizable', 'linearizable', 'linearizable', 'not-linearizable'] as const;
  const orders = verdicts.map((verdict, key) => {
    const unplaced = verdict === 'linearizable' ? [] : [803];
    return {
      key: String(key),
      verdict,
      order: verdict === 'linearizable' ? [key] : [3, 799],
      unplaced,
      explanation: [],
    };
  });
  const bounds = { maxOperations: 300, maxSamples: 50, maxKeys: 3 };

  it('are those of the bad key first, and samples of others', () => {
    const { operations, keys } = operationData(all, ['read'], orders, bounds);
    expect(keys.map(({ key, verdict, isPart, operationCount }) => [key, verdict, isPart, operationCount])).toEqual([
      ['3', 'not-linearizable', false, 250],
      ['0', 'linearizable', true, 250],
      ['1', 'linearizable', true, 250],
    ]);
    expect(operations.total).toBe(1000);
    const shownKeys = decodeColumn(operations.key);
    expect(shownKeys.filter((key) => key === 0)).toHaveLength(250);
    expect(shownKeys.filter((key) => key !== 0)).toHaveLength(50);
    const invoked = decodeColumn(operations.invoked);
    expect(keys[0]?.unplaced.map((row) => invoked[row])).toEqual([8_030_000]);
  });

  it('are those around the failure where the bad key alone is too long', () => {
    const { operations, keys } = operationData(all, ['read'], orders, { ...bounds, maxOperations: 20, maxSamples: 1 });
    const invoked = decodeColumn(operations.invoked);
    expect(keys[0]).toMatchObject({ isPart: true, operationCount: 250 });
    expect(keys[0]?.unplaced.map((row) => invoked[row])).toEqual([8_030_000]);
    expect(decodeColumn(keys[0]?.order ?? encodeColumn([])).map((row) => invoked[row])).toEqual([7_990_000]);
  });
});

describe('messages of a run that has too many for a page', () => {
  const many: readonly Sent[] = Array.from({ length: 5000 }, (_, place) => {
    return { atMs: 2 * place, src: 'n1', dest: 'n2', body: { type: 'hello', msg_id: place, text: `number ${place}` } };
  });
  const moments = { failures: [{ fromMs: 3000, toMs: 3100 }], notable: [7000] };
  const bounds = { maxMessages: 1000, maxBytes: 1e9 };

  it('are those around failures and what is notable, and this and that stretch', () => {
    const { sent, gaps, total } = messageData(journalOf(many), nodeIds, 100, moments, bounds);
    const sentMs = decodeColumn(sent).map((us) => us / 1000);
    expect(sentMs.length).toBeLessThanOrEqual(1000);
    expect(sentMs.length).toBeGreaterThan(950);
    expect(sentMs.filter((atMs) => atMs >= 2750 && atMs < 3350)).toHaveLength(300);
    expect(sentMs.filter((atMs) => atMs >= 6750 && atMs < 7250)).toHaveLength(250);
    expect(total).toBe(5000);
    expect(gaps.reduce((sum, { count }) => sum + count, sentMs.length)).toBe(5000);
    for (const { fromMs, toMs } of gaps) expect(sentMs.filter((atMs) => atMs >= fromMs && atMs <= toMs)).toEqual([]);
  });

  it('are fewer where they would take too much room', () => {
    const data = messageData(journalOf(many), nodeIds, 100, moments, { maxMessages: 5000, maxBytes: 50_000 });
    expect(JSON.stringify(data).length).toBeLessThan(60_000);
    expect(decodeColumn(data.sent).length).toBeGreaterThan(500);
  });

  it('are counted by type over time and per operation, those that are missing too', () => {
    const { rates } = messageData(journalOf(many), nodeIds, 100, moments, bounds);
    expect(rates.byType).toMatchObject([{ type: 'hello', total: 5000, perOperation: 50 }]);
    expect(rates.byType[0]?.counts.reduce((sum, count) => sum + count)).toBe(5000);
    expect(rates.byType[0]?.counts.length).toBeLessThanOrEqual(120);
  });

  it('say where one was too long to be kept', () => {
    const long = { atMs: 1, src: 'n1', dest: 'n2', body: { type: 'hello', text: 'x'.repeat(20_000) } };
    const { body } = messageData(journalOf([long]), nodeIds, 1, moments);
    expect(Object.keys(decodeColumn(body)[0])).toEqual(['the line begins']);
  });
});

it('a leader is marked when it first leads a newer term', () => {
  expect(leaderMarks(statuses)).toEqual([
    { atMs: 0, nodeId: 'n1', term: 1 },
    { atMs: 35, nodeId: 'n2', term: 2 },
  ]);
});

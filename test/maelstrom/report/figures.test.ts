import { describe, expect, it } from 'vitest';
import type { HistoryEvent, OperationEvent } from '../../../maelstrom/history/history.ts';
import { nothingSeen } from '../../../maelstrom/cluster/monitor.ts';
import { computeFigures, quantiles } from '../../../maelstrom/report/figures.ts';
import { longestStretch } from '../../../maelstrom/report/stretch.ts';
import type { Json } from '../../../src/services/json.ts';

const nodeIds = ['n1', 'n2', 'n3'];
const kinds = ['read', 'write', 'cas'];
const noMessages = { servers: 0, clients: 0, lost: 0 };

let index = 0;

/** A read by a process, or its completion. */
function read(atMs: number, process: number, type: OperationEvent['type'], error?: Json): HistoryEvent {
  index += 1;
  const event = { index, time: atMs * 1e6, process, type, f: 'read' as const, key: 1, value: null };
  return error === undefined ? event : { ...event, error };
}

function nemesis(atMs: number, f: string, value: Json): HistoryEvent {
  index += 1;
  return { index, time: atMs * 1e6, process: 'nemesis', type: 'info', f, value };
}

describe('quantiles', () => {
  it('are values that occurred, by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, place) => 100 - place);
    expect(quantiles(hundred)).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 });
    expect(quantiles([7])).toEqual({ p50: 7, p95: 7, p99: 7, max: 7 });
    expect(quantiles([2, 1])).toEqual({ p50: 1, p95: 2, p99: 2, max: 2 });
  });
});

describe('the figures of a run', () => {
  const events = [
    read(0, 0, 'invoke'),
    read(1, 1, 'invoke'),
    read(5, 0, 'ok'),
    read(6, 1, 'fail', [20, 'key-does-not-exist']),
    read(7, 0, 'invoke'),
    read(1007, 0, 'fail', 'timeout'),
    read(1500, 2, 'invoke'),
    read(1508, 2, 'ok'),
  ];
  const figures = computeFigures(events, nodeIds, kinds, 2000, { servers: 12, clients: 8, lost: 3 }, nothingSeen);

  it('count outcomes and errors, and take latencies from successes', () => {
    expect(figures.operations['read']).toEqual({
      ok: 2,
      fail: 2,
      info: 0,
      latencyMs: { p50: 5, p95: 8, p99: 8, max: 8 },
      errors: { '20 key-does-not-exist': 1, timeout: 1 },
    });
  });

  it('have a place for operations that never happened', () => {
    expect(figures.operations['cas']).toEqual({ ok: 0, fail: 0, info: 0, errors: {} });
  });

  it('give successes a second, and messages for each operation begun', () => {
    expect(figures.throughputPerSecond).toBe(1);
    expect(figures.messages).toEqual({ servers: 12, clients: 8, lost: 3, perOperation: 5, serversPerOperation: 3 });
  });

  it('of a run without operations are zeros', () => {
    const { messages, throughputPerSecond } = computeFigures([], nodeIds, kinds, 2000, noMessages, nothingSeen);
    expect([messages.perOperation, throughputPerSecond]).toEqual([0, 0]);
  });
});

describe('the longest stretch without a success', () => {
  it('lies between two successes', () => {
    const events = [read(100, 0, 'ok'), read(900, 0, 'fail'), read(1400, 0, 'ok'), read(2000, 0, 'ok')];
    expect(longestStretch(events, nodeIds, 2100, nothingSeen)).toMatchObject({ fromMs: 100, toMs: 1400 });
  });

  it('may be at the start or at the end', () => {
    expect(longestStretch([read(1500, 0, 'ok')], nodeIds, 2000, nothingSeen)).toMatchObject({ fromMs: 0, toMs: 1500 });
    expect(longestStretch([read(100, 0, 'ok')], nodeIds, 2000, nothingSeen)).toMatchObject({ fromMs: 100, toMs: 2000 });
    expect(longestStretch([], nodeIds, 2000, nothingSeen)).toMatchObject({ fromMs: 0, toMs: 2000 });
  });

  it('names the faults that it overlaps, and no others, and says for how long there was no majority', () => {
    const events = [
      nemesis(0, 'start-partition', { kind: 'halves', cuts: {} }),
      nemesis(100, 'stop-partition', null),
      nemesis(150, 'start-kill', ['n1', 'n2']),
      read(200, 0, 'ok'),
      nemesis(300, 'start-partition', { kind: 'one-alone', cuts: {} }),
      nemesis(350, 'stop-kill', ['n1', 'n2']),
      nemesis(600, 'stop-partition', null),
      read(1000, 0, 'ok'),
      nemesis(1100, 'start-pause', ['n3']),
    ];
    expect(longestStretch(events, nodeIds, 1200, nothingSeen)).toMatchObject({
      fromMs: 200,
      toMs: 1000,
      faults: [
        { fault: 'kill', what: 'n1 n2', fromMs: 150, toMs: 350 },
        { fault: 'partition', what: 'one-alone', fromMs: 300, toMs: 600 },
      ],
      withoutMajorityMs: 150,
    });
  });
});

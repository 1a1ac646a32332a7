import { describe, expect, it } from 'vitest';
import { checkHistory } from '../../../maelstrom/checkers/register/check.ts';
import { observerId } from '../../../maelstrom/network/client-names.ts';
import type { HistoryEvent } from '../../../maelstrom/history/history.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { operationsOf } from '../../../maelstrom/history/operations.ts';
import { defaultRecoveryMs, startRun } from '../../../maelstrom/session/test-run.ts';
import type { RunRecord } from '../../../maelstrom/session/test-run.ts';
import { broadcast } from '../../../maelstrom/workloads/broadcast.ts';
import { linKv } from '../../../maelstrom/workloads/lin-kv.ts';
import { Random } from '../../../src/index.ts';
import { VirtualCluster } from '../virtual-cluster.ts';
import type { Behaviour } from '../virtual-cluster.ts';

const nodeIds = ['n0', 'n1', 'n2'];

/** Answers reads and writes from a map, cas with an error. */
function fromMap(values: Map<unknown, unknown>): Behaviour {
  return ({ src, body }, send) => {
    const { msg_id: messageId, type } = body;
    if (messageId === undefined) throw new Error('a request without a msg_id');
    if (type === 'write') values.set(body['key'], body['value']);
    const value = values.get(body['key']) ?? null;
    const reply = type === 'cas' ? { type: 'error', code: 10 } : { type: `${type}_ok`, value };
    send(src, { ...reply, in_reply_to: messageId });
  };
}

function play(behaviours: readonly Behaviour[], seed = 1, asksStatus = false) {
  const network = new Network(nodeIds, { meanMs: 5, distribution: 'exponential' }, new Random(seed));
  const named = nodeIds.map((id, place) => [id, behaviours[place] ?? (() => {})] as const);
  const cluster = new VirtualCluster(network, Object.fromEntries(named));
  const records: RunRecord[] = [];
  const heard: HistoryEvent[] = [];
  cluster.run(150);
  const load = { workload: linKv, concurrency: 6, ratePerSecond: 50, timeLimitMs: 10_000 };
  startRun(cluster, { ...load, faults: ['partition'], nemesisIntervalMs: 4000, seed, asksStatus }, {
    onEvent: (event) => heard.push(event),
    onFinding: () => {},
    onDone: (record) => records.push(record),
  });
  cluster.run(60_000);
  expect(records).toHaveLength(1);
  const [record] = records;
  if (record === undefined) throw new Error('the run did not end');
  return { ...record, heard };
}

/** Plays broadcast on nodes that answer as they should, and counts the reads. */
function playBroadcast() {
  const network = new Network(nodeIds, { meanMs: 0, distribution: 'constant' }, new Random(1));
  const known: unknown[] = [];
  const node: Behaviour = ({ src, body }, send) => {
    if (body.msg_id === undefined) return;
    if (body.type === 'broadcast') known.push(body['message']);
    const reply = body.type === 'read' ? { type: 'read_ok', messages: [...known] } : { type: `${body.type}_ok` };
    send(src, { ...reply, in_reply_to: body.msg_id });
  };
  const cluster = new VirtualCluster(network, Object.fromEntries(nodeIds.map((id) => [id, node])));
  const records: RunRecord[] = [];
  const load = { workload: broadcast, concurrency: 6, ratePerSecond: 50, timeLimitMs: 2000 };
  startRun(cluster, { ...load, faults: ['partition'], nemesisIntervalMs: 500, seed: 1 }, {
    onEvent: () => {},
    onFinding: () => {},
    onDone: (record) => records.push(record),
  });
  cluster.run(60_000);
  return { events: [], durationMs: 0, ...records[0] };
}

function verdict({ events }: RunRecord) {
  return checkHistory(operationsOf(events), { budget: { nowMs: () => 0, timeMs: 1, cacheBytes: 2 ** 26 } }).verdict;
}

/** Three nodes with one map between them, or with one each. */
const oneMap = () => nodeIds.map(() => fromMap(values));
const values = new Map<unknown, unknown>();
const separateMaps = () => nodeIds.map(() => fromMap(new Map()));

describe('a run in virtual time', () => {
  it('on nodes that share a map is linearizable', () => {
    values.clear();
    expect(verdict(play(oneMap()))).toBe('linearizable');
  });

  it('on nodes that share nothing is not', () => {
    expect(verdict(play(separateMaps()))).toBe('not-linearizable');
  });

  it('numbers its events, and counts time from its own start', () => {
    const { events, durationMs } = play(separateMaps());
    expect(events.map(({ index }) => index)).toEqual(events.map((_, place) => place));
    expect(events.map(({ time }) => time)).toEqual(events.map(({ time }) => time).toSorted((a, b) => a - b));
    expect(events.every(({ time }) => Number.isInteger(time))).toBe(true);
    expect(events[0]?.time).toBeLessThan(1e9);
    expect(durationMs).toBe(10_000);
  });

  it('tells of every event as it happens', () => {
    const { events, heard } = play(separateMaps());
    expect(heard).toEqual(events);
  });

  it('has the nemesis in its history, healed at the end', () => {
    const faults = play(separateMaps()).events.filter(({ process }) => process === 'nemesis');
    expect(faults.length).toBeGreaterThan(0);
    faults.forEach(({ f }, place) => expect(f).toBe(place % 2 === 0 ? 'start-partition' : 'stop-partition'));
    expect(faults.at(-1)?.f).toBe('stop-partition');
    const silent = play([]).events;
    expect(silent.at(-1)?.time).toBeGreaterThan(10e9);
  });

  it('watches the nodes where it is asked to, and nowhere else', () => {
    const telling: Behaviour = ({ src, body }, send) => {
      if (body.type !== 'raft_status') return;
      const status = { role: 'follower', term: 3, leader: null, commit_index: 4 };
      send(src, { type: 'raft_status_ok', ...status, ...(body.msg_id !== undefined && { in_reply_to: body.msg_id }) });
    };
    const change = { atMs: 0, role: 'follower', term: 3, leader: null, commitIndex: 4 };
    const changes = { n0: [change], n1: [], n2: [] };
    expect(play([telling], 1, true).statuses).toEqual({ changes, isComplete: true });
    expect(play([telling], 1, false).statuses.changes).toEqual({});
  });

  it('asks for the statuses without a difference to the history', () => {
    expect(play(separateMaps(), 3, true).events).toEqual(play(separateMaps(), 3, false).events);
  });

  it('ends, where the workload wants that, with a question of every client, when the nodes have recovered', () => {
    const { events, durationMs } = playBroadcast();
    const late = events.filter(({ time }) => time > 2000 * 1e6);
    expect(durationMs).toBe(2000);
    expect(late.filter(({ process }) => process === 'nemesis')).toEqual([]);
    expect(late.every(({ f, time }) => f === 'read' && time === (2000 + defaultRecoveryMs) * 1e6)).toBe(true);
    expect(late.filter(({ type }) => type === 'ok').map(({ process }) => process)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('tells a node that was started again what all were told at first', () => {
    const heard: unknown[] = [];
    let isNew = true;
    const node: Behaviour = ({ src, body }, send) => {
      if (src === observerId) heard.push(body);
      else if (isNew) send(observerId, { type: 'init_ok', in_reply_to: 1 });
      isNew = false;
    };
    const network = new Network(nodeIds, { meanMs: 0, distribution: 'constant' }, new Random(1));
    const cluster = new VirtualCluster(network, { n0: () => {}, n1: node, n2: () => {} });
    const load = { workload: broadcast, concurrency: 6, ratePerSecond: 50, timeLimitMs: 2000 };
    const greeting = { type: 'topology', topology: { n1: ['n2'] } };
    const listener = { onEvent: () => {}, onFinding: () => {}, onDone: () => {} };
    startRun(cluster, { ...load, greeting, faults: [], nemesisIntervalMs: 500, seed: 1 }, listener);
    cluster.run(60_000);
    expect(heard).toEqual([{ type: 'topology', msg_id: 202, topology: { n1: ['n2'] } }]);
  });

  it('tells on request what has happened so far', () => {
    const network = new Network(nodeIds, { meanMs: 0, distribution: 'constant' }, new Random(1));
    const cluster = new VirtualCluster(network, Object.fromEntries(nodeIds.map((id) => [id, fromMap(new Map())])));
    const load = { workload: linKv, concurrency: 6, ratePerSecond: 50, timeLimitMs: 60_000 };
    const listener = { onEvent: () => {}, onFinding: () => {}, onDone: () => {} };
    const soFar = startRun(cluster, { ...load, faults: [], nemesisIntervalMs: 500, seed: 1 }, listener);
    cluster.run(2000);
    const { events, durationMs } = soFar();
    expect(durationMs).toBe(2000);
    expect(events.length).toBeGreaterThan(50);
  });

  it('repeats itself, event by event, from the same seed', () => {
    expect(play(separateMaps(), 3).events).toEqual(play(separateMaps(), 3).events);
    expect(play(separateMaps(), 3).events).not.toEqual(play(separateMaps(), 4).events);
  });
});

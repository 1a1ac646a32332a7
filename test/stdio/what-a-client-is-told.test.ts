import { defaultSnapshotPolicy } from '../../src/member/snapshots.ts';
import { describe, expect, test } from 'vitest';
import type { RequestBody } from '../requests.ts';
import { electionTimeoutMs, latencyMs, TestCluster } from './cluster.ts';
import { appendEntries, LoneNode } from './lone-node.ts';

// One test or more for each row of the table "What a client is told" of the design.

const write: RequestBody = { type: 'write', key: 'x', value: 1 };
const read: RequestBody = { type: 'read', key: 'x' };
const put = { op: 'put', key: 'x', value: 1 };

describe('11: refused before it could reach any log', () => {
  test.each([write, read, { type: 'cas', key: 'x', from: 1, to: 2 }, { type: 'delete', key: 'x' }] as const)(
    'no leader within P: $type',
    (body) => {
      const made = TestCluster.ready(3);
      made.isolate('n3');
      made.cluster.runFor(3 * electionTimeoutMs);
      const request = made.send('n3', body);
      const sentAtMs = made.cluster.nowMs();
      made.cluster.runFor(2 * electionTimeoutMs);
      const unavailable = { type: 'error', code: 11, text: 'no leader is known' };
      expect(made.told(request)).toEqual([{ atMs: sentAtMs + electionTimeoutMs, body: unavailable }]);
      made.heal();
      made.cluster.runFor(2000);
      expect(made.answers(request)).toHaveLength(1);
      expect(made.commandsIn('n1')).not.toContainEqual(put);
    },
  );

  test('a leader within P takes what has been waiting for one', () => {
    const made = TestCluster.ready(3);
    made.isolate('n3');
    made.cluster.runFor(3 * electionTimeoutMs);
    const [written, asked] = [made.send('n3', write), made.send('n3', read)];
    made.heal();
    made.cluster.runFor(electionTimeoutMs);
    expect(made.answers(written)).toEqual([{ type: 'write_ok' }]);
    expect(made.answers(asked)).toHaveLength(1);
  });

  test('a full queue, at once', () => {
    const made = TestCluster.ready(3, { maxPending: 2 });
    made.isolate('n1');
    const writes = [made.send('n1', write), made.send('n1', write), made.send('n1', { type: 'delete', key: 'x' })];
    const reads = [made.send('n1', read), made.send('n1', read), made.send('n1', read)];
    const sentAtMs = made.cluster.nowMs();
    made.cluster.runFor(1);
    const full = (what: string): object => {
      return { atMs: sentAtMs, body: { type: 'error', code: 11, text: `too many ${what} pending` } };
    };
    expect(writes.map((request) => made.told(request))).toEqual([[], [], [full('writes')]]);
    expect(reads.map((request) => made.told(request))).toEqual([[], [], [full('reads')]]);
  });

  test('a queue that has been full takes requests again', () => {
    const made = TestCluster.ready(3, { maxPending: 2 });
    made.ask('n1', write);
    for (let round = 0; round < 3; round += 1) {
      const requests = [made.send('n2', write), made.send('n2', write), made.send('n2', read), made.send('n2', read)];
      made.cluster.runFor(100);
      const told = requests.map((request) => made.answers(request)[0]?.['type']);
      expect(told).toEqual(['write_ok', 'write_ok', 'read_ok', 'read_ok']);
    }
  });

  test.each([write, read, { type: 'raft_append', entry: { command: put } }, { type: 'raft_log' }] as const)(
    'before init: $type',
    (body) => {
      const made = new TestCluster(3);
      expect(made.ask('n1', body)).toEqual({ type: 'error', code: 11, text: 'not initialized yet' });
    },
  );

  test('raft_append where the leader is elsewhere, with its name', () => {
    const made = TestCluster.ready(3);
    const body: RequestBody = { type: 'raft_append', entry: { command: put } };
    expect(made.ask('n2', body)).toEqual({ type: 'error', code: 11, text: 'the leader is n1' });
    expect(made.commandsIn('n1')).toEqual([]);
  });
});

describe('10, 12, 22: not an operation, malformed, a wrong fence', () => {
  test('not an operation we know: 10', () => {
    const made = TestCluster.ready(3);
    const request = made.send('n2', { type: 'increment' });
    made.cluster.runFor(1);
    expect(made.answers(request)).toEqual([{ type: 'error', code: 10, text: 'body.type: unknown type "increment"' }]);
  });

  test('malformed: 12, with the path of the field', () => {
    const made = TestCluster.ready(3);
    const request = made.send('n2', { type: 'cas', key: 'x', from: 1 });
    made.cluster.runFor(1);
    expect(made.answers(request)).toEqual([{ type: 'error', code: 12, text: 'body.to: missing' }]);
  });

  test('a wrong fence: 22, and nothing is appended', () => {
    const made = TestCluster.ready(3);
    const told = made.ask('n1', { type: 'raft_append', entry: { term: 2, command: put } });
    expect(told).toEqual({ type: 'error', code: 22, text: "body.entry.term: the leader's term is 1, not 2" });
    expect(made.commandsIn('n1')).toEqual([]);
  });
});

describe('14: it will never take effect', () => {
  test('an entry of another term is committed at its index', () => {
    const made = TestCluster.ready(3);
    made.isolate('n1');
    const lost = made.send('n1', write);
    made.cluster.runFor(4 * electionTimeoutMs);
    expect(made.answers(lost), 'while n1 knows of nothing').toEqual([]);
    made.heal();
    made.cluster.runFor(1000);
    expect(made.answers(lost)).toMatchObject([{ type: 'error', code: 14 }]);
    expect(made.ask('n1', read)).toMatchObject({ code: 20 });
  });

  test('also where the entry there is of an earlier term than the proposal', () => {
    const node = new LoneNode({ nodeId: 'n1', nodeIds: ['n2', 'n1', 'n3'] });
    winTerm2(node);
    node.runFor(10);
    const request = node.send('c1', write);
    // The no-op of n1 is entry 1, the write entry 2. The leader of term 3 has entries of term 1 there.
    const older = [1, 2].map((index) => ({ term: 1, index, command: 'SET old 1' }));
    node.runFor(electionTimeoutMs);
    node.take();
    node.send('n3', appendEntries('n3', 3, { entries: older, commit: 2 }));
    expect(node.takeFor('c1')).toMatchObject([{ type: 'error', in_reply_to: request, code: 14 }]);
  });

  test('proposed at an unknown index, and an entry of a later term has been applied', () => {
    const made = TestCluster.ready(3);
    made.isolate('n1');
    const forwarded = made.send('n2', write);
    made.cluster.runFor(1);
    expect(made.answers(forwarded)).toEqual([]);
    made.cluster.runFor(4 * electionTimeoutMs);
    expect(made.answers(forwarded)).toMatchObject([{ type: 'error', code: 14 }]);
    made.heal();
    made.cluster.runFor(1000);
    expect(made.ask('n1', read)).toMatchObject({ code: 20 });
  });

  test('an entry of the same term, or one that is not applied yet, proves nothing', () => {
    const node = new LoneNode({ nodeId: 'n2' });
    node.send('n1', appendEntries('n1', 1));
    node.send('c1', write);
    node.send('n1', appendEntries('n1', 1, { entries: [{ term: 1, index: 1, command: 'SET y 1' }], commit: 1 }));
    const later = [{ term: 2, index: 2, command: null }];
    node.runFor(electionTimeoutMs);
    node.send('n3', appendEntries('n3', 2, { prev: [1, 1], entries: later, commit: 1 }));
    expect(node.takeFor('c1'), 'the entry of term 2 is not committed').toEqual([]);
    node.send('n3', appendEntries('n3', 2, { prev: [2, 2], commit: 2 }));
    expect(node.takeFor('c1')).toMatchObject([{ type: 'error', code: 14 }]);
  });
});

describe('nothing yet: its entry was truncated', () => {
  test('and it may still commit from another log: then its result comes', () => {
    const node = new LoneNode({ nodeId: 'n1' });
    const request = node.send('c1', write);
    const own = { term: 1, index: 1, command: put, origin: { node: 'n1', id: 0 } };
    node.runFor(4 * electionTimeoutMs);
    node.take();
    node.send('n2', appendEntries('n2', 2, { entries: [{ term: 2, index: 1, command: null }] }));
    node.send('c2', { type: 'raft_log' });
    expect(node.takeFor('c2')).toMatchObject([{ entries: [{ term: 2, command: null }] }]);
    node.send('n3', appendEntries('n3', 3, { entries: [own, { term: 3, index: 2, command: null }], commit: 2 }));
    expect(node.takeFor('c1')).toEqual([{ type: 'write_ok', in_reply_to: request }]);
  });

  test('and no answer comes before that', () => {
    const node = new LoneNode({ nodeId: 'n1' });
    node.send('c1', write);
    node.runFor(4 * electionTimeoutMs);
    node.send('n2', appendEntries('n2', 2, { entries: [{ term: 2, index: 1, command: null }] }));
    expect(node.takeFor('c1')).toEqual([]);
  });
});

describe('the result: its entry is applied, under whichever leader', () => {
  test('on every node, of every operation', () => {
    const made = TestCluster.ready(3);
    const ok = (type: string): object => ({ type });
    expect(made.ask('n2', { type: 'write', key: 1, value: 'a' })).toEqual(ok('write_ok'));
    expect(made.ask('n3', { type: 'read', key: 1 })).toEqual({ type: 'read_ok', value: 'a' });
    expect(made.ask('n1', { type: 'cas', key: 1, from: 'a', to: 'b' })).toEqual(ok('cas_ok'));
    expect(made.ask('n3', { type: 'cas', key: 1, from: 'a', to: 'c' })).toMatchObject({ type: 'error', code: 22 });
    expect(made.ask('n2', { type: 'read', key: 1 })).toEqual({ type: 'read_ok', value: 'b' });
    expect(made.ask('n3', { type: 'delete', key: 1 })).toEqual(ok('delete_ok'));
    expect(made.ask('n1', { type: 'read', key: 1 })).toMatchObject({ type: 'error', code: 20 });
    expect(made.ask('n2', { type: 'cas', key: 1, from: 'b', to: 'c' })).toMatchObject({ type: 'error', code: 20 });
  });

  test('also where the leader that logged it leads no longer', () => {
    const made = TestCluster.ready(3);
    const request = made.send('n1', write);
    made.deafen('n1');
    made.cluster.runFor(1.5 * latencyMs);
    // n2 and n3 have the entry by now; their acknowledgements will find n1 cut off.
    made.isolate('n1');
    made.cluster.runFor(4 * electionTimeoutMs);
    expect(made.answers(request)).toEqual([]);
    expect(made.ask('n2', { type: 'raft_status' })).toMatchObject({ term: 2 });
    made.heal();
    made.cluster.runFor(1000);
    expect(made.answers(request)).toEqual([{ type: 'write_ok' }]);
  });

  test('also where it was forwarded to a leader that crashed', () => {
    const made = TestCluster.ready(3);
    const request = made.send('n2', write);
    // One latency to the leader, one more until the entry is on n2 and n3.
    made.cluster.runFor(2.5 * latencyMs);
    made.cluster.kill('n1');
    expect(made.answers(request)).toEqual([]);
    made.cluster.runFor(4 * electionTimeoutMs);
    expect(made.answers(request)).toEqual([{ type: 'write_ok' }]);
  });
});

describe('13: pending for 10 s', () => {
  test('a write, and it is forgotten', () => {
    const made = TestCluster.ready(3);
    made.isolate('n1');
    const request = made.send('n1', write);
    const sentAtMs = made.cluster.nowMs();
    made.cluster.runFor(9999);
    expect(made.answers(request)).toEqual([]);
    made.cluster.runFor(1);
    expect(made.told(request)).toMatchObject([{ atMs: sentAtMs + 10_000, body: { type: 'error', code: 13 } }]);
    made.heal();
    made.cluster.runFor(2000);
    expect(made.answers(request)).toHaveLength(1);
  });

  test('a read whose leader cannot be reached', () => {
    const made = TestCluster.ready(3);
    made.isolate('n3');
    const request = made.send('n3', read);
    const sentAtMs = made.cluster.nowMs();
    made.cluster.runFor(11_000);
    expect(made.told(request)).toMatchObject([{ atMs: sentAtMs + 10_000, body: { type: 'error', code: 13 } }]);
    made.heal();
    made.cluster.runFor(2000);
    expect(made.answers(request)).toHaveLength(1);
  });

  test('the room that it took is free again', () => {
    const made = TestCluster.ready(3, { maxPending: 1 });
    made.isolate('n1');
    made.send('n1', write);
    made.send('n1', read);
    made.cluster.runFor(10_500);
    made.heal();
    made.cluster.runFor(1000);
    expect(made.ask('n1', write)).toEqual({ type: 'write_ok' });
    expect(made.ask('n1', read)).toEqual({ type: 'read_ok', value: 1 });
  });
});

/** Node n1, of voters n2, n1 and n3, becomes the leader of term 2 by the votes of n2. */
function winTerm2(node: LoneNode): void {
  node.runFor(2 * electionTimeoutMs);
  for (const type of ['pre_vote', 'request_vote'] as const) {
    const asked = node.takeSent('n2', type).at(-1);
    if (asked === undefined) throw new Error(`no ${type} was sent`);
    node.reply('n2', asked.msgId, { type: `${type}_ok`, term: 2, vote_granted: true });
  }
}

describe('13: a snapshot was installed over the place', () => {
  /** n3 has forwarded a write and missed what came of it; by now nobody has the entry any more. */
  function behind(): { readonly made: TestCluster; readonly request: number } {
    const made = TestCluster.ready(3, { snapshots: { ...defaultSnapshotPolicy, snapshotEntries: 2, keepEntries: 0 } });
    made.deafen('n3');
    const request = made.send('n3', write);
    // For a follower that answers, the leader would keep its log.
    made.cluster.runFor(electionTimeoutMs);
    for (const value of [2, 3, 4]) made.ask('n1', { type: 'write', key: 'y', value });
    expect(made.ask('n1', { type: 'raft_status' })).toMatchObject({ first_index: 5 });
    expect(made.told(request)).toEqual([]);
    return { made, request };
  }

  test('its outcome is in doubt, though it took effect', () => {
    const { made, request } = behind();
    made.heal();
    made.cluster.runFor(electionTimeoutMs);
    expect(made.answers(request)).toMatchObject([{ type: 'error', code: 13 }]);
    expect(made.ask('n3', { type: 'raft_status' })).toMatchObject({ commit_index: 4, last_applied: 4, first_index: 5 });
    expect(made.ask('n3', read)).toEqual({ type: 'read_ok', value: 1 });
  });

  test('an entry of a later term behind it proves nothing about what the snapshot covers', () => {
    const { made, request } = behind();
    made.isolate('n1');
    made.cluster.runFor(4 * electionTimeoutMs);
    made.heal();
    made.cluster.runFor(4 * electionTimeoutMs);
    expect(made.ask('n3', { type: 'raft_status' })).toMatchObject({ role: expect.any(String) });
    expect(made.answers(request)).toMatchObject([{ type: 'error', code: 13 }]);
  });
});

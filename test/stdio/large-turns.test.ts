import { expect, test } from 'vitest';
import { kv } from '../../src/services/kv/service.ts';
import { Node } from '../../src/stdio/node.ts';
import { MemoryStorage } from '../../src/storage/memory-storage.ts';
import { defaultSnapshotPolicy } from '../../src/member/snapshots.ts';
import { line, parsedLines } from '../messages.ts';

// What a node says in a turn is bounded, whatever there is to be said.

const mebibyte = 1024 * 1024;
const command = `SET x ${'v'.repeat(900_000)}`;

/** A node that leads; its clock stands still unless it is told otherwise. */
class Leader {
  readonly node: Node;
  #nowMs = 0;

  constructor(nodeIds: readonly string[]) {
    const [options, openStorage] = [{ electionTimeoutMs: 500, heartbeatMs: 150, maxPending: 10_000 }, () => new MemoryStorage()];
    this.node = new Node({ ...options, snapshots: defaultSnapshotPolicy, openStorage, service: kv, seed: 1 });
    this.hear('c0', { type: 'init', msg_id: 1, node_id: 'n1', node_ids: nodeIds });
    this.turn();
    this.hear('c1', { type: 'raft_append', msg_id: 2, entry: { command: 'SET x 1' } });
    this.turn();
  }

  hear(src: string, body: object): void {
    this.node.receive(Buffer.from(line(src, body)), this.#nowMs);
  }

  turn(): readonly string[] {
    return this.node.turn(this.#nowMs).lines;
  }

  /** Time passes until its first entries or heartbeats go out. They are lost. */
  untilItSends(): readonly string[] {
    for (;;) {
      this.#nowMs += 10;
      const sent = this.turn().filter((text) => text.includes('"append_entries"'));
      if (sent.length > 0) return sent;
    }
  }

  /** Turns as long as there is more to say: what each of them says. */
  turns(): readonly (readonly string[])[] {
    const turns = [this.turn()];
    while (this.node.hasMore) turns.push(this.turn());
    return turns;
  }
}

function longest(turns: readonly (readonly string[])[]): number {
  return Math.max(...turns.map((lines) => lines.reduce((sum, { length }) => sum + length, 0)));
}

test('a leader with many followers sends its entries in several turns', () => {
  const leader = new Leader(Array.from({ length: 17 }, (_, at) => `n${at + 1}`));
  for (const { dest, body } of parsedLines(leader.untilItSends().map((text) => `${text}\n`).join(''))) {
    leader.hear(dest, { type: 'append_entries_ok', in_reply_to: body['msg_id'], term: 1, success: true, match_index: 1 });
  }
  leader.turns();
  // One message a turn goes to each follower; sixteen of them are more than a turn says.
  leader.hear('c1', { type: 'raft_append', msg_id: 20, entry: { command } });
  const turns = leader.turns();
  expect(longest(turns)).toBeGreaterThan(8 * mebibyte);
  expect(longest(turns)).toBeLessThan(9 * mebibyte);
  expect(turns.flat().filter((text) => text.includes('"append_entries"') && text.includes(command)).length).toBe(16);
});

test('heartbeats do not wait for large answers to clients', () => {
  const leader = new Leader(['n1', 'n2']);
  leader.hear('c1', { type: 'raft_append', msg_id: 10, entry: { command } });
  leader.turns();
  for (let at = 0; at < 100; at += 1) leader.hear('c1', { type: 'raft_log', msg_id: 20 + at });
  leader.untilItSends();
  expect(leader.node.hasMore).toBe(true);
  expect(leader.turns().flat().filter((text) => text.includes('"raft_log_ok"')).length).toBeLessThan(97);
});

test('looks at the log that wait are not taken up before there is room for what they show', () => {
  const leader = new Leader(['n1']);
  for (let at = 0; at < 100; at += 1) leader.hear('c1', { type: 'raft_log', msg_id: 20 + at });
  const shown = [...leader.turn()];
  leader.hear('c1', { type: 'raft_append', msg_id: 10, entry: { command: 'SET x 2' } });
  shown.push(...leader.turns().flat().filter((text) => text.includes('"raft_log_ok"')));
  expect(shown.map((text) => text.includes('SET x 2'))).toEqual(Array.from({ length: 100 }, (_, at) => at >= 64));
});

test('a node that has much to say says so', () => {
  const leader = new Leader(['n1']);
  for (let at = 0; at < 33_000; at += 1) leader.hear('c1', { type: 'raft_log', msg_id: 20 + at });
  expect(leader.node.isBehind).toBe(true);
  expect(leader.turns().flat().length).toBe(33_000);
  expect(leader.node.isBehind).toBe(false);
});

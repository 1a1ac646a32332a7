import { describe, expect, test } from 'vitest';
import { maxCommandBytes, maxLineBytes } from '../../src/wire/limits.ts';
import type { RequestBody } from '../requests.ts';
import { TestCluster } from './cluster.ts';
import { appendEntries, electionTimeoutMs, LoneNode } from './lone-node.ts';

function write(value: string | number): RequestBody {
  return { type: 'write', key: 'x', value };
}

/** The request ids of forwarded proposals. */
function idsIn(requests: unknown): readonly number[] {
  return Array.isArray(requests) ? requests.map(({ id }) => Number(id)) : [];
}

/** A follower, n2, that has heard from its leader, n1, of term 1. */
function follower(): LoneNode {
  const node = new LoneNode({ nodeId: 'n2' });
  node.send('n1', appendEntries('n1', 1));
  node.take();
  return node;
}

describe('a follower forwards its writes to the leader', () => {
  test('those of one turn in one message, naming the term of the leader', () => {
    const node = follower();
    node.receive('c1', write(1));
    node.receive('c2', { type: 'delete', key: 'x' });
    node.send('c3', { type: 'cas', key: 'x', from: 1, to: 2 });
    const sent = node.take().map(({ dest, body: { type, term, requests } }) => ({ dest, type, term, requests }));
    const firstId = idsIn(sent[0]?.requests)[0] ?? NaN;
    expect(sent).toEqual([
      {
        dest: 'n1',
        type: 'propose',
        term: 1,
        requests: [
          { id: firstId, command: { op: 'put', key: 'x', value: 1 } },
          { id: firstId + 1, command: { op: 'delete', key: 'x' } },
          { id: firstId + 2, command: { op: 'cas', key: 'x', from: 1, to: 2 } },
        ],
      },
    ]);
  });

  test('and answers when it applies the entry that names it, whatever stands around it', () => {
    const node = follower();
    const [first, second] = [node.send('c1', write(1)), node.send('c2', { type: 'cas', key: 'x', from: 7, to: 2 })];
    const [firstId = NaN, secondId = NaN] = node.takeSent('n1', 'propose').flatMap(({ body }) => idsIn(body['requests']));
    const entries = [
      { term: 1, index: 1, command: { op: 'put', key: 'x', value: 7 }, origin: { node: 'n3', id: firstId } },
      { term: 1, index: 2, command: { op: 'cas', key: 'x', from: 7, to: 2 }, origin: { node: 'n2', id: secondId } },
      { term: 1, index: 3, command: { op: 'put', key: 'x', value: 1 }, origin: { node: 'n2', id: firstId } },
    ];
    node.send('n1', appendEntries('n1', 1, { entries, commit: 2 }));
    expect(node.take().filter(({ dest }) => dest.startsWith('c')).map(({ body }) => body)).toMatchObject([
      { type: 'cas_ok', in_reply_to: second },
    ]);
    node.send('n1', appendEntries('n1', 1, { prev: [3, 1], commit: 3 }));
    expect(node.takeFor('c1')).toEqual([{ type: 'write_ok', in_reply_to: first }]);
  });

  test('once: it is not repeated while nothing is heard', () => {
    const node = follower();
    node.send('c1', write(1));
    node.take();
    for (let heartbeat = 0; heartbeat < 20; heartbeat += 1) {
      node.runFor(100);
      node.send('n1', appendEntries('n1', 1));
    }
    expect(node.takeSent('n1', 'propose')).toEqual([]);
  });

  test('a refusal by who does not lead the term gives no answer: it may be to a second copy of what is in a log', () => {
    const node = follower();
    const request = node.send('c1', write(1));
    const [forward] = node.takeSent('n1', 'propose');
    node.reply('n1', forward?.msgId ?? NaN, { type: 'error', code: 11, text: 'hand-over refused: not-leader' });
    node.runFor(electionTimeoutMs - 10);
    expect(node.takeFor('c1')).toEqual([]);
    const [id = NaN] = idsIn(forward?.body['requests']);
    const entry = { term: 1, index: 1, command: { op: 'put', key: 'x', value: 1 }, origin: { node: 'n2', id } };
    node.send('n1', appendEntries('n1', 1, { entries: [entry], commit: 1 }));
    expect(node.takeFor('c1')).toEqual([{ type: 'write_ok', in_reply_to: request }]);
  });

  test('in as many messages as it takes, none longer than a node takes in', () => {
    const node = follower();
    // Three bytes of UTF-8 each: counted in characters, three of these would seem to fit in one message.
    const value = '界'.repeat(300_000);
    for (let request = 0; request < 4; request += 1) node.receive('c1', write(value));
    node.turn();
    node.runFor(100);
    const forwards = node.takeSent('n1', 'propose').map(({ body }) => body);
    expect(forwards.flatMap(({ requests }) => requests)).toHaveLength(4);
    for (const body of forwards) expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(maxLineBytes);
  });

  test('many small ones too: what is around a command counts', () => {
    const node = new LoneNode({ nodeId: 'n2', maxPending: 100_000 });
    node.send('n1', appendEntries('n1', 1));
    node.take();
    for (let request = 0; request < 60_000; request += 1) node.receive('c1', { type: 'delete', key: 1 });
    node.turn();
    node.runFor(100);
    const forwards = node.takeSent('n1', 'propose').map(({ body }) => body);
    expect(forwards.flatMap(({ requests }) => requests)).toHaveLength(60_000);
    for (const body of forwards) expect(JSON.stringify(body).length).toBeLessThan(maxCommandBytes + 1000);
  });
});

describe('the leader takes forwarded proposals', () => {
  const requests = [{ id: 0, command: { op: 'put', key: 'x', value: 1 } }];

  function logOf(node: LoneNode): unknown {
    node.send('c9', { type: 'raft_log' });
    const [answer] = node.takeFor('c9');
    return answer !== undefined && 'entries' in answer ? answer.entries : undefined;
  }

  function leader(): LoneNode {
    const node = new LoneNode();
    node.send('c1', { type: 'raft_status' });
    node.take();
    return node;
  }

  test('once, however often it arrives', () => {
    const node = leader();
    node.send('n2', { type: 'propose', term: 1, requests }, 70);
    node.send('n2', { type: 'propose', term: 1, requests }, 70);
    expect(logOf(node)).toEqual([{ term: 1, index: 1, command: requests[0]?.command, origin: { node: 'n2', id: 0 } }]);
  });

  test('of each node: two nodes may number theirs alike', () => {
    const node = leader();
    node.send('n2', { type: 'propose', term: 1, requests }, 70);
    node.send('n3', { type: 'propose', term: 1, requests }, 70);
    expect(logOf(node)).toMatchObject([{ origin: { node: 'n2' } }, { origin: { node: 'n3' } }]);
  });

  test.each([0, 2])('only in its own term, not in %i', (term) => {
    const node = leader();
    const msgId = node.send('n2', { type: 'propose', term, requests });
    const refusal = { type: 'error', in_reply_to: msgId, code: 11, text: 'hand-over refused: wrong-term' };
    expect(node.takeFor('n2')).toEqual([refusal]);
    expect(logOf(node)).toEqual([]);
  });

  test('a node that does not lead refuses it', () => {
    const node = follower();
    const msgId = node.send('n3', { type: 'propose', term: 1, requests });
    const refusal = { type: 'error', in_reply_to: msgId, code: 11, text: 'hand-over refused: not-leader' };
    expect(node.takeFor('n3')).toEqual([refusal]);
    expect(logOf(node)).toEqual([]);
  });
});

test('in a network that delivers everything twice, every write is logged once', () => {
  const made = TestCluster.ready(3, { duplicationRate: 1 });
  const written = Array.from({ length: 20 }, (_, value) => made.send(value % 2 === 0 ? 'n2' : 'n3', write(value)));
  made.cluster.runFor(2000);
  expect(written.map((request) => made.answers(request))).toEqual(written.map(() => [{ type: 'write_ok' }]));
  expect(made.commandsIn('n1')).toHaveLength(written.length);
});

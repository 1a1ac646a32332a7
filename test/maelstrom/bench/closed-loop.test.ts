import { beforeEach, describe, expect, it } from 'vitest';
import { answerLimitMs, ClosedLoop } from '../../../maelstrom/bench/closed-loop.ts';
import { Operations } from '../../../maelstrom/bench/operations.ts';

let asked: { node: number; line: string }[];
let faults: string[];

beforeEach(() => {
  asked = [];
  faults = [];
});

/** Clients that only read, or only write, and have asked for the first time. */
function start(clientCount: number, nodeCount: number, readShare = 1, firstClient = 1): ClosedLoop {
  const clients = new ClosedLoop({
    clientCount,
    firstClient,
    nodeIds: Array.from({ length: nodeCount }, (_, place) => `n${place}`),
    operations: new Operations({ readShare, keyCount: 10, valueBytes: 4, seed: 1 }),
    ask: (node, line) => asked.push({ node, line }),
    onFault: (node, what) => faults.push(`n${node} ${what}`),
  });
  clients.start(0);
  return clients;
}

describe('clients in a closed loop', () => {
  it('ask what a node understands, each under its own name and number', () => {
    start(2, 1, 0);
    const requests = asked.map(({ line }) => JSON.parse(line));
    expect(requests).toEqual([
      { src: 'c1', dest: 'n0', body: { type: 'write', msg_id: 1, key: expect.any(Number), value: expect.any(String) } },
      { src: 'c2', dest: 'n0', body: { type: 'write', msg_id: 1, key: expect.any(Number), value: expect.any(String) } },
    ]);
    expect(requests[0].body.value).toHaveLength(4);
    expect(asked.every(({ line }) => line.endsWith('}}\n'))).toBe(true);
  });

  it('ask again when they are answered, and not before', () => {
    const clients = start(2, 1);
    clients.nowMs = 5;
    clients.succeeded(0, 2, 'read_ok', 1);
    expect(asked.slice(2).map(({ line }) => JSON.parse(line))).toMatchObject([{ src: 'c2', body: { msg_id: 2 } }]);
    expect(clients.tally.succeeded).toBe(1);
    expect(clients.tally.latencies('all').quantileMs(1)).toBeCloseTo(5, 1);
    expect(faults).toEqual([]);
  });

  it('are spread over the nodes, and stay with theirs', () => {
    const clients = start(4, 3);
    expect(asked.map(({ node }) => node)).toEqual([0, 1, 2, 0]);
    clients.succeeded(1, 2, 'read_ok', 1);
    expect(asked.at(-1)).toMatchObject({ node: 1 });
  });

  it('go round the nodes where there are fewer than nodes', () => {
    const clients = start(1, 3);
    for (let number = 1; number <= 4; number += 1) clients.succeeded((number - 1) % 3, 1, 'read_ok', number);
    expect(asked.map(({ node }) => node)).toEqual([0, 1, 2, 0, 1]);
    expect(asked.map(({ line }) => JSON.parse(line).dest)).toEqual(['n0', 'n1', 'n2', 'n0', 'n1']);
    expect(faults).toEqual([]);
  });

  it('take an answer in any shape', () => {
    const clients = start(1, 1);
    clients.answeredOtherwise(0, 1, { value: 3, type: 'read_ok', in_reply_to: 1 });
    expect(clients.tally.succeeded).toBe(1);
    expect(asked).toHaveLength(2);
  });

  it('take it for an answer that a key does not exist, to a read and not to a write', () => {
    const reading = start(1, 1);
    reading.answeredOtherwise(0, 1, { type: 'error', code: 20, in_reply_to: 1 });
    expect(reading.tally).toMatchObject({ succeeded: 1, notFound: 1, failed: 0 });
    const writing = start(1, 1, 0);
    writing.answeredOtherwise(0, 1, { type: 'error', code: 20, in_reply_to: 1 });
    expect(writing.tally).toMatchObject({ succeeded: 0, notFound: 0, failed: 1 });
  });

  it('count errors by their code, and rest before they ask again', () => {
    const clients = start(1, 1);
    clients.answeredOtherwise(0, 1, { type: 'error', code: 11, in_reply_to: 1 });
    clients.tick(9);
    expect(asked).toHaveLength(1);
    clients.tick(10);
    expect(asked).toHaveLength(2);
    expect([...clients.tally.errors]).toEqual([[11, 1]]);
    clients.tick(20);
    expect(asked).toHaveLength(2);
  });

  it('give up on an answer in the end, and do not mind when it comes late', () => {
    const clients = start(1, 1);
    clients.tick(answerLimitMs - 1);
    expect(asked).toHaveLength(1);
    clients.tick(answerLimitMs);
    expect(asked).toHaveLength(2);
    clients.succeeded(0, 1, 'read_ok', 1);
    expect(clients.tally).toMatchObject({ succeeded: 0, timeouts: 1, failed: 1 });
    clients.succeeded(0, 1, 'read_ok', 2);
    expect(clients.tally.succeeded).toBe(1);
    expect(faults).toEqual([]);
  });

  it('are called by their numbers, from the first on', () => {
    const clients = start(2, 1, 1, 65);
    expect(asked.map(({ line }) => JSON.parse(line).src)).toEqual(['c65', 'c66']);
    clients.succeeded(0, 66, 'read_ok', 1);
    expect(clients.tally.succeeded).toBe(1);
    expect(faults).toEqual([]);
  });

  it('do not mind late answers to those who asked before them', () => {
    const clients = start(2, 1, 1, 65);
    clients.succeeded(0, 64, 'read_ok', 1);
    expect(clients.tally.succeeded).toBe(0);
    expect(faults).toEqual([]);
    clients.succeeded(0, 67, 'read_ok', 1);
    expect(faults).toHaveLength(1);
  });

  it('ask nothing more once they are stopped, and are idle when all are answered', () => {
    const clients = start(3, 1);
    clients.answeredOtherwise(0, 3, { type: 'error', code: 11, in_reply_to: 1 });
    clients.stop();
    clients.succeeded(0, 1, 'read_ok', 1);
    expect(clients.isIdle).toBe(false);
    clients.succeeded(0, 2, 'read_ok', 1);
    clients.tick(1000);
    expect(clients.isIdle).toBe(true);
    expect(asked).toHaveLength(3);
    expect(clients.tally.succeeded).toBe(2);
  });

  it('count from when they are told to', () => {
    const clients = start(1, 1);
    clients.succeeded(0, 1, 'read_ok', 1);
    clients.startTally();
    clients.succeeded(0, 1, 'read_ok', 2);
    expect(clients.tally.succeeded).toBe(1);
  });

  it.each<[string, (clients: ClosedLoop) => void, string]>([
    ['answers twice', (clients) => [1, 1].forEach((id) => clients.succeeded(0, 1, 'read_ok', id)), 'n0 answered request 1'],
    [
      'takes an error back',
      (clients) => {
        clients.answeredOtherwise(0, 1, { type: 'error', code: 13, in_reply_to: 1 });
        clients.succeeded(0, 1, 'read_ok', 1);
      },
      'n0 answered request 1 of c1, which does not await that',
    ],
    [
      'answers what comes next',
      (clients) => {
        clients.tick(answerLimitMs);
        clients.succeeded(0, 1, 'read_ok', 3);
      },
      'n0 answered request 3 of c1',
    ],
    ['answers what was not asked', (clients) => clients.succeeded(0, 1, 'read_ok', 7), 'n0 answered request 7 of c1'],
    ['answers for another', (clients) => clients.succeeded(1, 1, 'read_ok', 1), 'n1 answered request 1 of c1'],
    ['answers nobody', (clients) => clients.succeeded(0, 9, 'read_ok', 1), 'n0 answered request 1 of c9'],
    ['says written to a read', (clients) => clients.succeeded(0, 1, 'write_ok', 1), 'n0 answered a read with write_ok'],
    [
      'says something else',
      (clients) => clients.answeredOtherwise(0, 1, { type: 'cas_ok', in_reply_to: 1 }),
      'n0 answered a read with {"type":"cas_ok"',
    ],
    ['asks a client', (clients) => clients.answeredOtherwise(0, 1, { type: 'read' }), 'n0 sent a client what answers'],
  ])('notice a node that %s', (_, misbehave, said) => {
    misbehave(start(2, 2));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(said);
  });
});

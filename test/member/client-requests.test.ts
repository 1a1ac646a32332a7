import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/raft/messages.ts';
import { ClientRequests } from '../../src/member/client-requests.ts';

const leaderlessLimitMs = 500;

/** Requests of clients that are numbers, and what they have been told. */
interface Fresh {
  readonly requests: ClientRequests<number, string, string>;
  /** Since this was asked last. */
  readonly told: () => readonly (readonly [client: number, outcome: string])[];
}

function fresh(limitMs = leaderlessLimitMs): Fresh {
  const told: (readonly [number, string])[] = [];
  let nextId = 0;
  const requests = new ClientRequests<number, string, string>({
    nodeId: 'n1',
    ids: { take: () => nextId++ },
    leaderlessLimitMs: limitMs,
    maxPending: 2,
    tell: (client, outcome) => told.push([client, outcome.kind === 'refused' ? outcome.why.kind : outcome.kind]),
  });
  return { requests, told: () => told.splice(0) };
}

function entry(term: number, index: number, id?: number): Entry {
  return { term, index, command: null, ...(id !== undefined && { origin: { node: 'n1', id } }) };
}

test('an answer is given once', () => {
  const { requests, told } = fresh();
  requests.write(1, null, 0, false);
  requests.proposed(requests.waitingWrites(), 1, 1);
  requests.applied(entry(1, 1, 0), 'result');
  expect(told()).toEqual([[1, 'done']]);
  requests.applied(entry(1, 1, 0), 'result');
  expect(told()).toEqual([]);
});

test('an entry may be the result of one request and the proof against another', () => {
  const { requests, told } = fresh();
  requests.write(1, null, 0, false);
  requests.forwarded(requests.waitingWrites(), 1, 1);
  requests.write(2, null, 0, false);
  requests.forwarded(requests.waitingWrites(), 2, 2);
  requests.applied(entry(2, 1, 1), 'result');
  expect(told()).toEqual([
    [2, 'done'],
    [1, 'aborted'],
  ]);
});

test('writes that this node\'s own full log has not taken are refused', () => {
  const { requests, told } = fresh();
  requests.write(1, null, 0, false);
  requests.refused(requests.waitingWrites(), { kind: 'log-full' });
  expect(told()).toEqual([[1, 'log-full']]);
  expect(requests.hasWaiting).toBe(false);
});

test('writes and reads have a queue each', () => {
  const { requests, told } = fresh();
  for (const msgId of [1, 2, 3]) requests.write(msgId, null, 0, false);
  for (const msgId of [4, 5, 6]) requests.read(msgId, 'x', 0);
  expect(told()).toEqual([
    [3, 'too-many-pending'],
    [6, 'too-many-pending'],
  ]);
});

describe('deadlines', () => {
  test('there is none where nothing is pending', () => {
    expect(fresh().requests.nextDeadlineMs()).toBe(Infinity);
  });

  test('who waits for a leader waits until the limit', () => {
    const { requests, told } = fresh();
    requests.read(1, 'x', 30);
    requests.write(2, null, 20, false);
    expect(requests.nextDeadlineMs()).toBe(520);
    expect([requests.tick(519), told()]).toEqual([[], []]);
    requests.tick(530);
    expect(told()).toEqual([
      [2, 'no-leader'],
      [1, 'no-leader'],
    ]);
  });

  test('who has been proposed or asked waits for ten seconds', () => {
    const { requests, told } = fresh();
    requests.read(1, 'x', 30);
    requests.write(2, null, 20, false);
    const [read] = requests.readsToAsk();
    requests.forwarded(requests.waitingWrites(), 1, 1);
    expect(requests.nextDeadlineMs()).toBe(10_020);
    expect([requests.tick(10_019), told()]).toEqual([[], []]);
    expect(requests.tick(10_030)).toEqual([read?.id]);
    expect(told()).toEqual([
      [2, 'in-doubt'],
      [1, 'in-doubt'],
    ]);
  });

  test('a request waits for a leader for no longer than ten seconds', () => {
    const { requests, told } = fresh(60_000);
    requests.write(1, null, 0, false);
    expect(requests.nextDeadlineMs()).toBe(10_000);
    requests.tick(10_000);
    expect(told()).toEqual([[1, 'no-leader']]);
  });
});

test('an installed snapshot leaves what it may cover in doubt', () => {
  const { requests, told } = fresh();
  requests.write(1, null, 0, false);
  requests.forwarded(requests.waitingWrites(), 1, 1);
  requests.installed(9);
  expect(told()).toEqual([[1, 'in-doubt']]);
});

test('a forward that its leader refused is refused from there on', () => {
  const { requests, told } = fresh();
  requests.write(1, null, 0, false);
  requests.write(2, null, 0, false);
  requests.forwarded(requests.waitingWrites(), 1, 5);
  requests.refusedByLeader(5, 1, 'n2');
  expect(told()).toEqual([[2, 'refused-by-leader']]);
});

import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/raft/messages.ts';
import { ClientRequests } from '../../src/member/client-requests.ts';

const leaderlessLimitMs = 500;

function client(msgId: number): { readonly src: string; readonly msgId: number } {
  return { src: 'c1', msgId };
}

function fresh(limitMs = leaderlessLimitMs): ClientRequests {
  return new ClientRequests({ nodeId: 'n1', firstId: 0, leaderlessLimitMs: limitMs, maxPending: 2 });
}

function entry(term: number, index: number, id?: number): Entry {
  return { term, index, command: null, ...(id !== undefined && { origin: { node: 'n1', id } }) };
}

function told(requests: ClientRequests): readonly unknown[] {
  return requests.takeAnswers().map(({ client: { msgId }, body }) => [msgId, 'code' in body ? body.code : body.type]);
}

test('an answer is given once', () => {
  const requests = fresh();
  requests.write(client(1), 'cas', null, 0);
  requests.proposed(requests.waitingWrites(), { term: 1, index: 1 });
  requests.applied(entry(1, 1, 0), { kind: 'ok' });
  expect(told(requests)).toEqual([[1, 'cas_ok']]);
  requests.applied(entry(1, 1, 0), { kind: 'ok' });
  expect(told(requests)).toEqual([]);
});

test('an entry may be the result of one request and the proof against another', () => {
  const requests = fresh();
  requests.write(client(1), 'write', null, 0);
  requests.proposed(requests.waitingWrites(), { term: 1 });
  requests.write(client(2), 'delete', null, 0);
  requests.proposed(requests.waitingWrites(), { term: 2 });
  requests.applied(entry(2, 1, 1), { kind: 'ok' });
  expect(told(requests)).toEqual([
    [2, 'delete_ok'],
    [1, 14],
  ]);
});

test('writes that this node\'s own full log has not taken are refused', () => {
  const requests = fresh();
  requests.write(client(1), 'write', null, 0);
  requests.refused(requests.waitingWrites(), 'full');
  expect(told(requests)).toEqual([[1, 11]]);
  expect(requests.hasWaiting).toBe(false);
});

test('writes and reads have a queue each', () => {
  const requests = fresh();
  for (const msgId of [1, 2, 3]) requests.write(client(msgId), 'write', null, 0);
  for (const msgId of [4, 5, 6]) requests.read(client(msgId), 'x', 0);
  expect(told(requests)).toEqual([
    [3, 11],
    [6, 11],
  ]);
});

describe('deadlines', () => {
  test('there is none where nothing is pending', () => {
    expect(fresh().nextDeadlineMs()).toBe(Infinity);
  });

  test('who waits for a leader waits until the limit', () => {
    const requests = fresh();
    requests.read(client(1), 'x', 30);
    requests.write(client(2), 'write', null, 20);
    expect(requests.nextDeadlineMs()).toBe(520);
    expect([requests.tick(519), told(requests)]).toEqual([[], []]);
    requests.tick(530);
    expect(told(requests)).toEqual([
      [2, 11],
      [1, 11],
    ]);
  });

  test('who has been proposed or asked waits for ten seconds', () => {
    const requests = fresh();
    requests.read(client(1), 'x', 30);
    requests.write(client(2), 'write', null, 20);
    const [read] = requests.readsToAsk();
    requests.proposed(requests.waitingWrites(), { term: 1 });
    expect(requests.nextDeadlineMs()).toBe(10_020);
    expect([requests.tick(10_019), told(requests)]).toEqual([[], []]);
    expect(requests.tick(10_030)).toEqual([read?.id]);
    expect(told(requests)).toEqual([
      [2, 13],
      [1, 13],
    ]);
  });

  test('nobody waits for a leader for longer than ten seconds', () => {
    const requests = fresh(60_000);
    requests.write(client(1), 'write', null, 0);
    expect(requests.nextDeadlineMs()).toBe(10_000);
    requests.tick(10_000);
    expect(told(requests)).toEqual([[1, 11]]);
  });
});

describe('what a result means for who asked', () => {
  test.each([
    ['write', { kind: 'ok' }, { type: 'write_ok' }],
    ['cas', { kind: 'ok' }, { type: 'cas_ok' }],
    ['delete', { kind: 'ok' }, { type: 'delete_ok' }],
    ['cas', { kind: 'no-such-key' }, { code: 20 }],
    ['cas', { kind: 'mismatch', found: 3 }, { code: 22, text: 'expected another value, found 3' }],
    ['write', { kind: 'not-understood', reason: 'why' }, { code: 12, text: 'not a command: why' }],
  ] as const)('%s: %j', (operation, result, body) => {
    const requests = fresh();
    requests.write(client(1), operation, null, 0);
    requests.proposed(requests.waitingWrites(), { term: 1 });
    requests.applied(entry(1, 1, 0), result);
    expect(requests.takeAnswers()).toMatchObject([{ client: client(1), body }]);
  });

  test.each([
    [{ kind: 'value', value: null }, { type: 'read_ok', value: null }],
    [{ kind: 'no-such-key' }, { type: 'error', code: 20 }],
  ] as const)('read: %j', (result, body) => {
    const requests = fresh();
    requests.read(client(1), 'x', 0);
    for (const { id } of requests.readsToAsk()) requests.served(id, result);
    expect(requests.takeAnswers()).toMatchObject([{ client: client(1), body }]);
  });

  test('a long value is shown cut', () => {
    const requests = fresh();
    requests.write(client(1), 'cas', null, 0);
    requests.proposed(requests.waitingWrites(), { term: 1 });
    requests.applied(entry(1, 1, 0), { kind: 'mismatch', found: 'y'.repeat(1000) });
    const text = `expected another value, found "${'y'.repeat(99)}...`;
    expect(requests.takeAnswers()).toMatchObject([{ body: { code: 22, text } }]);
  });
});

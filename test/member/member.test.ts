import { describe, expect, test } from 'vitest';
import { DelayedStorage } from '../../maelstrom/simulation/world/delayed-storage.ts';
import { MemoryStorage } from '../../src/index.ts';
import { appendEntries, electionTimeoutMs, heartbeatMs, vote } from '../raft/driver.ts';
import { memberOn, messagesIn, resultsIn, toldIn } from './members.ts';

describe('a turn', () => {
  test('persists, sends and applies, as far as the disk goes along', () => {
    const member = memberOn(new MemoryStorage(), 'n1', ['n1']);
    member.write('first', 'a', 0);
    member.write('second', 'b', 0);
    expect(toldIn(member.turn(0).effects)).toEqual([
      ['first', { kind: 'done', result: 1 }],
      ['second', { kind: 'done', result: 2 }],
    ]);
    expect(member.status).toMatchObject({ role: 'leader', commitIndex: 2, lastApplied: 2 });
  });

  test('serves reads from the state after what it applied', () => {
    const member = memberOn(new MemoryStorage(), 'n1', ['n1']);
    member.read('reader', 'all', 0);
    member.write('writer', 'a', 0);
    expect(toldIn(member.turn(0).effects)).toEqual([
      ['writer', { kind: 'done', result: 1 }],
      ['reader', { kind: 'done', result: 'all: a' }],
    ]);
    expect(member.turn(0).effects).toEqual([]);
  });

  test('lets nothing leave before the disk has what it says', () => {
    const disk = new DelayedStorage(undefined, () => {});
    const member = memberOn(disk, 'n2');
    member.turn(0);
    member.receiveRequest('n1', appendEntries({ term: 1, leader: 'n1', log: [1] }), 5, 0);
    expect(member.turn(0).effects).toEqual([]);
    disk.finishWrite();
    expect(member.turn(0).effects).toEqual([]);
    disk.finishWrite();
    expect(member.turn(0).effects).toMatchObject([{ to: 'n1', ticket: 5, message: { match_index: 1 } }]);
  });

  test('lets nothing leave, to peers or clients, before the disk has the boot count', () => {
    const disk = new DelayedStorage(undefined, () => {});
    const member = memberOn(disk);
    member.refuse('client', { kind: 'malformed', text: 'it' });
    member.receiveRequest('n4', vote('pre_vote', 2, [0, 0], 'n4'), 1, 0);
    expect(member.turn(0).effects).toEqual([]);
    disk.finishWrite();
    expect(member.turn(0).effects.map(({ kind }) => kind)).toEqual(['outcome', 'refusal']);
  });

  test('writes one batch at a time', () => {
    const writes: number[] = [];
    const disk = new DelayedStorage(undefined, () => writes.push(writes.length + 1));
    const member = memberOn(disk, 'n2');
    member.turn(0);
    member.receiveRequest('n1', appendEntries({ term: 1, leader: 'n1', log: [1] }), 5, 0);
    member.turn(0);
    member.turn(0);
    expect(writes).toHaveLength(1);
    disk.finishWrite();
    member.turn(0);
    expect(writes).toHaveLength(2);
  });
});

describe('a stranger', () => {
  test('who asks for a vote gets none, and changes no term', () => {
    const member = memberOn(new MemoryStorage());
    member.receiveRequest('zz', vote('request_vote', 9, [0, 0], 'zz'), 1, 0);
    const { effects, faults } = member.turn(0);
    expect(effects).toMatchObject([{ kind: 'refusal', reason: 'malformed', text: 'src: zz is not a peer of n1' }]);
    expect(faults).toEqual(['refused request_vote from zz, who is no peer']);
    expect(member.status.term).toBe(0);
  });

  test('who shows the founders of this cluster is none; who shows others is', () => {
    const member = memberOn(new MemoryStorage());
    const asked = (founders: readonly string[]): unknown => {
      member.receiveRequest('zz', { ...vote('pre_vote', 2, [0, 0], 'zz'), founders }, 1, 0);
      return member.turn(0).effects.map(({ kind }) => kind);
    };
    expect(asked(['n1', 'n2', 'zz'])).toEqual(['refusal']);
    expect(asked(member.voters)).toEqual(['reply']);
  });

  test('who says that it leads is not followed', () => {
    const member = memberOn(new MemoryStorage());
    member.receiveRequest('zz', appendEntries({ term: 3, leader: 'zz', log: [3] }), 1, 0);
    member.turn(0);
    expect(member.status).toMatchObject({ term: 0, leader: null, lastIndex: 0 });
  });

  test('who answers is not counted', () => {
    const member = memberOn(new MemoryStorage());
    const reply = { type: 'request_vote_ok', term: 9, vote_granted: true } as const;
    member.receiveReply('zz', reply, { kind: 'request', number: 1, term: 0 }, 0);
    member.turn(0);
    expect(member.status.term).toBe(0);
  });

  test('is also who bears the name of the member itself', () => {
    const member = memberOn(new MemoryStorage());
    member.receiveRequest('n1', appendEntries({ term: 3, leader: 'n1', log: [3] }), 1, 0);
    member.turn(0);
    expect(member.status.term).toBe(0);
  });
});

test('what waits for a disk that does not answer is bounded in bytes: the oldest are kept, and it is said', () => {
  const disk = new DelayedStorage(undefined, () => {});
  const member = memberOn(disk, 'n2');
  const sent = 300_000;
  for (let ticket = 1; ticket <= sent; ticket += 1) {
    member.receiveRequest('n1', vote('pre_vote', 2, [0, 0], 'n1'), ticket, 0);
  }
  const { effects, faults } = member.turn(0);
  expect(effects).toEqual([]);
  expect(faults).toEqual([expect.stringMatching(/^the disk does not answer: \d+ messages/)]);
  disk.finishWrite();
  const messages = messagesIn(member.turn(0).effects);
  expect(messages.length).toBeGreaterThan(1000);
  expect(messages.length).toBeLessThan(sent);
  expect(messages[0]).toMatchObject({ ticket: 1 });
});

describe('a restart', () => {
  test('finds term, vote and log, counts itself, and is silent for P', () => {
    const storage = new MemoryStorage();
    const before = memberOn(storage, 'n2');
    before.receiveRequest('n1', appendEntries({ term: 3, leader: 'n1', log: [1, 3] }), 1, 0);
    before.turn(0);
    const after = memberOn(new MemoryStorage(storage.contents), 'n2');
    after.turn(0);
    expect([before.bootCount, after.bootCount]).toEqual([0, 1]);
    expect(after.status).toMatchObject({ role: 'follower', term: 3, lastIndex: 2, commitIndex: 0, lastApplied: 0 });
    expect(after.nextDeadlineMs(0)).toBeGreaterThanOrEqual(electionTimeoutMs);
  });

  test('of a first voter that has done nothing yet is no fresh start', () => {
    const storage = new MemoryStorage();
    memberOn(storage).turn(0);
    const again = memberOn(new MemoryStorage(storage.contents));
    again.read('client', 'all', 0);
    again.turn(heartbeatMs);
    expect(again.status).toMatchObject({ role: 'follower', term: 0 });
  });

  test('on another member\'s storage is refused', () => {
    const storage = new MemoryStorage();
    memberOn(storage).turn(0);
    const recovered = () => new MemoryStorage(storage.contents);
    expect(() => memberOn(recovered(), 'n2')).toThrow('own storage');
    expect(() => memberOn(recovered(), 'n1', ['n1', 'n2', 'n3', 'n4'])).toThrow('own storage');
    expect(() => memberOn(recovered(), 'n1', ['n1', 'n3', 'n2'])).toThrow('own storage');
  });
});

describe('request ids', () => {
  /** The ids under which a follower forwards two writes. */
  function idsOf(storage: MemoryStorage, lifeSeed: number): readonly number[] {
    const member = memberOn(storage, 'n2', undefined, { lifeSeed });
    member.receiveRequest('n1', appendEntries({ term: 1, leader: 'n1', log: [] }), 1, 0);
    member.write('first', 'a', 0);
    member.write('second', 'b', 0);
    return messagesIn(member.turn(0).effects).flatMap((message) => {
      return message.kind === 'forward' ? message.message.requests.map(({ id }) => id) : [];
    });
  }

  test('of two lives that remember nothing of each other differ', () => {
    const lives = [1, 2, 3].map((lifeSeed) => idsOf(new MemoryStorage(), lifeSeed));
    const all = lives.flat();
    expect(all).toHaveLength(6);
    expect(new Set(all).size).toBe(6);
    for (const id of all) expect(Number.isSafeInteger(id)).toBe(true);
  });

  test('of a store that has been started before count its starts, and never meet what was drawn', () => {
    const storage = new MemoryStorage();
    const [drawn = 0] = idsOf(storage, 1);
    expect(drawn).toBeGreaterThanOrEqual(2 ** 52);
    expect(idsOf(new MemoryStorage(storage.contents), 1)).toEqual([2 ** 32, 2 ** 32 + 1]);
  });

  test('of the leader of term 1 count from 0', () => {
    const member = memberOn(new MemoryStorage(), 'n1', ['n1']);
    member.write('first', 'a', 0);
    member.write('second', 'b', 0);
    member.turn(0);
    expect(member.entries(1, 2).map(({ origin }) => origin)).toEqual([{ node: 'n1', id: 0 }, { node: 'n1', id: 1 }]);
  });

  test('so an entry of a forgotten life is no answer to a request of this one', () => {
    const [old = 0] = idsOf(new MemoryStorage(), 1);
    const member = memberOn(new MemoryStorage(), 'n2', undefined, { lifeSeed: 2 });
    member.receiveRequest('n1', appendEntries({ term: 1, leader: 'n1', log: [] }), 1, 0);
    member.write('new', 'b', 0);
    member.turn(0);
    const entries = [{ term: 1, index: 1, command: 'a', origin: { node: 'n2', id: old } }];
    member.receiveRequest('n1', { ...appendEntries({ term: 1, leader: 'n1', log: [], commit: 1 }), entries }, 2, 0);
    const { effects } = member.turn(0);
    expect(member.status.lastApplied).toBe(1);
    expect(resultsIn(effects)).toEqual([]);
  });
});

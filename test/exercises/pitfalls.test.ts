import { describe, expect, test } from 'vitest';
import { KeyValueStore, Member, MemoryStorage, defaultRaftConfig } from '../../src/index.ts';
import type { AppendEntries, Entry } from '../../src/index.ts';
import {
  accepted,
  appendEntries,
  bootstrappedLeader,
  elect,
  electionTimeoutMs,
  electedLeader,
  entriesOf,
  lastAppendTo,
  rejected,
  TestCore,
  threeNodes,
} from '../raft/driver.ts';

describe('pitfall: committing a previous term\'s entry by counting', () => {
  test('an entry of term 2 on all nodes is not committed by the leader of term 4 before one of term 4 is', () => {
    const leader = electedLeader(4, { log: [1, 2] });
    for (const peer of ['n2', 'n3']) leader.answer(lastAppendTo(peer, leader), accepted(2));
    leader.turn();
    expect(leader.committed).toEqual([]);
    leader.answer(lastAppendTo('n2', leader), accepted(3));
    leader.turn();
    expect(leader.committed.map(({ term }) => term)).toEqual([1, 2, 4]);
  });
});

describe('pitfall: applying out of order or before commit', () => {
  /** A member, n3, whose state machine writes down what is applied. */
  function recordingMember(): { applied: unknown[]; receive: (request: AppendEntries) => void } {
    const applied: unknown[] = [];
    const store = new KeyValueStore();
    const member = new Member({
      nodeId: 'n3',
      voters: threeNodes,
      config: defaultRaftConfig,
      storage: new MemoryStorage(),
      stateMachine: {
        apply: (command: unknown) => {
          applied.push(command);
          return store.apply(command);
        },
        read: (key: string) => store.read(key),
        capture: () => store.capture(),
        restore: () => store.restore(),
      },
      maxPending: 100,
      seed: 1,
      lifeSeed: 1,
      nowMs: 0,
    });
    const receive = (request: AppendEntries) => {
      member.receiveRequest('n2', request, 1, 0);
      member.turn(0);
    };
    return { applied, receive };
  }

  const commands = (entries: readonly Entry[]) => entries.map(({ command }) => command);

  test('what is in the log is not applied before it is committed', () => {
    const { applied, receive } = recordingMember();
    receive(appendEntries({ term: 2, log: [2, 2, 2] }));
    expect(applied).toEqual([]);
    receive(appendEntries({ term: 2, prev: [3, 2], commit: 2 }));
    expect(applied).toEqual(commands(entriesOf([2, 2])));
  });

  test('entries are applied in the order of their indexes, each once, in whatever order messages come', () => {
    const { applied, receive } = recordingMember();
    const first = appendEntries({ term: 2, log: [2, 2], commit: 1 });
    const second = appendEntries({ term: 2, prev: [2, 2], log: [2, 2], commit: 4 });
    for (const request of [second, first, second, first, second]) receive(request);
    expect(applied).toEqual(commands(entriesOf([2, 2, 2, 2])));
  });

  test('an entry that is replaced before it is committed is never applied', () => {
    const { applied, receive } = recordingMember();
    receive(appendEntries({ term: 2, log: [2, 2] }));
    receive(appendEntries({ term: 3, prev: [1, 2], log: [3], commit: 2 }));
    expect(applied).toEqual(['1 of 2', '2 of 3']);
  });

  test('a commit index beyond what the request vouches for does not apply an old leader\'s entries', () => {
    const { applied, receive } = recordingMember();
    receive(appendEntries({ term: 2, log: [2, 2] }));
    receive(appendEntries({ term: 3, prev: [1, 2], commit: 2 }));
    expect(applied).toEqual(['1 of 2']);
  });
});

describe('pitfall: nextIndex below 1', () => {
  test.each([0, 1])('a follower that lacks everything from %i on is sent the log from its first entry', (index) => {
    const leader = electedLeader(3, { log: [1, 2] });
    for (let round = 0; round < 3; round += 1) {
      leader.answer(lastAppendTo('n2', leader), rejected(3, { conflict_index: index }));
      leader.turn();
      expect(lastAppendTo('n2', leader).message).toMatchObject({ prev_log_index: 0, entries: { length: 3 } });
    }
  });
});

describe('pitfall: a follower that appends without checking the previous entry', () => {
  test('entries after a gap are not appended', () => {
    const follower = new TestCore({ term: 2 });
    expect(follower.ask('n2', appendEntries({ term: 2, prev: [1, 2], log: [2] }))).toMatchObject({ success: false });
    expect(follower.log).toEqual([]);
  });

  test('entries after one of another term are not appended', () => {
    const follower = new TestCore({ term: 3, log: [1, 1] });
    expect(follower.ask('n2', appendEntries({ term: 3, prev: [2, 2], log: [3] }))).toMatchObject({ success: false });
    expect(follower.log).toEqual([1, 1]);
  });
});

describe('pitfall: a delayed old AppendEntries that shortens the log', () => {
  test('what a leader sent first comes last, and takes away nothing that it sent since', () => {
    const follower = new TestCore({ term: 2 });
    follower.ask('n2', appendEntries({ term: 2, log: [2, 2, 2], commit: 3 }));
    for (const delayed of [appendEntries({ term: 2 }), appendEntries({ term: 2, log: [2] })]) {
      follower.ask('n2', delayed);
      expect(follower.log).toEqual([2, 2, 2]);
    }
  });
});

describe('pitfall: an acknowledgement from an earlier term counted now', () => {
  test('what was acknowledged in term 1 may have been overwritten since', () => {
    // n1 leads term 1, and n2 acknowledges an entry, but that answer is on its way for long.
    const node = bootstrappedLeader();
    node.answer(lastAppendTo('n2', node), accepted(0));
    node.propose('x');
    node.turn();
    const request = lastAppendTo('n2', node);

    // n3 leads term 2, and replaces the entry. Then n1 leads term 3.
    node.ask('n3', appendEntries({ term: 2, leader: 'n3', log: [2] }));
    node.nowMs += electionTimeoutMs;
    elect(node, 3);
    expect(node.raft.status).toMatchObject({ role: 'leader', term: 3 });
    node.propose('y');
    node.turn();

    // Now the answer of term 1 arrives. It says nothing about the log of term 3.
    node.answer(request, accepted(1));
    node.turn();
    expect(node.raft.status.commitIndex).toBe(0);
    expect(lastAppendTo('n2', node).message.prev_log_index).toBe(1);
  });
});

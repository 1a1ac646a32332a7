import { describe, expect, test } from 'vitest';
import { DelayedStorage } from '../../maelstrom/simulation/world/delayed-storage.ts';
import { defaultRaftConfig, MemoryStorage, Random, Replica } from '../../src/index.ts';
import type { Storage } from '../../src/index.ts';
import { listOfCommands } from '../list-of-commands.ts';
import { appendEntries, electionTimeoutMs, heartbeatMs, threeNodes, vote } from '../raft/driver.ts';

/** A replica whose state is the list of what was applied. */
function replicaOn(storage: Storage, nodeId = 'n1', voters = threeNodes): Replica<string, unknown> {
  const stateMachine = listOfCommands();
  const random = new Random(1);
  return new Replica({ nodeId, voters, config: defaultRaftConfig, storage, stateMachine, random, nowMs: 0 });
}

describe('a turn', () => {
  test('persists, sends and applies, as far as the disk goes along', () => {
    const replica = replicaOn(new MemoryStorage(), 'n1', ['n1']);
    replica.bootstrap(0);
    replica.propose([{ command: 'a' }, { command: 'b' }]);
    const { applied } = replica.turn(0);
    expect(applied.map(({ entry, result }) => [entry.index, entry.command, result])).toEqual([
      [1, 'a', 1],
      [2, 'b', 2],
    ]);
    expect(replica.status).toMatchObject({ role: 'leader', commitIndex: 2, lastApplied: 2 });
  });

  test('serves reads from the state after what it applied', () => {
    const replica = replicaOn(new MemoryStorage(), 'n1', ['n1']);
    replica.bootstrap(0);
    replica.read(7, 'all');
    replica.read(8, 'forgotten');
    replica.forgetReads([8]);
    replica.propose([{ command: 'a' }]);
    expect(replica.turn(0).reads).toEqual([{ id: 7, result: 'all: a' }]);
    expect(replica.turn(0).reads).toEqual([]);
  });

  test('lets nothing leave before the disk has what it says', () => {
    const disk = new DelayedStorage(undefined, () => {});
    const replica = replicaOn(disk, 'n2');
    replica.turn(0);
    replica.receiveRequest('n1', appendEntries({ term: 1, leader: 'n1', log: [1] }), 5, 0);
    expect(replica.turn(0).messages).toEqual([]);
    disk.finishWrite();
    expect(replica.turn(0).messages).toEqual([]);
    disk.finishWrite();
    expect(replica.turn(0).messages).toMatchObject([{ to: 'n1', ticket: 5, message: { match_index: 1 } }]);
  });

  test('writes one batch at a time', () => {
    const writes: number[] = [];
    const disk = new DelayedStorage(undefined, () => writes.push(writes.length + 1));
    const replica = replicaOn(disk, 'n2');
    replica.turn(0);
    replica.receiveRequest('n1', appendEntries({ term: 1, leader: 'n1', log: [1] }), 5, 0);
    replica.turn(0);
    replica.turn(0);
    expect(writes).toHaveLength(1);
    disk.finishWrite();
    replica.turn(0);
    expect(writes).toHaveLength(2);
  });
});

test('messages that wait for a disk that does not answer are bounded: the oldest are kept', () => {
  const bound = 65_536;
  const disk = new DelayedStorage(undefined, () => {});
  const replica = replicaOn(disk, 'n2');
  for (let ticket = 1; ticket <= bound + 10; ticket += 1) {
    replica.receiveRequest('n1', vote('pre_vote', 2, [0, 0], 'n1'), ticket, 0);
  }
  expect(replica.turn(0).messages).toEqual([]);
  disk.finishWrite();
  const { messages } = replica.turn(0);
  expect(messages).toHaveLength(bound);
  expect(messages[0]).toMatchObject({ ticket: 1 });
});

describe('a restart', () => {
  test('finds term, vote and log, counts itself, and is silent for P', () => {
    const storage = new MemoryStorage();
    const before = replicaOn(storage, 'n2');
    before.receiveRequest('n1', appendEntries({ term: 3, leader: 'n1', log: [1, 3] }), 1, 0);
    before.turn(0);
    const after = replicaOn(new MemoryStorage(storage.contents), 'n2');
    after.turn(0);
    expect([before.bootCount, after.bootCount]).toEqual([0, 1]);
    expect(after.status).toMatchObject({ role: 'follower', term: 3, lastIndex: 2, commitIndex: 0, lastApplied: 0 });
    expect(after.nextDeadlineMs(0)).toBeGreaterThanOrEqual(electionTimeoutMs);
  });

  test('of a first voter that has done nothing yet is no fresh start', () => {
    const storage = new MemoryStorage();
    replicaOn(storage).turn(0);
    const again = replicaOn(new MemoryStorage(storage.contents));
    again.bootstrap(0);
    again.turn(heartbeatMs);
    expect(again.status).toMatchObject({ role: 'follower', term: 0 });
  });

  test('on another node\'s storage is refused', () => {
    const storage = new MemoryStorage();
    replicaOn(storage).turn(0);
    const recovered = () => new MemoryStorage(storage.contents);
    expect(() => replicaOn(recovered(), 'n2')).toThrow('own storage');
    expect(() => replicaOn(recovered(), 'n1', ['n1', 'n2', 'n3', 'n4'])).toThrow('own storage');
    expect(() => replicaOn(recovered(), 'n1', ['n1', 'n3', 'n2'])).toThrow('own storage');
  });
});

import { describe, expect, test } from 'vitest';
import { defaultRaftConfig, MemoryStorage, Random, Replica } from '../../src/index.ts';
import type { Batch, MemoryContents, SnapshotPolicy, SnapshotWriter } from '../../src/index.ts';
import { listOfCommands } from '../list-of-commands.ts';
import { appendEntries, piece, threeNodes } from '../raft/driver.ts';

/** A disk that does what it is told only when the test says so. */
class HesitantStorage extends MemoryStorage {
  isSlow = false;
  /** What has been done to snapshots, in order. */
  readonly done: string[] = [];
  readonly #waiting: (() => void)[] = [];

  override write(batch: Batch): void {
    this.#perhapsLater(() => super.write(batch));
  }

  override beginSnapshot(lastIncludedIndex: number, lastIncludedTerm: number): SnapshotWriter {
    const writer = super.beginSnapshot(lastIncludedIndex, lastIncludedTerm);
    const isReady = (): boolean => this.#waiting.length === 0;
    this.done.push(`begin ${lastIncludedIndex}`);
    return {
      get isReady() {
        return isReady();
      },
      write: (text) => this.#perhapsLater(() => writer.write(text)),
      finish: () => {
        this.done.push('finish');
        this.#perhapsLater(() => writer.finish());
      },
      abandon: () => this.done.push('abandon'),
    };
  }

  override compact(index: number): void {
    this.done.push(`compact ${index}`);
    super.compact(index);
  }

  goOn(): void {
    this.#waiting.shift()?.();
  }

  #perhapsLater(what: () => void): void {
    if (this.isSlow) this.#waiting.push(what);
    else what();
  }
}

interface Made {
  readonly storage: HesitantStorage;
  readonly replica: Replica<string, unknown>;
}

function replicaWith(policy: SnapshotPolicy, nodeId = 'n1', voters = [nodeId], found?: MemoryContents): Made {
  const storage = new HesitantStorage(found);
  const own = { storage, stateMachine: listOfCommands(), snapshots: policy, random: new Random(1) };
  const replica = new Replica({ nodeId, voters, config: defaultRaftConfig, nowMs: 0, ...own });
  return { storage, replica };
}

/** The leader and only node of its cluster. */
function leaderWith(policy: SnapshotPolicy): Made {
  const made = replicaWith(policy);
  made.replica.bootstrap(0);
  return made;
}

function put(replica: Replica<string, unknown>, ...commands: readonly string[]): void {
  replica.propose(commands.map((command) => ({ command })));
  replica.turn(0);
}

/** What a read is told. */
function stateOf(replica: Replica<string, unknown>): unknown {
  replica.read(1, 'all');
  return replica.turn(0).reads[0]?.result;
}

describe('a snapshot', () => {
  test('is taken when so many entries have been applied since the last', () => {
    const { storage, replica } = leaderWith({ snapshotEntries: 2, keepEntries: 0 });
    put(replica, 'a');
    expect(storage.snapshot).toBeUndefined();
    put(replica, 'b');
    while (replica.nextDeadlineMs(0) === 0) replica.turn(0);
    expect(storage.snapshot?.read(0, 1000).split('\n').slice(1)).toEqual(['"a"', '"b"', '']);
    expect(replica.status).toMatchObject({ firstIndex: 3, lastIndex: 2, lastApplied: 2 });
    put(replica, 'c', 'd');
    while (replica.nextDeadlineMs(0) === 0) replica.turn(0);
    expect(storage.snapshot?.description.lastIncludedIndex).toBe(4);
    expect(storage.done).toEqual(['begin 2', 'finish', 'compact 2', 'begin 4', 'finish', 'compact 4']);
  });

  test('leaves so many entries before it in the log', () => {
    const { storage, replica } = leaderWith({ snapshotEntries: 3, keepEntries: 2 });
    put(replica, 'a', 'b', 'c');
    while (replica.nextDeadlineMs(0) === 0) replica.turn(0);
    expect(replica.entries(0, 3).map(({ command }) => command)).toEqual(['b', 'c']);
    expect(storage.contents?.entries).toHaveLength(2);
  });

  test('is written a piece a turn, and holds the state of the moment at which it began', () => {
    const { storage, replica } = leaderWith({ snapshotEntries: 4, keepEntries: 0 });
    const large = (letter: string): string => letter.repeat(60_000);
    put(replica, large('a'), large('b'), large('c'), large('d'));
    let turns = 0;
    for (; replica.nextDeadlineMs(0) === 0; turns += 1) put(replica, `later ${turns}`);
    expect(turns).toBeGreaterThan(1);
    const lines = storage.snapshot?.read(0, 1_000_000).split('\n').slice(1, -1);
    expect(lines?.map((line) => line.slice(0, 2))).toEqual(['"a', '"b', '"c', '"d']);
    expect(replica.status).toMatchObject({ firstIndex: 5, lastIndex: 4 + turns });
  });

  test('waits for the disk, piece by piece, and asks for no turn meanwhile', () => {
    const { storage, replica } = leaderWith({ snapshotEntries: 1, keepEntries: 0 });
    put(replica);
    replica.propose([{ command: 'a' }]);
    storage.isSlow = true;
    replica.turn(0);
    storage.goOn();
    replica.turn(0);
    expect(storage.done).toEqual(['begin 1']);
    expect(replica.nextDeadlineMs(0)).toBeGreaterThan(0);
    storage.goOn();
    expect(replica.nextDeadlineMs(0)).toBe(0);
    replica.turn(0);
    expect(storage.done).toEqual(['begin 1', 'finish']);
    replica.turn(0);
    expect(replica.status.firstIndex).toBe(1);
    storage.goOn();
    replica.turn(0);
    expect(storage.done).toEqual(['begin 1', 'finish', 'compact 1']);
    expect(replica.status.firstIndex).toBe(2);
  });

  test('is made current only when the entries that it covers are on the disk', () => {
    const { storage, replica } = replicaWith({ snapshotEntries: 1, keepEntries: 0 }, 'n1', [...threeNodes]);
    replica.turn(0);
    storage.isSlow = true;
    // The other two have committed the entry; this node's disk is still busy with its term.
    replica.receiveRequest('n2', appendEntries({ term: 3, log: [3], commit: 1 }), 1, 0);
    expect(replica.turn(0).applied).toHaveLength(1);
    expect(storage.done).toEqual(['begin 1']);
    for (let step = 0; step < 2; step += 1) {
      storage.isSlow = false;
      expect(storage.done).not.toContain('finish');
      storage.goOn();
      replica.turn(0);
    }
    while (replica.nextDeadlineMs(0) === 0) replica.turn(0);
    expect(storage.done).toContain('finish');
  });
});

describe('a replica that starts on a snapshot', () => {
  function found(): MemoryContents {
    const { storage, replica } = leaderWith({ snapshotEntries: 2, keepEntries: 0 });
    put(replica, 'a', 'b');
    while (replica.nextDeadlineMs(0) === 0) replica.turn(0);
    put(replica, 'c');
    expect(storage.contents?.entries).toHaveLength(1);
    return storage.contents ?? expect.unreachable();
  }

  test('has the state of the snapshot, and applies what follows', () => {
    const { replica } = replicaWith({ snapshotEntries: 9, keepEntries: 0 }, 'n1', ['n1'], found());
    expect(replica.status).toMatchObject({ lastApplied: 2, commitIndex: 2, firstIndex: 3, lastIndex: 3 });
    replica.turn(10_000);
    expect(stateOf(replica)).toBe('all: a b c null');
  });

  test('lets go of what a crash has left of the log before it', () => {
    const contents = found();
    const all = ['a', 'b', 'c'].map((command, at) => ({ term: 1, index: at + 1, command }));
    const { storage, replica } = replicaWith(
      { snapshotEntries: 9, keepEntries: 1 }, 'n1', ['n1'], { ...contents, entries: all },
    );
    expect(replica.status.firstIndex).toBe(2);
    expect(storage.done).toEqual(['compact 1']);
  });

  test('does not start on one of another cluster', () => {
    const contents = found();
    const hardState = { ...contents.hardState, voters: [...threeNodes] };
    const start = (): unknown => {
      return replicaWith({ snapshotEntries: 9, keepEntries: 0 }, 'n1', [...threeNodes], { ...contents, hardState });
    };
    expect(start).toThrow('the snapshot of entry 2: line 1 of the snapshot: it should be {"last_included_index"');
  });
});

describe("a leader's snapshot", () => {
  const head = '{"last_included_index":8,"last_included_term":2,"voters":["n1","n2","n3"]}\n';

  function install(replica: Replica<string, unknown>, text: string): void {
    const { checksum: _checksum, ...rest } = piece(text, 0, text.length);
    replica.receiveRequest('n2', { ...rest, checksum: checksumOf(text) }, 7, 0);
  }

  /** Made by writing it down: there is one way to make a checksum. */
  function checksumOf(text: string): string {
    const storage = new MemoryStorage();
    const writer = storage.beginSnapshot(1, 1);
    writer.write(text);
    writer.finish();
    return storage.snapshot?.description.checksum ?? '';
  }

  test('takes the place of the state, and is told', () => {
    const { storage, replica } = replicaWith({ snapshotEntries: 3, keepEntries: 0 }, 'n1', [...threeNodes]);
    replica.receiveRequest('n2', appendEntries({ term: 3, log: [1], commit: 1 }), 1, 0);
    replica.turn(0);
    install(replica, `${head}"x"\n"y"\n`);
    const { installedIndex, messages } = replica.turn(0);
    expect(installedIndex).toBe(8);
    expect(messages).toMatchObject([{ kind: 'reply', ticket: 7, message: { offset: head.length + 8 } }]);
    expect(replica.status).toMatchObject({ lastApplied: 8, commitIndex: 8, firstIndex: 9 });
    expect(storage.snapshot?.description.lastIncludedIndex).toBe(8);
    replica.receiveRequest('n2', appendEntries({ term: 3, prev: [8, 2], log: [3], commit: 9 }), 8, 0);
    expect(replica.turn(0).applied.map(({ result }) => result)).toEqual([3]);
  });

  test('ends one that this node is taking', () => {
    const { storage, replica } = replicaWith({ snapshotEntries: 1, keepEntries: 0 }, 'n1', [...threeNodes]);
    replica.turn(0);
    replica.receiveRequest('n2', appendEntries({ term: 3, log: [1], commit: 1 }), 1, 0);
    storage.isSlow = true;
    replica.turn(0);
    expect(storage.done).toEqual(['begin 1']);
    storage.isSlow = false;
    storage.goOn();
    storage.goOn();
    install(replica, `${head}"x"\n`);
    replica.turn(0);
    expect(storage.done).toEqual(['begin 1', 'abandon']);
    expect(storage.snapshot?.description.lastIncludedIndex).toBe(8);
  });
});

import { defaultSnapshotPolicy } from '../../src/member/snapshots.ts';
import { describe, expect, test } from 'vitest';
import { MemoryStorage } from '../../src/index.ts';
import type { Batch, MemoryContents, SnapshotPolicy, SnapshotWriter } from '../../src/index.ts';
import { appendEntries, piece, threeNodes } from '../raft/driver.ts';
import { memberOn, messagesIn, resultsIn } from './members.ts';
import type { ListMember } from './members.ts';

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
  readonly member: ListMember;
}

function memberWith(policy: SnapshotPolicy, nodeId = 'n1', voters = [nodeId], found?: MemoryContents): Made {
  const storage = new HesitantStorage(found);
  return { storage, member: memberOn(storage, nodeId, voters, { snapshots: policy }) };
}

/** The leader and only node of its cluster. */
function leaderWith(policy: SnapshotPolicy): Made {
  return memberWith(policy);
}

function put(member: ListMember, ...commands: readonly string[]): void {
  for (const command of commands) member.write('writer', command, 0);
  member.turn(0);
}

/** What a read is told. */
function stateOf(member: ListMember): unknown {
  member.read('reader', 'all', 0);
  return resultsIn(member.turn(0).effects)[0];
}

describe('a snapshot', () => {
  test('is taken when so many entries have been applied since the last', () => {
    const { storage, member } = leaderWith({ ...defaultSnapshotPolicy, snapshotEntries: 2, keepEntries: 0 });
    put(member, 'a');
    expect(storage.snapshot).toBeUndefined();
    put(member, 'b');
    while (member.nextDeadlineMs(0) === 0) member.turn(0);
    expect(storage.snapshot?.read(0, 1000).split('\n').slice(1)).toEqual(['"a"', '"b"', '']);
    expect(member.status).toMatchObject({ firstIndex: 3, lastIndex: 2, lastApplied: 2 });
    put(member, 'c', 'd');
    while (member.nextDeadlineMs(0) === 0) member.turn(0);
    expect(storage.snapshot?.description.lastIncludedIndex).toBe(4);
    expect(storage.done).toEqual(['begin 2', 'finish', 'compact 2', 'begin 4', 'finish', 'compact 4']);
  });

  test('leaves so many entries before it in the log', () => {
    const { storage, member } = leaderWith({ ...defaultSnapshotPolicy, snapshotEntries: 3, keepEntries: 2 });
    put(member, 'a', 'b', 'c');
    while (member.nextDeadlineMs(0) === 0) member.turn(0);
    expect(member.entries(0, 3).map(({ command }) => command)).toEqual(['b', 'c']);
    expect(storage.contents?.entries).toHaveLength(2);
  });

  test('is due by the size of the entries too', () => {
    const { storage, member } = leaderWith({ ...defaultSnapshotPolicy, snapshotBytes: 100_000, keepEntries: 0 });
    put(member, 'a'.repeat(50_000));
    expect(storage.done).toEqual([]);
    put(member, 'b'.repeat(50_000));
    expect(storage.done).toEqual(['begin 2']);
    while (member.nextDeadlineMs(0) === 0) member.turn(0);
    expect(storage.done).toEqual(['begin 2', 'finish', 'compact 2']);
  });

  test('is not due again before they are as large as the last snapshot', () => {
    const { storage, member } = leaderWith({ ...defaultSnapshotPolicy, snapshotBytes: 1000, keepEntries: 0 });
    put(member, 'a'.repeat(50_000));
    while (member.nextDeadlineMs(0) === 0) member.turn(0);
    for (const letter of ['b', 'c', 'd', 'e']) put(member, letter.repeat(10_000));
    expect(storage.done).toEqual(['begin 1', 'finish', 'compact 1']);
    put(member, 'f'.repeat(10_000));
    expect(storage.done.at(-1)).toBe('begin 6');
  });

  test('leaves no more than so many bytes before it in the log', () => {
    const { member } = leaderWith({ ...defaultSnapshotPolicy, snapshotEntries: 4, keepBytes: 25_000 });
    put(member, ...['a', 'b', 'c', 'd'].map((letter) => letter.repeat(10_000)));
    while (member.nextDeadlineMs(0) === 0) member.turn(0);
    expect(member.status).toMatchObject({ firstIndex: 3, lastIndex: 4 });
  });

  test('keeps up with the log, however much is written meanwhile', () => {
    const { storage, member } = leaderWith({ ...defaultSnapshotPolicy, snapshotBytes: 2_000_000, keepEntries: 0 });
    const megabyte = 'x'.repeat(1_000_000);
    for (let turn = 0; turn < 100; turn += 1) {
      put(member, megabyte);
      expect(member.status.lastIndex - member.status.firstIndex).toBeLessThan(80);
    }
    expect(storage.done.filter((done) => done === 'finish').length).toBeGreaterThan(3);
  });

  test('is written a piece a turn, and holds the state of the moment at which it began', () => {
    const { storage, member } = leaderWith({ ...defaultSnapshotPolicy, snapshotEntries: 4, keepEntries: 0 });
    const large = (letter: string): string => letter.repeat(60_000);
    put(member, large('a'), large('b'), large('c'), large('d'));
    let turns = 0;
    for (; member.nextDeadlineMs(0) === 0; turns += 1) put(member, `later ${turns}`);
    expect(turns).toBeGreaterThan(1);
    const lines = storage.snapshot?.read(0, 1_000_000).split('\n').slice(1, -1);
    expect(lines?.map((line) => line.slice(0, 2))).toEqual(['"a', '"b', '"c', '"d']);
    expect(member.status).toMatchObject({ firstIndex: 5, lastIndex: 4 + turns });
  });

  test('waits for the disk, piece by piece, and asks for no turn meanwhile', () => {
    const { storage, member } = leaderWith({ ...defaultSnapshotPolicy, snapshotEntries: 1, keepEntries: 0 });
    put(member);
    member.write('writer', 'a', 0);
    storage.isSlow = true;
    member.turn(0);
    storage.goOn();
    member.turn(0);
    expect(storage.done).toEqual(['begin 1']);
    expect(member.nextDeadlineMs(0)).toBeGreaterThan(0);
    storage.goOn();
    expect(member.nextDeadlineMs(0)).toBe(0);
    member.turn(0);
    expect(storage.done).toEqual(['begin 1', 'finish']);
    member.turn(0);
    expect(member.status.firstIndex).toBe(1);
    storage.goOn();
    member.turn(0);
    expect(storage.done).toEqual(['begin 1', 'finish', 'compact 1']);
    expect(member.status.firstIndex).toBe(2);
  });

  test('is made current only when the entries that it covers are on the disk', () => {
    const { storage, member } = memberWith({ ...defaultSnapshotPolicy, snapshotEntries: 1, keepEntries: 0 }, 'n1', [...threeNodes]);
    member.turn(0);
    storage.isSlow = true;
    // The other two have committed the entry; this node's disk is still busy with its term.
    member.receiveRequest('n2', appendEntries({ term: 3, log: [3], commit: 1 }), 1, 0);
    member.turn(0);
    expect(member.status.lastApplied).toBe(1);
    expect(storage.done).toEqual(['begin 1']);
    for (let step = 0; step < 2; step += 1) {
      storage.isSlow = false;
      expect(storage.done).not.toContain('finish');
      storage.goOn();
      member.turn(0);
    }
    while (member.nextDeadlineMs(0) === 0) member.turn(0);
    expect(storage.done).toContain('finish');
  });
});

describe('a member that starts on a snapshot', () => {
  function found(): MemoryContents {
    const { storage, member } = leaderWith({ ...defaultSnapshotPolicy, snapshotEntries: 2, keepEntries: 0 });
    put(member, 'a', 'b');
    while (member.nextDeadlineMs(0) === 0) member.turn(0);
    put(member, 'c');
    expect(storage.contents?.entries).toHaveLength(1);
    return storage.contents ?? expect.unreachable();
  }

  test('has the state of the snapshot, and applies what follows', () => {
    const { member } = memberWith({ ...defaultSnapshotPolicy, snapshotEntries: 9, keepEntries: 0 }, 'n1', ['n1'], found());
    expect(member.status).toMatchObject({ lastApplied: 2, commitIndex: 2, firstIndex: 3, lastIndex: 3 });
    member.turn(10_000);
    expect(stateOf(member)).toBe('all: a b c null');
  });

  test('lets go of what a crash has left of the log before it', () => {
    const contents = found();
    const all = ['a', 'b', 'c'].map((command, at) => ({ term: 1, index: at + 1, command }));
    const { storage, member } = memberWith(
      { ...defaultSnapshotPolicy, snapshotEntries: 9, keepEntries: 1 }, 'n1', ['n1'], { ...contents, entries: all },
    );
    expect(member.status.firstIndex).toBe(2);
    expect(storage.done).toEqual(['compact 1']);
  });

  test('does not start on one of another cluster', () => {
    const contents = found();
    const hardState = { ...contents.hardState, voters: [...threeNodes] };
    const start = (): unknown => {
      return memberWith({ ...defaultSnapshotPolicy, snapshotEntries: 9, keepEntries: 0 }, 'n1', [...threeNodes], { ...contents, hardState });
    };
    expect(start).toThrow('the snapshot of entry 2: line 1 of the snapshot: it should be {"last_included_index"');
  });
});

describe("a leader's snapshot", () => {
  const head = '{"last_included_index":8,"last_included_term":2,"voters":["n1","n2","n3"]}\n';

  function install(member: ListMember, text: string): void {
    const { checksum: _checksum, ...rest } = piece(text, 0, text.length);
    member.receiveRequest('n2', { ...rest, checksum: checksumOf(text) }, 7, 0);
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
    const { storage, member } = memberWith({ ...defaultSnapshotPolicy, snapshotEntries: 3, keepEntries: 0 }, 'n1', [...threeNodes]);
    member.receiveRequest('n2', appendEntries({ term: 3, log: [1], commit: 1 }), 1, 0);
    member.turn(0);
    install(member, `${head}"x"\n"y"\n`);
    expect(messagesIn(member.turn(0).effects)).toMatchObject([{ kind: 'reply', ticket: 7, message: { offset: head.length + 8 } }]);
    expect(member.status).toMatchObject({ lastApplied: 8, commitIndex: 8, firstIndex: 9 });
    expect(storage.snapshot?.description.lastIncludedIndex).toBe(8);
    member.receiveRequest('n2', appendEntries({ term: 3, prev: [8, 2], log: [3], commit: 9 }), 8, 0);
    member.turn(0);
    expect(member.status.lastApplied).toBe(9);
    expect(member.entries(9, 9)).toHaveLength(1);
  });

  test('ends one that this node is taking', () => {
    const { storage, member } = memberWith({ ...defaultSnapshotPolicy, snapshotEntries: 1, keepEntries: 0 }, 'n1', [...threeNodes]);
    member.turn(0);
    member.receiveRequest('n2', appendEntries({ term: 3, log: [1], commit: 1 }), 1, 0);
    storage.isSlow = true;
    member.turn(0);
    expect(storage.done).toEqual(['begin 1']);
    storage.isSlow = false;
    storage.goOn();
    storage.goOn();
    install(member, `${head}"x"\n`);
    member.turn(0);
    expect(storage.done).toEqual(['begin 1', 'abandon']);
    expect(storage.snapshot?.description.lastIncludedIndex).toBe(8);
  });
});

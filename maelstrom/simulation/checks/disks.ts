import type { Tally } from '../record/tally.ts';
import { Configuration } from '../../../src/index.ts';
import type { Batch, HardState, Members, Recovered, SnapshotDescription } from '../../../src/index.ts';
import { Violation } from './violation.ts';
import type { CommittedLog } from './committed-log.ts';
import { name } from './log-tree.ts';
import type { LogTree, Place } from './log-tree.ts';

/** What a node's storage has reported as persisted, over all its incarnations. */
interface DiskState {
  hardState: HardState | undefined;
  log: Place[];
  /** The batch that is being written. */
  inFlight: Batch | undefined;
  /** Where its snapshot ends; 0 where there is none. */
  snapshotIndex: number;
  /** How many places from the beginning on are those of the committed log. */
  committed: number;
}

/** What came of a batch that was being written when its node ended. */
export type InFlight = 'none' | 'kept' | 'lost';

/**
 * What is on the disks, as far as storages have told: a crash may take nothing of it, and a majority holds all that is
 * committed.
 */
export class Disks {
  readonly #tree: LogTree;
  readonly #committed: CommittedLog;
  readonly #tally: Tally;
  readonly #disks: ReadonlyMap<string, DiskState>;
  /**
   * In which a leader has counted last, and before that. A step may commit by the one and append the next, so an entry
   * has to be on enough disks by either.
   */
  #counting: readonly [last: Configuration, before: Configuration];

  constructor(nodeIds: readonly string[], tree: LogTree, committed: CommittedLog, tally: Tally) {
    this.#tally = tally;
    this.#tree = tree;
    this.#committed = committed;
    const founders = new Configuration({ voters: nodeIds, learners: [] });
    this.#counting = [founders, founders];
    const empty = { hardState: undefined, inFlight: undefined, snapshotIndex: 0, committed: 0 };
    this.#disks = new Map(nodeIds.map((nodeId) => [nodeId, { ...empty, log: [] }]));
  }

  /** A node starts and finds `recovered`: all that was persisted, and of a batch that was in flight all or nothing. */
  recovers(nodeId: string, recovered: Recovered | undefined): InFlight {
    const disk = this.#disk(nodeId);
    const { hardState, inFlight } = disk;
    const log = this.#logOf(nodeId, recovered);
    disk.inFlight = undefined;
    disk.snapshotIndex = recovered?.snapshot?.lastIncludedIndex ?? 0;
    if (isSame(disk.log, log) && isSameVote(hardState, recovered?.hardState)) {
      return inFlight === undefined ? 'none' : 'lost';
    }
    for (const written of inFlight === undefined ? [] : this.#partsOf(nodeId, disk.log, inFlight)) {
      if (!isSame(written, log) || !isSameVote(inFlight?.hardState ?? hardState, recovered?.hardState)) continue;
      this.#set(nodeId, disk, recovered?.hardState, log);
      return 'kept';
    }
    const expected = `${describe(hardState, disk.log)}${inFlight === undefined ? '' : ', and perhaps one batch more'}`;
    throw new Violation('durability', nodeId, `starts with ${describe(recovered?.hardState, log)}, not ${expected}`);
  }

  /** Its storage has begun to write. */
  writes(nodeId: string, batch: Batch): void {
    this.#disk(nodeId).inFlight = batch;
  }

  /** Its storage reports what it has by now. */
  progressed(nodeId: string, persistedBatch: number, snapshot: SnapshotDescription | undefined): void {
    const disk = this.#disk(nodeId);
    const { inFlight } = disk;
    if (snapshot !== undefined && snapshot.lastIncludedIndex !== disk.snapshotIndex) {
      disk.snapshotIndex = snapshot.lastIncludedIndex;
      this.#tally.add(inFlight?.snapshot?.description.lastIncludedIndex === disk.snapshotIndex ? 'snapshots installed' : 'snapshots taken');
    }
    if (inFlight === undefined || persistedBatch < inFlight.number) return;
    disk.inFlight = undefined;
    this.#set(nodeId, disk, inFlight.hardState ?? disk.hardState, this.#write(nodeId, disk.log, inFlight));
  }

  /** A leader has found something committed, by counting in this configuration. */
  counted(members: Members): void {
    const [last] = this.#counting;
    if (members !== last.members) this.#counting = [new Configuration(members), last];
  }

  /** To be called when more has been committed. */
  checkMajority(nodeId: string | undefined): void {
    for (const disk of this.#disks.values()) this.#countCommitted(disk);
    const heldIn = ({ quorum }: Configuration): number => quorum.reached((voter) => this.#disks.get(voter)?.committed ?? 0);
    const held = Math.max(...this.#counting.map(heldIn));
    if (held >= this.#committed.lastIndex) return;
    const places = [...this.#disks].map(([id, { committed }]) => `${id} up to ${committed}`).join(', ');
    const what = `${name(this.#committed.at(held + 1))} is committed, but not on a majority of disks: ${places}`;
    throw new Violation('majority-of-disks', nodeId, what);
  }

  /** `leaderId`, with this log, leads `term` and takes so much for stored on its followers. */
  checkMatchIndexes(leaderId: string, term: number, log: readonly Place[], matchIndexes: ReadonlyMap<string, number>): void {
    for (const [nodeId, matchIndex] of matchIndexes) {
      const { hardState, log: stored } = this.#disk(nodeId);
      // Who is in a later term may have replaced it, and this leader does not know.
      if (matchIndex === 0 || stored[matchIndex - 1] === log[matchIndex - 1] || (hardState?.term ?? 0) > term) continue;
      const what = `leads term ${term} and takes ${name(log[matchIndex - 1])} for stored on ${nodeId}`;
      throw new Violation('match-index', leaderId, `${what}, which has ${name(stored[matchIndex - 1])} there`);
    }
  }

  #set(nodeId: string, disk: DiskState, hardState: HardState | undefined, log: Place[]): void {
    disk.hardState = hardState;
    disk.log = log;
    if (disk.committed > log.length || log[disk.committed - 1] !== this.#committed.at(disk.committed)) {
      disk.committed = 0;
      this.checkMajority(nodeId);
    }
  }

  #countCommitted(disk: DiskState): void {
    while (disk.committed < this.#committed.lastIndex) {
      if (disk.log[disk.committed] !== this.#committed.at(disk.committed + 1)) return;
      disk.committed += 1;
    }
  }

  #logOf(nodeId: string, recovered: Recovered | undefined): Place[] {
    if (recovered === undefined) return [];
    const { snapshot, entries } = recovered;
    const start = (entries[0]?.index ?? (snapshot?.lastIncludedIndex ?? 0) + 1) - 1;
    return this.#append(nodeId, this.#committedUpTo(nodeId, start), entries);
  }

  /** Does to `log` what writing the batch does to the log on the disk. */
  #write(nodeId: string, log: Place[], { snapshot, entries }: Batch): Place[] {
    if (snapshot !== undefined) {
      const { lastIncludedIndex, lastIncludedTerm } = snapshot.description;
      log.splice(0, Infinity, ...this.#committedUpTo(nodeId, lastIncludedIndex));
      if (log.at(-1)?.term !== lastIncludedTerm) {
        const what = `has a snapshot up to ${lastIncludedIndex} of term ${lastIncludedTerm}`;
        throw new Violation('state-machine-safety', nodeId, `${what}, where ${name(log.at(-1))} is committed`);
      }
    }
    const [first] = entries;
    if (first !== undefined) log.length = Math.min(log.length, first.index - 1);
    return this.#append(nodeId, log, entries);
  }

  /**
   * What an interrupted write may leave of the log, besides all or nothing: where a snapshot comes, the hard state alone;
   * then the snapshot, with what was behind its place, if the log had that.
   */
  #partsOf(nodeId: string, log: readonly Place[], batch: Batch): readonly (readonly Place[])[] {
    const whole = this.#write(nodeId, [...log], batch);
    if (batch.snapshot === undefined) return [whole];
    const covered = this.#committedUpTo(nodeId, batch.snapshot.description.lastIncludedIndex);
    return [log, log[covered.length - 1] === covered.at(-1) ? log : covered, whole];
  }

  /** What a snapshot stands for. */
  #committedUpTo(nodeId: string, index: number): Place[] {
    return Array.from({ length: index }, (_, position) => {
      const place = this.#committed.at(position + 1);
      if (place !== undefined) return place;
      throw new Violation('state-machine-safety', nodeId, `has a snapshot up to ${index}, which is not committed`);
    });
  }

  #append(nodeId: string, log: Place[], entries: Batch['entries']): Place[] {
    for (const entry of entries) log.push(this.#tree.place(nodeId, entry, log.at(-1)));
    return log;
  }

  #disk(nodeId: string): DiskState {
    const disk = this.#disks.get(nodeId);
    if (disk === undefined) throw new Error(`there is no node ${nodeId}`);
    return disk;
  }
}

function isSame(left: readonly Place[], right: readonly Place[]): boolean {
  return left.length === right.length && left.at(-1) === right.at(-1);
}

function isSameVote(left: HardState | undefined, right: HardState | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.term === right.term && left.votedFor === right.votedFor && left.bootCount === right.bootCount;
}

function describe(hardState: HardState | undefined, log: readonly Place[]): string {
  if (hardState === undefined) return 'nothing';
  const { bootCount, term, votedFor } = hardState;
  return `boot ${bootCount}, term ${term}, a vote for ${votedFor ?? 'nobody'} and a log that ends with ${name(log.at(-1))}`;
}

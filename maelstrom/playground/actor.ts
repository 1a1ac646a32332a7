import type { Batch, MemoryContents, RaftConfig, SnapshotPolicy } from '../../src/index.ts';
import type { Node } from '../../src/stdio/node.ts';
import { Clock } from '../simulation/world/clock.ts';
import { Machine } from '../simulation/world/machine.ts';
import { MemoryDisk } from '../simulation/world/memory-disk.ts';
import { raftNode } from '../simulation/world/raft-node.ts';
import type { VirtualTime } from '../simulation/world/virtual-time.ts';
import { changesBetween, seenOnDisk } from './seen.ts';
import type { Seen } from './seen.ts';
import { entriesWords } from './words.ts';

/** P of all scenarios, and how long a follower may be sent nothing. */
export const electionTimeoutMs = 500;
const heartbeatMs = 150;

/** Requests of clients that may be pending at a time. */
const maxPending = 100;

/** What of a node differs from the defaults. */
export interface Bounds {
  readonly raft: Partial<RaftConfig>;
  readonly snapshots: SnapshotPolicy;
}

export interface ActorOptions {
  readonly nodeId: string;
  readonly time: VirtualTime;
  readonly bounds: Bounds;
  /** Whether it is none of the founders. */
  readonly joins: boolean;
  /** Called once for each incarnation, for what it draws at random. */
  readonly takeSeed: () => number;
  /** Takes each line that the node has written, once what happened before it has been told. */
  readonly onLine: (line: string) => void;
}

/** One node of a scenario, the real one. Its clock and its disk go on, and it takes turns, when the script says so. */
export class Actor {
  readonly nodeId: string;
  readonly machine: Machine<Node>;
  readonly #options: ActorOptions;
  readonly #disk: MemoryDisk;
  #seen: Seen = seenOnDisk(undefined);
  /** What has happened and is not told yet. */
  #events: string[] = [];
  /** Writes that have begun in this turn. */
  #writes: string[] = [];
  #lines: string[] = [];

  constructor(options: ActorOptions) {
    const { nodeId, time, bounds, joins, takeSeed } = options;
    this.nodeId = nodeId;
    this.#options = options;
    this.#disk = new MemoryDisk(time, 'at once', (batch) => this.#begins(batch));
    this.machine = new Machine({
      nodeId,
      time,
      clock: new Clock(time),
      disk: this.#disk,
      boot: (openStorage) => {
        const times = { electionTimeoutMs, heartbeatMs };
        return raftNode({ ...times, maxPending, ...bounds, joins, openStorage, seed: takeSeed() });
      },
      turnDelayMs: () => 0,
      hasTimers: false,
      events: {
        onOutput: ({ lines, log }) => {
          this.#look();
          this.#events.push(...this.#writes.splice(0), ...log.map((text) => `${nodeId} logs: ${text}`));
          this.#lines.push(...lines);
        },
        // An assertion that fails ends the node, and says so.
        onThrow: (error) => {
          this.#events.push(`${nodeId} stops: ${error instanceof Error ? error.message : String(error)}`);
        },
      },
    });
  }

  get isUp(): boolean {
    return this.machine.isUp;
  }

  /** How long until its own timers want a turn, by its clock. */
  get untilDeadlineMs(): number {
    return this.machine.untilDeadlineMs;
  }

  /** What its disk holds. */
  get contents(): MemoryContents | undefined {
    return this.#disk.contents;
  }

  get isWriting(): boolean {
    return this.#disk.isWriting;
  }

  get seen(): Seen {
    const view = this.machine.program?.member;
    if (view === undefined) return this.#seen;
    const { status } = view;
    return { ...status, snapshotIndex: this.#disk.snapshotIndex, entries: view.entries(status.firstIndex, status.lastIndex) };
  }

  /** Starts it on what its disk holds. */
  start(): void {
    this.#seen = seenOnDisk(this.contents);
    this.machine.start();
  }

  /** Puts something else on its disk, and starts it on that. */
  startOn(contents: MemoryContents): void {
    this.machine.kill();
    this.#disk.replace(contents);
    this.start();
  }

  /** What its disk has not finished is lost. */
  crash(): void {
    this.machine.kill();
  }

  /** From now on writes to its disk are finished by the script only, or at once. */
  setDisk(isSlow: boolean): void {
    this.#disk.timing = isSlow ? 'by hand' : 'at once';
  }

  /** The disk has what it was writing; the node may not know it yet. */
  finishWrite(): void {
    this.#disk.finishWrite();
  }

  /** Lets it do what there is to do now, tells what happened, and then hands on what it wrote. */
  act(tell: (events: readonly string[]) => void): void {
    const { time, onLine } = this.#options;
    time.runUntil(time.nowMs);
    tell(this.#events.splice(0));
    for (const line of this.#lines.splice(0)) onLine(line);
  }

  #begins({ hardState, snapshot, entries }: Batch): void {
    if (this.#disk.timing === 'at once') return;
    const parts = [
      ...(hardState ? [`term ${hardState.term}, vote ${hardState.votedFor ?? 'none'}`] : []),
      ...(snapshot ? [`snapshot up to ${snapshot.description.lastIncludedIndex}`] : []),
      ...(entries.length > 0 ? [entriesWords(entries)] : []),
    ];
    this.#writes.push(`${this.nodeId} writes ${parts.length > 0 ? parts.join('; ') : 'nothing'}`);
  }

  #look(): void {
    const [before, now] = [this.#seen, this.seen];
    this.#seen = now;
    this.#events.push(...changesBetween(before, now).map((change) => `${this.nodeId} ${change}`));
  }
}

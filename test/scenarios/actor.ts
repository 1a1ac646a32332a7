import { DelayedStorage } from '../../maelstrom/simulation/world/delayed-storage.ts';
import type { Batch, Entry, MemoryContents, RaftConfig, SnapshotPolicy } from '../../src/index.ts';
import { KeyValueStore } from '../../src/services/kv/store.ts';
import { Node } from '../../src/stdio/node.ts';
import { entriesWords } from './words.ts';

/** P of all scenarios, and how long a follower may be sent nothing. */
export const electionTimeoutMs = 500;
export const heartbeatMs = 150;

/** More of them at one moment mean that a node does nothing in them. */
const maxTurnsAtOnce = 100;

/** What of a node differs from the defaults. */
export interface Bounds {
  readonly raft: Partial<RaftConfig>;
  readonly snapshots: SnapshotPolicy;
}

/** What is seen of a node from outside. */
interface Seen {
  readonly role: string;
  readonly term: number;
  readonly leader: string | null;
  readonly commitIndex: number;
  readonly lastApplied: number;
  /** What the snapshot on its disk covers; 0 where there is none. */
  readonly snapshotIndex: number;
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly entries: readonly Entry[];
}

const nothingSeen: Seen = {
  role: 'follower',
  term: 0,
  leader: null,
  commitIndex: 0,
  lastApplied: 0,
  snapshotIndex: 0,
  firstIndex: 1,
  lastIndex: 0,
  entries: [],
};

/** What came of a turn: what happened, in words, and the lines that left. */
export interface Outcome {
  readonly events: readonly string[];
  readonly lines: readonly string[];
}

/** One node of a scenario, the real one, with a clock and a disk that go on when the script says so. */
export class Actor {
  readonly nodeId: string;
  nowMs: number;
  isUp = true;
  /** Whether writes to its disk are finished by the script only. */
  isDiskSlow: boolean;
  readonly #node: Node;
  readonly #disk: DelayedStorage;
  #seen: Seen;
  #events: string[] = [];
  #isWriting = false;

  constructor(
    nodeId: string,
    seed: number,
    nowMs: number,
    isDiskSlow: boolean,
    { raft, snapshots }: Bounds,
    recovered: MemoryContents | undefined,
  ) {
    this.nodeId = nodeId;
    this.nowMs = nowMs;
    this.isDiskSlow = isDiskSlow;
    this.#disk = new DelayedStorage(recovered, (batch) => this.#beganToWrite(batch));
    this.#node = new Node({
      electionTimeoutMs,
      heartbeatMs,
      maxPending: 100,
      raft,
      snapshots,
      openStorage: () => this.#disk,
      stateMachine: new KeyValueStore(),
      seed,
    });
    const term = recovered?.hardState.term ?? 0;
    const snapshotIndex = recovered?.snapshot?.lastIncludedIndex ?? 0;
    const reached = { commitIndex: snapshotIndex, lastApplied: snapshotIndex, snapshotIndex };
    const entries = recovered?.entries ?? [];
    const firstIndex = entries[0]?.index ?? snapshotIndex + 1;
    const held = { firstIndex, lastIndex: firstIndex - 1 + entries.length, entries };
    this.#seen = { ...nothingSeen, ...reached, ...held, term };
  }

  /** What its disk holds. */
  get contents(): MemoryContents | undefined {
    return this.#disk.contents;
  }

  get isWriting(): boolean {
    return this.#isWriting;
  }

  get seen(): Seen {
    const view = this.#node.replica;
    if (view === undefined) return this.#seen;
    const snapshotIndex = this.#disk.snapshot?.description.lastIncludedIndex ?? 0;
    return { ...view.status, snapshotIndex, entries: view.entries(view.status.firstIndex, view.status.lastIndex) };
  }

  /** How long until its own timers want a turn; 0 where they want one now. */
  get untilDeadlineMs(): number {
    return Math.max(0, this.#node.nextDeadlineMs(this.nowMs) - this.nowMs);
  }

  /** A line arrives, and the node takes a turn. */
  receive(line: string): Outcome {
    return this.#guarded(() => {
      this.#node.receive(Buffer.from(`${line}\n`), this.nowMs);
      return this.#turn();
    });
  }

  turn(): Outcome {
    return this.#guarded(() => this.#turn());
  }

  /** The disk has what it was writing; the node may not know it yet. */
  finishWrite(): void {
    this.#isWriting = false;
    this.#disk.finishWrite();
  }

  /** A turn, and as many more as it wants at once: to go on with a snapshot, for one. */
  #turn(): Outcome {
    const events: string[] = [];
    const lines: string[] = [];
    for (let turns = 0; turns === 0 || this.untilDeadlineMs === 0; turns += 1) {
      if (turns > maxTurnsAtOnce) throw new Error('it wants one turn after another');
      const { lines: said, log } = this.#node.turn(this.nowMs);
      events.push(...this.#changes(), ...this.#events.splice(0), ...log.map((text) => `${this.nodeId} logs: ${text}`));
      lines.push(...said);
    }
    return { events, lines };
  }

  /** An assertion that fails ends the node, and says so. */
  #guarded(step: () => Outcome): Outcome {
    try {
      return step();
    } catch (error) {
      this.isUp = false;
      return { events: [`${this.nodeId} stops: ${error instanceof Error ? error.message : String(error)}`], lines: [] };
    }
  }

  #beganToWrite({ hardState, snapshot, entries }: Batch): void {
    this.#isWriting = true;
    if (!this.isDiskSlow) return this.finishWrite();
    const parts = [
      ...(hardState ? [`term ${hardState.term}, vote ${hardState.votedFor ?? 'none'}`] : []),
      ...(snapshot ? [`snapshot up to ${snapshot.description.lastIncludedIndex}`] : []),
      ...(entries.length > 0 ? [entriesWords(entries)] : []),
    ];
    this.#events.push(`${this.nodeId} writes ${parts.join('; ')}`);
    return undefined;
  }

  #changes(): readonly string[] {
    const [before, now] = [this.#seen, this.seen];
    this.#seen = now;
    const changes = [...roleChange(before, now), ...logChanges(before, now)];
    if (now.commitIndex !== before.commitIndex) changes.push(`commits up to ${now.commitIndex}`);
    if (now.lastApplied !== before.lastApplied) {
      const applied = now.entries.filter(({ index }) => index > before.lastApplied && index <= now.lastApplied);
      changes.push(applied.length > 0 ? `applies ${entriesWords(applied)}` : `is at ${now.lastApplied} by a snapshot`);
    }
    const { snapshotIndex } = now;
    if (snapshotIndex !== before.snapshotIndex) changes.push(`has a snapshot up to ${snapshotIndex} on its disk`);
    return changes.map((change) => `${this.nodeId} ${change}`);
  }
}

function roleChange(before: Seen, now: Seen): readonly string[] {
  if (before.role === now.role && before.term === now.term && before.leader === now.leader) return [];
  return [`is ${roleWords(now)}`];
}

/** `follower of n1 in term 2`. */
export function roleWords({ role, term, leader }: Pick<Seen, 'role' | 'term' | 'leader'>): string {
  return role === 'follower' && leader !== null ? `follower of ${leader} in term ${term}` : `${role} in term ${term}`;
}

function logChanges(before: Seen, now: Seen): string[] {
  const has = (entries: readonly Entry[], entry: Entry): boolean =>
    entries.some(({ index, term }) => index === entry.index && term === entry.term);
  const hasBegunAnew = now.firstIndex > before.firstIndex;
  // A leader's snapshot has taken the place of the log; one of the node's own covers only what was in it.
  const isReplaced = hasBegunAnew && now.commitIndex > before.lastIndex && now.lastApplied > before.commitIndex;
  const gone = before.entries.filter((entry) => !has(now.entries, entry));
  const dropped = isReplaced ? gone : gone.filter(({ index }) => index >= now.firstIndex);
  const added = now.entries.filter((entry) => !has(before.entries, entry));
  return [
    ...(dropped.length > 0 ? [`drops ${entriesWords(dropped)}`] : []),
    ...(hasBegunAnew && !isReplaced ? [`has compacted its log up to ${now.firstIndex - 1}`] : []),
    ...(added.length > 0 ? [`appends ${entriesWords(added)}`] : []),
  ];
}

import type { Entry, Member } from '../../../src/index.ts';
import type { LogEnd } from '../../../src/raft/election.ts';
import type { Tally } from '../record/tally.ts';
import { Violation } from './violation.ts';
import type { CommittedLog } from './committed-log.ts';
import { name } from './log-tree.ts';
import type { LogTree, Place } from './log-tree.ts';

/** What is seen of a node from outside. */
export type View = Pick<Member<never, unknown, unknown>, 'bootCount' | 'status' | 'members' | 'entries' | 'matchIndexes'>;
type Status = View['status'];

export interface Shared {
  readonly tree: LogTree;
  readonly committed: CommittedLog;
  readonly tally: Tally;
  /** Called when a node is seen to lead a term, each time anew. */
  readonly onLeader: (nodeId: string, term: number) => void;
  /** Called when a leader finds something committed. */
  readonly onLeaderCommit: (nodeId: string) => void;
  /** Called with what a person who follows the run wants to know. */
  readonly note: ((nodeId: string, what: string) => void) | undefined;
}

const nothingSeen: Status = {
  role: 'follower',
  term: 0,
  leader: null,
  commitIndex: 0,
  firstIndex: 1,
  lastIndex: 0,
  lastApplied: 0,
};

/** One incarnation of a node, as it was seen last; what it has done since must follow from there by the rules. */
export class RunningNode {
  readonly #nodeId: string;
  readonly #shared: Shared;
  #status = nothingSeen;
  /** Its log, from index 1 on. */
  readonly #log: Place[] = [];
  /** The objects that it has its log in: an entry that is still the same object has not been replaced. */
  readonly #entries: (Entry | undefined)[] = [];

  constructor(nodeId: string, shared: Shared) {
    this.#nodeId = nodeId;
    this.#shared = shared;
  }

  get status(): Status {
    return this.#status;
  }

  get logEnd(): LogEnd {
    const last = this.#log.at(-1);
    return { lastIndex: last?.index ?? 0, lastTerm: last?.term ?? 0 };
  }

  get log(): readonly Place[] {
    return this.#log;
  }

  /** To be called after everything that may have changed the node. Costs little where nothing has changed. */
  look(view: View): void {
    const before = this.#status;
    const now = view.status;
    this.#status = now;
    if (now.term > before.term) this.#shared.tally.add('terms taken up');
    if (now.term < before.term) this.#violate('term-order', `goes back from term ${before.term} to ${now.term}`);
    this.#lookAtLog(view, before, now);
    this.#lookAtRole(before, now);
    this.#lookAtCommitIndex(before, now);
    this.#lookAtApplied(before, now);
  }

  #lookAtLog(view: View, before: Status, now: Status): void {
    const start = now.firstIndex - 1;
    if (now.firstIndex !== before.firstIndex && this.#log[start - 1] !== this.#shared.committed.at(start)) {
      this.#takeSnapshot(start);
    }
    let kept = Math.min(this.#log.length, now.lastIndex);
    const [last] = view.entries(now.lastIndex, now.lastIndex);
    if (kept === now.lastIndex && last !== undefined && last !== this.#entries[kept - 1]) kept -= 1;
    while (kept >= now.firstIndex && kept > 0 && view.entries(kept, kept)[0] !== this.#entries[kept - 1]) kept -= 1;
    if (kept < this.#log.length) this.#truncated(kept, before, now);
    if (kept < now.lastIndex) this.#extend(view.entries(kept + 1, now.lastIndex));
  }

  /** What is in a snapshot is what has been committed up to there. */
  #takeSnapshot(lastIncludedIndex: number): void {
    const { committed } = this.#shared;
    if (lastIncludedIndex > committed.lastIndex) {
      this.#violate('state-machine-safety', `has a snapshot up to ${lastIncludedIndex}, which is not committed`);
    }
    this.#log.length = 0;
    this.#entries.length = 0;
    for (let index = 1; index <= lastIncludedIndex; index += 1) {
      const place = committed.at(index);
      if (place !== undefined) this.#log.push(place);
      this.#entries.push(undefined);
    }
  }

  #truncated(kept: number, before: Status, now: Status): void {
    const { tally, note } = this.#shared;
    const count = this.#log.length - kept;
    if (before.role === 'leader' && now.role === 'leader' && before.term === now.term) {
      this.#violate('leader-append-only', `leads term ${now.term} and removes ${name(this.#log[kept])} from its log`);
    }
    if (kept < before.commitIndex) {
      this.#violate('commit-order', `removes ${name(this.#log[kept])}, which it holds for committed`);
    }
    if (kept === now.lastIndex) {
      const what = `removes ${name(this.#log[kept])} from its log and has nothing in that place`;
      this.#violate('only-conflicts-truncate', what);
    }
    tally.add('logs truncated');
    tally.add('entries truncated', count);
    note?.(this.#nodeId, `removes ${count} entries after ${kept}`);
    this.#log.length = kept;
    this.#entries.length = kept;
  }

  #extend(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.index !== this.#log.length + 1) {
        this.#violate('log-matching', `has entry ${entry.index} after ${name(this.#log.at(-1))}`);
      }
      this.#log.push(this.#shared.tree.place(this.#nodeId, entry, this.#log.at(-1)));
      this.#entries.push(entry);
    }
  }

  #lookAtRole(before: Status, now: Status): void {
    const { committed, onLeader, note } = this.#shared;
    if (now.term !== before.term || now.role !== before.role) {
      note?.(this.#nodeId, `is ${now.role} of term ${now.term}`);
    }
    if (now.role !== 'leader' || (before.role === 'leader' && before.term === now.term)) return;
    onLeader(this.#nodeId, now.term);
    committed.checkLeader(this.#nodeId, now.term, this.#log);
  }

  #lookAtCommitIndex(before: Status, now: Status): void {
    if (now.commitIndex === before.commitIndex) return;
    if (now.commitIndex < before.commitIndex) {
      this.#violate('commit-order', `takes its commit index back from ${before.commitIndex} to ${now.commitIndex}`);
    }
    const last = this.#log[now.commitIndex - 1];
    if (now.role === 'leader' && before.role === 'leader' && now.term === before.term && last?.term !== now.term) {
      this.#violate('current-term-commit', `leads term ${now.term} and commits up to ${name(last)}`);
    }
    const { committed, tally, onLeaderCommit, note } = this.#shared;
    for (let index = before.commitIndex + 1; index <= now.commitIndex; index += 1) {
      const [place, entry] = [this.#log[index - 1], this.#entries[index - 1]];
      if (place === undefined) this.#violate('commit-order', `commits entry ${index}, which it does not have`);
      if (entry !== undefined) committed.commit(this.#nodeId, entry, place, now.term);
    }
    tally.add('entries committed', now.commitIndex - before.commitIndex);
    if (now.role === 'leader') onLeaderCommit(this.#nodeId);
    note?.(this.#nodeId, `has committed up to ${now.commitIndex}`);
  }

  #lookAtApplied(before: Status, now: Status): void {
    if (now.lastApplied === before.lastApplied) return;
    if (now.lastApplied < before.lastApplied) {
      this.#violate('commit-order', `takes its applied index back from ${before.lastApplied} to ${now.lastApplied}`);
    }
    if (now.lastApplied > now.commitIndex) {
      this.#violate('commit-order', `has applied entry ${now.lastApplied} and committed ${now.commitIndex}`);
    }
    this.#shared.tally.add('entries applied', now.lastApplied - before.lastApplied);
  }

  #violate(rule: Violation['rule'], what: string): never {
    throw new Violation(rule, this.#nodeId, what);
  }
}

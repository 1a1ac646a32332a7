import { contradictsFixed, judgeAppendEntries } from './append-entries.ts';
import { assert } from './assert.ts';
import type { Commitment } from './commitment.ts';
import type { ConfigurationHistory } from './configuration-history.ts';
import type { Durability } from './durability.ts';
import type { LogPlace, RaftLog } from './log.ts';
import type { AppendEntries, Entry, InstallSnapshot, NodeId } from './messages.ts';
import type { Outbox } from './outbox.ts';
import type { ReceivedSnapshot, SnapshotDescription, SnapshotReader } from './snapshot.ts';
import { placeOf } from './snapshot.ts';
import type { SnapshotIntake } from './snapshot-intake.ts';

/** What a follower's log is made of, and what depends on it. */
export interface FollowerLogParts {
  readonly log: RaftLog;
  readonly configurations: ConfigurationHistory;
  readonly commitment: Commitment;
  readonly durability: Durability;
  readonly intake: SnapshotIntake;
  readonly outbox: Outbox;
}

/** What a follower does to its log when its leader sends entries or a snapshot, and what it answers. */
export class FollowerLog {
  readonly #parts: FollowerLogParts;
  /** Up to where the leader of that term and this node are known to agree. */
  #agreed: LogPlace = { index: 0, term: 0 };

  constructor(parts: FollowerLogParts) {
    this.#parts = parts;
  }

  /** @param follow called once it is known that a correct leader may have sent the request, before anything is taken */
  appendEntries(from: NodeId, request: AppendEntries, ticket: number, follow: () => void): void {
    const { log, commitment, outbox } = this.#parts;
    const { term } = request;
    const verdict = judgeAppendEntries(log, this.#fixedIndex(term), request);
    if (verdict.kind === 'impossible') return outbox.refuseMalformed(from, ticket, verdict.why);
    follow();
    if (verdict.kind === 'conflict') {
      return outbox.reply(from, ticket, { type: 'append_entries_ok', success: false, term, ...verdict.conflict });
    }
    this.#replaceFrom(verdict.missing);
    commitment.advanceTo(Math.min(request.leader_commit, verdict.matchIndex));
    this.#agreed = { term, index: Math.max(this.#fixedIndex(term), verdict.matchIndex) };
    return outbox.acknowledge(from, ticket, verdict.matchIndex);
  }

  /**
   * A piece of a snapshot (Raft paper, figure 13). One that covers nothing beyond what is known here to be committed
   * never moves this node backwards: it is acknowledged, and ignored.
   *
   * @param follow as above
   * @returns the snapshot, where it is whole by now and has taken the place of the log
   */
  installSnapshot(
    from: NodeId,
    request: InstallSnapshot,
    ticket: number,
    follow: () => void,
  ): SnapshotDescription | undefined {
    const { log, commitment, intake, outbox } = this.#parts;
    const { term } = request;
    const place = { index: request.last_included_index, term: request.last_included_term };
    if (contradictsFixed(place, log, this.#fixedIndex(term))) {
      outbox.refuseMalformed(from, ticket, `entry ${place.index} contradicts one that is committed here`);
      return undefined;
    }
    follow();
    const taken = intake.take(request, log, commitment.commitIndex);
    switch (taken.kind) {
      case 'covered':
        commitment.advanceTo(request.last_included_index);
        outbox.acknowledgeSnapshot(from, ticket, request);
        return undefined;
      case 'more':
        outbox.reply(from, ticket, { type: 'install_snapshot_ok', term, offset: taken.offset });
        return undefined;
      case 'bad':
        outbox.refuseMalformed(from, ticket, taken.why);
        return undefined;
      case 'whole':
        this.#install(taken.snapshot, taken.reader);
        outbox.acknowledgeSnapshot(from, ticket, request);
        return taken.snapshot.description;
    }
  }

  /**
   * Up to here nothing is replaced: it is committed, or the leader of this term has sent it. A leader never changes its
   * own log (Raft paper, figure 3, Leader Append-Only), and what it was told that this node has stays.
   */
  #fixedIndex(term: number): number {
    return Math.max(this.#parts.commitment.commitIndex, this.#agreed.term === term ? this.#agreed.index : 0);
  }

  #replaceFrom(missing: readonly Entry[]): void {
    const { log, configurations, commitment, durability } = this.#parts;
    const [first] = missing;
    if (first === undefined) return;
    if (first.index <= log.lastIndex) {
      assert(first.index > commitment.commitIndex, 'what is committed is never truncated');
      durability.truncatesFrom(first.index);
      log.truncateFrom(first.index);
      configurations.truncatedFrom(first.index);
    }
    log.append(missing);
    configurations.appended(missing);
  }

  /** The snapshot takes the place of the log and of the state; both contradict it or lag behind. */
  #install(snapshot: ReceivedSnapshot, reader: SnapshotReader): void {
    const { log, configurations, commitment, durability } = this.#parts;
    const { description } = snapshot;
    assert(reader.members !== undefined, 'a whole snapshot says who takes part');
    durability.replacesLog(snapshot);
    log.restartAfter(placeOf(description));
    configurations.replaced(reader.members, description.lastIncludedIndex);
    commitment.install({ description, reader });
  }
}

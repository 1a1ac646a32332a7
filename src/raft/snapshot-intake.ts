import { maxIndex } from './log.ts';
import type { RaftLog } from './log.ts';
import type { InstallSnapshot, NodeId } from './messages.ts';
import type { ReceivedSnapshot, SnapshotDescription, SnapshotReader } from './snapshot.ts';

/** What came of a piece. */
export type Intake =
  /** What the snapshot covers is in the log and committed: it is not needed. */
  | { readonly kind: 'covered' }
  /** So much of the snapshot is here: what to send next. */
  | { readonly kind: 'more'; readonly offset: number }
  /** It was the last piece, and the whole is good. */
  | { readonly kind: 'whole'; readonly snapshot: ReceivedSnapshot; readonly reader: SnapshotReader }
  /** The text is not what it claims to be; all of it is dropped. `why` is a clause. */
  | { readonly kind: 'bad'; readonly why: string };

/** What is wrong with the request by itself: a correct leader cannot have sent it. */
export function faultOfInstallSnapshot(
  from: NodeId,
  request: InstallSnapshot,
  maxSnapshotBytes: number,
): string | undefined {
  const { term, leader_id, last_included_index, last_included_term, offset, data, total_bytes, done } = request;
  if (leader_id !== from) return `leader_id is ${leader_id}, but the message came from ${from}`;
  if (last_included_index === 0 || last_included_term === 0) return 'a snapshot covers at least entry 1, of term 1';
  if (last_included_index > maxIndex) return `last_included_index is above ${maxIndex}`;
  if (last_included_term > term) return `a snapshot of term ${last_included_term} in a request of term ${term}`;
  if (total_bytes > maxSnapshotBytes) return `total_bytes is above ${maxSnapshotBytes}`;
  if (data === '') return 'data is empty';
  // Lengths in characters are lengths in bytes only so.
  if (/[^\x00-\x7f]/.test(data)) return 'data is not ASCII';
  if (offset + data.length > total_bytes) return `data goes beyond total_bytes, which is ${total_bytes}`;
  if (done !== (offset + data.length === total_bytes)) return `done is ${done}, but the piece says otherwise`;
  return undefined;
}

/**
 * A snapshot on its way to this node, as far as it has come (Raft paper, figure 13, InstallSnapshot 2 to 5). Pieces of
 * two snapshots, of two leaders or of two terms never mix: where any of that changes, it begins anew.
 */
export class SnapshotIntake {
  readonly #open: (description: SnapshotDescription) => SnapshotReader;
  #partial: Partial | undefined;

  constructor(open: (description: SnapshotDescription) => SnapshotReader) {
    this.#open = open;
  }

  /** Takes a piece that {@link faultOfInstallSnapshot} finds nothing wrong with. */
  take(request: InstallSnapshot, log: RaftLog, commitIndex: number): Intake {
    if (isCovered(request, log, commitIndex)) {
      this.drop();
      return { kind: 'covered' };
    }
    if (this.#partial?.isPartOf(request) !== true) this.#partial = new Partial(request, this.#open);
    const partial = this.#partial;
    if (request.offset !== partial.receivedBytes) return { kind: 'more', offset: partial.receivedBytes };
    const fault = partial.add(request.data) ?? (request.done ? partial.reader.end() : undefined);
    if (fault === undefined && !request.done) return { kind: 'more', offset: partial.receivedBytes };
    this.drop();
    if (fault !== undefined) return { kind: 'bad', why: fault };
    return { kind: 'whole', snapshot: partial.snapshot, reader: partial.reader };
  }

  drop(): void {
    this.#partial = undefined;
  }
}

/**
 * A snapshot never moves a node backwards. And where the log holds the last included entry, it holds what comes before
 * as well (Raft paper, figure 3, Log Matching), which the leader knows to be committed.
 */
function isCovered(
  { last_included_index, last_included_term }: InstallSnapshot,
  log: RaftLog,
  commitIndex: number,
): boolean {
  return last_included_index <= commitIndex || log.termAt(last_included_index) === last_included_term;
}

class Partial {
  readonly reader: SnapshotReader;
  readonly snapshot: ReceivedSnapshot;
  receivedBytes = 0;
  readonly #first: InstallSnapshot;
  readonly #pieces: string[] = [];

  constructor(first: InstallSnapshot, open: (description: SnapshotDescription) => SnapshotReader) {
    const { last_included_index, last_included_term, total_bytes, checksum } = first;
    const description = {
      lastIncludedIndex: last_included_index,
      lastIncludedTerm: last_included_term,
      totalBytes: total_bytes,
      checksum,
    };
    this.#first = first;
    this.snapshot = { description, pieces: this.#pieces };
    this.reader = open(description);
  }

  isPartOf({ leader_id, term, last_included_index, last_included_term, checksum, total_bytes }: InstallSnapshot): boolean {
    const first = this.#first;
    const isSameLeader = first.leader_id === leader_id && first.term === term;
    const isSameEntry =
      first.last_included_index === last_included_index && first.last_included_term === last_included_term;
    return isSameLeader && isSameEntry && first.checksum === checksum && first.total_bytes === total_bytes;
  }

  /** Returns what is wrong with it. */
  add(data: string): string | undefined {
    this.#pieces.push(data);
    this.receivedBytes += data.length;
    return this.reader.take(data);
  }
}

import type { Durability } from './durability.ts';
import type { AppendEntriesAccepted, InstallSnapshot, NodeId, RaftReply, RaftRequest } from './messages.ts';
import type { Outgoing, OutgoingChunk, SnapshotChunk } from './ready.ts';

/**
 * What is to be sent at the end of the turn, each message with the batch that must be on the disk before: nothing of a
 * term leaves before the term is there. Only entries may still be on their way to the disk while a leader's
 * AppendEntries already travel (Ongaro's thesis, section 10.2.1).
 */
export class Outbox {
  readonly #durability: Durability;
  readonly #shown: { readonly founders?: readonly NodeId[] };
  #lastNumber = 0;
  #messages: (Outgoing | OutgoingChunk)[] = [];
  #faults: string[] = [];

  /** @param shownFounders where this node is not one of them */
  constructor(durability: Durability, shownFounders?: readonly NodeId[]) {
    this.#durability = durability;
    this.#shown = shownFounders === undefined ? {} : { founders: shownFounders };
  }

  /** The number that the next request will have. */
  get nextNumber(): number {
    return this.#lastNumber + 1;
  }

  /** Returns the number of the request, by which its answer will be known. */
  request(to: NodeId, request: RaftRequest, term: number): number {
    const number = ++this.#lastNumber;
    const message = this.#shown.founders === undefined ? request : { ...request, ...this.#shown };
    this.#messages.push({ kind: 'request', to, message, number, term, afterBatch: this.#durability.batchOfHardState });
    return number;
  }

  /** As `request`, of the next piece of a snapshot, of at most `maxBytes`. */
  snapshotChunk(to: NodeId, chunk: SnapshotChunk, maxBytes: number, term: number): number {
    const message = { ...chunk, ...this.#shown };
    const number = ++this.#lastNumber;
    const afterBatch = this.#durability.batchOfHardState;
    this.#messages.push({ kind: 'snapshot-chunk', to, message, maxBytes, number, term, afterBatch });
    return number;
  }

  reply(to: NodeId, ticket: number, message: Exclude<RaftReply, AppendEntriesAccepted>): void {
    this.#messages.push({ kind: 'reply', to, ticket, message, afterBatch: this.#durability.batchOfHardState });
  }

  /** Says what is on this node's disk, and so waits until it is there, also where the request brought nothing new. */
  acknowledge(to: NodeId, ticket: number, match_index: number): void {
    const message = { type: 'append_entries_ok', success: true, match_index } as const;
    this.#messages.push({ kind: 'reply', to, ticket, message, afterBatch: this.#batchOfEntry(match_index) });
  }

  /** Likewise: says that what the snapshot covers is on this node's disk, by the snapshot or by entries. */
  acknowledgeSnapshot(to: NodeId, ticket: number, { term, last_included_index, total_bytes }: InstallSnapshot): void {
    const message = { type: 'install_snapshot_ok', term, offset: total_bytes } as const;
    this.#messages.push({ kind: 'reply', to, ticket, message, afterBatch: this.#batchOfEntry(last_included_index) });
  }

  /** A true request at a wrong moment: the sender may try elsewhere, or again. */
  refuse(to: NodeId, ticket: number, text: string): void {
    this.#messages.push({ kind: 'refusal', to, ticket, reason: 'unavailable', text, afterBatch: 0 });
  }

  /** What no correct peer sends. It changes nothing, and is logged. */
  refuseMalformed(to: NodeId, ticket: number, text: string): void {
    this.#messages.push({ kind: 'refusal', to, ticket, reason: 'malformed', text, afterBatch: 0 });
    this.complain(`refused a message from ${to}: ${text}`);
  }

  /** Something to be logged: a peer has broken the rules. */
  complain(fault: string): void {
    this.#faults.push(fault);
  }

  /** The batch after which everything up to the entry at `index` is on the disk. */
  #batchOfEntry(index: number): number {
    const { persistedIndex, batchOfHardState, batchOfEverything } = this.#durability;
    return index <= persistedIndex ? batchOfHardState : batchOfEverything;
  }

  take(): { readonly messages: readonly (Outgoing | OutgoingChunk)[]; readonly faults: readonly string[] } {
    const taken = { messages: this.#messages, faults: this.#faults };
    this.#messages = [];
    this.#faults = [];
    return taken;
  }
}

import { Random } from '../../src/raft/random.ts';
import type { Batch } from '../../src/raft/durability.ts';
import type { HardState } from '../../src/raft/hard-state.ts';
import type { LogPlace } from '../../src/raft/log.ts';
import type { Entry } from '../../src/raft/messages.ts';
import type { DiskStorage } from '../../src/storage/disk-storage.ts';
import type { SnapshotWriter } from '../../src/storage/storage.ts';
import type { FaultyFileSystem } from './faulty-file-system.ts';
import { describe, placeOf, received } from './snapshot-fixtures.ts';
import type { State } from './snapshot-fixtures.ts';
import { hardState } from './workload.ts';

/** What a replica asks of its disk, and how far the disk comes in between. */
export type Action =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'begin'; readonly place: LogPlace; readonly pieces: readonly string[] }
  | { readonly kind: 'piece' | 'finish' | 'abandon' }
  /** Up to here, as far as the snapshot that is current reaches. */
  | { readonly kind: 'compact'; readonly index: number }
  | { readonly kind: 'complete'; readonly operations: number };

/** How often what a snapshot is received over was there. For a test to see that it has had them all. */
export interface Received {
  /** The log has the snapshot's last entry, and others behind it. */
  matching: number;
  /** The log has another entry there. */
  conflicting: number;
  /** The log is shorter. */
  beyond: number;
}

/**
 * An eventful life with snapshots: entries that replace others, snapshots of the node's own that are written beside
 * batches, finished or given up, compactions, and snapshots from a leader, alone or with hard state and entries.
 */
export class SnapshotWorkload {
  readonly actions: Action[] = [];
  readonly received: Received = { matching: 0, conflicting: 0, beyond: 0 };
  readonly #random: Random;
  #hardState: HardState = hardState;
  #batches = 0;
  /** The log, by place; what is committed is never replaced. */
  #log: LogPlace[] = [];
  #committed = 0;
  #snapshotIndex = 0;
  #own: 'none' | 'begun' = 'none';

  constructor(steps: number, seed: number) {
    this.#random = new Random(seed);
    this.#write({ hardState: this.#hardState, entries: this.#newEntries(3) });
    for (let step = 0; step < steps; step += 1) this.#step();
    this.actions.push({ kind: 'complete', operations: Infinity });
  }

  #step(): void {
    const choice = this.#random.integer(12);
    if (choice < 5) this.#appendBatch();
    else if (choice < 9) this.#ownSnapshot();
    else if (choice < 11) this.#receive();
    else this.actions.push({ kind: 'compact', index: this.#random.integer(this.#snapshotIndex + 1) });
    this.actions.push({ kind: 'complete', operations: this.#random.integer(4) });
  }

  #appendBatch(): void {
    const isNewTerm = this.#random.integer(3) === 0;
    if (isNewTerm) {
      this.#raiseTerm();
      this.#log.length -= this.#random.integer(this.#uncommitted + 1);
    }
    const entries = this.#newEntries(this.#random.integer(4));
    this.#write({ ...((isNewTerm || entries.length === 0) && { hardState: this.#hardState }), entries });
    this.#committed += this.#random.integer(Math.min(2, this.#uncommitted) + 1);
  }

  #ownSnapshot(): void {
    if (this.#own === 'none') {
      const index = this.#snapshotIndex + 1 + this.#random.integer(Math.max(1, this.#committed - this.#snapshotIndex));
      const place = this.#log[index - 1];
      if (place === undefined || index > this.#committed) return;
      this.#snapshotIndex = index;
      this.#own = 'begun';
      this.actions.push({ kind: 'begin', place, pieces: this.#pieces(`own ${index}`) });
    } else {
      const choice = this.#random.integer(6);
      const kind = choice === 0 ? 'abandon' : choice < 3 ? 'finish' : 'piece';
      if (kind !== 'piece') this.#own = 'none';
      this.actions.push({ kind });
    }
  }

  #receive(): void {
    if (this.#own === 'begun') this.actions.push({ kind: 'abandon' });
    this.#own = 'none';
    const index = this.#committed + 1 + this.#random.integer(this.#uncommitted + 2);
    const before = this.#log[index - 1];
    const isSame = before !== undefined && this.#random.integer(2) === 0;
    if (before === undefined) this.received.beyond += 1;
    else if (isSame) this.received.matching += index < this.#log.length ? 1 : 0;
    else this.received.conflicting += 1;
    if (!isSame) this.#raiseTerm();
    const place = { index, term: isSame ? before.term : this.#hardState.term };
    // The places before are not looked at again.
    this.#log = [...Array.from({ length: index - 1 }, () => place), place];
    this.#committed = index;
    this.#snapshotIndex = index;
    const entries = this.#newEntries(this.#random.integer(3));
    const snapshot = received(place, this.#pieces(`received ${index}`));
    this.#write({ ...(!isSame && { hardState: this.#hardState }), snapshot, entries });
  }

  #raiseTerm(): void {
    const { term } = this.#hardState;
    this.#hardState = { ...this.#hardState, term: term + 1, votedFor: this.#random.integer(2) === 0 ? null : 'n2' };
  }

  #newEntries(count: number): readonly Entry[] {
    const { term } = this.#hardState;
    const from = this.#log.length + 1;
    const entries = Array.from({ length: count }, (_, offset): Entry => {
      const size = this.#random.integer(8) === 0 ? 600 : this.#random.integer(30);
      return { term, index: from + offset, command: `${this.#batches} ${'x'.repeat(size)}` };
    });
    this.#log.push(...entries.map(({ index }) => ({ index, term })));
    return entries;
  }

  #pieces(head: string): readonly string[] {
    return Array.from({ length: 1 + this.#random.integer(3) }, (_, piece) => {
      return `${head}, ${piece} ${'.'.repeat(this.#random.integer(3) === 0 ? 700 : 20)}\n`;
    });
  }

  #write(batch: Omit<Batch, 'number'>): void {
    this.#batches += 1;
    this.actions.push({ kind: 'batch', batch: { number: this.#batches, ...batch } });
  }

  get #uncommitted(): number {
    return this.#log.length - this.#committed;
  }
}

/** Carries out actions, and keeps track of what was promised and what was asked for. */
export class Life {
  readonly #storage: DiskStorage;
  readonly #fileSystem: FaultyFileSystem;
  #writer: SnapshotWriter | undefined;
  #begun: { readonly place: LogPlace; readonly pieces: readonly string[]; written: number } | undefined;
  /** The batch that was begun last. */
  #inFlight: Batch | undefined;
  #stateBefore: State | undefined;
  #stateAfter: State | undefined;
  /** Snapshots of its own that it has finished, as far as it knows: the disk may have them or not. */
  readonly #finished: { readonly place: LogPlace; readonly text: string }[] = [];

  constructor(storage: DiskStorage, fileSystem: FaultyFileSystem) {
    this.#storage = storage;
    this.#fileSystem = fileSystem;
  }

  act(action: Action): void {
    switch (action.kind) {
      case 'batch':
        this.#completeUntil(() => !this.#storage.isWriting);
        this.#inFlight = action.batch;
        this.#stateBefore = this.#stateAfter;
        this.#stateAfter = afterBatch(this.#stateBefore, action.batch).at(-1);
        return this.#storage.write(action.batch);
      case 'begin':
        return this.#begin(action.place, action.pieces);
      case 'compact':
        return this.#storage.compact(Math.min(action.index, this.#currentIndex));
      case 'complete':
        for (let operation = 0; operation < action.operations && this.#fileSystem.isBusy; operation += 1) {
          this.#fileSystem.completeOne();
        }
        return undefined;
      case 'piece':
      case 'finish':
      case 'abandon':
        return this.#continue(action.kind);
    }
  }

  /** What may be found after a crash now: everything that was promised, and perhaps what was not promised yet. */
  get possible(): readonly (State | undefined)[] {
    const isDone = this.#inFlight?.number === this.#storage.persistedBatch;
    const inFlight = isDone || this.#inFlight === undefined ? [] : afterBatch(this.#stateBefore, this.#inFlight);
    const withoutOwn = isDone ? [this.#stateAfter] : [this.#stateBefore, ...inFlight];
    const states = withoutOwn.flatMap((state) => {
      return [state, ...this.#finished.map(({ place, text }) => state && withSnapshot(state, place, text, 'if newer'))];
    });
    return states.filter((state) => (state?.snapshot?.description.lastIncludedIndex ?? 0) >= this.#currentIndex);
  }

  get #currentIndex(): number {
    return this.#storage.snapshot?.description.lastIncludedIndex ?? 0;
  }

  #begin(place: LogPlace, pieces: readonly string[]): void {
    // What it covers is on the disk, and an older one is current.
    this.#completeUntil(() => !this.#storage.isWriting);
    if (place.index <= this.#currentIndex) return;
    this.#begun = { place, pieces, written: 0 };
    this.#writer = this.#storage.beginSnapshot(place.index, place.term);
  }

  #continue(kind: 'piece' | 'finish' | 'abandon'): void {
    const begun = this.#begun;
    const writer = this.#writer;
    if (begun === undefined || writer === undefined) return;
    if (kind !== 'abandon') this.#completeUntil(() => writer.isReady);
    if (kind === 'piece') {
      writer.write(begun.pieces[begun.written % begun.pieces.length] ?? '');
      begun.written += 1;
      return;
    }
    this.#writer = undefined;
    if (kind === 'abandon') return writer.abandon();
    const text = Array.from({ length: begun.written }, (_, piece) => begun.pieces[piece % begun.pieces.length]).join('');
    this.#finished.push({ place: begun.place, text });
    return writer.finish();
  }

  #completeUntil(isDone: () => boolean): void {
    while (!isDone()) this.#fileSystem.completeOne();
  }
}

/** The states that a batch leads through on the disk, the last of which is the one that it is for. */
function afterBatch(before: State | undefined, { hardState: given, snapshot, entries }: Batch): readonly State[] {
  const known = given ?? before?.hardState;
  if (known === undefined) throw new Error('a life begins with a hard state');
  const withHardState = { snapshot: undefined, entries: [], ...before, hardState: known };
  if (snapshot === undefined) return [{ ...withHardState, entries: appended(withHardState, entries) }];
  const { description, pieces } = snapshot;
  const place = placeOf(description);
  const settled = withSnapshot(withHardState, place, pieces.join(''), 'always');
  return [withHardState, settled, { ...settled, entries }];
}

function appended({ entries }: State, added: readonly Entry[]): readonly Entry[] {
  const [first] = added;
  return first === undefined ? entries : [...entries.filter(({ index }) => index < first.index), ...added];
}

/** What follows the snapshot's last entry stays where the log has that very entry. */
function withSnapshot(state: State, place: LogPlace, text: string, when: 'always' | 'if newer'): State {
  const { snapshot, entries } = state;
  if (when === 'if newer' && place.index <= (snapshot?.description.lastIncludedIndex ?? 0)) return state;
  const hasEntry = entries.some(({ index, term }) => index === place.index && term === place.term);
  const kept = hasEntry ? entries.filter(({ index }) => index > place.index) : [];
  return { ...state, snapshot: { description: describe(place, text), text }, entries: kept };
}

/** What a node is given so that it can be watched: its storage and its state machine, each with a listener. */
import type { Batch, Recovered, Result, SnapshotWriter, Storage, StoredSnapshot } from '../../../src/index.ts';
import type { Json } from '../../../src/services/json.ts';
import type { Capture, Restoration, StateMachine } from '../../../src/services/state-machine.ts';
import type { PlayedService } from '../services/played-service.ts';

/** A storage that tells when it is asked to write. */
export class WatchedStorage implements Storage {
  readonly #storage: Storage;
  readonly #onWrite: (batch: Batch) => void;

  constructor(storage: Storage, onWrite: (batch: Batch) => void) {
    this.#storage = storage;
    this.#onWrite = onWrite;
  }

  get recovered(): Recovered | undefined {
    return this.#storage.recovered;
  }

  get persistedBatch(): number {
    return this.#storage.persistedBatch;
  }

  get isNearlyFull(): boolean {
    return this.#storage.isNearlyFull;
  }

  get snapshot(): StoredSnapshot | undefined {
    return this.#storage.snapshot;
  }

  write(batch: Batch): void {
    this.#onWrite(batch);
    this.#storage.write(batch);
  }

  beginSnapshot(lastIncludedIndex: number, lastIncludedTerm: number): SnapshotWriter {
    return this.#storage.beginSnapshot(lastIncludedIndex, lastIncludedTerm);
  }

  compact(index: number): void {
    this.#storage.compact(index);
  }
}

/** What a command has done: its result, and what the one thing that it touched holds since, undefined for nothing. */
export interface Effect {
  readonly result: string;
  readonly key: string;
  readonly value: string | undefined;
}

/** What has happened to a state machine: a command was applied, or a whole state, part by part, put in its place. */
export type StateChange =
  | { readonly kind: 'applied'; readonly effect: Effect }
  | { readonly kind: 'adopted'; readonly state: ReadonlyMap<string, string> };

/** What has to be known of a service to watch its state. */
export type WatchedService = Pick<PlayedService, 'service' | 'touchedBy' | 'heldBy'>;

/** A state machine that takes down what happens to it. Keys and values are texts of JSON. */
export class WatchedStateMachine implements StateMachine<Json, Result> {
  readonly #played: WatchedService;
  readonly #machine: StateMachine<Json, Result>;
  #changes: StateChange[] = [];

  constructor(played: WatchedService) {
    this.#played = played;
    this.#machine = played.service.createStateMachine();
  }

  /** What has happened since this was asked last, in order. */
  takeChanges(): readonly StateChange[] {
    const changes = this.#changes;
    if (changes.length > 0) this.#changes = [];
    return changes;
  }

  apply(command: unknown): Result {
    const result = this.#machine.apply(command);
    const key = this.#played.touchedBy(command);
    const held = this.#machine.read(key);
    const value = held.kind === 'value' ? JSON.stringify(held.value) : undefined;
    this.#changes.push({ kind: 'applied', effect: { result: text(result), key: JSON.stringify(key), value } });
    return result;
  }

  read(key: Json): Result {
    return this.#machine.read(key);
  }

  capture(): Capture {
    return this.#machine.capture();
  }

  restore(): Restoration {
    const restoration = this.#machine.restore();
    const state = new Map<string, string>();
    return {
      add: (part) => {
        const held = this.#played.heldBy(part);
        if (held !== undefined) state.set(JSON.stringify(held[0]), JSON.stringify(held[1]));
        return restoration.add(part);
      },
      adopt: () => {
        restoration.adopt();
        this.#changes.push({ kind: 'adopted', state });
      },
    };
  }
}

function text(result: Result): string {
  switch (result.kind) {
    case 'value':
      return `value ${JSON.stringify(result.value)}`;
    case 'mismatch':
      return `mismatch ${JSON.stringify(result.found)}`;
    default:
      return result.kind;
  }
}

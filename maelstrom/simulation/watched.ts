/** What a node is given so that it can be watched: its storage and its state machine, with somebody who listens. */
import type { Batch, Recovered, Result, SnapshotWriter, StateMachine, Storage, StoredSnapshot } from '../../src/index.ts';
import type { Json } from '../../src/json.ts';

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

/**
 * A state machine that tells what came of each command: the result, and what the one key that it touched holds then.
 * Where all of that is equal on two nodes, from the first command on, their states are.
 */
export class WatchedStateMachine implements StateMachine<Json, Result> {
  readonly #machine: StateMachine<Json, Result>;
  readonly #onApplied: (index: number, state: string) => void;
  #index = 0;

  constructor(machine: StateMachine<Json, Result>, onApplied: (index: number, state: string) => void) {
    this.#machine = machine;
    this.#onApplied = onApplied;
  }

  apply(command: unknown): Result {
    const result = this.#machine.apply(command);
    this.#index += 1;
    this.#onApplied(this.#index, `${text(result)}, then ${text(this.#machine.read(keyOf(command)))}`);
    return result;
  }

  read(key: Json): Result {
    return this.#machine.read(key);
  }
}

function keyOf(command: unknown): Json {
  if (typeof command !== 'object' || command === null || !('key' in command)) return null;
  return typeof command.key === 'number' || typeof command.key === 'string' ? command.key : null;
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

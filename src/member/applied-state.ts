import { assert } from '../raft/assert.ts';
import type { LogPlace } from '../raft/log.ts';
import type { Entry } from '../raft/messages.ts';
import type { SnapshotDescription, SnapshotReader } from '../raft/snapshot.ts';
import type { StateMachine } from '../services/state-machine.ts';

/** The state machine, and how far along the log it has come: entries are applied in order, each once. */
export class AppliedState<Query, Result> {
  readonly #stateMachine: StateMachine<Query, Result>;
  #last: LogPlace = { index: 0, term: 0 };

  /** @param stateMachine an empty one */
  constructor(stateMachine: StateMachine<Query, Result>) {
    this.#stateMachine = stateMachine;
  }

  /** The entry applied last, or the last that the adopted snapshot covers. */
  get last(): LogPlace {
    return this.#last;
  }

  apply(entry: Entry): Result {
    assert(entry.index === this.#last.index + 1, 'entries are applied in order, each once');
    // A configuration is the core's own: to the state machine it is a no-op.
    const result = this.#stateMachine.apply(entry.kind === 'configuration' ? null : entry.command);
    this.#last = entry;
    return result;
  }

  read(query: Query): Result {
    return this.#stateMachine.read(query);
  }

  /** A snapshot takes the place of the state. */
  adopt(reader: SnapshotReader, { lastIncludedIndex, lastIncludedTerm }: SnapshotDescription): void {
    assert(lastIncludedIndex > this.#last.index, 'a snapshot never moves the state backwards');
    reader.adopt();
    this.#last = { index: lastIncludedIndex, term: lastIncludedTerm };
  }
}

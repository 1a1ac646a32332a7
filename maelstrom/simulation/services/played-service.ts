import type { Random } from '../../../src/index.ts';
import type { Json } from '../../../src/services/json.ts';
import type { Service } from '../../../src/services/service.ts';
import type { Judgement } from '../../checkers/judgement.ts';
import type { Body } from '../../cluster/cluster.ts';
import type { OperationEvent } from '../../history/history.ts';

/** A service as `eddy sim` plays it: what its clients ask, what can be seen of its commands and its state, and who judges. */
export interface PlayedService {
  /** What the nodes run. */
  readonly service: Service;
  readonly newLoad: (options: LoadOptions) => Load;
  /** The number of the operation that a command in the log carries out; undefined where it carries none. */
  readonly operationOf: (command: unknown) => number | undefined;
  /** The query by which the effect of a command is seen: what it has touched, and nothing else. */
  readonly touchedBy: (command: unknown) => Json;
  /** What a part of a snapshot holds: what it is asked for by, and what the answer is. Undefined where it is no part. */
  readonly heldBy: (part: Json) => readonly [query: Json, value: Json] | undefined;
  /** Judges what all clients of a run saw. The rule that it breaks is `linearizability`. */
  readonly judge: (events: readonly OperationEvent[]) => Pick<Judgement, 'verdict' | 'explanation'>;
  /** A write, without its `msg_id`, that shows whether a node serves, when the clients have stopped. It carries no number. */
  readonly calmWrite: Body;
}

export interface LoadOptions {
  /** How many objects there are at a time, where the service has many. */
  readonly keys: number;
  readonly random: Random;
}

/** What the clients of one run ask, one operation after the other. */
export interface Load {
  /** What is asked next. Operations are numbered from 1, and each that changes something can be told by its number. */
  draw(number: number, asker: Asker): Asked;
  /** What an operation is known to have left, or a read to have seen. */
  saw(call: Call, value: Json): void;
}

/** A writer mostly changes something, a reader mostly reads, a witness only reads. */
export type Asker = 'writer' | 'reader' | 'witness';

/** What an operation is to the history. */
export interface Call {
  readonly f: string;
  readonly key?: Json;
  readonly value: Json;
}

/** An operation that no client has asked for yet. */
export interface Asked {
  /**
   * `read`: its answer has a value. `write`: it carries its number into the log, and is answered with what came of it.
   * `append`: likewise by the raw door, whose answer says only that it is in a log. `unnumbered`: a write that cannot be
   * told from others in the log.
   */
  readonly kind: 'read' | 'write' | 'append' | 'unnumbered';
  readonly call: Call;
  /** What it leaves when it succeeds; not used for a read. */
  readonly leaves: Json;
  /** Without its `msg_id`. */
  readonly request: Body;
}


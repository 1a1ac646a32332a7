import type { Json } from '../../src/json.ts';
import type { Random } from '../../src/index.ts';
import type { Body } from '../cluster/cluster.ts';

/** What a client is about to ask: the value of a write is the new one, that of a cas `[from, to]`. */
export type Invocation =
  | { readonly f: 'read'; readonly key: Json; readonly value: null }
  | { readonly f: 'write'; readonly key: Json; readonly value: Json }
  | { readonly f: 'cas'; readonly key: Json; readonly value: readonly [Json, Json] };

/**
 * What a client knows afterwards. `ok`: it happened; `fail`: it did not happen and never will; `info`: nobody can say,
 * it may have happened or may still happen at any later time.
 */
export type Outcome =
  | { readonly type: 'ok'; /** What a read saw; null for anything else. */ readonly value: Json }
  | { readonly type: 'fail' | 'info'; readonly error: Json };

/** A reply that the workload's protocol does not allow; the operation's outcome is unknown then. */
export interface BadReply {
  readonly type: 'bad-reply';
  /** Why, as a clause: `answered a read without a value`. */
  readonly what: string;
}

/** Says what the next operation of a thread is. Never runs dry. */
export interface Generator {
  /** `thread` is 0 or more and below the concurrency; `process` is what that thread counts as at the moment. */
  next(thread: number, process: number): Invocation;
}

export interface GeneratorOptions {
  readonly nodeCount: number;
  readonly concurrency: number;
  readonly random: Random;
}

/** A kind of load, and how clients put it into words and understand the answers. All of it is pure. */
export interface Workload {
  readonly name: string;
  /** Every operation that it generates. A run in which one of them never succeeds proves nothing. */
  readonly operations: readonly Invocation['f'][];
  /** The number of threads must be a multiple of this. */
  threadsPerGroup(nodeCount: number): number;
  generator(options: GeneratorOptions): Generator;
  /** The body of the request, without its `msg_id`. */
  request(invocation: Invocation): Body;
  outcome(invocation: Invocation, reply: Body): Outcome | BadReply;
  /** The outcome of an operation that nobody answered, for the reason given. */
  unanswered(invocation: Invocation, reason: Json): Outcome;
}

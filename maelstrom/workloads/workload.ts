import type { Json } from '../../src/services/json.ts';
import type { Random } from '../../src/index.ts';
import type { Judgement } from '../checkers/judgement.ts';
import type { Budget } from '../checkers/register/check.ts';
import type { Body } from '../cluster/cluster.ts';
import type { HistoryEvent } from '../history/history.ts';
import type { LineNumberOf } from '../history/pairs.ts';
import type { Topology } from './topology.ts';

export type { Judgement };

/** What a client is about to ask, as its history has it. */
export interface Invocation {
  readonly f: string;
  /** Which of many objects it is about; absent where the workload has only one. */
  readonly key?: Json;
  readonly value: Json;
  /** Present on what is asked last, when all is over. */
  readonly final?: true;
}

/**
 * What a client knows afterwards. `ok`: it happened; `fail`: it did not happen and never will; `info`: it is not known,
 * it may have happened or may still happen at any later time.
 */
export type Outcome =
  | { readonly type: 'ok'; /** What the history has: what came back, or what was asked. */ readonly value: Json }
  | { readonly type: 'fail' | 'info'; readonly error: Json };

/** A reply that the workload's protocol does not allow; the operation's outcome is unknown then. */
export interface BadReply {
  readonly type: 'bad-reply';
  /** Why, as a clause: `answered a read without its value`. */
  readonly what: string;
}

/** A request that a client makes in the course of an operation; its body is without `msg_id`. */
export interface Ask {
  readonly type: 'ask';
  readonly body: Body;
}

/** The side of one process, where that remembers something from one operation to the next, or asks more than once. */
export interface ClientSide<Asked extends Invocation = Invocation> {
  /** Begins an operation. One that sends no request has its outcome at once. */
  begin(invocation: Asked): Ask | Outcome;
  /** Takes the answer to what it asked last. */
  receive(invocation: Asked, reply: Body): Ask | Outcome | BadReply;
}

/**
 * Says what the next operation of a thread is. `thread` is 0 or more and below the concurrency; `process` is what that
 * thread counts as at the moment.
 */
export interface Generator<Asked extends Invocation = Invocation> {
  /** Never runs dry. */
  next(thread: number, process: number): Asked;
  /** Is told how an operation of a thread ended. */
  completed?(thread: number, outcome: Outcome): void;
  /** What a thread asks next at the end, when the nodes have had time to recover; undefined where that was all. */
  last?(thread: number, process: number): Asked | undefined;
}

export interface GeneratorOptions {
  readonly nodeCount: number;
  readonly concurrency: number;
  /** Operations a second that all threads together begin, on average. */
  readonly ratePerSecond: number;
  readonly random: Random;
}

/** What a workload can be told beyond what every run has. What is left out is as the workload has it by default. */
export interface Settings {
  /** How many keys are in use at any time. */
  readonly keyCount?: number;
  /** The most steps of a transaction. */
  readonly maxTxnLength?: number;
  /** After so many writes a key is not used any more. */
  readonly maxWritesPerKey?: number;
  /** What a history of transactions has to satisfy, by friendly name. */
  readonly consistencyModels?: readonly string[];
}

export interface JudgeOptions {
  /** For what may take long. */
  readonly budget: Budget;
  /** What registers hold at first, where it is not nothing. Only registers hold anything. */
  readonly initial?: Json;
  /** Where the events stand, for errors. */
  readonly lineNumberOf?: LineNumberOf;
}

/**
 * A kind of load: how clients put it into words and understand the answers, and how what they saw is judged. All of it
 * is pure. The invocations that it is handed are those of its own generator.
 */
export interface Workload<Asked extends Invocation = Invocation> {
  readonly name: string;
  /** The operations that it generates. A run in which one of them never succeeds proves nothing. */
  readonly operations: readonly Asked['f'][];
  /** What histories of it may hold besides, and what proves nothing by not succeeding. */
  readonly otherOperations?: readonly string[];
  /** Whether its nodes may well be Raft nodes, which can be asked for their status. */
  readonly isForRaft: boolean;
  /** The number of threads must be a multiple of this. */
  threadsPerGroup(nodeCount: number): number;
  /** How long a client waits for an answer, in milliseconds. */
  timeoutMs(meanLatencyMs: number): number;
  generator(options: GeneratorOptions): Generator<Asked>;
  /** A fresh client. Left out, clients remember nothing: an operation is a request, and its answer is the outcome. */
  newClient?(): ClientSide<Asked>;
  /** The body of the request, without its `msg_id`. */
  request(invocation: Asked): Body;
  outcome(invocation: Asked, reply: Body): Outcome | BadReply;
  /** The outcome of an operation that got no answer, for the reason given. */
  unanswered(invocation: Asked, reason: Json): Outcome;
  /**
   * The body, without a `msg_id`, of what every node is told after its `init` and before clients begin. The type of the
   * answer has to be its type and `_ok`.
   */
  greeting?(nodeIds: readonly string[], topology: Topology): Body;
  /**
   * What every thread asks once more at the end, when all faults are over and the nodes have had time to recover;
   * `generated`: what the generator's `last` says.
   */
  readonly last?: Asked | 'generated';
  /**
   * Whether a recorded history may be of this workload, as far as keys and values show. Asked where its operations are
   * those of this one, for several share names. Left out, it may.
   */
  fits?(events: readonly HistoryEvent[]): boolean;
  /** The same workload with these settings; absent where it takes none. */
  configured?(settings: Settings): Workload;
  /** Judges a history of this workload. A `HistoryError` where it is none. */
  judge(events: readonly HistoryEvent[], options: JudgeOptions): Judgement;
}

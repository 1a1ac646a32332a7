/**
 * What the script in report.html draws. This file stands alone: both the program that writes the data and the script
 * that reads it take their types from here. Times are in milliseconds since the start of the run, unless they are named
 * otherwise.
 */

/**
 * Values in a row, written so that they take little room as JSON:
 * - `same`: all of them are this value;
 * - `steps`: integers, the first as it is and each other as its difference to the one before;
 * - `of`, `at`: the place of each among the values in `of`;
 * - `lengths`, `items`: arrays, their lengths and all that is in them;
 * - `shapes`, `which`, `parts`: objects; the names of the fields that occur together, for each object which of these
 *   shapes it has, and for each shape a column for each of its fields;
 * - `each`: the values as they are.
 */
export type Column =
  | { readonly count: number; readonly same: unknown }
  | { readonly steps: readonly number[] }
  | { readonly of: readonly unknown[]; readonly at: Column }
  | { readonly lengths: Column; readonly items: Column }
  | {
      readonly shapes: readonly (readonly string[])[];
      readonly which: Column;
      readonly parts: readonly (readonly Column[])[];
    }
  | { readonly each: readonly unknown[] };

export interface PageData {
  readonly durationMs: number;
  readonly nodeIds: readonly string[];
  /** Client threads; 0 where that is not known. Processes that differ by a multiple of it are the same thread. */
  readonly concurrency: number;
  /** The names of the operations: `read` and the like. */
  readonly kinds: readonly string[];
  readonly faults: readonly FaultMark[];
  readonly leaders: readonly LeaderMark[];
  readonly rates: Rates;
  readonly nodes: readonly NodeTimeline[];
  readonly operations: OperationTable;
  readonly keys: readonly KeyData[];
  /** Null where the messages are not known: the history alone does not tell them. */
  readonly messages: MessageData | null;
}

export interface FaultMark {
  readonly fault: string;
  readonly what: string;
  /** The nodes that are hit; empty for a partition. */
  readonly nodeIds: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** A node was seen leading a newer term than any before. */
export interface LeaderMark {
  readonly atMs: number;
  readonly nodeId: string;
  readonly term: number;
}

/** What happened in each stretch of `bucketMs`, counted by when it ended. */
export interface Rates {
  readonly bucketMs: number;
  readonly byKind: readonly KindRates[];
}

export interface KindRates {
  readonly kind: string;
  readonly ok: readonly number[];
  readonly fail: readonly number[];
  readonly info: readonly number[];
  /** Of the latencies of those that succeeded, in milliseconds; null where none did. */
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
  readonly max: readonly (number | null)[];
}

/** How a node was seen: the columns are equally long, a row for each change. */
export interface NodeTimeline {
  readonly nodeId: string;
  /** In microseconds. */
  readonly at: Column;
  readonly role: Column;
  readonly term: Column;
  readonly commitIndex: Column;
  /** -1 where the node did not tell. */
  readonly appliedIndex: Column;
}

/** Operations, by invocation: the columns are equally long, a row for each. */
export interface OperationTable {
  /** How many there were; not all of a very long run are here. */
  readonly total: number;
  readonly process: Column;
  /** A place in `PageData.kinds`. */
  readonly kind: Column;
  /** A place in `PageData.keys`, or -1. */
  readonly key: Column;
  /** What it did, as people write it: `cas 1 to 2`. */
  readonly text: Column;
  /** The value that it leaves, as JSON, where it happens; only for keys that were judged. */
  readonly leaves: Column;
  /** `ok`, `fail` or `info`. */
  readonly outcome: Column;
  /** Why it failed, or null. */
  readonly error: Column;
  /** In microseconds. */
  readonly invoked: Column;
  /** In microseconds; -1 where nothing came back at all. */
  readonly ended: Column;
}

/** A key, and what the checker found for it. Numbers of operations are rows of the table. */
export interface KeyData {
  /** As JSON. */
  readonly key: string;
  readonly verdict: 'linearizable' | 'not-linearizable' | 'unknown' | 'not-judged';
  readonly operationCount: number;
  /** Whether only a part of its operations is here: those around the place where its order ends. */
  readonly isPart: boolean;
  /** An order that explains what was seen, or the one that gets furthest. */
  readonly order: Column;
  /** What cannot follow that order, and would have to. The first ends every order. */
  readonly unplaced: readonly number[];
  /** The finding in words, a line each, where the page does not begin with it. */
  readonly explanation: readonly string[];
}

export interface MessageData {
  readonly rates: {
    readonly bucketMs: number;
    readonly byType: readonly {
      readonly type: string;
      readonly total: number;
      /** For each operation begun. */
      readonly perOperation: number;
      readonly counts: readonly number[];
    }[];
  };
  /** How many there were. */
  readonly total: number;
  /** Who sends and receives, nodes first. */
  readonly names: readonly string[];
  /** Messages by when they were sent: the columns are equally long, a row for each. */
  readonly sent: Column;
  /** In microseconds after it was sent; -1 where it was still under way at the end. */
  readonly took: Column;
  /** Places in `names`. */
  readonly src: Column;
  readonly dest: Column;
  readonly type: Column;
  /** `delivered`, `cut`, `down`, `dropped` or `under-way`. */
  readonly fate: Column;
  /** The body without its type; of a very long message the beginning of its line, as its only field. */
  readonly body: Column;
  /** Stretches whose messages are not here, in the order of time. */
  readonly gaps: readonly { readonly fromMs: number; readonly toMs: number; readonly count: number }[];
}

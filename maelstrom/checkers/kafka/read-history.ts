import { HistoryError } from '../../history/history.ts';
import type { OperationEvent } from '../../history/history.ts';
import type { Pair } from '../../history/pairs.ts';
import { Log } from './log.ts';
import type { Message, Place } from './log.ts';
import { keysOf, stepsOf } from './steps.ts';
import type { Step } from './steps.ts';

/** A message that an operation sent to a log. */
export interface Sent {
  readonly log: Log;
  readonly message: Message;
  /** Undefined where it was not told. */
  readonly place: Place | undefined;
}

/** What an operation polled from a log, in the order in which it came. */
export interface Polled {
  readonly log: Log;
  readonly places: readonly Place[];
}

export interface Operation {
  readonly pair: Pair;
  /** `info` where it is still open. */
  readonly type: OperationEvent['type'];
  /** What it assigned or subscribed to; undefined where it did not. */
  readonly assigned: ReadonlySet<string> | undefined;
  readonly sent: readonly Sent[];
  readonly polled: readonly Polled[];
}

/**
 * The logs of a history, complete, and its operations. Those are many, and of each no more is kept than the history
 * holds anyway: what it did to the logs is put together again whenever it is asked for.
 */
export class KafkaHistory {
  readonly operationCount: number;
  /** Whether a client subscribed: the system then decides which logs a client polls, and may let it jump. */
  readonly subscribes: boolean;
  readonly #logs = new Map<string, Log>();
  readonly #pairs: readonly Pair[];

  /** Throws a `HistoryError` where it is no history of logs. */
  constructor(pairs: readonly Pair[]) {
    for (const pair of pairs) this.#note(pair);
    for (const log of this.#logs.values()) log.complete();
    this.#pairs = pairs;
    this.operationCount = pairs.length;
    this.subscribes = pairs.some(({ invocation }) => invocation.f === 'subscribe');
  }

  get logs(): Iterable<Log> {
    return this.#logs.values();
  }

  /** In the order in which they began. */
  *operations(): Iterable<Operation> {
    for (const pair of this.#pairs) {
      const type = pair.completion?.type ?? 'info';
      if (assigns(pair)) yield { pair, type, assigned: new Set(assignedKeys(pair)), sent: [], polled: [] };
      else if (hasSteps(pair)) yield { pair, type, assigned: undefined, ...this.#steps(pair, type) };
    }
  }

  #steps(pair: Pair, type: OperationEvent['type']): Pick<Operation, 'sent' | 'polled'> {
    const sent: Sent[] = [];
    const polled: Polled[] = [];
    for (const step of stepsOfPair(pair)) {
      if (step.kind === 'send') {
        const log = this.#log(step.key);
        const place = type === 'ok' && step.offset !== undefined ? log.placeAt(step.offset) : undefined;
        sent.push({ log, message: log.message(step.message), place });
      } else {
        for (const { key, pairs } of step.polled) {
          const log = this.#log(key);
          const places: Place[] = [];
          for (const [offset] of pairs) places.push(log.placeAt(offset, places.at(-1)));
          polled.push({ log, places });
        }
      }
    }
    return { sent, polled };
  }

  /** Takes note of what an operation shows of the logs. */
  #note(pair: Pair): void {
    if (assigns(pair)) assignedKeys(pair);
    if (!hasSteps(pair)) return;
    const { completion } = pair;
    for (const step of stepsOfPair(pair)) {
      if (step.kind === 'send') {
        const log = this.#log(step.key);
        const message = log.message(step.message);
        noteSender(message, pair);
        if (completion?.type === 'ok' && step.offset !== undefined) log.note(step.offset, message, completion.time);
        continue;
      }
      for (const { key, pairs } of step.polled) {
        if (completion === undefined) continue;
        const log = this.#log(key);
        let place: Place | undefined;
        for (const [offset, value] of pairs) {
          place = log.notePolled(offset, value, completion.time, place);
          const message = place.message.value === value ? place.message : log.message(value);
          message.reader = earlier(message.reader, pair);
          place.reader = earlier(place.reader, pair);
        }
      }
    }
  }

  #log(key: string): Log {
    const known = this.#logs.get(key);
    if (known !== undefined) return known;
    const log = new Log(key);
    this.#logs.set(key, log);
    return log;
  }
}

function assigns({ invocation: { f } }: Pair): boolean {
  return f === 'assign' || f === 'subscribe';
}

function assignedKeys({ invocation, completion, invocationLine, completionLine }: Pair): readonly string[] {
  return completion === undefined ? keysOf(invocation.value, invocationLine) : keysOf(completion.value, completionLine);
}

function hasSteps({ invocation: { f }, invocationLine }: Pair): boolean {
  switch (f) {
    case 'send':
    case 'poll':
    case 'txn':
      return true;
    case 'assign':
    case 'subscribe':
    case 'crash':
    case 'debug-topic-partitions':
      return false;
    default:
      throw new HistoryError(invocationLine, 'f: expected "send", "poll", "assign" or "crash"');
  }
}

/** What failed, or is open, is what was asked for. */
function stepsOfPair({ invocation, completion, invocationLine, completionLine }: Pair): readonly Step[] {
  if (completion?.type === 'ok') return stepsOf(completion.value, true, completionLine);
  return stepsOf(invocation.value, false, invocationLine);
}

/** Of several senders the first that succeeded counts, or else the first. */
function noteSender(message: Message, pair: Pair): void {
  const type = pair.completion?.type ?? 'info';
  const isFirst = message.sending === 'never';
  if (!isFirst && (type !== 'ok' || message.sending === 'ok')) return;
  message.sender = pair;
  message.sending = type === 'ok' || type === 'fail' ? type : 'unknown';
}

function earlier(known: Pair | undefined, pair: Pair): Pair {
  if (known === undefined) return pair;
  return (known.completion?.index ?? Infinity) <= (pair.completion?.index ?? Infinity) ? known : pair;
}

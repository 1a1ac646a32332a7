import { HistoryError } from '../../history/history.ts';
import type { OperationEvent } from '../../history/history.ts';
import type { Pair } from '../../history/pairs.ts';
import { Log } from './log.ts';
import type { Message, Place } from './log.ts';
import { keysOf, stepsOf } from './steps.ts';
import type { Send, Step } from './steps.ts';

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
  readonly messages: readonly Message[];
}

/** An operation that ended. */
export interface Operation {
  readonly pair: Pair;
  readonly type: OperationEvent['type'];
  /** What it assigned or subscribed to; undefined where it did not. */
  readonly assigned: ReadonlySet<string> | undefined;
  readonly sent: readonly Sent[];
  readonly polled: readonly Polled[];
}

export interface KafkaHistory {
  readonly logs: readonly Log[];
  /** In the order in which they began. Those that are still open sent something at most. */
  readonly operations: readonly Operation[];
  /** Whether a client subscribed: the system then decides which logs a client polls, and may let it jump. */
  readonly subscribes: boolean;
}

/** Puts together what all operations saw of each log. */
export function readHistory(pairs: readonly Pair[]): KafkaHistory {
  const logs = new Map<string, Log>();
  const logOf = (key: string): Log => {
    const known = logs.get(key);
    if (known !== undefined) return known;
    const log = new Log(key);
    logs.set(key, log);
    return log;
  };
  const operations: Operation[] = [];
  let subscribes = false;
  for (const pair of pairs) {
    const { invocation, completion, invocationLine, completionLine } = pair;
    switch (invocation.f) {
      case 'send':
      case 'poll':
      case 'txn':
        operations.push(logOperation(pair, logOf));
        break;
      case 'assign':
      case 'subscribe': {
        if (invocation.f === 'subscribe') subscribes = true;
        const assigned = new Set(keysOf((completion ?? invocation).value, completionLine || invocationLine));
        operations.push({ pair, type: completion?.type ?? 'info', assigned, sent: [], polled: [] });
        break;
      }
      case 'crash':
      case 'debug-topic-partitions':
        break;
      default:
        throw new HistoryError(invocationLine, 'f: expected "send", "poll", "assign" or "crash"');
    }
  }
  const complete = [...logs.values()];
  for (const log of complete) log.complete();
  return { logs: complete, operations, subscribes };
}

function logOperation(pair: Pair, logOf: (key: string) => Log): Operation {
  const { invocation, completion } = pair;
  const type = completion?.type ?? 'info';
  const steps = stepsOfPair(pair);
  const sent: Sent[] = [];
  const polled: Polled[] = [];
  for (const step of steps) {
    if (step.kind === 'send') {
      sent.push(noteSend(step, pair, type, logOf(step.key)));
      continue;
    }
    for (const { key, pairs: read } of step.polled) {
      if (read.length === 0 || completion === undefined) continue;
      const log = logOf(key);
      const places: Place[] = [];
      const messages: Message[] = [];
      for (const [offset, value] of read) {
        const message = log.message(value);
        const place = log.place(offset, message, completion.time);
        message.reader = earlier(message.reader, pair);
        place.reader = earlier(place.reader, pair);
        places.push(place);
        messages.push(message);
      }
      polled.push({ log, places, messages });
    }
  }
  if (sent.length === 0 && polled.length === 0 && invocation.f === 'send') {
    throw new HistoryError(pair.invocationLine, 'value: expected a "send" in it');
  }
  return { pair, type, assigned: undefined, sent, polled };
}

/** What failed, or is open, is what was asked for. */
function stepsOfPair({ invocation, completion, invocationLine, completionLine }: Pair): readonly Step[] {
  const isDone = completion?.type === 'ok';
  if (isDone) return stepsOf(completion.value, true, completionLine);
  return stepsOf(invocation.value, false, invocationLine);
}

function noteSend({ message: value, offset }: Send, pair: Pair, type: OperationEvent['type'], log: Log): Sent {
  const message = log.message(value);
  const isFirst = message.sending === 'never';
  if (isFirst || (type === 'ok' && message.sending !== 'ok')) {
    message.sender = pair;
    message.sending = type === 'ok' || type === 'fail' ? type : 'unknown';
  }
  const isKnown = offset !== undefined && type === 'ok' && pair.completion !== undefined;
  return { log, message, place: isKnown ? log.place(offset, message, pair.completion.time) : undefined };
}

function earlier(known: Pair | undefined, pair: Pair): Pair {
  if (known === undefined) return pair;
  return (known.completion?.index ?? Infinity) <= (pair.completion?.index ?? Infinity) ? known : pair;
}

import { jsonEquals } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';
import { markedText } from '../../history/exact.ts';
import { HistoryError } from '../../history/history.ts';
import type { HistoryEvent, OperationEvent } from '../../history/history.ts';
import { pairsOf } from '../../history/pairs.ts';
import type { LineNumberOf, Pair } from '../../history/pairs.ts';
import { identityOf, KeyNumbers } from './identity.ts';
import type { Identity } from './identity.ts';
import type { DataType, Step, Transaction, TransactionHistory } from './transaction.ts';

/**
 * The transactions of a history. A `HistoryError` where it is none, or was recorded wrongly: a completion that is not
 * the completed form of what was invoked (other steps, keys or written values), or a value that is written to a key
 * twice, for then a read would not tell which write it saw. Elle takes the first of these for good.
 */
export function transactionsOf(
  events: readonly HistoryEvent[],
  type: DataType,
  lineNumberOf?: LineNumberOf,
): TransactionHistory {
  const keys = new KeyNumbers();
  const written = new Map<number, Map<Identity, number>>();
  const transactions = pairsOf(events, lineNumberOf).map((pair, place) => {
    const transaction = transactionOf(pair, place + 1, type, keys);
    checkWritesOnce(transaction, written, keys, pair.invocationLine);
    return transaction;
  });
  return { type, transactions, keys: keys.keys };
}

/**
 * Which type of keys a history is about: that of the first write; that of the first read of something where nothing is
 * written. Undefined where an operation is no transaction.
 */
export function dataTypeOf(events: readonly HistoryEvent[]): DataType | undefined {
  let fromReads: DataType | undefined;
  for (const { process, value } of events) {
    if (process === 'nemesis') continue;
    if (!Array.isArray(value)) {
      if (value === null) continue;
      return undefined;
    }
    for (const step of value) {
      const name = Array.isArray(step) ? nameOf(step[0]) : undefined;
      if (name === 'append') return 'list-append';
      if (name === 'w') return 'rw-register';
      if (name !== 'r' || !Array.isArray(step)) return undefined;
      if (step[2] !== null && step[2] !== undefined) fromReads ??= Array.isArray(step[2]) ? 'list-append' : 'rw-register';
    }
  }
  return fromReads ?? 'list-append';
}

function transactionOf(pair: Pair, number: number, type: DataType, keys: KeyNumbers): Transaction {
  const { invocation, completion, invocationLine, completionLine } = pair;
  const asked = stepsOf(invocation, invocationLine, type, keys);
  const isOk = completion?.type === 'ok';
  const told = isOk ? stepsOf(completion, completionLine, type, keys) : asked;
  if (isOk) checkIsCompletedForm(asked, told, completionLine);
  const outcome = completion?.type === 'ok' || completion?.type === 'fail' ? completion.type : 'info';
  return {
    number,
    process: invocation.process,
    outcome,
    steps: isOk ? told : told.map((step) => (step.f === 'read' ? { ...step, result: undefined } : step)),
    invokedAt: invocation.index,
    completedAt: outcome === 'info' ? Number.POSITIVE_INFINITY : (completion?.index ?? Number.POSITIVE_INFINITY),
    invokedNs: invocation.time,
    completedNs: completion?.time,
  };
}

function stepsOf({ value, type: kind }: OperationEvent, line: number, type: DataType, keys: KeyNumbers): readonly Step[] {
  if (!Array.isArray(value)) throw new HistoryError(line, 'value: expected a transaction, as in [["r",1,null]]');
  return value.map((step: Json, place) => stepOf(step, `value[${place}]`, line, type, keys, kind === 'ok'));
}

const writeNames: Readonly<Record<DataType, string>> = { 'list-append': 'append', 'rw-register': 'w' };

function stepOf(step: Json, where: string, line: number, type: DataType, keys: KeyNumbers, isOk: boolean): Step {
  const write = writeNames[type];
  if (!Array.isArray(step) || step.length < 2 || step.length > 3) {
    throw new HistoryError(line, `${where}: expected ["r",key,value] or ["${write}",key,value]`);
  }
  const [f, key, value = null]: readonly (Json | undefined)[] = step;
  const name = nameOf(f);
  if (key === undefined || (name !== 'r' && name !== write)) {
    throw new HistoryError(line, `${where}[0]: expected "r" or "${write}", not ${JSON.stringify(f)}`);
  }
  if (name === write) {
    if (value === null) throw new HistoryError(line, `${where}[2]: null is what a key holds before it is written`);
    return { f: 'write', key: keys.numberOf(key), value };
  }
  const result = type === 'list-append' && value === null ? [] : value;
  if (type === 'list-append' && isOk && !Array.isArray(result)) {
    throw new HistoryError(line, `${where}[2]: expected the list that was read, not ${JSON.stringify(value)}`);
  }
  return { f: 'read', key: keys.numberOf(key), result };
}

/** Keywords of EDN arrive as objects that hold their text. */
function nameOf(f: Json | undefined): string | undefined {
  if (typeof f === 'string') return f;
  return f === undefined ? undefined : markedText(f)?.replace(/^:/, '');
}

function checkIsCompletedForm(asked: readonly Step[], told: readonly Step[], line: number): void {
  if (asked.length !== told.length) {
    throw new HistoryError(line, `value: ${told.length} steps, but ${asked.length} were invoked`);
  }
  for (const [place, step] of told.entries()) {
    const invoked = asked[place];
    const isSame = invoked?.f === step.f && invoked.key === step.key;
    const isSameValue = step.f === 'read' || (invoked?.f === 'write' && jsonEquals(invoked.value, step.value));
    if (!isSame || !isSameValue) throw new HistoryError(line, `value[${place}]: is not what was invoked`);
  }
}

function checkWritesOnce(
  { steps, number }: Transaction,
  written: Map<number, Map<Identity, number>>,
  { keys }: KeyNumbers,
  line: number,
): void {
  for (const step of steps) {
    if (step.f === 'read') continue;
    let ofKey = written.get(step.key);
    if (ofKey === undefined) {
      ofKey = new Map();
      written.set(step.key, ofKey);
    }
    const identity = identityOf(step.value);
    const earlier = ofKey.get(identity);
    if (earlier !== undefined) {
      const [key, value] = [JSON.stringify(keys[step.key]), JSON.stringify(step.value)];
      throw new HistoryError(line, `value: ${value} is written to key ${key} again (by T${number}, first by T${earlier})`);
    }
    ofKey.set(identity, number);
  }
}

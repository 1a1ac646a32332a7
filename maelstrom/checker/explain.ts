/** The verdict in words: for a key without an order, who saw what, when, and which value could not be there. */
import type { Json } from '../../src/json.ts';
import type { Operation } from '../operations.ts';
import type { KeyResult, Report } from './check.ts';

/** How many keys, and of an order how many operations, are told in full. */
const maxKeys = 3;
const maxOperations = 6;

/** The verdict on a history and what a person needs to follow it, as lines of text. */
export function explain({ verdict, keys }: Report): readonly string[] {
  if (keys.length === 0) return ['linearizable: nothing was seen that could be wrong'];
  const wrong = keys.filter((key) => key.verdict === 'not-linearizable');
  const open = keys.filter((key) => key.verdict === 'unknown');
  const undecided = open.slice(0, maxKeys).map(explainUnknown);
  switch (verdict) {
    case 'linearizable':
      return [`linearizable: ${ofKeys(keys.length, keys.length)} an order that explains what was seen`];
    case 'unknown':
      return [
        `unknown: ${ofKeys(open.length, keys.length)} no answer within the budget, and no other is wrong`,
        ...undecided,
      ];
    case 'not-linearizable':
      return [
        `not linearizable: ${ofKeys(wrong.length, keys.length)} no order that explains what was seen`,
        ...wrong.slice(0, maxKeys).flatMap(explainWrong),
        ...(wrong.length > maxKeys ? [`and ${wrong.length - maxKeys} more keys`] : []),
        ...undecided,
      ];
  }
}

function ofKeys(count: number, all: number): string {
  if (count === all) return all === 1 ? 'the one key has' : `all ${all} keys have`;
  return `${count} of ${all} keys ${count === 1 ? 'has' : 'have'}`;
}

function explainUnknown(result: KeyResult & { readonly verdict: 'unknown' }): string {
  const { key, operations, configurations, exhausted } = result;
  return (
    `key ${text(key)}: out of ${exhausted} after ${configurations} configurations ` +
    `of its ${operations.length} operations`
  );
}

function explainWrong(result: KeyResult & { readonly verdict: 'not-linearizable' }): readonly string[] {
  const { key, operations, order, unplaced } = result;
  const last = order.slice(-maxOperations);
  const placed =
    order.length === 0
      ? ['  It holds null, for nothing was written to it yet.']
      : [
          `  The order that gets furthest has ${order.length} of its ${operations.length} operations. It ends:`,
          ...last.map((operation) => `    ${describe(operation)}`),
          `  and leaves ${text(leftBy(order))}.`,
        ];
  return [
    `key ${text(key)}:`,
    ...placed,
    `  The next has to be ${unplaced.length === 1 ? 'this, and it does not fit' : 'one of these, and none fits'}:`,
    ...unplaced.map((operation) => `    ${describe(operation)}${need(operation)}`),
  ];
}

/** Who did what, when: `process 3: cas from 1 to 2, invoked at 0.120 s, ok at 0.131 s`. */
export function describe(operation: Operation): string {
  const { process, invoked, outcome, completed } = operation;
  const end = outcome === 'info' ? 'outcome unknown' : `${outcome} at ${seconds(completed.timeNs)}`;
  return `process ${process}: ${what(operation)}, invoked at ${seconds(invoked.timeNs)}, ${end}`;
}

function what(operation: Operation): string {
  switch (operation.f) {
    case 'read':
      return `read ${text(operation.value)}`;
    case 'write':
      return `write ${text(operation.value)}`;
    case 'cas':
      return `cas from ${text(operation.value[0])} to ${text(operation.value[1])}`;
  }
}

/** A write fits everywhere, so it is never what cannot come next. */
function need(operation: Operation): string {
  switch (operation.f) {
    case 'read':
      return `; that needs ${text(operation.value)}`;
    case 'write':
      return '';
    case 'cas':
      return `; that needs ${text(operation.value[0])}`;
  }
}

function leftBy(order: readonly Operation[]): Json {
  const last = order.at(-1);
  return last === undefined ? null : last.f === 'cas' ? last.value[1] : last.value;
}

function text(value: Json): string {
  return JSON.stringify(value);
}

function seconds(timeNs: number): string {
  return `${(timeNs / 1e9).toFixed(3)} s`;
}

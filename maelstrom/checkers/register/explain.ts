/** The verdict in words: for a key without an order, who saw what, when, and which value could not be there. */
import type { Operation } from '../../history/operations.ts';
import type { KeyResult, Report, WrongKey } from './check.ts';
import { describe, seconds, text, what } from './describe.ts';
import { explainKey } from './explanation.ts';
import type { Explanation } from './explanation.ts';
import { heldAfter } from './meaning.ts';
import type { Held } from './part.ts';
import { timeline } from './timeline.ts';

/** How many wrong keys are looked at for the clearest ones. */
const maxCompared = 12;

/** How many keys, and how many operations that happened or that may have, are told in full. */
const maxKeys = 3;
const maxOperations = 12;
const maxPossible = 4;

/** The keys of a report that are told of one by one. */
export function toldKeys({ keys }: Report): readonly KeyResult[] {
  return [...clearest(wrongKeys(keys)), ...openKeys(keys).slice(0, maxKeys)];
}

function wrongKeys(keys: readonly KeyResult[]): readonly WrongKey[] {
  return keys.filter((key) => key.verdict === 'not-linearizable');
}

/**
 * The wrong keys that are told of, the clearest first: what is wrong has a name, and few operations show it. Of equal
 * ones those that the history uses first. Only the first few keys are compared: each takes some work to explain.
 */
function clearest(wrong: readonly WrongKey[]): readonly WrongKey[] {
  const compared = wrong.slice(0, maxCompared).map((key) => ({ key, explanation: explainKey(key) }));
  const size = ({ explanation: { certain, possible } }: (typeof compared)[number]): number => {
    return certain.length + possible.length;
  };
  const unnamed = compared.filter(({ explanation }) => explanation.symptom.name === 'no order');
  const named = compared.filter((one) => !unnamed.includes(one));
  const bySize = [named, unnamed].flatMap((keys) => keys.toSorted((left, right) => size(left) - size(right)));
  return bySize.slice(0, maxKeys).map(({ key }) => key);
}

function openKeys(keys: readonly KeyResult[]): readonly OpenKey[] {
  return keys.filter((key) => key.verdict === 'unknown');
}

type OpenKey = KeyResult & { readonly verdict: 'unknown' };

/** The verdict on a history and what a person needs to follow it, as lines of text. */
export function explain({ verdict, keys }: Report): readonly string[] {
  if (keys.length === 0) return ['linearizable: nothing was seen that could be wrong'];
  const [wrong, open] = [wrongKeys(keys), openKeys(keys)];
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
        ...clearest(wrong).flatMap(explainWrong),
        ...moreKeys(wrong.length - maxKeys),
        ...undecided,
      ];
  }
}

function moreKeys(count: number): readonly string[] {
  if (count <= 0) return [];
  return [count === 1 ? 'and 1 more key has none either' : `and ${count} more keys have none either`];
}

function ofKeys(count: number, all: number): string {
  if (count === all) return all === 1 ? 'the one key has' : `all ${all} keys have`;
  return `${count} of ${all} keys ${count === 1 ? 'has' : 'have'}`;
}

function explainUnknown(result: OpenKey): string {
  const { key, operations, configurations, exhausted } = result;
  return (
    `key ${text(key)}: out of ${exhausted} after ${configurations} configurations ` +
    `of its ${operations.length} operations`
  );
}

function explainWrong(key: WrongKey): readonly string[] {
  const explanation = explainKey(key);
  const { symptom, culprit, certain, possible } = explanation;
  const inPart = [...certain.slice(-maxOperations), ...possible.slice(-maxPossible)];
  const shown = new Set([...symptom.alsoNamed, ...inPart]);
  const all = new Set([...shown, ...certain, ...possible]);
  return [
    `key ${text(key.key)}: ${symptom.name}`,
    ...symptom.reasons.map((reason) => `  ${reason}`),
    ...atOtherPlaces(explanation),
    `  ${extent(key, explanation)}`,
    '',
    ...timeline([...shown], culprit).map((line) => `    ${line}`),
    ...omitted(all.size - shown.size),
    '',
    ...(explanation.longestOrders.length === 0 ? theOrderOf(key) : attempts(explanation)),
  ];
}

/** What the other places say, and how many there are. */
function atOtherPlaces({ symptom: { name }, culprit, elsewhere }: Explanation): readonly string[] {
  if (elsewhere === undefined) return [];
  const { placeCount, casAgainCount, isWrongUnread, first } = elsewhere;
  const again = `At ${casAgainCount} of them a cas of shortly before would explain it, done once more.`;
  const isFirst = culprit === first;
  return [
    ...(isWrongUnread ? ['  Even without the reads of this key, its writes and cas have no order.'] : []),
    `  This is one of ${placeCount} places that were found wrong in this key` +
      `${isFirst ? '.' : `; the first is at ${seconds(first.completed.timeNs)}.`}`,
    ...(name === 'cas applied twice' ? [`  ${again}`] : []),
  ];
}

/** How much of the key it takes. */
function extent({ operations }: WrongKey, { certain, possible, startsWith, isSmallest }: Explanation): string {
  const count = certain.length + possible.length;
  const enough =
    count === operations.length
      ? `It takes all of its ${count} operations to show it`
      : `${count} of its ${operations.length} operations ${count === 1 ? 'is' : 'are'} enough to show it`;
  const before = startsWith !== undefined ? '' : ', whatever was there before them';
  return isSmallest ? `${enough}${before}:` : `${enough}${before} (fewer may be; the search for fewer was given up):`;
}

function omitted(count: number): readonly string[] {
  return count === 0 ? [] : [`    (and ${count} more, not drawn)`];
}

/** The longest orders of the part, and what has no place in each. */
function attempts({ longestOrders, startsWith }: Explanation): readonly string[] {
  const one = longestOrders.length === 1;
  return [
    `  ${one ? 'The longest order' : 'The longest orders'} of them that ${one ? 'respects' : 'respect'} time:`,
    ...longestOrders.map(({ order, leaves, unplaced }) => {
      const begin = `${startsWith === undefined ? 'anything' : held(startsWith)} is there`;
      const done = order.map((operation) => `process ${operation.process} ${what(operation)}`);
      const end = leaves === undefined || order.length === 0 ? '' : `, which leaves ${text(leaves.value)}`;
      return `    ${[begin, ...done].join('; ')}${end}; no place for ${unplaced.map(short).join(' and ')}`;
    }),
  ];
}

function held({ value }: Held): string {
  return value === null ? 'nothing' : text(value);
}

function short(operation: Operation): string {
  return `process ${operation.process} ${what(operation)}`;
}

/** The end of the order that gets furthest in the whole key, where the part is too large to try all orders. */
function theOrderOf({ operations, initial, order, unplaced }: WrongKey): readonly string[] {
  const last = order.slice(-maxOperations);
  return [
    `  The order that gets furthest has ${order.length} of its ${operations.length} operations. It ends:`,
    ...last.map((operation) => `    ${describe(operation)}`),
    `  and leaves ${text(heldAfter(order, initial))}.`,
    `  The next has to be ${unplaced.length === 1 ? 'this, and it does not fit' : 'one of these, and none fits'}:`,
    ...unplaced.slice(0, maxOperations).map((operation) => `    ${describe(operation)}`),
    ...omitted(Math.max(0, unplaced.length - maxOperations)),
  ];
}

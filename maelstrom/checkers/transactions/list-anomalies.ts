import type { FindingList } from './finding.ts';
import { identityOf } from './identity.ts';
import type { Identity } from './identity.ts';
import type { ListFacts } from './list-facts.ts';
import type { Disagreement } from './list-order.ts';
import { findLostUpdates } from './lost-updates.ts';
import type { Update } from './lost-updates.ts';
import { shownIdentity } from './words.ts';
import type { Words } from './words.ts';

/** Finds in a history of lists all that is wrong without any cycle. */
export function findListAnomalies(facts: ListFacts, words: Words, findings: FindingList): void {
  findMisreads(facts, words, findings);
  const disagreements = grouped(facts.disagreements, ({ key }) => key);
  for (const key of facts.orders.keys()) {
    findImpossibleElements(facts, key, disagreements.get(key) ?? [], words, findings);
    findDirtyUpdates(facts, key, words, findings);
    findReorderedAppends(facts, key, words, findings);
  }
  findDisagreements(facts, words, findings);
  findIntermediateReads(facts, words, findings);
  findFracturedReads(facts, words, findings);
  findLostUpdates(updatesOf(facts), findings, (places, key) => [
    `${words.names(places)} all read the same list of ${words.key(key)} and then appended to it.`,
    'Whichever came first, the next one had to see its append.',
  ]);
}

function findMisreads({ misreads }: ListFacts, words: Words, findings: FindingList): void {
  for (const { place, misread } of misreads) {
    findings.add(misread.kind, () => {
      const step = words.transaction(place).steps[misread.step];
      const key = step === undefined ? '' : words.key(step.key);
      const expected = misread.isWhole ? 'to be' : 'to end with';
      const saw = `In ${words.name(place)} the read of ${key} (step ${misread.step + 1})`;
      const sentence =
        misread.kind === 'future-read'
          ? `${saw} saw what the transaction appended only later.`
          : `${saw} had ${expected} ${shownIdentity(misread.expected)}, from what the transaction had done before.`;
      return { sentences: [sentence], transactions: [place] };
    });
  }
}

/** Elements of aborted transactions, elements that no transaction appended, and elements that are there twice. */
function findImpossibleElements(
  { history, writers, orders }: ListFacts,
  key: number,
  lists: readonly Disagreement[],
  words: Words,
  findings: FindingList,
): void {
  const order = orders[key];
  if (order === undefined) return;
  const { reader } = order;
  for (const element of new Set([...order.elements, ...lists.flatMap(({ list }) => list)])) {
    const seenBy = order.positions.has(element) ? reader : lists.find(({ list }) => list.includes(element))?.place;
    if (seenBy === undefined) continue;
    const place = writers.of(key, element)?.place;
    const saw = `${words.name(seenBy)} read ${shownIdentity(element)} in the list of ${words.key(key)}`;
    if (place === undefined) {
      findings.add('garbage-read', () => ({ sentences: [`${saw}, which no transaction appended.`], transactions: [seenBy] }));
    } else if (history.transactions[place]?.outcome === 'fail') {
      const sentences = [`${saw}, which ${words.name(place)} appended; but ${words.name(place)} failed.`];
      findings.add('G1a', () => ({ sentences, transactions: [place, seenBy] }));
    }
  }
  if (reader === undefined) return;
  for (const element of order.repeated) {
    const sentence = `${words.name(reader)} read ${shownIdentity(element)} more than once in the list of ${words.key(key)}.`;
    findings.add('duplicate-elements', () => ({ sentences: [sentence], transactions: [reader] }));
  }
}

/** A committed append that follows one of an aborted transaction. */
function findDirtyUpdates(facts: ListFacts, key: number, words: Words, findings: FindingList): void {
  let aborted: { readonly place: number; readonly element: Identity } | undefined;
  for (const element of facts.orders[key]?.elements ?? []) {
    const place = facts.writers.of(key, element)?.place;
    const outcome = place === undefined ? undefined : facts.history.transactions[place]?.outcome;
    if (place === undefined) continue;
    if (outcome === 'fail') aborted ??= { place, element };
    if (outcome !== 'ok' || aborted === undefined) continue;
    const dirty = aborted;
    findings.add('dirty-update', () => {
      const first = `${words.name(dirty.place)} failed, but its append of ${shownIdentity(dirty.element)} to ${words.key(key)} is in the list.`;
      const second = `${words.name(place)}, which committed, appended ${shownIdentity(element)} after it.`;
      return { sentences: [first, second], transactions: [dirty.place, place] };
    });
    aborted = undefined;
  }
}

/** Appends of one transaction that stand in the list in another order than they were made in, or only the later one. */
function findReorderedAppends(facts: ListFacts, key: number, words: Words, findings: FindingList): void {
  const { positions } = facts.orders[key] ?? {};
  const last = new Map<number, { readonly position: number; readonly element: Identity }>();
  // The index has the writes in the order in which they were made.
  for (const [element, { place }] of facts.writers.all(key)) {
    if (facts.takesPart[place] !== 1) continue;
    const position = positions?.get(element) ?? Number.POSITIVE_INFINITY;
    const before = last.get(place);
    last.set(place, { position, element });
    if (before === undefined || before.position <= position) continue;
    findings.add('incompatible-order', () => {
      const appended = `${words.name(place)} appended ${shownIdentity(before.element)} to ${words.key(key)} and then ${shownIdentity(element)}`;
      const isMissing = before.position === Number.POSITIVE_INFINITY;
      const instead = isMissing ? 'has only the second of them' : 'has them the other way round';
      return { sentences: [`${appended}; the list ${instead}.`], transactions: [place] };
    });
  }
}

function findDisagreements(facts: ListFacts, words: Words, findings: FindingList): void {
  for (const { place, key, list } of facts.disagreements) {
    const { reader, elements = [] } = facts.orders[key] ?? {};
    if (reader === undefined) continue;
    findings.add('incompatible-order', () => ({
      sentences: [
        `${words.name(place)} read ${shownIdentity(list)} at ${words.key(key)}, ${words.name(reader)} read ${shownIdentity(elements)}.`,
        'Elements are only ever added at the end, so one had to be the beginning of the other.',
      ],
      transactions: [place, reader],
    }));
    if (new Set(list).size === list.length) continue;
    const sentence = `${words.name(place)} read an element more than once in ${words.key(key)}: ${shownIdentity(list)}.`;
    findings.add('duplicate-elements', () => ({ sentences: [sentence], transactions: [place] }));
  }
}

function findIntermediateReads(facts: ListFacts, words: Words, findings: FindingList): void {
  for (const { place, key, list } of facts.reads) {
    const element = list.at(-1);
    const writer = element === undefined ? undefined : facts.writers.of(key, element);
    if (element === undefined || writer === undefined || writer.isLast || writer.place === place) continue;
    findings.add('G1b', () => {
      const saw = `${words.name(place)} read the list of ${words.key(key)} up to ${shownIdentity(element)}`;
      const between = `which ${words.name(writer.place)} appended before it appended more to that key`;
      return { sentences: [`${saw}, ${between}.`], transactions: [writer.place, place] };
    });
  }
}

/** A transaction of which one append was the last in a list that was read, and another is missing from another list. */
function findFracturedReads(facts: ListFacts, words: Words, findings: FindingList): void {
  for (const [place, reads] of grouped(facts.reads, ({ place: reader }) => reader)) {
    if (reads.length < 2) continue;
    for (const { key, list } of reads) {
      const element = list.at(-1);
      const writer = element === undefined ? undefined : facts.writers.of(key, element)?.place;
      if (writer === undefined || writer === place || facts.takesPart[writer] !== 1) continue;
      const missed = reads.find((other) => other.key !== key && missesAppend(facts, other.list, other.key, writer));
      if (missed === undefined) continue;
      findings.add('fractured-read', () => {
        const saw = `${words.name(place)} saw what ${words.name(writer)} appended to ${words.key(key)}`;
        return {
          sentences: [`${saw}, but not what it appended to ${words.key(missed.key)}.`],
          transactions: [writer, place],
        };
      });
      break;
    }
  }
}

function missesAppend({ history, orders }: ListFacts, list: readonly Identity[], key: number, writer: number): boolean {
  const { elements = [], positions } = orders[key] ?? {};
  const isBeginning = list.length <= elements.length && list.at(-1) === elements[list.length - 1];
  if (!isBeginning) return false;
  const steps = history.transactions[writer]?.steps ?? [];
  return steps.some((step) => {
    if (step.f !== 'write' || step.key !== key) return false;
    return (positions?.get(identityOf(step.value)) ?? Number.POSITIVE_INFINITY) >= list.length;
  });
}

function* updatesOf({ reads }: ListFacts): Generator<Update> {
  for (const { place, key, list, isThenWritten } of reads) {
    if (isThenWritten) yield { place, key, version: list.length === 0 ? null : JSON.stringify([list.length, list.at(-1)]) };
  }
}

function grouped<Member>(members: readonly Member[], groupOf: (member: Member) => number): ReadonlyMap<number, readonly Member[]> {
  const groups = new Map<number, Member[]>();
  for (const member of members) {
    const group = groups.get(groupOf(member));
    if (group === undefined) groups.set(groupOf(member), [member]);
    else group.push(member);
  }
  return groups;
}

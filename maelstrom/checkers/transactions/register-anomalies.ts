import type { FindingList } from './finding.ts';
import { identityOf } from './identity.ts';
import type { Identity } from './identity.ts';
import { findLostUpdates } from './lost-updates.ts';
import type { RegisterFacts, RegisterRead } from './register-facts.ts';
import { shown, shownIdentity } from './words.ts';
import type { Words } from './words.ts';

/** Finds in a history of registers all that is wrong without any cycle of transactions. */
export function findRegisterAnomalies(facts: RegisterFacts, words: Words, findings: FindingList): void {
  for (const { kind, place, step: number, expected } of facts.misreads) {
    findings.add(kind, () => {
      const step = words.transaction(place).steps[number];
      const read = `In ${words.name(place)} the read of ${step === undefined ? '' : words.key(step.key)} (step ${number + 1})`;
      const sentence =
        kind === 'future-read'
          ? `${read} saw what the transaction wrote only later.`
          : `${read} had to see ${shown(expected)}, which is what the transaction had read or written there before.`;
      return { sentences: [sentence], transactions: [place] };
    });
  }
  for (const read of facts.reads) findImpossibleValue(facts, read, words, findings);
  findFracturedReads(facts, words, findings);
  const updates = facts.reads.filter(({ isThenWritten }) => isThenWritten);
  findLostUpdates(
    updates.map(({ place, key, value }) => ({ place, key, version: value })),
    findings,
    (places, key) => [
      `${words.names(places)} all read the same value of ${words.key(key)} and then wrote it.`,
      'Whichever came first, the next one had to read what it wrote.',
    ],
  );
  findCyclicVersions(facts, words, findings);
}

/** A value that no transaction wrote, that an aborted transaction wrote, or that its transaction went on to overwrite. */
function findImpossibleValue(
  { writers, history }: RegisterFacts,
  { place, key, value }: RegisterRead,
  words: Words,
  findings: FindingList,
): void {
  if (value === null) return;
  const saw = `${words.name(place)} read ${shownIdentity(value)} at ${words.key(key)}`;
  const writer = writers.of(key, value);
  if (writer === undefined) {
    findings.add('garbage-read', () => ({ sentences: [`${saw}, which no transaction wrote.`], transactions: [place] }));
    return;
  }
  const name = words.name(writer.place);
  const transactions = [writer.place, place];
  if (history.transactions[writer.place]?.outcome === 'fail') {
    findings.add('G1a', () => ({ sentences: [`${saw}, which ${name} wrote; but ${name} failed.`], transactions }));
  } else if (!writer.isLast) {
    const sentences = [`${saw}, which ${name} wrote before it wrote that key again.`];
    findings.add('G1b', () => ({ sentences, transactions }));
  }
}

/** A transaction of which one write was read, and another key was read as it was before the transaction wrote it. */
function findFracturedReads({ reads, writers, takesPart, history }: RegisterFacts, words: Words, findings: FindingList): void {
  const ofReader = new Map<number, RegisterRead[]>();
  for (const read of reads) {
    const group = ofReader.get(read.place);
    if (group === undefined) ofReader.set(read.place, [read]);
    else group.push(read);
  }
  // What each transaction read of a key and then overwrote.
  const overwritten = new Map(reads.filter((read) => read.isThenWritten).map((read) => [`${read.place} ${read.key}`, read.value]));
  for (const [place, group] of ofReader) {
    if (group.length < 2) continue;
    for (const { key, value } of group) {
      const writer = writers.of(key, value)?.place;
      if (writer === undefined || writer === place || takesPart[writer] !== 1) continue;
      const steps = history.transactions[writer]?.steps ?? [];
      const missed = group.find((other) => {
        if (other.key === key || !steps.some((step) => step.f === 'write' && step.key === other.key)) return false;
        return other.value === null || overwritten.get(`${writer} ${other.key}`) === other.value;
      });
      if (missed === undefined) continue;
      findings.add('fractured-read', () => {
        const saw = `${words.name(place)} saw what ${words.name(writer)} wrote to ${words.key(key)}`;
        return { sentences: [`${saw}, but not what it wrote to ${words.key(missed.key)}.`], transactions: [writer, place] };
      });
      break;
    }
  }
}

/**
 * A transaction that reads a value and then writes another puts the other behind it. Where each value is overwritten so
 * by at most one transaction, that makes chains; one that leads back to its beginning is a circle.
 */
function findCyclicVersions({ reads, history }: RegisterFacts, words: Words, findings: FindingList): void {
  const next = new Map<string, { readonly place: number; readonly key: number; readonly to: string }[]>();
  for (const { place, key, value, isThenWritten } of reads) {
    if (!isThenWritten || value === null) continue;
    const write = history.transactions[place]?.steps.findLast((step) => step.f === 'write' && step.key === key);
    if (write?.f !== 'write') continue;
    const from = `${key} ${text(value)}`;
    const to = `${key} ${text(identityOf(write.value))}`;
    const edges = next.get(from);
    if (edges === undefined) next.set(from, [{ place, key, to }]);
    else edges.push({ place, key, to });
  }
  for (const circle of circlesOf(next)) {
    findings.add('cyclic-versions', () => {
      const [{ key = 0 } = {}] = circle;
      const places = circle.map(({ place }) => place);
      const sentence = `${words.names(places)} each read the value of ${words.key(key)} that the one before had written, in a circle.`;
      return { sentences: [sentence], transactions: places };
    });
  }
}

interface Step {
  readonly place: number;
  readonly key: number;
  readonly to: string;
}

/** One circle for each that a walk comes upon. Every value is walked over once. */
function* circlesOf(next: ReadonlyMap<string, readonly Step[]>): Generator<readonly Step[]> {
  const done = new Set<string>();
  for (const start of next.keys()) {
    const path: { readonly value: string; readonly steps: Iterator<Step>; by: Step | undefined }[] = [];
    const onPath = new Map<string, number>();
    const enter = (value: string) => {
      onPath.set(value, path.length);
      path.push({ value, steps: (next.get(value) ?? [])[Symbol.iterator](), by: undefined });
    };
    if (!done.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const step = top.steps.next();
      if (step.done === true) {
        path.pop();
        onPath.delete(top.value);
        done.add(top.value);
        continue;
      }
      top.by = step.value;
      const back = onPath.get(step.value.to);
      if (back !== undefined) yield path.slice(back).flatMap(({ by }) => (by === undefined ? [] : [by]));
      else if (!done.has(step.value.to)) enter(step.value.to);
    }
  }
}

function text(value: Identity): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * What the orders of time and of clients tell of the order of a register's values. If one value was met by a transaction
 * that had ended before a transaction began that met another value, then the other value is the later one, wherever
 * transactions are at least strong snapshot isolated: were it the earlier one, the second transaction would have missed
 * the first value. The same goes for two transactions of one client.
 */
import { Fan } from './fan.ts';
import { edge } from './graph.ts';
import type { GraphBuilder } from './graph.ts';
import type { RegisterFacts } from './register-facts.ts';

/** A value of a register, by the transaction that wrote it last and so let others see it. */
interface Version {
  readonly writer: number;
  readonly readers: number[];
  /** When the first transaction that met it had ended, and when the last one began. */
  firstEnd: number;
  lastBegin: number;
}

export function addSessionVersions(builder: GraphBuilder, facts: RegisterFacts): void {
  const versions = versionsByKey(facts);
  for (const [key, ofKey] of versions.entries()) addByTime(builder, [...ofKey.values()], key);
  addByProcess(builder, facts, versions);
}

export function versionsByKey(facts: RegisterFacts): readonly ReadonlyMap<number, Version>[] {
  const { history, writers, reads, takesPart } = facts;
  const byKey = history.keys.map(() => new Map<number, Version>());
  for (const [key, ofKey] of byKey.entries()) {
    for (const { place, isLast } of writers.all(key).values()) {
      if (!isLast || takesPart[place] !== 1) continue;
      const version = { writer: place, readers: [], firstEnd: Number.POSITIVE_INFINITY, lastBegin: -1 };
      ofKey.set(place, version);
      meet(facts, version, place);
    }
  }
  for (const { place, key, value } of reads) {
    const writer = writers.of(key, value);
    const version = writer?.isLast === true ? byKey[key]?.get(writer.place) : undefined;
    if (version === undefined) continue;
    version.readers.push(place);
    meet(facts, version, place);
  }
  return byKey;
}

function meet({ history }: RegisterFacts, version: Version, place: number): void {
  const transaction = history.transactions[place];
  if (transaction === undefined) return;
  version.firstEnd = Math.min(version.firstEnd, transaction.completedAt);
  version.lastBegin = Math.max(version.lastBegin, transaction.invokedAt);
}

/**
 * Leads from each version to later ones. One that also comes after another later one is left out: the way over that one
 * says the same. So there are about as many edges as there are versions met at the same time.
 */
function addByTime(builder: GraphBuilder, versions: readonly Version[], key: number): void {
  const byBegin = versions.toSorted((left, right) => left.lastBegin - right.lastBegin);
  // For each place the two versions from there on that were known first.
  const earliest: (readonly [Version | undefined, Version | undefined])[] = [];
  for (let place = byBegin.length - 1; place >= 0; place -= 1) {
    const version = byBegin[place];
    const [first, second] = earliest[place + 1] ?? [undefined, undefined];
    if (version === undefined) continue;
    if (first === undefined || version.firstEnd < first.firstEnd) earliest[place] = [version, first];
    else if (second === undefined || version.firstEnd < second.firstEnd) earliest[place] = [first, version];
    else earliest[place] = [first, second];
  }
  for (const version of versions) {
    const from = firstPlace(byBegin, version.firstEnd);
    const [first, second] = earliest[from] ?? [undefined, undefined];
    const next = first === version ? second : first;
    if (next === undefined) continue;
    const later = [next.writer];
    for (let place = from; place < byBegin.length; place += 1) {
      const other = byBegin[place];
      if (other === undefined || other.lastBegin > next.firstEnd) break;
      if (other !== version && other !== next) later.push(other.writer);
    }
    addLater(builder, version, later, key, edge.wwByTime, edge.rwByTime);
  }
}

/** The first place whose version was met by a transaction that began after a moment. */
function firstPlace(byBegin: readonly Version[], moment: number): number {
  let [low, high] = [0, byBegin.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((byBegin[middle]?.lastBegin ?? 0) > moment) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Leads from each version that a client met to the next one that it met. */
function addByProcess(
  builder: GraphBuilder,
  { history, writers, reads, takesPart }: RegisterFacts,
  versions: readonly ReadonlyMap<number, Version>[],
): void {
  const met = new Map<number, { readonly key: number; readonly version: Version }[]>();
  const take = (place: number, key: number, writer: number | undefined) => {
    const version = writer === undefined ? undefined : versions[key]?.get(writer);
    if (version === undefined) return;
    const known = met.get(place);
    if (known === undefined) met.set(place, [{ key, version }]);
    else known.push({ key, version });
  };
  for (const { place, key, value } of reads) take(place, key, writers.of(key, value)?.place);
  for (const [key, ofKey] of versions.entries()) for (const { writer } of ofKey.values()) take(writer, key, writer);
  const last = new Map<string, Version>();
  for (const [place, { process, outcome }] of history.transactions.entries()) {
    if (takesPart[place] !== 1) continue;
    for (const { key, version } of met.get(place) ?? []) {
      const before = last.get(`${process} ${key}`);
      if (before !== undefined && before !== version) {
        addLater(builder, before, [version.writer], key, edge.wwByProcess, edge.rwByProcess);
      }
      if (outcome === 'ok') last.set(`${process} ${key}`, version);
    }
  }
}

function addLater(
  builder: GraphBuilder,
  { writer, readers }: Version,
  later: readonly number[],
  key: number,
  ww: typeof edge.wwByTime | typeof edge.wwByProcess,
  rw: typeof edge.rwByTime | typeof edge.rwByProcess,
): void {
  for (const other of later) builder.add(writer, other, ww, key);
  if (readers.length === 0) return;
  const fan = new Fan(builder, later, rw, key);
  for (const reader of readers) fan.leadFrom(reader);
}

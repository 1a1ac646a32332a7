/**
 * What the models mean, by brute force and by their definitions, without any of the checker's ideas: orders of
 * transactions are tried one by one, and orders of versions one by one. For a handful of transactions.
 */
import { canonical } from '../../../../src/services/json.ts';
import type { Json } from '../../../../src/services/json.ts';
import type { DataType } from '../../../../maelstrom/checkers/transactions/transaction.ts';
import type { DrawnTransaction } from './draw.ts';

/** What must come before what, besides what the data demand. */
export type Order = 'none' | 'process' | 'real-time';

/** Whether one transaction has to come before another. */
function precedes(first: DrawnTransaction, second: DrawnTransaction, order: Order): boolean {
  if (first.outcome !== 'ok' || first.end >= second.begin || order === 'none') return false;
  return order === 'real-time' || (first.process === second.process && second.outcome === 'ok');
}

/**
 * Whether all transactions that committed, and some of those of which nobody knows, can be run one after the other so
 * that each reads what it read.
 */
export function isSerializable(drawn: readonly DrawnTransaction[], order: Order): boolean {
  const candidates = drawn.filter(({ outcome }) => outcome !== 'fail');
  return canGoOn(candidates, new Map(), order);
}

function canGoOn(left: readonly DrawnTransaction[], state: ReadonlyMap<number, Json>, order: Order): boolean {
  if (left.every(({ outcome }) => outcome === 'info')) return true;
  return left.some((next) => {
    if (left.some((other) => other !== next && precedes(other, next, order))) return false;
    const after = run(next, state);
    return after !== undefined && canGoOn(left.filter((other) => other !== next), after, order);
  });
}

/** The state after a transaction; undefined where it would not have read what it read. */
function run({ steps, outcome }: DrawnTransaction, state: ReadonlyMap<number, Json>): ReadonlyMap<number, Json> | undefined {
  const after = new Map(state);
  for (const [f, key, value] of steps) {
    const now = after.get(key) ?? null;
    if (f === 'w') after.set(key, value);
    else if (f === 'append') after.set(key, [...(Array.isArray(now) ? now : []), value]);
    else if (outcome === 'ok' && canonical(isEmpty(value) ? null : value) !== canonical(isEmpty(now) ? null : now)) return undefined;
  }
  return after;
}

function isEmpty(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

type Kind = 'ww' | 'wr' | 'rw' | 'session';

interface Dependency {
  readonly from: number;
  readonly to: number;
  readonly kind: Kind;
}

/** A version of a key: the transaction that left it there, -1 for what was there at first. */
type Version = number;

export type Forbidden = 'G0' | 'G1' | 'G-single' | 'G-nonadjacent' | 'G2';

/**
 * For which phenomena there is no order of the versions of each key, by Adya's definitions, without them. Undefined
 * where a read saw no version at all: what was never written, or was aborted, or was not the last of its transaction.
 */
export function unavoidable(
  drawn: readonly DrawnTransaction[],
  type: DataType,
  order: Order,
): ReadonlySet<Forbidden> | undefined {
  const seen = readsOf(drawn);
  if (seen === undefined) return undefined;
  const left = new Set<Forbidden>(['G0', 'G1', 'G-single', 'G-nonadjacent', 'G2']);
  let orders = 0;
  for (const versions of versionOrders(type, seen)) {
    orders += 1;
    const found = phenomena(dependencies(drawn, seen, versions, order), drawn.length);
    for (const forbidden of [...left]) if (!found.has(forbidden)) left.delete(forbidden);
    if (left.size === 0) break;
  }
  return orders === 0 ? undefined : left;
}

interface Read {
  readonly place: number;
  readonly key: number;
  /** The list or the value as it was before the transaction's own appends, as text. */
  readonly value: string;

  readonly version: Version | undefined;
}

interface Seen {
  readonly reads: readonly Read[];
  /** All lists that were read of each key, those included that show what the reader appended itself. */
  readonly lists: readonly { readonly key: number; readonly list: readonly Json[] }[];
  /** What each transaction that takes part leaves of its own in each key that it writes: elements, or one value. */
  readonly writes: ReadonlyMap<number, ReadonlyMap<number, readonly Json[]>>;
}

function readsOf(drawn: readonly DrawnTransaction[]): Seen | undefined {
  const readValues = new Set<string>();
  for (const { steps, outcome } of drawn) {
    if (outcome !== 'ok') continue;
    for (const [f, key, value] of steps) {
      if (f === 'r') for (const element of Array.isArray(value) ? value : [value]) readValues.add(`${key} ${canonical(element)}`);
    }
  }
  const writes = new Map<number, Map<number, Json[]>>();
  for (const [place, { steps, outcome }] of drawn.entries()) {
    const isSeen = steps.some(([f, key, value]) => f !== 'r' && readValues.has(`${key} ${canonical(value)}`));
    if (outcome === 'fail' || (outcome === 'info' && !isSeen)) continue;
    for (const [f, key, value] of steps) {
      if (f === 'r') continue;
      const ofKey = writes.get(key) ?? new Map<number, Json[]>();
      writes.set(key, ofKey);
      if (f === 'append') ofKey.set(place, [...(ofKey.get(place) ?? []), value]);
      else ofKey.set(place, [value]);
    }
  }
  const reads: Read[] = [];
  for (const [place, { steps, outcome }] of drawn.entries()) {
    if (outcome !== 'ok') continue;
    const met = new Map<number, number>();
    const own = new Map<number, number>();
    for (const [f, key, value] of steps) {
      if (f === 'append') own.set(key, (own.get(key) ?? 0) + 1);
      if (f === 'w') met.set(key, 1);
      if (f !== 'r' || met.has(key)) continue;
      met.set(key, 1);
      const list = Array.isArray(value) ? value.slice(0, value.length - (own.get(key) ?? 0)) : value;
      const version = Array.isArray(list) || value === null ? undefined : [...(writes.get(key) ?? [])].find(([, left]) => canonical(left[0] ?? null) === canonical(list))?.[0];
      if (!Array.isArray(list) && list !== null && version === undefined) return undefined;
      reads.push({ place, key, value: canonical(list), version: list === null ? -1 : version });
    }
  }
  const lists = drawn.flatMap(({ steps, outcome }) => (outcome === 'ok' ? steps : [])).flatMap(([f, key, value]) => {
    return f === 'r' && Array.isArray(value) ? [{ key, list: value }] : [];
  });
  return { reads, lists, writes };
}

/** Every way to put the versions of each key in order that the lists that were read allow. */
function* versionOrders(type: DataType, seen: Seen): Generator<ReadonlyMap<number, readonly Version[]>> {
  const keys = [...new Set([...seen.writes.keys(), ...seen.reads.map(({ key }) => key)])];
  const choices = keys.map((key) => {
    const writers = [...(seen.writes.get(key)?.keys() ?? [])];
    return [...permutations(writers)].filter((order) => fits(type, seen, key, order));
  });
  const combined = function* (place: number, chosen: ReadonlyMap<number, readonly Version[]>): Generator<ReadonlyMap<number, readonly Version[]>> {
    const key = keys[place];
    if (key === undefined) yield chosen;
    else for (const order of choices[place] ?? []) yield* combined(place + 1, new Map([...chosen, [key, order]]));
  };
  yield* combined(0, new Map());
}

function* permutations(members: readonly number[]): Generator<readonly number[]> {
  if (members.length === 0) yield [];
  for (const [place, member] of members.entries()) {
    for (const rest of permutations(members.toSpliced(place, 1))) yield [member, ...rest];
  }
}

/** Whether an order of versions makes all lists that were read of a key; any order fits a register. */
function fits(type: DataType, { reads, lists, writes }: Seen, key: number, order: readonly number[]): boolean {
  if (type === 'rw-register') return true;
  const states = new Set([canonical([])]);
  const made: Json[] = [];
  for (const writer of order) {
    made.push(...(writes.get(key)?.get(writer) ?? []));
    states.add(canonical(made));
  }
  return (
    reads.every((read) => read.key !== key || states.has(read.value)) &&
    lists.every((read) => read.key !== key || canonical(made.slice(0, read.list.length)) === canonical(read.list))
  );
}

function dependencies(
  drawn: readonly DrawnTransaction[],
  { reads, writes }: Seen,
  orders: ReadonlyMap<number, readonly Version[]>,
  order: Order,
): readonly Dependency[] {
  const found: Dependency[] = [];
  const add = (from: number | undefined, to: number | undefined, kind: Kind) => {
    if (from !== undefined && to !== undefined && from !== -1 && from !== to) found.push({ from, to, kind });
  };
  const takesPart = (place: number) => drawn[place]?.outcome === 'ok' || [...writes.values()].some((ofKey) => ofKey.has(place));
  for (const [, versions] of orders) {
    for (const [place, version] of versions.entries()) add(versions[place - 1], version, 'ww');
  }
  for (const { place, key, value, version: known } of reads) {
    const versions = orders.get(key) ?? [];
    const version = known ?? versionOfList(writes, key, versions, value);
    add(version, place, 'wr');
    add(place, versions[versions.indexOf(version) + 1], 'rw');
  }
  for (const [from, first] of drawn.entries()) {
    for (const [to, second] of drawn.entries()) {
      if (takesPart(from) && takesPart(to) && precedes(first, second, order)) add(from, to, 'session');
    }
  }
  return found;
}

function versionOfList(writes: Seen['writes'], key: number, versions: readonly Version[], value: string): Version {
  const list: Json[] = [];
  if (canonical(list) === value) return -1;
  for (const version of versions) {
    list.push(...(writes.get(key)?.get(version) ?? []));
    if (canonical(list) === value) return version;
  }
  throw new Error(`no version of key ${key} is ${value}`);
}

/** Which phenomena the cycles of a graph are: every simple cycle is looked at. */
function phenomena(edges: readonly Dependency[], count: number): ReadonlySet<Forbidden> {
  const found = new Set<Forbidden>();
  const from = Array.from({ length: count }, (_, vertex) => edges.filter((edge) => edge.from === vertex));
  const walk = (start: number, path: readonly Dependency[]): void => {
    const here = path.at(-1)?.to ?? start;
    for (const edge of from[here] ?? []) {
      if (edge.to === start) classify([...path, edge], found);
      else if (edge.to > start && path.every((step) => step.to !== edge.to)) walk(start, [...path, edge]);
    }
  };
  for (let start = 0; start < count; start += 1) walk(start, []);
  return found;
}

function classify(cycle: readonly Dependency[], found: Set<Forbidden>): void {
  const rw = cycle.filter(({ kind }) => kind === 'rw').length;
  const isAdjacent = cycle.some(({ kind }, place) => kind === 'rw' && cycle[(place + 1) % cycle.length]?.kind === 'rw');
  if (rw === 0 && cycle.every(({ kind }) => kind !== 'wr')) found.add('G0');
  if (rw === 0) found.add('G1');
  if (rw === 1) found.add('G-single');
  if (!isAdjacent) found.add('G-nonadjacent');
  found.add('G2');
}

import { encodeColumn } from './column.ts';
import type { KeyOrder } from './orders.ts';
import type { KeyData, OperationTable } from './page-data.ts';
import { cutText } from './run-operations.ts';
import type { RunOperation } from './run-operations.ts';

/** What a page can take. */
export interface OperationBounds {
  /** Operations of keys that are shown whole, and of those around a failure. */
  readonly maxOperations: number;
  /** Further ones, from all over the run, that only show how long they took. */
  readonly maxSamples: number;
  readonly maxKeys: number;
}

export const operationBounds: OperationBounds = { maxOperations: 40_000, maxSamples: 10_000, maxKeys: 1000 };

interface Key {
  readonly key: string;
  readonly found: KeyOrder | undefined;
  readonly operations: readonly RunOperation[];
}

const importance = { 'not-linearizable': 0, unknown: 1, linearizable: 2, 'not-judged': 3 };

/**
 * The operations of a run and its keys, those first that are not linearizable. Where a run is too long to be shown
 * whole, bad keys are there before others, and of a bad key that is itself too long the surroundings of the failure.
 */
export function operationData(
  all: readonly RunOperation[],
  kinds: readonly string[],
  orders: readonly KeyOrder[],
  bounds: OperationBounds = operationBounds,
): { readonly operations: OperationTable; readonly keys: readonly KeyData[] } {
  const keys = keysOf(all, orders).slice(0, bounds.maxKeys);
  const chosen = choose(all, keys, bounds);
  const rows = all.filter((operation) => chosen.has(operation));
  const rowOf = new Map(rows.map(({ index }, row) => [index, row]));
  const keyPlaces = new Map(keys.map(({ key }, place) => [key, place]));
  const column = (value: (operation: RunOperation) => unknown) => encodeColumn(rows.map(value));
  return {
    operations: {
      total: all.length,
      process: column(({ process }) => process),
      kind: column(({ f }) => kinds.indexOf(f)),
      key: column(({ key }) => keyPlaces.get(key ?? '') ?? -1),
      text: column(({ text }) => text),
      leaves: column(({ leaves }) => leaves),
      outcome: column(({ outcome }) => outcome),
      error: column(({ error }) => error),
      invoked: column(({ invokedMs }) => Math.round(1000 * invokedMs)),
      ended: column(({ endedMs }) => (endedMs === undefined ? -1 : Math.round(1000 * endedMs))),
    },
    keys: keys.map((key) => keyData(key, chosen, rowOf)),
  };
}

function keysOf(all: readonly RunOperation[], orders: readonly KeyOrder[]): readonly Key[] {
  const found = new Map(orders.map((order) => [order.key, order]));
  const groups = new Map<string, RunOperation[]>();
  for (const operation of all) {
    if (operation.key === undefined) continue;
    const group = groups.get(operation.key);
    if (group === undefined) groups.set(operation.key, [operation]);
    else group.push(operation);
  }
  const keys = [...groups].map(([key, operations]) => ({ key, found: found.get(key), operations }));
  return keys.toSorted((left, right) => importance[verdictOf(left)] - importance[verdictOf(right)]);
}

function verdictOf({ found }: Key): KeyData['verdict'] {
  return found?.verdict ?? 'not-judged';
}

function choose(
  all: readonly RunOperation[],
  keys: readonly Key[],
  bounds: OperationBounds,
): ReadonlySet<RunOperation> {
  const chosen = new Set<RunOperation>();
  for (const key of keys) {
    const room = bounds.maxOperations - chosen.size;
    if (key.operations.length <= room) key.operations.forEach((operation) => chosen.add(operation));
    else if (verdictOf(key) === 'not-linearizable')
      nearestToFailure(key, room).forEach((operation) => chosen.add(operation));
  }
  const others = all.filter((operation) => !chosen.has(operation));
  const stride = Math.max(1, Math.ceil(others.length / bounds.maxSamples));
  for (let place = 0; place < others.length; place += stride) {
    const sample = others[place];
    if (sample !== undefined) chosen.add(sample);
  }
  return chosen;
}

function nearestToFailure({ found, operations }: Key, count: number): readonly RunOperation[] {
  const failing = operations.findIndex(({ index }) => index === found?.unplaced[0]);
  const first = Math.max(0, Math.min(failing - Math.floor(count / 2), operations.length - count));
  return operations.slice(first, first + count);
}

function keyData(key: Key, chosen: ReadonlySet<RunOperation>, rowOf: ReadonlyMap<number, number>): KeyData {
  const { found, operations } = key;
  const rowsOf = (indexes: readonly number[] = []) => indexes.flatMap((index) => rowOf.get(index) ?? []);
  return {
    key: cutText(key.key),
    verdict: verdictOf(key),
    operationCount: operations.length,
    isPart: !operations.every((operation) => chosen.has(operation)),
    order: encodeColumn(rowsOf(found?.order)),
    unplaced: rowsOf(found?.unplaced),
    explanation: found?.explanation ?? [],
  };
}

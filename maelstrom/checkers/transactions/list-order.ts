import type { Json } from '../../../src/services/json.ts';
import { identityOf } from './identity.ts';
import type { Identity } from './identity.ts';
import { listOf } from './list-reads.ts';
import type { TransactionHistory } from './transaction.ts';

/** A read whose list is not the beginning of the longest list that was read of its key. */
export interface Disagreement {
  readonly place: number;
  readonly key: number;
  readonly list: readonly Identity[];
}

/**
 * The order in which elements were appended to a list: that of the longest list that was read. Every other read has
 * to be a beginning of it.
 */
export interface ListOrder {
  readonly elements: readonly Identity[];
  readonly positions: ReadonlyMap<Identity, number>;
  /** Who read it, by place in the history; undefined where only the empty list was read. */
  readonly reader: number | undefined;
  /** Elements that are in it twice. */
  readonly repeated: readonly Identity[];
}

export interface ListOrders {
  /** By key. */
  readonly orders: readonly ListOrder[];
  readonly disagreements: readonly Disagreement[];
}

export function listOrdersOf({ transactions, keys }: TransactionHistory): ListOrders {
  const longest = keys.map((): { list: readonly Json[]; reader: number | undefined } => ({ list: [], reader: undefined }));
  for (const [place, { steps }] of transactions.entries()) {
    for (const step of steps) {
      if (step.f !== 'read' || !Array.isArray(step.result)) continue;
      const known = longest[step.key];
      if (known !== undefined && step.result.length > known.list.length) {
        longest[step.key] = { list: step.result, reader: place };
      }
    }
  }
  const orders = longest.map(({ list, reader }) => orderOf(list.map(identityOf), reader));
  return { orders, disagreements: disagreementsOf(transactions, orders) };
}

function orderOf(elements: readonly Identity[], reader: number | undefined): ListOrder {
  const positions = new Map<Identity, number>();
  const repeated = new Set<Identity>();
  for (const [position, element] of elements.entries()) {
    if (positions.has(element)) repeated.add(element);
    else positions.set(element, position);
  }
  return { elements, positions, reader, repeated: [...repeated] };
}

function disagreementsOf(
  transactions: TransactionHistory['transactions'],
  orders: readonly ListOrder[],
): readonly Disagreement[] {
  const found: Disagreement[] = [];
  for (const [place, { steps }] of transactions.entries()) {
    for (const step of steps) {
      if (step.f !== 'read' || !Array.isArray(step.result)) continue;
      const elements = orders[step.key]?.elements ?? [];
      const { result } = step;
      if (result.some((element, position) => identityOf(element) !== elements[position])) {
        found.push({ place, key: step.key, list: listOf(step) });
      }
    }
  }
  return found;
}

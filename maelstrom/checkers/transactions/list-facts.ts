import { listOrdersOf } from './list-order.ts';
import type { ListOrders } from './list-order.ts';
import { listReadsOf } from './list-reads.ts';
import type { ListRead, Misread } from './list-reads.ts';
import type { TransactionHistory } from './transaction.ts';
import { WriterIndex } from './writers.ts';

/** What is known of a history of lists before anything is concluded from it. */
export interface ListFacts extends ListOrders {
  readonly history: TransactionHistory;
  readonly writers: WriterIndex;
  /** What successful transactions read of others. */
  readonly reads: readonly ListRead[];
  readonly misreads: readonly { readonly place: number; readonly misread: Misread }[];
  /** By place: 1 for what committed; also what has an unknown outcome, if one of its writes was read. */
  readonly takesPart: Uint8Array;
}

export function listFactsOf(history: TransactionHistory): ListFacts {
  const { transactions } = history;
  const writers = new WriterIndex(history);
  const orders = listOrdersOf(history);
  const misreads: { readonly place: number; readonly misread: Misread }[] = [];
  const reads = transactions.flatMap((transaction, place) => {
    if (transaction.outcome !== 'ok') return [];
    return listReadsOf(place, transaction, (misread) => misreads.push({ place, misread }));
  });
  const takesPart = Uint8Array.from(transactions, ({ outcome }) => (outcome === 'ok' ? 1 : 0));
  const lists = [...orders.orders.map(({ elements }, key) => ({ key, list: elements })), ...orders.disagreements];
  for (const { key, list } of lists) {
    for (const element of list) {
      const place = writers.of(key, element)?.place;
      if (place !== undefined && transactions[place]?.outcome === 'info') takesPart[place] = 1;
    }
  }
  return { history, writers, ...orders, reads, misreads, takesPart };
}

/** The orders that do not come from data: what one client did one after the other, and what was over before what. */
import { edge } from './graph.ts';
import type { GraphBuilder } from './graph.ts';
import type { Transaction } from './transaction.ts';

/** `takesPart` says which transactions are vertices. */
export function addProcessOrder(builder: GraphBuilder, transactions: readonly Transaction[], takesPart: Uint8Array): void {
  const last = new Map<number, number>();
  for (const [place, { process, outcome }] of transactions.entries()) {
    if (takesPart[place] !== 1) continue;
    const before = last.get(process);
    if (before !== undefined) builder.add(before, place, edge.process);
    // What never ended may still happen after what its client did next.
    if (outcome === 'ok') last.set(process, place);
  }
}

/**
 * Leads from each transaction to all that began after it had ended, over junctions that stand for moments: an end leads
 * to the next moment, a moment to the beginnings that follow it and to the next moment. Linear in the transactions.
 */
export function addRealTimeOrder(builder: GraphBuilder, transactions: readonly Transaction[], takesPart: Uint8Array): void {
  const ends = placesOf(transactions, takesPart)
    .filter((place) => transactions[place]?.outcome === 'ok')
    .toSorted((left, right) => endOf(transactions, left) - endOf(transactions, right));
  let next = 0;
  let moment: number | undefined;
  for (const [place, { invokedAt }] of transactions.entries()) {
    if (takesPart[place] !== 1) continue;
    const earlier = moment;
    moment = undefined;
    for (let end = ends[next]; end !== undefined && endOf(transactions, end) < invokedAt; end = ends[next]) {
      moment ??= builder.junction();
      builder.add(end, moment, edge.realTime);
      next += 1;
    }
    if (moment === undefined) moment = earlier;
    else if (earlier !== undefined) builder.add(earlier, moment, edge.realTime);
    if (moment !== undefined) builder.add(moment, place, edge.realTime);
  }
}

function placesOf(transactions: readonly Transaction[], takesPart: Uint8Array): readonly number[] {
  return [...transactions.keys()].filter((place) => takesPart[place] === 1);
}

function endOf(transactions: readonly Transaction[], place: number): number {
  return transactions[place]?.completedAt ?? Number.POSITIVE_INFINITY;
}

import type { CycleAnomaly, CycleKind, Variant } from './anomalies.ts';
import { antiDependencies, edge } from './graph.ts';

/** One dependency of a cycle. Transactions are places in the history. */
export interface CycleEdge {
  readonly from: number;
  readonly to: number;
  /** A bit of `edge`. */
  readonly kind: number;
  /** -1 for the orders of clients and of time. */
  readonly key: number;
}

/** Each edge begins where the one before ends, the first where the last ends. No transaction is there twice. */
export type Cycle = readonly CycleEdge[];

const byTime = edge.realTime | edge.wwByTime | edge.rwByTime;
const byProcess = edge.process | edge.wwByProcess | edge.rwByProcess;

/** The name of the anomaly that a cycle is. */
export function cycleAnomaly(cycle: Cycle): CycleAnomaly {
  return `${cycleKind(cycle)}${variantOf(cycle)}`;
}

const derivedWrites = edge.wwByTime | edge.wwByProcess;

function variantOf(cycle: Cycle): Variant {
  if (cycle.some(({ kind }) => (kind & byTime) !== 0)) return '-realtime';
  return cycle.some(({ kind }) => (kind & byProcess) !== 0) ? '-process' : '';
}

function cycleKind(cycle: Cycle): CycleKind {
  const isAnti = cycle.map(({ kind }) => (kind & antiDependencies) !== 0);
  const count = isAnti.filter(Boolean).length;
  if (count === 1) return 'G-single-item';
  if (count > 1) {
    const isAdjacent = isAnti.some((anti, place) => anti && isAnti[(place + 1) % isAnti.length] === true);
    return isAdjacent ? 'G2-item' : 'G-nonadjacent-item';
  }
  // What followed which is known from a read that did not miss it; the cycle says that it did.
  if (cycle.some(({ kind }) => (kind & derivedWrites) !== 0)) return 'G-single-item';
  return cycle.some(({ kind }) => kind === edge.wr) ? 'G1c' : 'G0';
}

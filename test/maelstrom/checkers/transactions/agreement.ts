import { violatedModels } from '../../../../maelstrom/checkers/transactions/models.ts';
import type { DataType } from '../../../../maelstrom/checkers/transactions/transaction.ts';
import { Random } from '../../../../src/index.ts';
import { drawLists, drawRegisters } from './draw.ts';
import { isSerializable, unavoidable } from './reference.ts';
import type { Order } from './reference.ts';
import { anomalies } from './written.ts';

interface Models {
  readonly order: Order;
  readonly serializable: string;
  readonly snapshots: string;
  readonly committed: string;
  readonly uncommitted: string;
}

const models: readonly Models[] = [
  {
    order: 'none',
    serializable: 'serializable',
    snapshots: 'snapshot-isolation',
    committed: 'read-committed',
    uncommitted: 'read-uncommitted',
  },
  {
    order: 'process',
    serializable: 'strong-session-serializable',
    snapshots: 'strong-session-snapshot-isolation',
    committed: 'strong-session-read-committed',
    uncommitted: 'strong-session-read-uncommitted',
  },
  {
    order: 'real-time',
    serializable: 'strict-serializable',
    snapshots: 'strong-snapshot-isolation',
    committed: 'strong-read-committed',
    uncommitted: 'strong-read-uncommitted',
  },
];

/** What the definitions say of a model, and what the checker does. */
export interface Opinion {
  readonly model: string;
  readonly isViolated: boolean;
  readonly isCalledViolated: boolean;
}

/** All opinions on the history of a seed. What the definitions do not speak of is left out. */
export function opinions(type: DataType, seed: number): readonly Opinion[] {
  const random = new Random(seed);
  const sizes = { transactions: 2 + random.integer(3), keys: 1 + random.integer(3), steps: 1 + random.integer(4) };
  const drawn = type === 'list-append' ? drawLists(random, sizes) : drawRegisters(random, sizes);
  const found = anomalies(drawn, type);
  const called = violatedModels(found);
  const given: Opinion[] = [];
  const compare = (model: string, isViolated: boolean) => given.push({ model, isViolated, isCalledViolated: called.has(model) });
  for (const { order, serializable, snapshots, committed, uncommitted } of models) {
    compare(serializable, !isSerializable(drawn, order));
    // Adya's definitions do not say what a transaction sees of its own writes.
    if (found.includes('internal') || found.includes('future-read')) continue;
    const forbidden = unavoidable(drawn, type, order);
    if (forbidden === undefined) {
      compare(committed, true);
      continue;
    }
    compare(snapshots, forbidden.has('G-nonadjacent'));
    compare(committed, forbidden.has('G1'));
    if (order === 'none') compare('repeatable-read', forbidden.has('G2'));
    // That each value of a register follows the one that its writer read is Elle's, not Adya's.
    if (!found.includes('cyclic-versions')) compare(uncommitted, forbidden.has('G0'));
  }
  return given;
}

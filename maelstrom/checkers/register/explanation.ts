/** Why a key is not linearizable, as data: for the words of explain.ts and for drawings. */
import type { Operation } from '../../history/operations.ts';
import type { WrongKey } from './check.ts';
import { diagnose } from './diagnosis.ts';
import type { Elsewhere } from './diagnosis.ts';
import { longestOrders } from './orders.ts';
import type { Attempt } from './orders.ts';
import { isCertain } from './part.ts';
import type { CertainOperation, Held } from './part.ts';
import { defaultEffort } from './reduce.ts';
import type { Effort } from './reduce.ts';
import type { Symptom } from './symptom.ts';

export interface Explanation {
  readonly symptom: Symptom;
  /**
   * The last completion of the smallest part: the key's first wrong completion, or one of those that come later where
   * they show better what is wrong.
   */
  readonly culprit: CertainOperation;
  /**
   * The smallest part that was found to be wrong. What happened in it; the culprit is among them and completes last.
   */
  readonly certain: readonly CertainOperation[];
  /** What may have happened in it: the outcome is unknown, or it reaches over its edge. None of it helps. */
  readonly possible: readonly Operation[];
  /** What the register holds where the part begins; undefined where it comes after what may have left anything. */
  readonly startsWith: Held | undefined;
  /** What was found at other places where the key is wrong; undefined where there are none, or none was looked for. */
  readonly elsewhere: Elsewhere | undefined;
  /** Whether nothing can be taken away any more; false where the effort did not suffice to try. */
  readonly isSmallest: boolean;
  /** Orders of the part that place the most of it; none where there are too many to try. */
  readonly longestOrders: readonly Attempt[];
}

/** What was explained before: the terminal, the report and the choice of keys all ask. */
const explained = new WeakMap<WrongKey, Explanation>();

/**
 * Explains why a key is wrong, with a bounded effort. The same key is explained in the same way every time. Where the
 * part is small enough all its orders are tried: that confirms the verdict, without what makes the search quick.
 */
export function explainKey(key: WrongKey, effort?: Effort): Explanation {
  if (effort !== undefined) return explain(key, effort);
  const known = explained.get(key) ?? explain(key, defaultEffort);
  explained.set(key, known);
  return known;
}

function explain(key: WrongKey, effort: Effort): Explanation {
  const [wrongBy] = key.unplaced;
  if (!isCertain(wrongBy)) throw new Error('assertion: what ends every order has completed');
  const { part, isSmallest, culprit, symptom, elsewhere } = diagnose(key, wrongBy, effort);
  const attempts = longestOrders(part);
  if (attempts.some(({ unplaced }) => unplaced.length === 0)) {
    throw new Error('assertion: what has no order has none when all are tried');
  }
  return {
    symptom,
    culprit,
    certain: part.certain,
    possible: part.possible,
    startsWith: part.startsWith,
    elsewhere,
    isSmallest: isSmallest && key.isFirst,
    longestOrders: attempts,
  };
}

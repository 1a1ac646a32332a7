import { canonical } from '../../../src/json.ts';
import type { KeyResult, Report } from '../../checker/check.ts';
import { explain } from '../../checker/explain.ts';
import type { Operation } from '../../operations.ts';
import type { KeyData } from './page-data.ts';

/** What the checker says of a key, as the report has it. Operations are named by the place of their invocation. */
export interface KeyOrder {
  /** As JSON, in one form for keys that are equal. */
  readonly key: string;
  readonly verdict: KeyData['verdict'];
  readonly order: readonly number[];
  readonly unplaced: readonly number[];
  readonly explanation: readonly string[];
}

/** All that the report takes from the checker passes here. */
export function keyOrders({ keys }: Report): readonly KeyOrder[] {
  return keys.map((result) => ({ key: canonical(result.key), verdict: result.verdict, ...detailsOf(result) }));
}

function detailsOf(result: KeyResult): Pick<KeyOrder, 'order' | 'unplaced' | 'explanation'> {
  switch (result.verdict) {
    case 'linearizable':
      return { order: result.order.map(placeOf), unplaced: [], explanation: [] };
    case 'not-linearizable':
      return { order: result.order.map(placeOf), unplaced: result.unplaced.map(placeOf), explanation: words(result) };
    case 'unknown':
      return { order: [], unplaced: [], explanation: words(result) };
  }
}

/** Without the first line, which is about all keys. */
function words(result: KeyResult): readonly string[] {
  return explain({ verdict: result.verdict, keys: [result] }).slice(1);
}

function placeOf({ invoked }: Operation): number {
  return invoked.index;
}

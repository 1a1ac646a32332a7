import { canonical } from '../../../src/services/json.ts';
import type { KeyResult, Report, WrongKey } from '../../checkers/register/check.ts';
import { explain, toldKeys } from '../../checkers/register/explain.ts';
import { explainKey } from '../../checkers/register/explanation.ts';
import type { Operation } from '../../history/operations.ts';
import type { KeyData } from './page-data.ts';

/** What the checker says of a key, as the report has it. Operations are named by the place of their invocation. */
export interface KeyOrder {
  /** As JSON, in one form for keys that are equal. */
  readonly key: string;
  readonly verdict: KeyData['verdict'];
  readonly order: readonly number[];
  readonly unplaced: readonly number[];
  /** Empty where the explanation of the whole tells of the key. */
  readonly explanation: readonly string[];
}

/** All that the report takes from the checker passes here. */
export function keyOrders(report: Report): readonly KeyOrder[] {
  const told = new Set(toldKeys(report));
  return report.keys.map((result) => {
    const explanation = told.has(result) ? [] : words(result);
    return { key: canonical(result.key), verdict: result.verdict, ...placesIn(result), explanation };
  });
}

function placesIn(result: KeyResult): Pick<KeyOrder, 'order' | 'unplaced'> {
  switch (result.verdict) {
    case 'linearizable':
      return { order: result.order.map(placeOf), unplaced: [] };
    case 'not-linearizable':
      return { order: result.order.map(placeOf), unplaced: unplacedIn(result).map(placeOf) };
    case 'unknown':
      return { order: [], unplaced: [] };
  }
}

/** The words tell of the place that shows best what is wrong, which need not be the first: the picture shows the same. */
function unplacedIn(result: WrongKey): readonly Operation[] {
  const { culprit } = explainKey(result);
  return culprit === result.unplaced[0] ? result.unplaced : [culprit];
}

/** Without the first line, which is about all keys. */
function words(result: KeyResult): readonly string[] {
  if (result.verdict === 'linearizable') return [];
  return explain({ verdict: result.verdict, keys: [result] }).slice(1);
}

function placeOf({ invoked }: Operation): number {
  return invoked.index;
}

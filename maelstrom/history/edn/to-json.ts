import type { Json } from '../../../src/services/json.ts';
import { marked } from '../exact.ts';
import { ednText } from './value.ts';
import type { Edn } from './value.ts';

/**
 * A value as JSON, so that two are equal exactly when Clojure calls them equal. What JSON has no word for (keywords, sets,
 * `1.0`, ...) becomes an object that holds it as text; maps do too, since their keys can be anything. Takes values in
 * which `equalityFault` finds nothing.
 */
export function toJson(value: Edn): Json {
  if (value === null || typeof value !== 'object') return value;
  if (value.kind === 'vector' || value.kind === 'list') return value.items.map(toJson);
  return marked(ednText(value));
}

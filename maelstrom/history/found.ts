/**
 * What an operation that failed says of the register all the same. Only two errors of Maelstrom's protocol say anything:
 * 20, there is no such key, and 22, the key holds another value than the cas expected. All others (11, 14, ...) and a
 * failure without an error are about the cluster, not about the value.
 */
import type { Json } from '../../src/services/json.ts';
import { errorCode } from '../../src/wire/errors.ts';
import { markedText } from './exact.ts';

export type Found = 'nothing' | 'another value';

/** The names of the two in Maelstrom's histories. */
const byName: Readonly<Record<string, Found>> = {
  'key-does-not-exist': 'nothing',
  'precondition-failed': 'another value',
};

/** What the error of a failed operation says: a code or its name, or a list that begins with one, in JSON or in EDN. */
export function foundBy(error: Json | undefined): Found | undefined {
  const first = isList(error) ? error[0] : error;
  if (typeof first === 'number') return byCode(first);
  const text = typeof first === 'string' ? first : first === undefined ? undefined : markedText(first);
  const [, name = '', code = ''] = /^\[?:?(?:([a-z-]+)|([0-9]+))(?=[\s\],]|$)/.exec(text ?? '') ?? [];
  return code === '' ? byName[name] : byCode(Number(code));
}

function byCode(code: number): Found | undefined {
  if (code === errorCode.keyDoesNotExist) return 'nothing';
  return code === errorCode.preconditionFailed ? 'another value' : undefined;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * What the stores understand: `read`, `write` and `cas` on one key, as in Maelstrom's lin-kv workload, with
 * `create_if_not_exists` for cas (Maelstrom, doc/services.md). Maelstrom's lww-kv ignores that field, and its services
 * say nothing to a request that they do not understand; here all stores know it, and such a request gets error 10 or 12.
 */
import { encodedBytes, isJson, jsonEquals, jsonFault } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import { errorCode } from '../../src/wire/errors.ts';
import type { ErrorCode } from '../../src/wire/errors.ts';
import type { ServiceReply } from './service.ts';

export type KvRequest =
  | { readonly type: 'read'; readonly key: Json }
  | { readonly type: 'write'; readonly key: Json; readonly value: Json }
  | { readonly type: 'cas'; readonly key: Json; readonly from: Json; readonly to: Json; readonly mayCreate: boolean };

/** What a request does where a key holds a certain value. */
export interface Effect {
  readonly reply: ServiceReply;
  /** What the key holds afterwards; undefined where it holds what it held. */
  readonly written: Json | undefined;
}

export type Understood =
  | { readonly kind: 'request'; readonly request: KvRequest }
  | { readonly kind: 'refused'; readonly reply: ServiceReply };

export function readKvRequest(body: Readonly<Record<string, unknown>>): Understood {
  const { type } = body;
  const fields = typeof type === 'string' ? fieldsOf[type] : undefined;
  if (fields === undefined) return refused(errorCode.notSupported, `there is no request ${JSON.stringify(type)}`);
  for (const field of fields) {
    const fault = jsonFault(body[field]);
    if (fault !== undefined) return refused(errorCode.malformedRequest, `${field}: ${fault.reason}`);
  }
  const [key, from, to, value] = ['key', 'from', 'to', 'value'].map((field) => jsonOf(body[field]));
  if (key === undefined) throw new Error('assertion: every request has a key, and it was checked');
  if (type === 'read') return { kind: 'request', request: { type, key } };
  if (type === 'write' && value !== undefined) return { kind: 'request', request: { type, key, value } };
  if (type !== 'cas' || from === undefined || to === undefined) throw new Error('assertion: every field was checked');
  return { kind: 'request', request: { type, key, from, to, mayCreate: body['create_if_not_exists'] === true } };
}

/** Carries out a request on a key that holds `held`; undefined: there is no such key. */
export function perform(request: KvRequest, held: Json | undefined): Effect {
  switch (request.type) {
    case 'read':
      return { reply: held === undefined ? keyDoesNotExist : { type: 'read_ok', value: held }, written: undefined };
    case 'write':
      return { reply: { type: 'write_ok' }, written: request.value };
    case 'cas': {
      const { from, to, mayCreate } = request;
      if (held === undefined) {
        return mayCreate ? { reply: casOk, written: to } : { reply: keyDoesNotExist, written: undefined };
      }
      return jsonEquals(held, from) ? { reply: casOk, written: to } : { reply: otherValue(held, from), written: undefined };
    }
  }
}

/** The answer to a write that would take a store past `maxStoreBytes`. */
export const storeIsFull = errorReply(errorCode.temporarilyUnavailable, 'this service holds as much as it can');

/** What a key and its value take in a store. */
export function bytesOf(key: Json, value: Json): number {
  return encodedBytes(key) + encodedBytes(value);
}

export function errorReply(code: ErrorCode, text: string): ServiceReply {
  return { type: 'error', code, text };
}

const fieldsOf: Readonly<Record<string, readonly string[] | undefined>> = Object.assign(Object.create(null), {
  read: ['key'],
  write: ['key', 'value'],
  cas: ['key', 'from', 'to'],
});

const casOk: ServiceReply = { type: 'cas_ok' };
const keyDoesNotExist = errorReply(errorCode.keyDoesNotExist, 'key does not exist');

const maxShownLength = 100;

function otherValue(held: Json, from: Json): ServiceReply {
  const [current, expected] = [held, from].map((value) => shortened(JSON.stringify(value)));
  return errorReply(errorCode.preconditionFailed, `current value ${current} is not ${expected}`);
}

function jsonOf(value: unknown): Json | undefined {
  return isJson(value) ? value : undefined;
}

function shortened(text: string): string {
  return text.length <= maxShownLength ? text : `${text.slice(0, maxShownLength)}...`;
}

function refused(code: ErrorCode, text: string): Understood {
  return { kind: 'refused', reply: errorReply(code, text) };
}

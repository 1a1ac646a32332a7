/**
 * A replicated service, as a value. Its operations describe the fields of requests and replies, and turn a request into
 * a command or a query. Its state machine carries out commands and answers queries. An edge needs nothing else.
 */
import { jsonFault, maxNesting } from './json.ts';
import type { Fault, Json } from './json.ts';
import type { StateMachine } from './state-machine.ts';

/** The result of a command or a query. All services share these kinds, so that an edge can encode any result. */
export type Result =
  /** It was carried out. There is no value to return. */
  | { readonly kind: 'ok' }
  /** It was carried out. `value` is its result. */
  | { readonly kind: 'value'; readonly value: Json }
  /** The key does not exist. Nothing has changed. */
  | { readonly kind: 'no-such-key' }
  /** The operation expected another value. `found` is the current one. Nothing has changed. */
  | { readonly kind: 'mismatch'; readonly found: Json }
  /** The log holds a value that is not a command of this service. Nothing has changed. */
  | { readonly kind: 'not-understood'; readonly reason: string };

export interface Service {
  /** The name that the flag `--service` takes. */
  readonly name: string;
  /** From the type of a request to its operation. The type of the reply is the same with `_ok` at its end. */
  readonly operations: ReadonlyMap<string, Operation>;
  /**
   * Why a client must not append this value to the log with `raft_append`. Undefined if it is a command of this
   * service.
   */
  readonly commandFault: (value: unknown) => Fault | undefined;
  /** Creates a state machine with an empty state. */
  readonly createStateMachine: () => StateMachine<Json, Result>;
}

export interface Operation {
  /** A write changes the state and goes through the log. A read does neither. */
  readonly kind: 'write' | 'read';
  /** The fields of the request, in the order of the wire. */
  readonly request: FieldTable;
  /** The fields of the reply, in the order of the wire. */
  readonly reply: FieldTable;
  /** The command (of a write) or the query (of a read) of a request. Undefined if a field is wrong. */
  readonly demandOf: (body: Body) => Json | undefined;
  /** The fields of the reply, from a result with a value. */
  readonly replyOf: (value: Json) => Readonly<Record<string, Json>>;
}

/** The fields of a request by name. Fields that the operation does not know are ignored. */
export type Body = Readonly<Record<string, unknown>>;

export interface Field<Value> {
  /** What is wrong with a value; undefined if it is good. For a missing field the value is undefined. */
  readonly faultOf: (value: unknown) => Fault | undefined;
  readonly accepts: (value: unknown) => value is Value;
}

export type FieldTable = Readonly<Record<string, Field<unknown>>>;

type ValuesOf<Table extends FieldTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Field<infer Value> ? Value : never;
};

/**
 * A client's key or value: any JSON, also `null`. It may nest one level less than the command that it becomes part of.
 */
export const json: Field<Json> = fieldOf((value) => jsonFault(value, maxNesting - 1));

/** An integer that a double holds exactly: from -(2^53 - 1) to 2^53 - 1. */
export const integer: Field<number> = fieldOf((value) =>
  Number.isSafeInteger(value) ? undefined : fault(value === undefined ? 'missing' : 'expected an integer'),
);

/** True or false. The field may be missing. */
export const optionalFlag: Field<boolean | undefined> = fieldOf((value) =>
  value === undefined || typeof value === 'boolean' ? undefined : fault('expected true or false'),
);

function fieldOf<Value>(faultOf: Field<Value>['faultOf']): Field<Value> {
  return { faultOf, accepts: (value): value is Value => faultOf(value) === undefined };
}

function fault(reason: string): Fault {
  return { path: [], reason };
}

/** Describes an operation that changes the state. The last argument gives the command for the log. */
export function write<Request extends FieldTable>(
  request: Request,
  toCommand: (values: ValuesOf<Request>) => Json,
): Operation {
  return operation('write', request, toCommand, {}, () => ({}));
}

/** Describes an operation that only reads the state. The last argument gives its query. */
export function read<Request extends FieldTable>(
  request: Request,
  toQuery: (values: ValuesOf<Request>) => Json,
  reply: FieldTable,
  replyOf: Operation['replyOf'],
): Operation {
  return operation('read', request, toQuery, reply, replyOf);
}

function operation<Request extends FieldTable>(
  kind: Operation['kind'],
  request: Request,
  toDemand: (values: ValuesOf<Request>) => Json,
  reply: FieldTable,
  replyOf: Operation['replyOf'],
): Operation {
  const fields = Object.entries(request);
  const fits = (body: Body): body is Body & ValuesOf<Request> => {
    for (const [name, field] of fields) if (!field.accepts(body[name])) return false;
    return true;
  };
  return { kind, request, reply, replyOf, demandOf: (body) => (fits(body) ? toDemand(body) : undefined) };
}

/** Which field of a request is wrong, and why. Undefined if none is. */
export function faultOfRequest({ request }: Operation, body: Body): Fault | undefined {
  for (const [name, field] of Object.entries(request)) {
    const found = field.faultOf(body[name]);
    if (found !== undefined) return { path: [name, ...found.path], reason: found.reason };
  }
  return undefined;
}

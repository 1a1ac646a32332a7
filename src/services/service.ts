/**
 * What a replicated service is: a value. Its operations say which fields they take, and which command or query they
 * become; its state machine carries commands out; its results become the fields of replies. An edge needs no more.
 */
import { jsonFault, maxNesting } from './json.ts';
import type { Fault, Json } from './json.ts';
import type { StateMachine } from './state-machine.ts';

/** What came of a command or a query. Every service uses these words, so that an edge needs no other. */
export type Result =
  /** It was carried out, and there is nothing more to say. */
  | { readonly kind: 'ok' }
  /** It was carried out, and this is what it gives. */
  | { readonly kind: 'value'; readonly value: Json }
  /** The key does not exist; nothing has changed. */
  | { readonly kind: 'no-such-key' }
  /** Another value was expected; `found` is the one that is there. Nothing has changed. */
  | { readonly kind: 'mismatch'; readonly found: Json }
  /** The log holds something that is no command of this service; nothing has changed. */
  | { readonly kind: 'not-understood'; readonly reason: string };

export interface Service {
  /** As `--service` takes it. */
  readonly name: string;
  /** By the type of the request; the reply's type is that with `_ok` behind. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** Why a client may not append this value to the log by itself; undefined where it is a command of this service. */
  readonly commandFault: (value: unknown) => Fault | undefined;
  /** Makes an empty one. */
  readonly createStateMachine: () => StateMachine<Json, Result>;
}

export interface Operation {
  /** Whether it changes the state, and so goes through the log; a read does not. */
  readonly kind: 'write' | 'read';
  /** The fields of its request, in the order of the wire. */
  readonly request: FieldTable;
  /** The fields of its reply, likewise. */
  readonly reply: FieldTable;
  /** The command (of a write) or query (of a read) that a request becomes; undefined where a field is wrong. */
  readonly demandOf: (body: Body) => Json | undefined;
  /** The fields of the reply to a result that has a value. */
  readonly replyOf: (value: Json) => Readonly<Record<string, Json>>;
}

/** A request's fields by name. Those that the operation does not know are ignored. */
export type Body = Readonly<Record<string, unknown>>;

export interface Field<Value> {
  /** What is wrong with a value, undefined where nothing is. A field that is left out is undefined. */
  readonly faultOf: (value: unknown) => Fault | undefined;
  readonly accepts: (value: unknown) => value is Value;
}

export type FieldTable = Readonly<Record<string, Field<unknown>>>;

type ValuesOf<Table extends FieldTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Field<infer Value> ? Value : never;
};

/** A key or value of a client: any JSON, `null` too, that nests one less than the command it becomes part of. */
export const json: Field<Json> = fieldOf((value) => jsonFault(value, maxNesting - 1));

/** An integer that a double holds exactly. */
export const integer: Field<number> = fieldOf((value) =>
  Number.isSafeInteger(value) ? undefined : fault(value === undefined ? 'missing' : 'expected an integer'),
);

/** True or false; may be left out. */
export const optionalFlag: Field<boolean | undefined> = fieldOf((value) =>
  value === undefined || typeof value === 'boolean' ? undefined : fault('expected true or false'),
);

function fieldOf<Value>(faultOf: Field<Value>['faultOf']): Field<Value> {
  return { faultOf, accepts: (value): value is Value => faultOf(value) === undefined };
}

function fault(reason: string): Fault {
  return { path: [], reason };
}

/** Describes an operation that changes the state, by the command that it logs. */
export function write<Request extends FieldTable>(
  request: Request,
  toCommand: (values: ValuesOf<Request>) => Json,
): Operation {
  return operation('write', request, toCommand, {}, () => ({}));
}

/** Describes an operation that only looks at the state, by its query. */
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

/** Which field of a request is wrong, and why; undefined where none is. */
export function faultOfRequest({ request }: Operation, body: Body): Fault | undefined {
  for (const [name, field] of Object.entries(request)) {
    const found = field.faultOf(body[name]);
    if (found !== undefined) return { path: [name, ...found.path], reason: found.reason };
  }
  return undefined;
}

/**
 * How the bodies of one direction are described: a table from the body's `type` to its schema. A schema is built when
 * its type is first met, since a node should be up before it has described what it may never receive.
 */
import * as z from 'zod/mini';
import { expected, integer } from './fields.ts';

type Shape = z.core.$ZodShape;

/** A request: who asks, and under which number the answer is awaited. The order of fields is that of the wire. */
export function request<Type extends string, Fields extends Shape>(type: Type, fields: Fields) {
  return z.object({ type: z.literal(type), msg_id: integer, ...fields }, expected('an object'));
}

export function reply<Type extends string, Fields extends Shape>(type: Type, fields: Fields) {
  return z.object(
    { type: z.literal(type), in_reply_to: integer, msg_id: z.exactOptional(integer), ...fields },
    expected('an object'),
  );
}

export type SchemaTable = Readonly<Record<string, () => z.core.$ZodType>>;

/** A body as one of the table's schemas reads it. */
export type BodyOf<Table extends SchemaTable> = {
  readonly [Type in keyof Table]: Frozen<z.output<ReturnType<Table[Type]>>>;
}[keyof Table];

type Frozen<Body> = Body extends unknown ? Readonly<Body> : never;

/** A type that the table has. */
export interface Described<Body> {
  readonly schema: z.ZodMiniType<Body>;
  /** The names of its fields behind the type and the numbers, in the order of the wire. */
  readonly fieldNames: readonly string[];
}

const headerNames: ReadonlySet<string> = new Set(['type', 'in_reply_to', 'msg_id']);

/** Looks a type up in a table; undefined where the table does not have it. */
export function describer<Body>(
  table: Readonly<Record<string, () => z.ZodMiniType<Body>>>,
): (type: string) => Described<Body> | undefined {
  const built = new Map<string, Described<Body>>();
  return (type) => {
    const known = built.get(type);
    if (known !== undefined || !Object.hasOwn(table, type)) return known;
    const schema = table[type]?.();
    if (schema === undefined) return undefined;
    const described = { schema, fieldNames: fieldNamesOf(schema).filter((name) => !headerNames.has(name)) };
    built.set(type, described);
    return described;
  };
}

function fieldNamesOf(schema: z.core.$ZodType): readonly string[] {
  if (schema instanceof z.core.$ZodObject) return Object.keys(schema._zod.def.shape);
  if (schema instanceof z.core.$ZodUnion) return [...new Set(schema._zod.def.options.flatMap(fieldNamesOf))];
  throw new Error('a body is described by an object or by a union of objects');
}

/**
 * Describes the bodies of one direction: a table from the `type` of a body to its schema. A schema is built when its
 * type first arrives, so that a node starts sooner.
 */
import * as z from 'zod/mini';
import { expected, integer } from './fields.ts';

type Shape = z.core.$ZodShape;

/** A request: its sender waits for an answer with this `msg_id`. The fields are in the order of the wire. */
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

/** The type of the bodies that a table describes. */
export type BodyOf<Table extends SchemaTable> = {
  readonly [Type in keyof Table]: Frozen<z.output<ReturnType<Table[Type]>>>;
}[keyof Table];

type Frozen<Body> = Body extends unknown ? Readonly<Body> : never;

/** A type in the table. */
export interface Described<Body> {
  readonly schema: z.ZodMiniType<Body>;
  /** The names of its fields after the type and the message ids, in the order of the wire. */
  readonly fieldNames: readonly string[];
}

const headerNames: ReadonlySet<string> = new Set(['type', 'in_reply_to', 'msg_id']);

/** Makes a function that looks a type up in a table. It returns undefined for a type that is not in the table. */
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

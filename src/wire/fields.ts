/**
 * The fields of bodies. Each field says what it expects, in words for the sender of a wrong one.
 */
import * as z from 'zod/mini';
import { maxTerm } from '../raft/ballot.ts';
import { jsonFault, maxNesting } from '../services/json.ts';
import type { Fault, Json } from '../services/json.ts';
import { maxNodeIdLength } from './limits.ts';

interface Refusal {
  readonly error: (issue: { readonly input?: unknown }) => string;
}

export function expected(what: string): Refusal {
  return { error: (issue) => (issue.input === undefined ? 'missing' : `expected ${what}`) };
}

/** A term, an index, an id or a size: an integer from 0 to 2^53 - 1. */
const nonNegative = expected('a non-negative integer');
export const integer = z.int(nonNegative).check(z.gte(0, nonNegative));

export const term = integer.check(z.lte(maxTerm, expected('a term of at most 2^52')));

const nonEmpty = expected('a non-empty string');
const notTooLong = expected(`at most ${maxNodeIdLength} characters`);
export const name = z.string(nonEmpty).check(z.minLength(1, nonEmpty), z.maxLength(maxNodeIdLength, notTooLong));

export const text = z.string(expected('a string'));

export const flag = z.boolean(expected('true or false'));

/** Any JSON, also `null`. It may nest one level less than a command. */
export const json = z.custom<Json>().check(faultCheck((value) => jsonFault(value, maxNesting - 1)));

/** A command in an entry from a peer. This node need not know it. */
export const replicatedCommand = z.unknown().check(faultCheck((value) => jsonFault(value)));

const origin = z.object({ node: name, id: integer }, expected('an object'));

const none = z.exactOptional(z.undefined(expected('none')));

const commandEntry = z.object({
  kind: none,
  term,
  index: integer,
  command: replicatedCommand,
  origin: z.exactOptional(origin),
});

const configurationEntry = z.object({
  kind: z.literal('configuration'),
  term,
  index: integer,
  command: z.object(
    { voters: listOf(name), learners: listOf(name), outgoing: z.exactOptional(listOf(name)) },
    expected('an object'),
  ),
  origin: none,
});

/**
 * Only an entry with a configuration has a kind. Other kinds are refused, because a node must not log an entry that it
 * does not understand.
 */
export const entry = z.discriminatedUnion('kind', [commandEntry, configurationEntry], {
  error: (issue) => (issue.code === 'invalid_union' ? 'expected "configuration", or none' : 'expected an object'),
});

/**
 * An array of such elements. Only the first wrong one is told of: a line may hold a million, and the schema of an array
 * would collect what is wrong with each.
 */
export function listOf<Element>(element: z.ZodMiniType<Element>): z.ZodMiniType<readonly Element[]> {
  const elements = z.transform((values: unknown[], { issues }): readonly Element[] => {
    const read: Element[] = [];
    for (const [at, value] of values.entries()) {
      const parsed = z.safeParse(element, value);
      if (!parsed.success) {
        const [first] = parsed.error.issues;
        const path = [at, ...(first?.path ?? [])];
        issues.push({ code: 'custom', input: value, path, message: first?.message ?? 'malformed' });
        break;
      }
      read.push(parsed.data);
    }
    return read;
  });
  return z.pipe(z.array(z.unknown(), expected('an array')), elements);
}

/** A check that says which field of a value is wrong, and why. */
export function faultCheck(find: (value: unknown) => Fault | undefined): z.core.CheckFn<unknown> {
  return (payload) => {
    const fault = find(payload.value);
    if (fault !== undefined) {
      payload.issues.push({ code: 'custom', input: payload.value, path: [...fault.path], message: fault.reason });
    }
  };
}

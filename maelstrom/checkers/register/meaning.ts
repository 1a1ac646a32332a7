/** What an operation needs to find in the register and what it leaves there, as the definition has it. */
import { jsonEquals } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';
import type { Operation } from '../../history/operations.ts';

/** The value that an operation has to find, if it is one that matters. */
export function neededBy(operation: Operation): { readonly value: Json } | undefined {
  switch (operation.f) {
    case 'read':
      return { value: operation.value };
    case 'write':
      return undefined;
    case 'cas':
      if (foundIn(operation) === undefined) return { value: operation.value[0] };
      return foundIn(operation) === 'nothing' ? { value: null } : undefined;
  }
}

/** The value that an operation must not find: that of a cas that failed because another was there. */
export function deniedBy(operation: Operation): { readonly value: Json } | undefined {
  return operation.f === 'cas' && foundIn(operation) === 'another value' ? { value: operation.value[0] } : undefined;
}

/**
 * Whether a change can give a denial what it needs, another value than the one that it denies: a write of another does,
 * and a cas that leads away from it. (Where a cas leads from a third value to a fourth, the denial fits before that.)
 */
export function helps(change: Operation, denial: Operation): boolean {
  const denied = deniedBy(denial);
  if (denied === undefined || changesNothing(change)) return false;
  const needed = neededBy(change);
  return needed === undefined ? !jsonEquals(leftBy(change), denied.value) : jsonEquals(needed.value, denied.value);
}

function foundIn(operation: Operation) {
  return operation.outcome === 'fail' ? operation.found : undefined;
}

/** Whether an operation can happen where the register holds this value. */
export function fits(operation: Operation, value: Json): boolean {
  const [needed, denied] = [neededBy(operation), deniedBy(operation)];
  return (needed === undefined || jsonEquals(needed.value, value)) && (denied === undefined || !jsonEquals(denied.value, value));
}

/** A read, a cas from a value to itself, and a cas whose failure says what it found. */
export function changesNothing(operation: Operation): boolean {
  if (foundIn(operation) !== undefined) return true;
  const needed = neededBy(operation);
  return needed !== undefined && jsonEquals(needed.value, leftBy(operation));
}

/** The value that an operation leaves in the register, where it is one that changes something or needs to find a value. */
export function leftBy(operation: Operation): Json {
  if (operation.f !== 'cas') return operation.value;
  return foundIn(operation) === undefined ? operation.value[1] : null;
}

/** The value that is there after an operation that fits, where this one was there before. */
export function valueAfter(operation: Operation, value: Json): Json {
  return deniedBy(operation) === undefined ? leftBy(operation) : value;
}

/** The value that an order leaves in a register that holds `initial` at first. */
export function heldAfter(order: readonly Operation[], initial: Json): Json {
  const last = order.findLast((operation) => deniedBy(operation) === undefined);
  return last === undefined ? initial : leftBy(last);
}

/** What is known of the register at a place of an order. */
export type Content =
  | { readonly kind: 'value'; readonly value: Json }
  /** It may be anything but these: the order begins where nothing is known. */
  | { readonly kind: 'any'; readonly but: readonly Json[] };

/** What is known of the register after an operation; undefined where the operation cannot happen there. */
export function contentAfter(operation: Operation, content: Content): Content | undefined {
  if (content.kind === 'value') {
    return fits(operation, content.value) ? { kind: 'value', value: valueAfter(operation, content.value) } : undefined;
  }
  const [needed, denied] = [neededBy(operation), deniedBy(operation)];
  if (denied !== undefined) return { kind: 'any', but: [...content.but, denied.value] };
  if (needed !== undefined && content.but.some((value) => jsonEquals(value, needed.value))) return undefined;
  return { kind: 'value', value: leftBy(operation) };
}

/** What is known of it where a part begins. */
export function contentAtFirst(startsWith: { readonly value: Json } | undefined): Content {
  return startsWith === undefined ? { kind: 'any', but: [] } : { kind: 'value', value: startsWith.value };
}

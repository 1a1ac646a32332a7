/** The definition of linearizability, as code: tries every order. For histories of a handful of operations. */
import { jsonEquals } from '../../../../src/services/json.ts';
import type { Json } from '../../../../src/services/json.ts';
import type { Operation } from '../../../../maelstrom/history/operations.ts';

/** Whether operations on one key, at most 30, have an order that respects real time and explains what they saw. */
export function hasOrder(operations: readonly Operation[], value: Json = null): boolean {
  /** What is left (a bit each) and the value, where that is known to lead nowhere. */
  const hopeless = new Set<string>();
  return leadsOn((1 << operations.length) - 1, value);

  function leadsOn(left: number, held: Json): boolean {
    const isLeft = (_: Operation, place: number): boolean => ((left >> place) & 1) === 1;
    const others = operations.filter(isLeft);
    if (!others.some(happened)) return true;
    const name = `${left} ${JSON.stringify(held)}`;
    if (hopeless.has(name)) return false;
    const leads = operations.some((operation, place) => {
      if (!isLeft(operation, place) || !mayHaveHappened(operation)) return false;
      const after = take(operation, held);
      if (after === undefined || others.some((other) => precedes(other, operation))) return false;
      return leadsOn(left & ~(1 << place), after.value);
    });
    if (!leads) hopeless.add(name);
    return leads;
  }
}

/**
 * What is wrong with an order that is said to explain `operations`, or undefined. `mustBeWhole` says that everything
 * that happened has to be in it.
 */
export function faultOf(
  order: readonly Operation[],
  operations: readonly Operation[],
  mustBeWhole: boolean,
): string | undefined {
  let value: Json = null;
  const left = new Set(operations);
  for (const operation of order) {
    if (!left.delete(operation) || !mayHaveHappened(operation)) {
      return 'an operation that is not of this history, that stands twice or that failed';
    }
    const after = take(operation, value);
    if (after === undefined) return `a ${operation.f} that does not fit`;
    if ([...left].some((other) => precedes(other, operation))) {
      return 'an operation before one that completed before it was invoked';
    }
    value = after.value;
  }
  const missing = [...left].some(happened);
  return mustBeWhole && missing ? 'an operation that happened is missing' : undefined;
}

/** The history as it was when event `index` had just been recorded, but for failures, which are known beforehand. */
export function upTo(operations: readonly Operation[], index: number): readonly Operation[] {
  return operations
    .filter(({ invoked }) => invoked.index <= index)
    .map((operation) =>
      !happened(operation) || operation.completed.index <= index
        ? operation
        : asIfOpen(operation),
    );
}

/** Of what failed there is nothing left then, for it has no effect. */
function asIfOpen(operation: Operation): Operation {
  const { process, key, invoked } = operation;
  if (operation.outcome === 'fail') return { process, key, invoked, f: 'read', value: null, outcome: 'info', completed: undefined };
  return { ...operation, outcome: 'info', completed: undefined };
}

type Completed = Operation & { readonly outcome: 'ok' | 'fail' };

/** It took effect, or it failed and says what it found. */
function happened(operation: Operation): operation is Completed {
  return operation.outcome === 'ok' || (operation.outcome === 'fail' && operation.found !== undefined);
}

function mayHaveHappened(operation: Operation): boolean {
  return happened(operation) || (operation.outcome === 'info' && operation.f !== 'read');
}

function precedes(first: Operation, second: Operation): boolean {
  return happened(first) && first.completed.index < second.invoked.index;
}

function take(operation: Operation, value: Json): { readonly value: Json } | undefined {
  if (operation.outcome === 'fail' && operation.f === 'cas') {
    const expected = operation.found === 'nothing' ? value === null : !jsonEquals(operation.value[0], value);
    return expected ? { value } : undefined;
  }
  switch (operation.f) {
    case 'read':
      return jsonEquals(operation.value, value) ? { value } : undefined;
    case 'write':
      return { value: operation.value };
    case 'cas':
      return jsonEquals(operation.value[0], value) ? { value: operation.value[1] } : undefined;
  }
}

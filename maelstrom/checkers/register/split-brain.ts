/**
 * Two registers where one should be: on each side of a split, a leader of its own acknowledges changes that its own side
 * sees and the other does not.
 */
import { canonical } from '../../../src/services/json.ts';
import type { Operation } from '../../history/operations.ts';
import { changesNothing, deniedBy, leftBy, neededBy } from './meaning.ts';
import { isCertain } from './part.ts';
import type { CertainOperation } from './part.ts';

/** An operation that found an earlier value although a change to another had been acknowledged before it began. */
export interface Missed {
  readonly finder: CertainOperation;
  readonly change: CertainOperation;
}

export interface SplitBrain {
  /** The first is by the process of the culprit, the second by one of the other side. */
  readonly missed: readonly [Missed, Missed];
  /** The processes of each side, upwards. */
  readonly sides: readonly [readonly number[], readonly number[]];
}

/** How many operations before and after the culprit are looked at: values may come again later. */
const reach = 200;

/**
 * The split that explains what the culprit found, where it is certain. Around the culprit every value that counts was
 * brought by one operation, so it is known who saw whose changes. Processes of which one saw a change of the other are of
 * one side. It is a split where each of two sides missed a change of the other that this other side has seen itself.
 */
export function splitBrainAt(operations: readonly Operation[], culprit: CertainOperation): SplitBrain | undefined {
  const place = operations.indexOf(culprit);
  const around = operations.slice(Math.max(0, place - reach), place + reach);
  const { sourceOf, seenChanges, sideOf } = follow(around);
  const changes = around.filter(isCertain).filter((operation) => seenChanges.has(operation));
  const missedBy = (finder: CertainOperation, side: number): Missed | undefined => {
    const source = sourceOf.get(finder);
    const change = changes.find((other) => {
      const isLater = (source?.completed?.index ?? Infinity) < other.invoked.index;
      return isLater && other.completed.index < finder.invoked.index && sideOf(other.process) === side;
    });
    return change === undefined ? undefined : { finder, change };
  };
  const own = sideOf(culprit.process);
  const others = new Set(changes.map(({ process }) => sideOf(process)));
  for (const other of others) {
    const first = other === own ? undefined : missedBy(culprit, other);
    if (first === undefined) continue;
    const mirrored = around.filter(isCertain).filter(({ process }) => sideOf(process) === other);
    const [second] = mirrored.flatMap((finder) => missedBy(finder, own) ?? []);
    if (second === undefined) continue;
    const processes = [...new Set(around.map(({ process }) => process))].toSorted((left, right) => left - right);
    const of = (side: number) => processes.filter((process) => sideOf(process) === side);
    return { missed: [first, second], sides: [of(own), of(other)] };
  }
  return undefined;
}

/** Who saw whose changes, as far as a value was brought only once. */
function follow(operations: readonly Operation[]) {
  const bringers = new Map<string, Operation[]>();
  for (const operation of operations) {
    if (changesNothing(operation) || operation.outcome === 'fail') continue;
    const name = canonical(leftBy(operation));
    bringers.set(name, [...(bringers.get(name) ?? []), operation]);
  }
  const sides = new Map<number, number>();
  const sideOf = (process: number): number => {
    let side = process;
    for (let up = sides.get(side); up !== undefined; up = sides.get(side)) side = up;
    return side;
  };
  const sourceOf = new Map<Operation, Operation>();
  const seenChanges = new Set<Operation>();
  for (const operation of operations.filter(isCertain)) {
    const needed = deniedBy(operation) === undefined ? neededBy(operation) : undefined;
    const [source, ...more] = needed === undefined ? [] : (bringers.get(canonical(needed.value)) ?? []);
    if (source === undefined || source === operation || more.length > 0) continue;
    sourceOf.set(operation, source);
    seenChanges.add(source);
    const [left, right] = [sideOf(operation.process), sideOf(source.process)];
    if (left !== right) sides.set(left, right);
  }
  return { sourceOf, seenChanges, sideOf };
}

/** What kind of wrong it is, where that is certain, and how to say it. */
import { jsonEquals } from '../../src/json.ts';
import type { Json } from '../../src/json.ts';
import type { Operation } from '../operations.ts';
import { decide, limitOf } from './decide.ts';
import { seconds, text, what, whose } from './describe.ts';
import { changesNothing, leftBy, neededBy } from './first-wrong.ts';
import { byCompletion, isCertain } from './part.ts';
import type { CertainOperation, Part } from './part.ts';

export type SymptomName =
  | 'value never written'
  | 'effect of an operation that failed'
  | 'effect before its cause'
  | 'lost update'
  | 'cas applied twice'
  | 'stale read'
  | 'read goes back in time'
  | 'no order';

export interface Symptom {
  readonly name: SymptomName;
  /** Lines that tell who saw what, when, and which value could not be there and why. */
  readonly reasons: readonly string[];
  /** Operations that the reasons name though they are not of the smallest wrong part. */
  readonly alsoNamed: readonly Operation[];
}

/** What the other places at which the key is wrong say about this one. */
export interface Hints {
  /** The register itself was wrong somewhere, and not only what readers were told of it. */
  readonly isRegisterWrong: boolean;
  /** A cas that would explain what is wrong if it had taken effect once more, where that is likely. */
  readonly casAgain: CertainOperation | undefined;
}

/** All that is known of the key. */
interface Evidence extends Hints {
  /** What happened or may have happened, and what did not, each in the order of their invocations. */
  readonly operations: readonly Operation[];
  readonly others: readonly Operation[];
  /** What the register held before all of them. */
  readonly initial: Json;
  /** The smallest part that is wrong. The culprit completes last in it. */
  readonly part: Part;
  readonly culprit: CertainOperation;
  /** The value that the culprit found. */
  readonly value: Json;
}

/**
 * Names what is wrong with a part that has no order, the culprit being its last completion. A write can only be that
 * where the first wrong completion is not known.
 */
export function symptomOf(
  key: Pick<Evidence, 'operations' | 'others' | 'initial'>,
  part: Part,
  culprit: CertainOperation,
  hints: Hints,
): Symptom {
  const needed = neededBy(culprit);
  if (needed === undefined) {
    const reasons = [`What was seen up to ${seconds(culprit.completed.timeNs)} has no order.`];
    return { name: 'no order', reasons, alsoNamed: [] };
  }
  const evidence = { ...key, ...hints, part, culprit, value: needed.value };
  return (
    neverThere(evidence) ??
    tookTurns(evidence) ??
    cameBack(evidence) ?? {
      name: 'no order',
      reasons: [`${saw(culprit)},`, `but no order of what else was seen leaves ${text(evidence.value)} there then.`],
      alsoNamed: [],
    }
  );
}

/** Nothing that happened, or may have, can have brought the value. */
function neverThere({ operations, others, initial, culprit, value }: Evidence): Symptom | undefined {
  if (jsonEquals(value, initial)) return undefined;
  const brings = (operation: Operation): boolean => operation !== culprit && bringing(operation, value);
  const sources = operations.filter(brings);
  if (sources.some(({ invoked }) => invoked.index < culprit.completed.index)) return undefined;
  const failed = others.findLast((other) => brings(other) && other.invoked.index < culprit.completed.index);
  if (failed?.outcome === 'fail') {
    const when = seconds(failed.completed.timeNs);
    const all = `is all that could have brought ${text(value)}`;
    const but = `but ${whose(failed)}, which ended as failed at ${when}, ${all}.`;
    return { name: 'effect of an operation that failed', reasons: [`${saw(culprit)},`, but], alsoNamed: [failed] };
  }
  const [later] = sources;
  if (later !== undefined) {
    const when = seconds(later.invoked.timeNs);
    const but = `but the first to bring ${text(value)} is ${whose(later)}, invoked at ${when}.`;
    return { name: 'effect before its cause', reasons: [`${saw(culprit)},`, but], alsoNamed: [later] };
  }
  const reasons = [`${saw(culprit)},`, `but nobody ever wrote ${text(value)}.`];
  return { name: 'value never written', reasons, alsoNamed: [] };
}

/** Two cas that succeeded on the same value, which was there once: one of the two did not see the other. */
function tookTurns({ part, culprit, value }: Evidence): Symptom | undefined {
  if (culprit.f !== 'cas') return undefined;
  const rival = part.certain.find((other) => {
    return other !== culprit && other.f === 'cas' && !changesNothing(other) && jsonEquals(other.value[0], value);
  });
  if (rival === undefined || !wasThereOnce(part, value)) return undefined;
  const reasons = [
    `${saw(culprit)},`,
    `and ${whose(rival)} succeeded too, at ${seconds(rival.completed.timeNs)}:`,
    `both replaced ${text(value)}, which was there for only one of them, so one update is lost.`,
  ];
  return { name: 'lost update', reasons, alsoNamed: [] };
}

/** Whether the register of the part can have come to hold this value only once. */
function wasThereOnce(part: Part, value: Json): boolean {
  const isAtFirst = part.startsWith === undefined || jsonEquals(part.startsWith.value, value);
  const sources = [...part.certain, ...part.possible].filter((operation) => bringing(operation, value));
  return sources.length + (isAtFirst ? 1 : 0) <= 1;
}

/** A value was there again though another had been there since, and nothing can have brought it back. */
function cameBack(evidence: Evidence): Symptom | undefined {
  const { culprit, value, isRegisterWrong, casAgain: again } = evidence;
  const between = replacement(evidence);
  const earlier = between ?? lastSeen(evidence);
  if (earlier === undefined) return undefined;
  const reasons = [`${saw(culprit)},`, `${gone(earlier, value)}.`];
  const after = aftermath(evidence, earlier);
  const changed = culprit.f === 'cas' && (between !== undefined || isRegisterWrong);
  if (again !== undefined && (changed || after !== undefined || isRegisterWrong)) {
    const how = `${whose(again)}, ok at ${seconds(again.completed.timeNs)}, is what could bring ${text(value)} back, done twice`;
    if (after === undefined) return { name: 'cas applied twice', reasons: [...reasons, `${how}.`], alsoNamed: [again] };
    const seen = `${text(value)} is what ${whose(after)} found as well.`;
    return { name: 'cas applied twice', reasons: [...reasons, `${how};`, seen], alsoNamed: [again, after] };
  }
  if (changed) {
    const but = `${gone(earlier, value)}: the cas has overwritten what it should have seen.`;
    return { name: 'lost update', reasons: [`${saw(culprit)},`, but], alsoNamed: [] };
  }
  if (after !== undefined) {
    const what = between === undefined ? 'what was seen before' : 'the change';
    const seen = `${text(value)} is what ${whose(after)} found as well: ${what} is gone.`;
    return { name: 'lost update', reasons: [...reasons, seen], alsoNamed: [after] };
  }
  if (culprit.f === 'cas') return undefined;
  if (between === undefined) return { name: 'read goes back in time', reasons, alsoNamed: [] };
  const source = lastSource(evidence, between);
  if (source === undefined) return { name: 'stale read', reasons, alsoNamed: [] };
  const since = `${text(value)} is from before that: ${whose(source)}, ok at ${seconds(source.completed.timeNs)}.`;
  return { name: 'stale read', reasons: [...reasons, since], alsoNamed: [source] };
}

/** The last change to another value that completed before the culprit began, if the value cannot have come after it. */
function replacement({ part, culprit, value }: Evidence): CertainOperation | undefined {
  const between = byCompletion(part).findLast((other) => {
    return other.completed.index < culprit.invoked.index && !changesNothing(other) && !bringing(other, value);
  });
  return between === undefined || canComeAfter(between, part, culprit, value) ? undefined : between;
}

/** The same of operations that found another value, while the change that brought it was still open, or is not known. */
function lastSeen({ part, culprit, value }: Evidence): CertainOperation | undefined {
  const seen = part.certain.findLast((other) => {
    const needed = neededBy(other);
    return other.completed.index < culprit.invoked.index && needed !== undefined && !jsonEquals(needed.value, value);
  });
  return seen === undefined || canComeAfter(seen, part, culprit, value) ? undefined : seen;
}

/**
 * Whether something in the part may have brought the value after an operation. It may not if all that could have was
 * complete before that, or is one operation whose effect was seen before that; nor if the two have no order even where
 * all else that the part has may have happened at any time.
 */
function canComeAfter(operation: CertainOperation, part: Part, culprit: CertainOperation, value: Json): boolean {
  const isBefore = (other: CertainOperation): boolean => other.completed.index < operation.invoked.index;
  const certain = part.certain.filter((other) => other !== culprit && bringing(other, value) && !isBefore(other));
  const sources = [...certain, ...part.possible.filter((other) => bringing(other, value))];
  const wasSeen = part.certain.some((other) => {
    const needed = neededBy(other);
    return isBefore(other) && needed !== undefined && jsonEquals(needed.value, value);
  });
  if (sources.length === 0 || (sources.length === 1 && wasSeen)) return false;
  const both = [operation, culprit];
  const rest = [...part.certain.filter((other) => !both.includes(other)), ...part.possible];
  const inTime = (left: Operation, right: Operation): number => left.invoked.index - right.invoked.index;
  const loose = { certain: both.toSorted(inTime), possible: rest.toSorted(inTime), startsWith: undefined };
  return decide(loose, limitOf(turnsForTwo, 1024 * 1024)).kind !== 'none';
}

/** Suffices for what is left of a key when it has been reduced. */
const turnsForTwo = 10_000;

/** How many operations after the culprit are asked what they saw. */
const maxWitnesses = 5;

/**
 * Another process that began after the culprit had completed and found the same value, where nobody found another up
 * to the next change: nothing is concluded from those who may have seen something that was brought since.
 */
function aftermath({ operations, culprit, value }: Evidence, earlier: CertainOperation): Operation | undefined {
  const end = culprit.completed.index;
  const isNew = (change: Operation, by: Operation): boolean =>
    change !== culprit &&
    change !== earlier &&
    change !== by &&
    !changesNothing(change) &&
    (change.outcome !== 'ok' || change.completed.index > earlier.completed.index) &&
    change.invoked.index < (by.completed?.index ?? Infinity);
  const later = operations.filter(({ outcome, f, invoked }) => outcome === 'ok' && f !== 'write' && invoked.index > end);
  let witness: Operation | undefined;
  for (const other of later.slice(0, maxWitnesses)) {
    if (operations.some((change) => isNew(change, other))) break;
    const needed = neededBy(other);
    if (needed === undefined || !jsonEquals(needed.value, value)) return undefined;
    if (other.process !== culprit.process) witness ??= other;
  }
  return witness;
}

/** Who brought the value last, before the change that replaced it. */
function lastSource({ operations, culprit, value }: Evidence, between: CertainOperation): CertainOperation | undefined {
  return operations.filter(isCertain).findLast((operation) => {
    return operation !== culprit && bringing(operation, value) && operation.completed.index < between.completed.index;
  });
}

function bringing(operation: Operation, value: Json): boolean {
  return operation.f !== 'read' && !changesNothing(operation) && jsonEquals(leftBy(operation), value);
}

function saw(culprit: CertainOperation): string {
  const { process, invoked, completed } = culprit;
  const [possessive, succeeded] = culprit.f === 'cas' ? ["'s", ' succeeded'] : ['', ''];
  const did = `process ${process}${possessive} ${what(culprit)}${succeeded}`;
  return `${did} from ${seconds(invoked.timeNs)} to ${seconds(completed.timeNs)}`;
}

function gone(earlier: CertainOperation, value: Json): string {
  const when = seconds(earlier.completed.timeNs);
  if (changesNothing(earlier)) return `but ${whose(earlier)} had completed at ${when}, and ${text(value)} cannot have come after that`;
  return `but ${whose(earlier)} had been acknowledged at ${when}, and nothing can have brought ${text(value)} back`;
}

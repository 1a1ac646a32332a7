/** What kind of wrong it is, where that is certain, and how to say it. */
import { jsonEquals } from '../../src/json.ts';
import type { Json } from '../../src/json.ts';
import type { Operation } from '../operations.ts';
import { seconds, text, what, whose } from './describe.ts';
import { changesNothing, leftBy, neededBy } from './first-wrong.ts';
import { isCertain } from './part.ts';
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

/** All that is known of the key. */
interface Evidence {
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
): Symptom {
  const needed = neededBy(culprit);
  if (needed === undefined) {
    const reasons = [`What was seen up to ${seconds(culprit.completed.timeNs)} has no order.`];
    return { name: 'no order', reasons, alsoNamed: [] };
  }
  const evidence = { ...key, part, culprit, value: needed.value };
  return (
    neverThere(evidence) ??
    (culprit.f === 'cas' ? lostByCas(evidence, culprit) : undefined) ??
    replaced(evidence) ??
    wentBack(evidence) ?? {
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

/** A cas that succeeded on a value that another change had replaced: one of the two did not see the other. */
function lostByCas({ part, culprit, value }: Evidence, cas: CertainOperation): Symptom | undefined {
  const rival = part.certain.find((other) => {
    return other !== cas && other.f === 'cas' && !changesNothing(other) && jsonEquals(other.value[0], value);
  });
  if (rival !== undefined && wasThereOnce(part, value)) {
    const reasons = [
      `${saw(culprit)},`,
      `and ${whose(rival)} succeeded too, at ${seconds(rival.completed.timeNs)}:`,
      `both replaced ${text(value)}, which was there for only one of them, so one update is lost.`,
    ];
    return { name: 'lost update', reasons, alsoNamed: [] };
  }
  const between = replacement(part, culprit, value);
  if (between === undefined) return undefined;
  const reasons = [`${saw(culprit)},`, `${gone(between, value)}: the cas has overwritten what it should have seen.`];
  return { name: 'lost update', reasons, alsoNamed: [] };
}

/** Whether the register of the part can have come to hold this value only once. */
function wasThereOnce(part: Part, value: Json): boolean {
  const isAtFirst = part.startsWith === undefined || jsonEquals(part.startsWith.value, value);
  const sources = [...part.certain, ...part.possible].filter((operation) => bringing(operation, value));
  return sources.length + (isAtFirst ? 1 : 0) <= 1;
}

/** A read of a value that had been replaced, by something that was complete before the read began. */
function replaced(evidence: Evidence): Symptom | undefined {
  const { part, culprit, value } = evidence;
  const between = replacement(part, culprit, value);
  if (between === undefined) return undefined;
  const reasons = [`${saw(culprit)},`, `${gone(between, value)}.`];
  const after = aftermath(evidence, between);
  const again = appliedAgain(evidence, between);
  if (after !== undefined && again !== undefined) {
    const when = seconds(again.completed.timeNs);
    const how = `${whose(again)}, ok at ${when}, is what could bring ${text(value)} back, done twice;`;
    const seen = `${text(value)} is what ${whose(after)} found as well.`;
    return { name: 'cas applied twice', reasons: [...reasons, how, seen], alsoNamed: [again, after] };
  }
  if (after !== undefined) {
    const seen = `${text(value)} is what ${whose(after)} found as well: the change is gone.`;
    return { name: 'lost update', reasons: [...reasons, seen], alsoNamed: [after] };
  }
  const source = lastSource(evidence, between);
  if (source === undefined) return { name: 'stale read', reasons, alsoNamed: [] };
  const since = `${text(value)} is from before that: ${whose(source)}, ok at ${seconds(source.completed.timeNs)}.`;
  return { name: 'stale read', reasons: [...reasons, since], alsoNamed: [source] };
}

/** A read that saw less than one before it, while the change that tells the two apart was still open. */
function wentBack({ part, culprit, value }: Evidence): Symptom | undefined {
  const earlier = part.certain.findLast((other) => {
    const needed = neededBy(other);
    return other.completed.index < culprit.invoked.index && needed !== undefined && !jsonEquals(needed.value, value);
  });
  if (earlier === undefined || culprit.f !== 'read' || canComeAfter(earlier, part, culprit, value)) return undefined;
  const when = seconds(earlier.completed.timeNs);
  const but = `but ${whose(earlier)} had completed at ${when}, and ${text(value)} cannot have come after that.`;
  const reasons = [`${saw(culprit)},`, but];
  return { name: 'read goes back in time', reasons, alsoNamed: [] };
}

/** The last change to another value that completed before the culprit began, if the value cannot have come after it. */
function replacement(part: Part, culprit: CertainOperation, value: Json): CertainOperation | undefined {
  const before = part.certain.filter((other) => {
    return other.completed.index < culprit.invoked.index && !changesNothing(other) && !bringing(other, value);
  });
  const between = before.toSorted((left, right) => left.completed.index - right.completed.index).at(-1);
  return between === undefined || canComeAfter(between, part, culprit, value) ? undefined : between;
}

/**
 * Whether something in the part may have brought the value after an operation. It may not if all that could have was
 * complete before that, or is one operation whose effect was seen before that.
 */
function canComeAfter(operation: CertainOperation, part: Part, culprit: CertainOperation, value: Json): boolean {
  const isBefore = (other: CertainOperation): boolean => other.completed.index < operation.invoked.index;
  const certain = part.certain.filter((other) => other !== culprit && bringing(other, value) && !isBefore(other));
  const sources = [...certain, ...part.possible.filter((other) => bringing(other, value))];
  const wasSeen = part.certain.some((other) => {
    const needed = neededBy(other);
    return isBefore(other) && needed !== undefined && jsonEquals(needed.value, value);
  });
  return sources.length > 1 || (sources.length === 1 && !wasSeen);
}

/** How many operations after the culprit are asked what they saw. */
const maxWitnesses = 5;

/**
 * Another process that began after the culprit had completed and found the same value, before anybody found another.
 * Nothing is concluded from those who may have seen something that was brought since.
 */
function aftermath({ operations, culprit, value }: Evidence, between: CertainOperation): Operation | undefined {
  const end = culprit.completed.index;
  const isNew = (change: Operation, by: Operation): boolean =>
    change !== culprit &&
    change !== between &&
    change !== by &&
    !changesNothing(change) &&
    (change.outcome !== 'ok' || change.completed.index > between.completed.index) &&
    change.invoked.index < (by.completed?.index ?? Infinity);
  const later = operations.filter(({ outcome, invoked }) => outcome === 'ok' && invoked.index > end);
  const witnesses = later.filter(({ f }) => f !== 'write');
  for (const witness of witnesses.slice(0, maxWitnesses)) {
    const needed = neededBy(witness);
    if (needed === undefined || operations.some((change) => isNew(change, witness))) return undefined;
    if (!jsonEquals(needed.value, value)) return undefined;
    if (witness.process !== culprit.process) return witness;
  }
  return undefined;
}

/** The one cas that can have brought the value, if the value that it expects is what had replaced its effect. */
function appliedAgain(evidence: Evidence, between: CertainOperation): CertainOperation | undefined {
  const { operations, culprit, value } = evidence;
  const last = operations.findLast((operation) => {
    return operation !== culprit && bringing(operation, value) && operation.invoked.index < culprit.completed.index;
  });
  if (last === undefined || !isCertain(last) || last.f !== 'cas') return undefined;
  return jsonEquals(last.value[0], leftBy(between)) ? last : undefined;
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

function gone(between: CertainOperation, value: Json): string {
  const acknowledged = `${whose(between)} had been acknowledged at ${seconds(between.completed.timeNs)}`;
  return `but ${acknowledged}, and nothing can have brought ${text(value)} back`;
}

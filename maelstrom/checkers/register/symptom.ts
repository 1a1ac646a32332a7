/** What kind of wrong it is, where that is certain, and how to say it. */
import { jsonEquals } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';
import type { Operation } from '../../history/operations.ts';
import { decide, limitOf } from './decide.ts';
import { seconds, text, what, whose } from './describe.ts';
import { changesNothing, deniedBy, leftBy, neededBy } from './meaning.ts';
import { byCompletion, isCertain } from './part.ts';
import type { CertainOperation, Part } from './part.ts';
import { splitBrainAt } from './split-brain.ts';

export type SymptomName =
  | 'value never written'
  | 'effect of an operation that failed'
  | 'effect before its cause'
  | 'refused although it fits'
  | 'split brain'
  | 'lost update'
  | 'cas applied twice'
  | 'stale read'
  | 'read goes back in time'
  | 'no order';

export interface Symptom {
  readonly name: SymptomName;
  /** Lines that tell who saw what, when, and which value could not be there and why. */
  readonly reasons: readonly string[];
  /** Whether what was seen later bears the name out. */
  readonly isConfirmed: boolean;
  /** Operations that the reasons name though they are not of the smallest wrong part. */
  readonly alsoNamed: readonly Operation[];
}

/** What the other places at which the key is wrong say about this one. */
export interface Hints {
  /** The register itself was wrong somewhere, and not only what readers were told of it. */
  readonly isRegisterWrong: boolean;
  /** Cas that would explain what is wrong if they had taken effect once more, where that is likely; else none. */
  readonly casAgain: readonly Operation[];
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
  const denied = deniedBy(culprit);
  if (denied !== undefined) return refused(part, culprit, denied.value);
  const needed = neededBy(culprit);
  if (needed === undefined) {
    const reasons = [`What was seen up to ${seconds(culprit.completed.timeNs)} has no order.`];
    return named('no order', reasons, [], false);
  }
  const evidence = { ...key, ...hints, part, culprit, value: needed.value };
  const but = `but no order of what else was seen leaves ${text(evidence.value)} there then.`;
  const unnamed = named('no order', [`${saw(culprit)},`, but], [], false);
  return neverThere(evidence) ?? twoRegisters(evidence) ?? tookTurns(evidence) ?? cameBack(evidence) ?? unnamed;
}

/** A cas was told that another value is there than it expects, and no other can have been there. */
function refused(part: Part, culprit: CertainOperation, value: Json): Symptom {
  const source = byCompletion(part).findLast((other) => other !== culprit && bringing(other, value));
  const was = source === undefined ? [] : [`${whose(source)}, ok at ${seconds(source.completed.timeNs)}, had brought ${text(value)}.`];
  const but = `but in every order of what else was seen ${text(value)} is all that is there then${was.length > 0 ? ':' : '.'}`;
  return named('refused although it fits', [`${saw(culprit)},`, but, ...was], [], true);
}

/** Nothing that happened, or may have, can have brought the value. */
function neverThere({ operations, others, initial, culprit, value }: Evidence): Symptom | undefined {
  if (jsonEquals(value, initial)) return undefined;
  const brings = (operation: Operation): boolean => operation !== culprit && bringing(operation, value);
  const sources = operations.filter(brings);
  if (sources.some(({ invoked }) => invoked.index < culprit.completed.index)) return undefined;
  const failed = [...others, ...operations].findLast((other) => {
    return other !== culprit && hasFailedToBring(other, value) && other.invoked.index < culprit.completed.index;
  });
  if (failed?.outcome === 'fail') {
    const when = seconds(failed.completed.timeNs);
    const all = `is all that could have brought ${text(value)}`;
    const but = `but ${whose(failed)}, which ended as failed at ${when}, ${all}.`;
    return named('effect of an operation that failed', [`${saw(culprit)},`, but], [failed], true);
  }
  const [later] = sources;
  if (later !== undefined) {
    const when = seconds(later.invoked.timeNs);
    const but = `but the first to bring ${text(value)} is ${whose(later)}, invoked at ${when}.`;
    return named('effect before its cause', [`${saw(culprit)},`, but], [later], true);
  }
  const reasons = [`${saw(culprit)},`, `but nobody ever wrote ${text(value)}.`];
  return named('value never written', reasons, [], true);
}

/** Two sides, each of which saw a register of its own. */
function twoRegisters({ operations, culprit }: Evidence): Symptom | undefined {
  const split = splitBrainAt(operations, culprit);
  if (split === undefined) return undefined;
  const [first, second] = split.missed;
  const [own, other] = split.sides.map((processes) => `${processes.length === 1 ? 'process' : 'processes'} ${processes.join(', ')}`);
  const reasons = [
    `${saw(culprit)},`,
    `but ${whose(first.change)} had been acknowledged at ${seconds(first.change.completed.timeNs)};`,
    `${saw(second.finder)},`,
    `but ${whose(second.change)} had been acknowledged at ${seconds(second.change.completed.timeNs)}.`,
    `Each side saw its own changes and missed those of the other: ${own} here, ${other} there.`,
  ];
  return named('split brain', reasons, [first.change, second.finder, second.change], true);
}

/** Two cas that succeeded on the same value, which was there once: one of the two did not see the other. */
function tookTurns({ part, culprit, value }: Evidence): Symptom | undefined {
  if (culprit.f !== 'cas' || changesNothing(culprit)) return undefined;
  const rival = part.certain.find((other) => {
    return other !== culprit && other.f === 'cas' && !changesNothing(other) && jsonEquals(other.value[0], value);
  });
  if (rival === undefined || !wasThereOnce(part, value)) return undefined;
  const reasons = [
    `${saw(culprit)},`,
    `and ${whose(rival)} succeeded too, at ${seconds(rival.completed.timeNs)}:`,
    `both replaced ${text(value)}, which was there for only one of them, so one update is lost.`,
  ];
  return named('lost update', reasons, [rival], true);
}

/** Whether the register of the part can have come to hold this value only once. */
function wasThereOnce(part: Part, value: Json): boolean {
  const isAtFirst = part.startsWith === undefined || jsonEquals(part.startsWith.value, value);
  const sources = [...part.certain, ...part.possible].filter((operation) => bringing(operation, value));
  return sources.length + (isAtFirst ? 1 : 0) <= 1;
}

/** A value was there again though another had been there since, and nothing can have brought it back. */
function cameBack(evidence: Evidence): Symptom | undefined {
  const between = replacement(evidence);
  const earlier = between ?? lastSeen(evidence);
  if (earlier === undefined) return undefined;
  const after = aftermath(evidence, earlier);
  const back: Back = { between, earlier, after };
  if (foundNothing(evidence.culprit)) return keyIsGone(evidence, back);
  return ofRegister(evidence, back) ?? (changesNothing(evidence.culprit) ? ofAnswer(evidence, back) : undefined);
}

/** What is known of a value that came back. */
interface Back {
  /** The change that had replaced it, where it was acknowledged before the culprit began. */
  readonly between: CertainOperation | undefined;
  /** That change, or who saw that the value had been replaced. */
  readonly earlier: CertainOperation;
  readonly after: Aftermath | undefined;
}

/** A cas was told that there is no key, although something had been there and nothing deletes keys. */
function keyIsGone(evidence: Evidence, { earlier }: Back): Symptom {
  const but = `but ${whose(earlier)} had completed at ${seconds(earlier.completed.timeNs)}, and nothing deletes a key:`;
  return named('lost update', [`${saw(evidence.culprit)},`, but, 'what was there is lost.'], [earlier], true);
}

function foundNothing(operation: CertainOperation): boolean {
  return operation.f === 'cas' && operation.outcome === 'fail';
}

/** The register itself held the value again: a cas acted on it, or others found it too. */
function ofRegister(evidence: Evidence, { between, earlier, after }: Back): Symptom | undefined {
  const { culprit, value, isRegisterWrong, casAgain } = evidence;
  const but = gone(evidence, earlier);
  const same = after?.found === 'the same' ? after.witness : undefined;
  const hasChanged = !changesNothing(culprit) && (between !== undefined || isRegisterWrong);
  if (casAgain.length > 0 && (hasChanged || same !== undefined || isRegisterWrong)) {
    const how = doneTwice(casAgain, value);
    const seen = same === undefined ? [`${how}.`] : [`${how};`, `${text(value)} is what ${whose(same)} found as well.`];
    const alsoNamed = [earlier, ...casAgain, ...(same === undefined ? [] : [same])];
    return named('cas applied twice', [`${saw(culprit)},`, `${but}.`, ...seen], alsoNamed, true);
  }
  if (hasChanged) {
    const reasons = [`${saw(culprit)},`, `${but}: the cas has overwritten what it should have seen.`];
    return named('lost update', reasons, [earlier], true);
  }
  if (same === undefined) return undefined;
  const lost = between === undefined ? text(leftBy(earlier)) : 'the change';
  const seen = `${text(value)} is what ${whose(same)} found as well: ${lost} is gone.`;
  return named('lost update', [`${saw(culprit)},`, `${but}.`, seen], [earlier, same], true);
}

/** One cas, or two in a row. */
function doneTwice(casAgain: readonly Operation[], value: Json): string {
  const each = casAgain.map((operation) => {
    const end = operation.completed;
    return `${whose(operation)}, ${end === undefined ? 'which was never answered' : `ok at ${seconds(end.timeNs)}`},`;
  });
  const verb = casAgain.length === 1 ? 'is' : 'are';
  return `${each.join(' and ')} ${verb} what could bring ${text(value)} back, done twice`;
}

/** A reader was told a value that was there no more. */
function ofAnswer(evidence: Evidence, { between, earlier, after }: Back): Symptom {
  const { culprit, value } = evidence;
  const reasons = [`${saw(culprit)},`, `${gone(evidence, earlier)}.`];
  const there = after?.found === 'the earlier' ? [after.witness] : [];
  const still = there.map((witness) => `${text(leftBy(earlier))} was not lost: ${whose(witness)} found it after that.`);
  const isConfirmed = there.length > 0;
  const shown = [earlier, ...there];
  if (between === undefined) return named('read goes back in time', [...reasons, ...still], shown, isConfirmed);
  const source = lastSource(evidence, between);
  if (source === undefined) return named('stale read', [...reasons, ...still], shown, isConfirmed);
  const since = `${text(value)} is from before that: ${whose(source)}, ok at ${seconds(source.completed.timeNs)}.`;
  return named('stale read', [...reasons, since, ...still], [source, ...shown], isConfirmed);
}

function named(
  name: SymptomName,
  reasons: readonly string[],
  alsoNamed: readonly Operation[],
  isConfirmed: boolean,
): Symptom {
  return { name, reasons, alsoNamed, isConfirmed };
}

/** The last change to another value that completed before the culprit began, if the value cannot have come after it. */
function replacement({ part, culprit, value }: Evidence): CertainOperation | undefined {
  const between = byCompletion(part).findLast((other) => {
    return other.completed.index < culprit.invoked.index && !changesNothing(other) && !bringing(other, value);
  });
  return between === undefined || canComeAfter(between, part, culprit, value) ? undefined : between;
}

/** The same of operations that found another value; the change that brought it was still open, or is not known. */
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

/** How many operations after the culprit are asked what they found. */
const maxWitnesses = 10;

/** Who began after the culprit had completed and found the same value, as another process, or the earlier one. */
interface Aftermath {
  readonly found: 'the same' | 'the earlier';
  readonly witness: CertainOperation;
}

/**
 * What the next ones found; that the earlier value is still there says more than that it is not. Nothing is concluded
 * from those who may have found something that was brought since.
 */
function aftermath({ operations, culprit, value, casAgain }: Evidence, earlier: CertainOperation): Aftermath | undefined {
  const afterwards = operations.filter(isCertain).filter((other) => {
    return other.invoked.index > culprit.completed.index && neededBy(other) !== undefined;
  });
  let same: Aftermath | undefined;
  for (const witness of afterwards.slice(0, maxWitnesses)) {
    const found = neededBy(witness)?.value ?? null;
    if (operations.some((other) => !casAgain.includes(other) && isBroughtSince(other, found, earlier, culprit, witness))) break;
    if (jsonEquals(found, leftBy(earlier))) return { found: 'the earlier', witness };
    if (!jsonEquals(found, value)) break;
    if (witness.process !== culprit.process) same ??= { found: 'the same', witness };
  }
  return same;
}

/** Whether a change other than these three may have brought the value after the earlier one and before the witness. */
function isBroughtSince(
  change: Operation,
  value: Json,
  earlier: Operation,
  culprit: Operation,
  witness: CertainOperation,
): boolean {
  if (change === earlier || change === culprit || change === witness || !bringing(change, value)) return false;
  const isOver = isCertain(change) && change.completed.index < (earlier.completed?.index ?? Infinity);
  return !isOver && change.invoked.index < witness.completed.index;
}

/** Who brought the value last, before the change that replaced it. */
function lastSource({ operations, culprit, value }: Evidence, between: CertainOperation): CertainOperation | undefined {
  return operations.filter(isCertain).findLast((operation) => {
    return operation !== culprit && bringing(operation, value) && operation.completed.index < between.completed.index;
  });
}

function hasFailedToBring({ outcome, ...call }: Operation, value: Json): boolean {
  return outcome === 'fail' && call.f !== 'read' && jsonEquals(call.f === 'write' ? call.value : call.value[1], value);
}

function bringing(operation: Operation, value: Json): boolean {
  return operation.f !== 'read' && !changesNothing(operation) && jsonEquals(leftBy(operation), value);
}

function saw(culprit: CertainOperation): string {
  const { process, invoked, completed } = culprit;
  const when = `from ${seconds(invoked.timeNs)} to ${seconds(completed.timeNs)}`;
  if (culprit.f !== 'cas') return `process ${process} ${what(culprit)} ${when}`;
  if (culprit.outcome === 'ok') return `${whose(culprit)} succeeded ${when}`;
  const told = culprit.found === 'nothing' ? 'that there is no such key (error 20)' : 'that another value is there (error 22)';
  return `${whose(culprit)} was told ${told} ${when}`;
}

/** What had been there, and that the value cannot have come back: nothing was open that brings it, or that has no order. */
function gone({ operations, culprit, value }: Evidence, earlier: CertainOperation): string {
  const when = seconds(earlier.completed.timeNs);
  if (changesNothing(earlier)) {
    return `but ${whose(earlier)} had completed at ${when}, and ${text(value)} cannot have come after that`;
  }
  const had = `but ${whose(earlier)} had been acknowledged at ${when}`;
  const open = operations.findLast((other) => {
    if (other === culprit || other === earlier || !bringing(other, value)) return false;
    return other.invoked.index < culprit.completed.index && (other.completed?.index ?? Infinity) > earlier.invoked.index;
  });
  if (open === undefined) return `${had}, and nothing can have brought ${text(value)} back`;
  return `${had}, and ${whose(open)}, which was open then, has no place after it`;
}

/** Which of the places at which a key is wrong shows best what is wrong with it, and by what name. */
import { jsonEquals } from '../../../src/services/json.ts';
import type { WrongKey } from './check.ts';
import { limitOf } from './decide.ts';
import { changesNothing, leftBy, neededBy } from './meaning.ts';
import { byCompletion, wholeOf } from './part.ts';
import type { CertainOperation } from './part.ts';
import { Places } from './places.ts';
import type { Place } from './places.ts';
import { cacheBytes, reduce } from './reduce.ts';
import type { Effort, Reduced } from './reduce.ts';
import { symptomOf } from './symptom.ts';
import type { Hints, Symptom, SymptomName } from './symptom.ts';

export interface Diagnosis extends Reduced {
  readonly symptom: Symptom;
  /** The last completion of the part. */
  readonly culprit: CertainOperation;
  /** What was found at other places; undefined where there are none, or none was looked for. */
  readonly elsewhere: Elsewhere | undefined;
}

export interface Elsewhere {
  /** How many places were looked at, the one that is shown among them. */
  readonly placeCount: number;
  /** At how many of them a cas of shortly before would explain what is wrong if it had taken effect once more. */
  readonly casAgainCount: number;
  /** Whether the writes and cas of the key have no order even where nobody had read. */
  readonly isWrongUnread: boolean;
  /** The first of them. */
  readonly first: CertainOperation;
}

/**
 * One bug shows in more than one way: an update that is lost is a stale read to the first who looks. So a few places
 * are looked at, and what they say together decides the name.
 *
 * @param first the first completion up to which the key has no order, or a later one where `key.isFirst` is false:
 *   then no other place is looked for
 */
export function diagnose(key: WrongKey, first: CertainOperation, effort: Effort): Diagnosis {
  const whole = wholeOf(key.operations, key.initial);
  const reduced = reduce(whole, first, effort);
  const alone = see(reduced, key, { isRegisterWrong: false, casAgain: [] });
  if (!key.isFirst || finalNames.includes(alone.symptom.name)) return { ...alone, elsewhere: undefined };
  const places = new Places(whole, first, limitOf(effort.turns, cacheBytes));
  const { list, unread } = places;
  const casAgainCount = list.filter(({ casAgain }) => casAgain.length > 0).length;
  const isRegisterWrong = unread !== undefined;
  const share = { turns: effort.turns / list.length, operations: effort.operations / list.length };
  const seen = [...list, ...(unread === undefined ? [] : [unread])].map((place) => {
    const isUsual = casAgainCount >= casAgainShare * list.length;
    const isLikely = isUsual && (list.length >= enoughForChance || wasLast(place, key));
    const casAgain = isLikely ? place.casAgain : [];
    const ofPlace = place === list[0] ? reduced : reduce(place.stretch, place.culprit, share);
    return see(ofPlace, key, { isRegisterWrong, casAgain });
  });
  const elsewhere = { placeCount: list.length, casAgainCount, isWrongUnread: isRegisterWrong, first };
  return { ...(clearest(seen, elsewhere) ?? alone), elsewhere: list.length > 1 ? elsewhere : undefined };
}

/** The share of places, at least, that a cas applied twice would explain: by chance it is a quarter, or a half. */
const casAgainShare = 0.75;
/** At so many places it is no chance that there was a cas that would explain most of them. */
const enoughForChance = 3;

/** Whether the cas that would explain a place was the last that brought the value, or may have. */
function wasLast({ culprit, casAgain }: Place, { operations }: WrongKey): boolean {
  const needed = neededBy(culprit);
  const last = operations.findLast((operation) => {
    if (operation === culprit || operation.invoked.index > culprit.completed.index) return false;
    return needed !== undefined && !changesNothing(operation) && jsonEquals(leftBy(operation), needed.value);
  });
  return last !== undefined && last === casAgain.at(-1);
}

type Seen = Omit<Diagnosis, 'elsewhere'>;

function see({ part, isSmallest }: Reduced, key: WrongKey, hints: Hints): Seen {
  const culprit = byCompletion(part).at(-1);
  if (culprit === undefined) throw new Error('assertion: where nothing happened nothing is wrong');
  return { part, isSmallest, culprit, symptom: symptomOf(key, part, culprit, hints) };
}

/** What no other place can make clearer. */
const finalNames: readonly SymptomName[] = [
  'value never written',
  'effect of an operation that failed',
  'effect before its cause',
  'split brain',
];
const ofTheRegister: readonly SymptomName[] = ['cas applied twice', 'lost update'];
const ofAnswers: readonly SymptomName[] = ['stale read', 'read goes back in time'];

/** A register that is wrong at so many places shows it in the writes and cas alone, most likely. */
const tooManyToHide = 8;

/**
 * The first place whose name is of the kind that all of them together are: something is wrong with the register, or
 * with what readers are told.
 */
function clearest(seen: readonly Seen[], { placeCount, isWrongUnread }: Elsewhere): Seen | undefined {
  const count = (names: readonly SymptomName[]): number => {
    return seen.filter(({ symptom }) => symptom.isConfirmed && names.includes(symptom.name)).length;
  };
  const isLikely = placeCount < tooManyToHide && count(ofTheRegister) > count(ofAnswers);
  const byKind =
    isWrongUnread || isLikely ? [['cas applied twice'], ['lost update'], ofAnswers] : [ofAnswers, ofTheRegister];
  for (const names of [finalNames, ...byKind]) {
    const place = seen.find(({ symptom }) => names.includes(symptom.name));
    if (place !== undefined) return place;
  }
  return seen[0];
}

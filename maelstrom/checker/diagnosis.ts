/** Which of the places at which a key is wrong shows best what is wrong with it, and by what name. */
import type { WrongKey } from './check.ts';
import { limitOf } from './decide.ts';
import { byCompletion, wholeOf } from './part.ts';
import type { CertainOperation } from './part.ts';
import { Places } from './places.ts';
import { cacheBytes, reduce } from './reduce.ts';
import type { Effort, Reduced } from './reduce.ts';
import { symptomOf } from './symptom.ts';
import type { Hints, Symptom, SymptomName } from './symptom.ts';

export interface Diagnosis extends Reduced {
  readonly symptom: Symptom;
  /** The last completion of the part. */
  readonly culprit: CertainOperation;
  /** How many places were found, this one among them. */
  readonly placeCount: number;
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
  const none: Hints = { isRegisterWrong: false, casAgain: undefined };
  const shown = see(reduce(whole, first, effort), key, none, 1);
  if (!key.isFirst || isFinal(shown.symptom)) return shown;
  const places = new Places(whole, first, limitOf(effort.turns, cacheBytes));
  const isRegisterWrong = places.areWrongUnread();
  const againCount = places.list.filter(({ casAgain }) => casAgain !== undefined).length;
  const isAgain = 2 * againCount > places.list.length;
  const each = { turns: effort.turns / places.list.length, operations: effort.operations / places.list.length };
  const seen = places.list.map(({ culprit, stretch, casAgain }) => {
    const reduced = culprit === first ? shown : reduce(stretch, culprit, each);
    const hints = { isRegisterWrong, casAgain: isAgain ? casAgain : undefined };
    return see(reduced, key, hints, places.list.length);
  });
  return clearest(seen, isRegisterWrong) ?? shown;
}

function see({ part, isSmallest }: Reduced, key: WrongKey, hints: Hints, placeCount: number): Diagnosis {
  const culprit = byCompletion(part).at(-1);
  if (culprit === undefined) throw new Error('assertion: where nothing happened nothing is wrong');
  return { part, isSmallest, culprit, symptom: symptomOf(key, part, culprit, hints), placeCount };
}

/** What nothing else can make clearer. */
function isFinal({ name }: Symptom): boolean {
  return finalNames.includes(name);
}

const finalNames: readonly SymptomName[] = [
  'value never written',
  'effect of an operation that failed',
  'effect before its cause',
];
const ofTheRegister: readonly SymptomName[] = ['cas applied twice', 'lost update'];
const ofAnswers: readonly SymptomName[] = ['stale read', 'read goes back in time'];

/**
 * The first place whose name is of the kind that all of them together are: something is wrong with the register, or
 * with what readers are told. Of readers, by the name that most places have.
 */
function clearest(seen: readonly Diagnosis[], isRegisterWrong: boolean): Diagnosis | undefined {
  const count = (...names: readonly SymptomName[]): number => {
    return seen.filter(({ symptom }) => names.includes(symptom.name)).length;
  };
  const answers = ofAnswers.toSorted((left, right) => count(right) - count(left));
  const isOfRegister = isRegisterWrong || count(...ofTheRegister) > count(...ofAnswers);
  const names = isOfRegister ? [...ofTheRegister, ...answers] : [...answers, ...ofTheRegister];
  for (const name of [...finalNames, ...names]) {
    const place = seen.find(({ symptom }) => symptom.name === name);
    if (place !== undefined) return place;
  }
  return seen[0];
}

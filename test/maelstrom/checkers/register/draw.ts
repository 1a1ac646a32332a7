import type { Found } from '../../../../maelstrom/history/found.ts';
import type { Call } from '../../../../maelstrom/history/history.ts';
import type { Operation } from '../../../../maelstrom/history/operations.ts';
import type { Json } from '../../../../src/services/json.ts';
import { Random } from '../../../../src/raft/random.ts';

/**
 * Operations on one key that have an order, for they are made from one: each takes effect at a moment of its own on a
 * register, and is open for a random time around it. Any number may be open at once, many more than a few clients could
 * have, and of many the outcome is not known, whether they took effect or not. Of the cas that have an answer a share
 * `refused` (0 to 1) failed and says what it found. By invocation.
 */
export function fromOrder(seed: number, refused = 0): readonly Operation[] {
  const random = new Random(seed);
  const count = 3 + random.integer(16);
  const values = 2 + random.integer(3);
  const unknown = random.fraction() * 0.7;
  const reach = 1 + random.fraction() * count;
  let held: Json = null;
  const drafts = Array.from({ length: count }, (_, moment): Draft => {
    const value = random.integer(values);
    const draft = { from: moment - random.fraction() * reach, to: moment + random.fraction() * reach };
    const kind = random.integer(5);
    const isUnknown = kind >= 2 && random.fraction() < unknown;
    const isLost = isUnknown && random.integer(3) === 0;
    if (kind > 2 && !isUnknown && random.fraction() < refused) {
      const found: Found = held === null && random.integer(2) === 0 ? 'nothing' : 'another value';
      const other = (typeof held === 'number' ? held + 1 : value) % values;
      const call: Call = { f: 'cas', value: [values === 1 && held === 0 ? 'none' : other, value] };
      return { ...draft, call, isUnknown, found };
    }
    const expected = isLost ? random.integer(values) : held;
    const change: Call = kind === 2 ? { f: 'write', value } : { f: 'cas', value: [expected, value] };
    const call: Call = kind < 2 ? { f: 'read', value: held } : change;
    if (kind >= 2 && !isLost) held = value;
    return { ...draft, call, isUnknown };
  });
  return operationsAt(drafts);
}

/**
 * Operations on one key that are open at random times and do and see what comes to mind, up to 15 of them. Of the cas
 * that have an answer a share `refused` (0 to 1) failed and says that it found something, or nothing. By invocation.
 */
export function atRandom(seed: number, refused = 0): readonly Operation[] {
  const random = new Random(seed);
  const count = 4 + random.integer(12);
  const values = 2 + random.integer(3);
  const unknown = random.fraction() * 0.7;
  const reach = (1 + random.integer(3)) * (count / 2);
  const drafts = Array.from({ length: count }, (): Draft => {
    const from = random.fraction() * 2 * count;
    const [value, next] = [random.integer(values), random.integer(values)];
    const kind = random.integer(5);
    const call: Call =
      kind < 2 ? { f: 'read', value } : kind === 2 ? { f: 'write', value } : { f: 'cas', value: [value, next] };
    const isUnknown = kind >= 2 && random.fraction() < unknown;
    const draft = { from, to: from + random.fraction() * reach, call, isUnknown };
    if (kind <= 2 || isUnknown || random.fraction() >= refused) return draft;
    return { ...draft, found: random.integer(6) === 0 ? 'nothing' : 'another value' } as const;
  });
  return operationsAt(drafts);
}

/**
 * A few operations on one key, a tenth to a half of them cas that failed and say what they found. Few values are in use,
 * and writes may be of one that nothing else names. By invocation.
 */
export function refusals(seed: number): readonly Operation[] {
  const random = new Random(seed);
  const count = 4 + random.integer(5);
  const values = 1 + random.integer(3);
  const reach = 1 + random.integer(5);
  const shares = { refused: 0.1 + 0.4 * random.fraction(), read: 0.3 * random.fraction(), cas: 0.7 * random.fraction() };
  const unknown = random.fraction() * 0.5;
  const drafts = Array.from({ length: count }, (_, place): Draft => {
    const from = random.fraction() * count;
    const at = { from, to: from + 0.05 + random.fraction() * reach };
    const [value, next] = [random.integer(values), random.integer(values + 1)];
    const share = random.fraction();
    if (place > 0 && share < shares.refused) {
      const found = random.integer(12) === 0 ? 'nothing' : 'another value';
      return { ...at, call: { f: 'cas', value: [value, next] }, isUnknown: false, found };
    }
    if (place === 0) return { ...at, call: { f: 'write', value }, isUnknown: false };
    if (share < shares.refused + shares.read) return { ...at, call: { f: 'read', value }, isUnknown: false };
    const isCas = random.fraction() < shares.cas;
    const call: Call = isCas ? { f: 'cas', value: [value, next] } : { f: 'write', value: next };
    return { ...at, call, isUnknown: random.fraction() < unknown };
  });
  return operationsAt(drafts);
}

/**
 * A few operations on one key of which no two bring the same value: made from an order, and in most cases with one or two
 * reads or expectations changed. Some are unanswered, some refused. By invocation.
 */
export function unique(seed: number): readonly Operation[] {
  const random = new Random(seed);
  const count = 3 + random.integer(8);
  const reach = 0.5 + random.fraction() * count;
  const unknown = random.fraction() * 0.4;
  const wrong = random.integer(3) * 0.1;
  let held: Json = null;
  const drafts = Array.from({ length: count }, (_, moment): Draft => {
    const at = { from: moment - random.fraction() * reach, to: moment + random.fraction() * reach };
    const seen: Json = random.fraction() < wrong ? random.integer(count) : held;
    const kind = random.integer(5);
    if (kind < 2) return { ...at, call: { f: 'read', value: seen }, isUnknown: false };
    if (kind === 2 && random.integer(2) === 0) {
      return { ...at, call: { f: 'cas', value: [random.integer(count), count + moment] }, isUnknown: false, found: 'another value' };
    }
    const isUnknown = random.fraction() < unknown;
    const happens = !isUnknown || random.integer(2) === 0;
    if (happens) held = moment;
    const call: Call = kind === 3 ? { f: 'cas', value: [seen, moment] } : { f: 'write', value: moment };
    return { ...at, call, isUnknown };
  });
  return operationsAt(drafts);
}

interface Draft {
  readonly from: number;
  readonly to: number;
  readonly call: Call;
  readonly isUnknown: boolean;
  /** Of a cas that failed. */
  readonly found?: Found;
}

function operationsAt(drafts: readonly Draft[]): readonly Operation[] {
  const moments = drafts.flatMap(({ from, to }) => [from, to]).toSorted((left, right) => left - right);
  const momentOf = (at: number) => ({ index: moments.indexOf(at), timeNs: moments.indexOf(at) * 1e6 });
  const operations = drafts.map(({ from, to, call, isUnknown, found }, process): Operation => {
    const begun = { process, key: 1, ...call, invoked: momentOf(from) };
    if (found !== undefined) return { ...begun, outcome: 'fail', completed: momentOf(to), found };
    return isUnknown
      ? { ...begun, outcome: 'info', completed: undefined }
      : { ...begun, outcome: 'ok', completed: momentOf(to) };
  });
  return operations.toSorted((left, right) => left.invoked.index - right.invoked.index);
}

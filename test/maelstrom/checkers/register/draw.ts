import type { Call } from '../../../../maelstrom/history/history.ts';
import type { Operation } from '../../../../maelstrom/history/operations.ts';
import type { Json } from '../../../../src/services/json.ts';
import { Random } from '../../../../src/raft/random.ts';

/**
 * Operations on one key that have an order, for they are made from one: each takes effect at a moment of its own on a
 * register, and is open for a random time around it. Any number may be open at once, many more than a few clients could
 * have, and of many the outcome is not known, whether they took effect or not. By invocation.
 */
export function fromOrder(seed: number): readonly Operation[] {
  const random = new Random(seed);
  const count = 3 + random.integer(16);
  const values = 2 + random.integer(3);
  const unknown = random.fraction() * 0.7;
  const reach = 1 + random.fraction() * count;
  let held: Json = null;
  const drafts = Array.from({ length: count }, (_, moment) => {
    const value = random.integer(values);
    const draft = { from: moment - random.fraction() * reach, to: moment + random.fraction() * reach };
    const kind = random.integer(5);
    const isUnknown = kind >= 2 && random.fraction() < unknown;
    const isLost = isUnknown && random.integer(3) === 0;
    const expected = isLost ? random.integer(values) : held;
    const change: Call = kind === 2 ? { f: 'write', value } : { f: 'cas', value: [expected, value] };
    const call: Call = kind < 2 ? { f: 'read', value: held } : change;
    if (kind >= 2 && !isLost) held = value;
    return { ...draft, call, isUnknown };
  });
  return operationsAt(drafts);
}

/**
 * Operations on one key that are open at random times and do and see what comes to mind, up to 15 of them. By
 * invocation.
 */
export function atRandom(seed: number): readonly Operation[] {
  const random = new Random(seed);
  const count = 4 + random.integer(12);
  const values = 2 + random.integer(3);
  const unknown = random.fraction() * 0.7;
  const reach = (1 + random.integer(3)) * (count / 2);
  const drafts = Array.from({ length: count }, () => {
    const from = random.fraction() * 2 * count;
    const [value, next] = [random.integer(values), random.integer(values)];
    const kind = random.integer(5);
    const call: Call =
      kind < 2 ? { f: 'read', value } : kind === 2 ? { f: 'write', value } : { f: 'cas', value: [value, next] };
    return { from, to: from + random.fraction() * reach, call, isUnknown: kind >= 2 && random.fraction() < unknown };
  });
  return operationsAt(drafts);
}

interface Draft {
  readonly from: number;
  readonly to: number;
  readonly call: Call;
  readonly isUnknown: boolean;
}

function operationsAt(drafts: readonly Draft[]): readonly Operation[] {
  const moments = drafts.flatMap(({ from, to }) => [from, to]).toSorted((left, right) => left - right);
  const momentOf = (at: number) => ({ index: moments.indexOf(at), timeNs: moments.indexOf(at) * 1e6 });
  const operations = drafts.map(({ from, to, call, isUnknown }, process): Operation => {
    const begun = { process, key: 1, ...call, invoked: momentOf(from) };
    return isUnknown
      ? { ...begun, outcome: 'info', completed: undefined }
      : { ...begun, outcome: 'ok', completed: momentOf(to) };
  });
  return operations.toSorted((left, right) => left.invoked.index - right.invoked.index);
}

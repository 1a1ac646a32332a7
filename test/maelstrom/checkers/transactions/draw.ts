/** Small histories of transactions, drawn so that all sorts of anomalies are about as frequent as none. */
import type { HistoryEvent } from '../../../../maelstrom/history/history.ts';
import type { Random } from '../../../../src/index.ts';
import type { Json } from '../../../../src/services/json.ts';

export type DrawnStep = readonly [f: 'r' | 'append' | 'w', key: number, value: Json];

export interface DrawnTransaction {
  readonly process: number;
  readonly outcome: 'ok' | 'fail' | 'info';
  readonly steps: readonly DrawnStep[];
  readonly begin: number;
  readonly end: number;
}

export interface Sizes {
  readonly transactions: number;
  readonly keys: number;
  readonly steps: number;
}

/** What transactions ask for is drawn first, then an order of all appends to a key, then what each read saw of it. */
export function drawLists(random: Random, sizes: Sizes): readonly DrawnTransaction[] {
  const asked = drawAsked(random, 'append', sizes);
  const orders = Array.from({ length: sizes.keys }, (_, key) => {
    const values = asked.flatMap(({ steps, outcome }) => {
      const isIn = outcome === 'ok' || random.integer(2) === 0;
      return isIn ? steps.filter(([f, of]) => f !== 'r' && of === key).map(([, , value]) => value) : [];
    });
    const order = random.integer(3) === 0 ? shuffled(random, values) : values;
    return random.integer(40) === 0 ? shuffled(random, [...order, ...order.slice(0, 1)]) : order;
  });
  return asked.map((transaction) => {
    const known = new Map<number, readonly Json[]>();
    const steps = transaction.steps.map(([f, key, value], place): DrawnStep => {
      const before = known.get(key) ?? prefix(random, orders[key] ?? [], ownLater(transaction.steps, key, place));
      if (f !== 'r') {
        known.set(key, [...before, value]);
        return [f, key, value];
      }
      const list = random.integer(60) === 0 ? shuffled(random, before) : before;
      known.set(key, list);
      return [f, key, list];
    });
    return { ...transaction, steps: transaction.outcome === 'ok' ? steps : transaction.steps };
  });
}

/** Each first read of a key brings any value that is ever written to it. */
export function drawRegisters(random: Random, sizes: Sizes): readonly DrawnTransaction[] {
  const asked = drawAsked(random, 'w', sizes);
  const written = Array.from({ length: sizes.keys }, (_, key) => [
    null,
    ...asked.flatMap(({ steps }) => steps.filter(([f, of]) => f !== 'r' && of === key).map(([, , value]) => value)),
  ]);
  return asked.map((transaction) => {
    const known = new Map<number, Json>();
    const steps = transaction.steps.map(([f, key, value], place): DrawnStep => {
      if (f !== 'r') {
        known.set(key, value);
        return [f, key, value];
      }
      const later = ownLater(transaction.steps, key, place);
      const choices = (written[key] ?? [null]).filter((choice) => !later.includes(choice) || random.integer(20) === 0);
      const seen = known.has(key) && random.integer(40) > 0 ? known.get(key) : choices[random.integer(choices.length)];
      known.set(key, seen ?? null);
      return [f, key, seen ?? null];
    });
    return { ...transaction, steps: transaction.outcome === 'ok' ? steps : transaction.steps };
  });
}

function drawAsked(random: Random, write: 'append' | 'w', { transactions, keys, steps }: Sizes): readonly DrawnTransaction[] {
  const next = new Map<number, number>();
  const span = 1 + random.integer(4);
  const processes = 1 + random.integer(3);
  const freeFrom = Array.from({ length: processes }, () => 0);
  return Array.from({ length: transactions }, (_, place): DrawnTransaction => {
    const process = random.integer(processes);
    const begin = Math.max(2 * place, freeFrom[process] ?? 0);
    const end = begin + 1 + 2 * random.integer(span);
    freeFrom[process] = end + 1;
    const length = 1 + random.integer(steps);
    return {
      process,
      outcome: random.integer(6) > 0 ? 'ok' : random.integer(2) === 0 ? 'info' : 'fail',
      steps: Array.from({ length }, (): DrawnStep => {
        const key = random.integer(keys);
        if (random.integer(2) === 0) return ['r', key, null];
        const value = (next.get(key) ?? 0) + 1;
        next.set(key, value);
        return [write, key, value];
      }),
      begin,
      end,
    };
  });
}

/** The events in the order of their moments; a process goes on as another one after an `info`. */
export function eventsOf(drawn: readonly DrawnTransaction[]): readonly HistoryEvent[] {
  const moments = drawn.flatMap(({ process, outcome, steps, begin, end }, place) => {
    const name = outcome === 'info' ? 100 + place : process;
    const asked = steps.map(([f, key, value]): Json => [f, key, f === 'r' ? null : value]);
    return [
      { at: begin, isEnd: 0, event: { process: name, type: 'invoke' as const, f: 'txn', value: asked } },
      { at: end, isEnd: 1, event: { process: name, type: outcome, f: 'txn', value: outcome === 'ok' ? steps : asked } },
    ];
  });
  const ordered = moments.toSorted((left, right) => left.at - right.at || left.isEnd - right.isEnd);
  return ordered.map(({ event }, index) => ({ index, time: index * 1e6, ...event }));
}

function prefix(random: Random, order: readonly Json[], without: readonly Json[]): readonly Json[] {
  const first = order.findIndex((element) => without.includes(element));
  const longest = first === -1 || random.integer(20) === 0 ? order.length : first;
  return order.slice(0, random.integer(longest + 1));
}

function ownLater(steps: readonly DrawnStep[], key: number, place: number): readonly Json[] {
  return steps.filter(([f, of], at) => at >= place && f !== 'r' && of === key).map(([, , value]) => value);
}

function shuffled<Member>(random: Random, members: readonly Member[]): readonly Member[] {
  const result = [...members];
  for (let place = result.length - 1; place > 0; place -= 1) {
    const other = random.integer(place + 1);
    const [left, right] = [result[place], result[other]];
    if (left !== undefined && right !== undefined) [result[place], result[other]] = [right, left];
  }
  return result;
}

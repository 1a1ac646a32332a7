import { expect, test } from 'vitest';
import { checkHistory } from '../../../../maelstrom/checkers/register/check.ts';
import type { WrongKey } from '../../../../maelstrom/checkers/register/check.ts';
import { explain } from '../../../../maelstrom/checkers/register/explain.ts';
import { explainKey } from '../../../../maelstrom/checkers/register/explanation.ts';
import type { Operation } from '../../../../maelstrom/history/operations.ts';
import { operationsOf } from '../../../../maelstrom/history/operations.ts';
import type { Json } from '../../../../src/services/json.ts';
import type { Call } from '../../../../maelstrom/history/history.ts';
import { corruptions } from './corrupt.ts';
import { generate } from './generate.ts';

const budget = { nowMs: () => 0, timeMs: 1, cacheBytes: 64 * 1024 * 1024 };

function operation(process: number, call: Call, from: number, to: number | 'never', key: Json = 'x'): Operation {
  const invoked = { index: from, timeNs: from * 1e6 };
  return to === 'never'
    ? { process, key, ...call, invoked, outcome: 'info', completed: undefined }
    : { process, key, ...call, invoked, outcome: 'ok', completed: { index: to, timeNs: to * 1e6 } };
}

function told(...operations: readonly Operation[]): string {
  return explain(checkHistory(operations, { budget })).join('\n');
}

function wrongKey(operations: readonly Operation[]): WrongKey {
  const [key] = checkHistory(operations, { budget }).keys;
  if (key?.verdict !== 'not-linearizable') throw new Error('this history is not wrong');
  return key;
}

const write = (value: Json): Call => ({ f: 'write', value });
const read = (value: Json): Call => ({ f: 'read', value });

test('all that matters of a key is told, and nothing else', () => {
  const text = told(
    operation(0, write(1), 0, 10),
    operation(1, write({ a: 2 }), 20, 'never'),
    operation(0, read({ a: 2 }), 30, 40),
    operation(2, read(1), 50, 70),
    operation(3, { f: 'cas', value: [1, null] }, 60, 80),
    operation(4, write(1), 90, 1100),
  );
  expect(text).toBe(
    [
      'not linearizable: the one key has no order that explains what was seen',
      'key "x": read goes back in time',
      '  process 2 read 1 from 0.050 s to 0.070 s,',
      '  but process 0\'s read of {"a":2} had completed at 0.040 s, and 1 cannot have come after that.',
      '  3 of its 6 operations are enough to show it, whatever was there before them:',
      '',
      '    process 1  write {"a":2}  ├╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌▷',
      '    process 0  read {"a":2}                   ├───────────────┤',
      '    process 2  read 1                                                         ┣━━━━━━━━━━━━━━━┫',
      '                              0.020 s                                                   0.070 s',
      '',
      '  The longest order of them that respects time:',
      '    anything is there; process 0 read {"a":2}, which leaves {"a":2}; no place for process 2 read 1',
    ].join('\n'),
  );
});

test('where no single reason is certain, none is named', () => {
  // Two writes of 1 may have happened, one was seen and one may have been overwritten; three reads need three.
  const key = wrongKey([
    operation(1, write(1), 0, 'never'),
    operation(2, write(1), 1, 'never'),
    operation(3, read(1), 10, 20),
    operation(0, write(2), 30, 40),
    operation(3, read(1), 50, 60),
    operation(0, write(2), 70, 80),
    operation(3, read(1), 90, 100),
  ]);
  const { symptom, certain, possible } = explainKey(key);
  expect(symptom.name).toBe('no order');
  expect([certain.length, possible.length]).toEqual([5, 2]);
});

test('of many wrong keys the first few are told and the rest are counted', () => {
  const wrong = Array.from({ length: 8 }, (_, key) => operation(0, read(1), 20 * key, 20 * key + 10, key));
  const text = told(...wrong, operation(0, read(null), 200, 210, 'good'));
  expect(text).toContain('8 of 9 keys have no order');
  expect(text.match(/^key .*$/gm)).toEqual([0, 1, 2].map((key) => `key ${key}: value never written`));
  expect(text).toContain('and 5 more keys have none either');
});

test('a key whose wrong has a name is told before one that has none, and of two the smaller one', () => {
  const unclear = [
    operation(0, read(1), 0, 10, 'unclear'),
    operation(1, read(2), 5, 12, 'unclear'),
    operation(2, write(1), 1, 'never', 'unclear'),
    operation(2, write(2), 2, 'never', 'unclear'),
    operation(3, read(1), 20, 30, 'unclear'),
    operation(4, read(2), 21, 31, 'unclear'),
  ];
  const stale = [operation(0, write(1), 40, 50, 'stale'), operation(1, read(null), 60, 70, 'stale')];
  const never = [operation(0, read(3), 80, 90, 'never')];
  const text = told(...unclear, ...stale, ...never);
  expect(text.match(/^key .*$/gm)).toEqual([
    'key "never": value never written',
    'key "stale": stale read',
    'key "unclear": no order',
  ]);
});

test('a loss is called by its name where a cas acts on it, though reads were behind more often', () => {
  const behind = (start: number, value: number): readonly Operation[] => [
    operation(0, write(value), start, start + 10),
    operation(0, write(value + 1), start + 20, start + 30),
    operation(1, read(value), start + 40, start + 50),
    operation(2, read(value + 1), start + 60, start + 70),
  ];
  const text = told(
    ...behind(0, 1),
    ...behind(100, 3),
    operation(0, write(5), 200, 210),
    operation(0, write(6), 220, 230),
    operation(1, { f: 'cas', value: [5, 7] }, 240, 250),
  );
  expect(text).toContain('key "x": lost update');
  expect(text).toContain('Even without the reads of this key, its writes and cas have no order.');
  expect(text).toContain('This is one of 3 places that were found wrong in this key; the first is at 0.050 s.');
});

test('where readers agree on old values again and again, and no write or cas shows it, they are stale', () => {
  const agreed = (start: number, value: number): readonly Operation[] => [
    operation(0, write(value), start, start + 10),
    operation(0, write(value + 1), start + 20, start + 30),
    operation(1, read(value), start + 40, start + 50),
    operation(2, read(value), start + 60, start + 70),
  ];
  const places = (count: number): readonly Operation[] =>
    Array.from({ length: count }, (_, place) => agreed(100 * place, 2 * place)).flat();
  const last = [operation(0, write('a'), 2000, 2010), operation(0, write('b'), 2020, 2030), operation(1, read('a'), 2040, 2050)];
  expect(told(...places(4), ...last)).toContain('key "x": lost update');
  expect(told(...places(10), ...last)).toContain('key "x": stale read');
});

test('what may have happened does not hide what is wrong where it cannot have had an effect', () => {
  const text = told(
    operation(0, write(3), 0, 10),
    operation(1, { f: 'cas', value: [2, 3] }, 12, 'never'),
    operation(0, write(1), 20, 30),
    operation(2, read(3), 40, 50),
  );
  expect(text).toContain('key "x": stale read');
});

test('reads that are behind are stale, however many agree, where the change is seen after all', () => {
  const text = told(
    operation(0, write(1), 0, 10),
    operation(0, write(2), 20, 30),
    operation(1, read(1), 40, 50),
    operation(2, read(1), 60, 70),
    operation(3, read(2), 80, 90),
  );
  expect(text).toContain('key "x": stale read');
  expect(text).toContain("2 was not lost: process 3's read of 2 found it after that.");
});

test('where most of what is wrong is explained by a cas that was done again, that is its name', () => {
  const around = (start: number): readonly Operation[] => [
    operation(0, write(0), start, start + 10),
    operation(0, { f: 'cas', value: [0, 1] }, start + 20, start + 30),
    operation(0, write(0), start + 40, start + 50),
    operation(1, { f: 'cas', value: [1, 2] }, start + 60, start + 70),
  ];
  const text = told(...around(0), ...around(100), ...around(200));
  expect(text).toContain('key "x": cas applied twice');
  expect(text).toContain('At 3 of them a cas of shortly before would explain it, done once more.');
});

test('a good history is said to be so, and an empty one to be empty', () => {
  const good = 'linearizable: the one key has an order that explains what was seen';
  expect(told(operation(0, read(null), 0, 10))).toBe(good);
  expect(told()).toBe('linearizable: nothing was seen that could be wrong');
});

test('where the budget did not suffice, the keys and what ran out are named', () => {
  const keys = [
    { key: 1, operations: [], initial: null, configurations: 5, verdict: 'unknown', exhausted: 'time' },
    { key: 2, operations: [], initial: null, configurations: 9, verdict: 'linearizable', order: [] },
  ] as const;
  expect(explain({ verdict: 'unknown', keys })).toEqual([
    'unknown: 1 of 2 keys has no answer within the budget, and no other is wrong',
    'key 1: out of time after 5 configurations of its 0 operations',
  ]);
});

test.each(Object.entries(corruptions))('of 2,000 operations of 20 clients a handful shows a %s', (_, corrupt) => {
  const events = generate({ seed: 7, clients: 20, operations: 2_000, keys: 1, values: 1e9, lost: 0.1 });
  const { certain, possible, isSmallest } = explainKey(wrongKey(operationsOf(corrupt(events, 0.6))));
  expect(isSmallest).toBe(true);
  expect(certain.length + possible.length).toBeLessThanOrEqual(5);
});

test('an effort that does not suffice gives a part that is wrong, and says that a smaller one may be', () => {
  const events = generate({ seed: 7, clients: 20, operations: 2_000, keys: 1, values: 1e9, lost: 0.1 });
  const key = wrongKey(operationsOf(corruptions.staleRead(events, 0.6)));
  const { certain, possible, isSmallest } = explainKey(key, { turns: 1e6, operations: 10 });
  expect(isSmallest).toBe(false);
  const complete = explainKey(key);
  expect(certain.length + possible.length).toBeGreaterThan(complete.certain.length + complete.possible.length);
  expect(certain).toContain(key.unplaced[0]);
});

test('where the first wrong completion is not known, what is wrong is explained all the same', () => {
  const key = wrongKey([
    operation(0, write(1), 0, 10),
    operation(1, read(2), 20, 30),
    operation(2, write(3), 40, 50),
    operation(2, write(4), 60, 70),
  ]);
  const last = key.operations.at(-1);
  if (last === undefined) throw new Error('a history has operations');
  const late: WrongKey = { ...key, isFirst: false, order: [], unplaced: [last] };
  const { certain, isSmallest, symptom } = explainKey(late);
  expect({ certain, isSmallest, name: symptom.name }).toMatchObject({
    certain: [{ f: 'read', value: 2 }],
    isSmallest: false,
    name: 'value never written',
  });
  const unreduced = explainKey(late, { turns: 0, operations: 0 });
  expect(unreduced.symptom).toMatchObject({ name: 'no order', reasons: ['What was seen up to 0.070 s has no order.'] });
  expect(explain({ verdict: 'not-linearizable', keys: [late] }).length).toBeGreaterThan(5);
});

test('a drawing is not wider than 100 columns', () => {
  const long = 'a long value '.repeat(10);
  const operations = Array.from({ length: 9 }, (_, index) => operation(index, write(index), index, 100 + index));
  const text = told(...operations, operation(9, read(long), 50, 'never'), operation(10, read(long), 200, 210));
  const drawn = text.split('\n').filter((line) => /[├┣]/.test(line));
  expect(drawn.length).toBeGreaterThan(0);
  expect(Math.max(...drawn.map((line) => line.length))).toBeLessThanOrEqual(100);
});

const cas = (from: Json, to: Json): Call => ({ f: 'cas', value: [from, to] });

test('a cas from a value to itself changes nothing: where it finds what was replaced, it is a stale read', () => {
  const text = told(operation(0, write(2), 0, 10), operation(0, write(3), 20, 30), operation(1, cas(2, 2), 40, 50));
  expect(text).toContain('key "x": stale read');
  const rival = told(operation(0, write(2), 0, 10), operation(0, cas(2, 5), 20, 30), operation(1, cas(2, 2), 40, 50));
  expect(rival).toContain('key "x": stale read');
});

test('a cas that was never answered may have been applied twice', () => {
  const text = told(
    operation(0, write(1), 0, 10),
    operation(1, cas(1, 2), 15, 'never'),
    operation(2, read(2), 20, 30),
    operation(0, write(1), 40, 50),
    operation(2, read(1), 52, 54),
    operation(2, read(2), 60, 70),
    operation(3, read(2), 75, 80),
  );
  expect(text).toContain('key "x": cas applied twice');
  expect(text).toContain("process 1's cas from 1 to 2, which was never answered, is what could bring 2 back, done twice;");
});

test('so may two in a row', () => {
  const text = told(
    operation(0, write(1), 0, 10),
    operation(1, cas(1, 2), 15, 20),
    operation(1, cas(2, 3), 22, 24),
    operation(2, read(3), 25, 30),
    operation(0, write(1), 40, 50),
    operation(2, read(1), 52, 54),
    operation(2, read(3), 60, 70),
    operation(3, read(3), 75, 80),
  );
  expect(text).toContain('key "x": cas applied twice');
  expect(text).toMatch(/cas from 1 to 2, ok at 0\.020 s, and .* cas from 2 to 3, ok at 0\.024 s, are what could bring 3 back/);
});

test('two sides that each see their own changes, and miss those of the other, are a split brain', () => {
  const ofSides = [
    operation(0, write(1), 0, 10),
    operation(1, write(2), 12, 14),
    operation(0, read(1), 15, 17),
    operation(0, write(3), 18, 20),
    operation(1, read(2), 21, 22),
    operation(2, read(3), 23, 24),
    operation(1, write(4), 25, 26),
    operation(2, read(3), 27, 28),
    operation(3, read(4), 29, 30),
  ];
  const text = told(...ofSides);
  expect(text).toContain('key "x": split brain');
  expect(text).toContain('Each side saw its own changes and missed those of the other: processes 0, 2 here, processes 1, 3 there.');
});

test('readers that are behind are no split brain, even where they are always the same', () => {
  const behind = [0, 1, 2, 3, 4].flatMap((round) => [
    operation(0, write(round), 100 * round, 100 * round + 10),
    operation(1, read(round), 100 * round + 20, 100 * round + 30),
    operation(2, read(Math.max(0, round - 1)), 100 * round + 40, 100 * round + 50),
  ]);
  expect(told(...behind)).not.toContain('split brain');
});

test('what was still open is named, and not said to be impossible', () => {
  const text = told(
    operation(0, write(2), 0, 10),
    operation(5, write(2), 11, 'never'),
    operation(0, write(3), 20, 30),
    operation(3, read(2), 32, 34),
    operation(0, write(4), 35, 36),
    operation(1, read(2), 40, 50),
  );
  expect(text).toContain("process 5's write of 2, which was open then, has no place after it");
  expect(text).not.toContain('nothing can have brought 2 back');
});

test('every operation that the words name is drawn', () => {
  for (let seed = 0; seed < 40; seed += 1) {
    const events = generate({ seed, clients: 4, operations: 60, keys: 1, values: 60, lost: 0.1, saysWhy: true });
    for (const corrupt of Object.values(corruptions)) {
      const operations = operationsOf(tryOr(() => corrupt(events, 0.3), []));
      for (const key of checkHistory(operations, { budget }).keys) {
        if (key.verdict !== 'not-linearizable') continue;
        const lines = explain({ verdict: key.verdict, keys: [key] });
        const drawn = lines.slice(lines.indexOf(''));
        const named = explainKey(key).symptom.reasons.flatMap((reason) => reason.match(/process [0-9]+(?='s)/g) ?? []);
        for (const name of named) expect(drawn.some((line) => line.startsWith(`    ${name} `)), `seed ${seed}: ${name}`).toBe(true);
      }
    }
  }
});

function tryOr<Value>(make: () => Value, otherwise: Value): Value {
  try {
    return make();
  } catch {
    return otherwise;
  }
}

import { describe, expect, it } from 'vitest';
import { checkKafka, findAll } from '../../../../maelstrom/checkers/kafka/check.ts';
import { KafkaHistory } from '../../../../maelstrom/checkers/kafka/read-history.ts';
import { readEdnHistory } from '../../../../maelstrom/history/edn/history.ts';
import type { HistoryEvent } from '../../../../maelstrom/history/history.ts';
import { pairsOf } from '../../../../maelstrom/history/pairs.ts';
import type { Json } from '../../../../src/services/json.ts';

type Pairs = readonly (readonly [offset: number, message: Json])[];
type Steps = readonly HistoryEvent[];

/** An operation that is asked and answered at once, by process 0 where it is not said. */
function operation(f: string, asked: Json, told: Json, process = 0, type: 'ok' | 'fail' | 'info' = 'ok'): Steps {
  const event = { index: 0, time: 0, process, f };
  return [{ ...event, type: 'invoke', value: asked }, { ...event, type, value: told }];
}

const send = (message: Json, offset: number, process = 0) => {
  return operation('send', [['send', 'k', message]], [['send', 'k', [offset, message]]], process);
};
const unanswered = (message: Json) => operation('send', [['send', 'k', message]], [['send', 'k', message]], 9, 'info');
const failed = (message: Json) => operation('send', [['send', 'k', message]], [['send', 'k', message]], 0, 'fail');
const poll = (pairs: Pairs, process = 1) => operation('poll', [['poll']], [['poll', { k: pairs }]], process);
const assign = (process = 1, ...keys: readonly string[]) => operation('assign', keys, keys, process);
const crash = operation('crash', null, null, 1, 'info');

/** What is found in these operations, one after the other, a millisecond each. */
function check(...steps: readonly Steps[]) {
  const events = steps.flat().map((event, index): HistoryEvent => ({ ...event, index, time: (index + 1) * 1e6 }));
  const found = findAll(new KafkaHistory(pairsOf(events))).found.map(({ name }) => name);
  return { ...checkKafka(events), found };
}

/** Each anomaly in the smallest history that shows it, and the nearest history that does not. */
describe('logs', () => {
  it('lose a message that was acknowledged, where a higher offset was polled and it never was', () => {
    const lost = check(send('a', 0), send('b', 1), poll([[1, 'b']]));
    expect(lost).toMatchObject({ verdict: 'violated', found: ['lost-write'] });
    expect(lost.reasons).toEqual([
      'Lost write (1): "a" was acknowledged at offset 0 of key "k" to process 0 at 0.002 s; it was never polled, ' +
        'though process 1 at 0.006 s polled offset 1.',
    ]);
    expect(check(send('a', 0), send('b', 1), poll([[0, 'a'], [1, 'b']])).found).toEqual([]);
    // Nobody knows where, or whether, it was kept.
    expect(check(unanswered('a'), send('b', 1), poll([[1, 'b']])).found).toEqual([]);
  });

  it('leave a message unseen that was acknowledged, where no poll got so far', () => {
    const unseen = check(send('a', 0), send('b', 1), poll([[0, 'a']]));
    expect(unseen).toMatchObject({ verdict: 'violated', found: ['unseen'] });
    expect(unseen.reasons).toEqual([
      'Unseen (1): "b" was acknowledged at offset 1 of key "k" to process 0 at 0.004 s, and it was never polled.',
    ]);
    expect(check(send('a', 0), unanswered('b'), poll([[0, 'a']])).found).toEqual([]);
  });

  it('hold two messages at one offset', () => {
    expect(check(send('a', 0), send('b', 0), poll([[0, 'a']]), poll([[0, 'b']], 2))).toMatchObject({
      found: ['inconsistent-offsets', 'nonmonotonic-send'],
      reasons: ['Inconsistent offsets (1): offset 0 of key "k" held "a", "b".', expect.any(String)],
    });
    expect(check(send('a', 0), send('b', 1), poll([[0, 'a'], [1, 'b']])).found).toEqual([]);
    // 1 and "1" are two messages; of another key it is another log.
    expect(check(send(1, 0), poll([[0, '1']])).found).toContain('inconsistent-offsets');
    const elsewhere = operation('send', [['send', 'j', 'b']], [['send', 'j', [0, 'b']]]);
    expect(check(send('a', 0), elsewhere, poll([[0, 'a']])).found).toEqual(['unseen']);
  });

  it('hold one message at two offsets', () => {
    expect(check(send('a', 0), poll([[0, 'a'], [1, 'a']]))).toMatchObject({
      verdict: 'violated',
      reasons: ['Duplicate (1): "a" is in key "k" at the offsets 0, 1.'],
    });
    expect(check(send('a', 0), poll([[0, 'a']]), poll([[0, 'a']], 2)).found).toEqual([]);
  });

  it('bring a message whose send had failed (G1a)', () => {
    expect(check(failed('a'), poll([[0, 'a']]))).toMatchObject({
      found: ['G1a'],
      reasons: ['Aborted read (1): process 1 at 0.004 s polled "a" from key "k", and its send had failed, for process 0 at 0.002 s.'],
    });
    expect(check(unanswered('a'), poll([[0, 'a']])).found).toEqual([]);
  });

  it('bring a message before it was sent, or one that never was', () => {
    expect(check(poll([[0, 'a']]), send('a', 0)).found).toEqual(['read-before-sent']);
    expect(check(poll([[0, 'a']])).found).toEqual(['never-sent']);
    const [asked, told] = send('a', 0);
    const overlapping: Steps = asked === undefined || told === undefined ? [] : [asked, ...poll([[0, 'a']]), told];
    expect(check(overlapping).found).toEqual([]);
  });

  const three = [send('a', 0), send('b', 1), send('c', 2), poll([[0, 'a'], [1, 'b'], [2, 'c']], 7)];

  it('let a client skip a message, from one poll to the next', () => {
    const skip = check(...three, poll([[0, 'a']]), poll([[2, 'c']]));
    expect(skip).toMatchObject({ verdict: 'violated', found: ['poll-skip'] });
    expect(skip.reasons).toEqual([
      'Poll skip (1): process 1 at 0.012 s polled offset 2 of key "k" next after 0, which it polled at 0.010 s, and skipped 1.',
    ]);
    expect(check(...three, poll([[0, 'a']]), poll([[1, 'b']])).found).toEqual([]);
    // Another process, or the same after it gave up the key and took it again, begins anew.
    expect(check(...three, poll([[0, 'a']]), poll([[2, 'c']], 2)).found).toEqual([]);
    expect(check(...three, poll([[0, 'a']]), assign(1, 'j'), assign(1, 'k'), poll([[2, 'c']])).found).toEqual([]);
    expect(check(...three, poll([[0, 'a']]), assign(1, 'j', 'k'), poll([[2, 'c']])).found).toEqual(['poll-skip']);
  });

  it('skip nothing where nothing is known to be: offsets may be sparse', () => {
    const sparse = [send('a', 10), send('b', 2 ** 50)];
    expect(check(...sparse, poll([[10, 'a']]), poll([[2 ** 50, 'b']])).found).toEqual([]);
  });

  it('let a client skip a message within one poll', () => {
    expect(check(...three, poll([[0, 'a'], [2, 'c']]))).toMatchObject({
      found: ['int-poll-skip'],
      reasons: ['Internal poll skip (1): process 1 at 0.010 s polled offset 0 of key "k" and, in the same poll, 2, and skipped 1.'],
    });
    expect(check(...three, poll([[0, 'a'], [1, 'b']])).found).toEqual([]);
  });

  it('send a client back, from one poll to the next', () => {
    const back = check(...three, poll([[0, 'a'], [1, 'b']]), poll([[1, 'b']]));
    expect(back).toMatchObject({ verdict: 'violated', found: ['nonmonotonic-poll'] });
    expect(back.reasons).toEqual([
      'Nonmonotonic poll (1): process 1 at 0.012 s polled offset 1 of key "k" next after 1, which it polled at 0.010 s, ' +
        'which is not further on.',
    ]);
    expect(check(...three, poll([[0, 'a'], [1, 'b']]), poll([[2, 'c']])).found).toEqual([]);
    expect(check(...three, poll([[0, 'a'], [1, 'b']]), crash, poll([[1, 'b']], 2)).found).toEqual([]);
  });

  it('send a client back within one poll', () => {
    expect(check(...three, poll([[1, 'b'], [0, 'a']])).found).toEqual(['int-nonmonotonic-poll']);
    expect(check(...three, poll([[0, 'a'], [1, 'b']])).found).toEqual([]);
  });

  it('give a client lower offsets as it goes on sending', () => {
    const back = check(send('a', 1), send('b', 0), poll([[0, 'b'], [1, 'a']]));
    expect(back).toMatchObject({ verdict: 'violated', found: ['nonmonotonic-send'] });
    expect(back.reasons).toEqual([
      'Nonmonotonic send (1): process 0 at 0.004 s sent to offset 0 of key "k", and before that, at 0.002 s, to offset 1.',
    ]);
    expect(check(send('a', 1), send('b', 0, 3), poll([[0, 'b'], [1, 'a']])).found).toEqual([]);
  });

  it('show nothing where nothing was polled', () => {
    expect(check(unanswered('a')).verdict).toBe('undecided');
    expect(check(unanswered('a'), poll([[0, 'a']])).verdict).toBe('good');
  });

  describe('with transactions and subscriptions, as Jepsen has them for other systems', () => {
    const txn = (...told: readonly Json[]) => {
      const asked = told.map((step) => (Array.isArray(step) && step[0] === 'send' ? ['send', 'k', step[2][1]] : ['poll']));
      return operation('txn', asked, told, 3);
    };
    const all = poll([[0, 'a'], [1, 'b'], [2, 'c']]);

    it('may not give one transaction lower offsets as it goes on, and may let it skip what others sent', () => {
      expect(check(txn(['send', 'k', [1, 'b']], ['send', 'k', [0, 'a']]), poll([[0, 'a'], [1, 'b']])).found).toEqual(['int-nonmonotonic-send']);
      const skipped = check(send('b', 1), txn(['send', 'k', [0, 'a']], ['send', 'k', [2, 'c']]), all);
      expect(skipped).toMatchObject({ verdict: 'good', found: ['int-send-skip'] });
    });

    it('bring no transaction what it sent itself', () => {
      const own = txn(['send', 'k', [0, 'a']], ['poll', { k: [[0, 'a']] }]);
      expect(check(own)).toMatchObject({ verdict: 'violated', found: ['precommitted-read'] });
      expect(check(txn(['send', 'k', [0, 'a']]), txn(['poll', { k: [[0, 'a']] }])).found).toEqual([]);
    });

    it('may let one who subscribed jump', () => {
      const subscribe = operation('subscribe', ['k'], ['k'], 1);
      const jump = [poll([[0, 'a']]), poll([[2, 'c']])];
      expect(check(subscribe, ...three, ...jump)).toMatchObject({ verdict: 'good', found: ['poll-skip'] });
      expect(check(assign(1, 'k'), ...three, ...jump)).toMatchObject({ verdict: 'violated', found: ['poll-skip'] });
    });
  });

  it('tell how far behind polls were: since when it was known that there is more', () => {
    const behind = check(assign(), assign(1, 'k'), send('a', 0), send('b', 1), poll([[0, 'a']]), poll([[1, 'b']]));
    expect(behind.explanation[1]).toBe('  the poll that was furthest behind, by 0.001 s: process 1, key "k", at 0.009 s');
    expect(check(assign(1, 'k'), send('a', 0), poll([[0, 'a']])).explanation[1]).toBe('  no poll was behind');
  });
});

it('tells of a thousand faults of a kind how many they are, and the first', () => {
  const sends = Array.from({ length: 1000 }, (_, offset) => send(offset, offset));
  const { reasons, explanation } = check(...sends, poll([[999, 999]]));
  expect(reasons).toEqual([expect.stringMatching(/^Lost write \(999\): 0 was acknowledged at offset 0 /)]);
  expect(explanation.length).toBeLessThan(10);
});

it('takes as long for one offset with many messages, and one message with many offsets, as for others', () => {
  const many = 50_000;
  const atOne = Array.from({ length: many }, (_, message) => send(message, 0));
  const everywhere = poll(Array.from({ length: many }, (_, offset) => [offset, 0] as const));
  const { found } = check(...atOne, everywhere);
  expect(found).toEqual(expect.arrayContaining(['inconsistent-offsets', 'duplicate', 'lost-write']));
}, 20_000);

describe('a history of logs', () => {
  it.each<[string, Json, RegExp]>([
    ['send', 'x', /line 1: value: expected a list of/],
    ['send', [['append', 'k', 1]], /line 1: value: expected steps that begin with "send" or "poll"/],
    ['send', [['send', 'k']], /line 1: value: expected \["send", key, message\]/],
    ['poll', [7], /line 1: value: expected a list of/],
    ['assign', 'k', /line 1: value: expected a list of keys/],
    ['assign', [null], /line 1: value: expected a key that is a text or a number, not null/],
    ['commit', [], /line 1: f: expected "send", "poll", "assign" or "crash"/],
  ])('is told what is wrong with it: %s %j', (f, value, why) => {
    const event: HistoryEvent = { index: 0, time: 0, process: 0, type: 'invoke', f, value };
    expect(() => checkKafka([event])).toThrow(why);
  });

  it.each<[string, Json, RegExp]>([
    ['send', [['send', 'k', 1]], /line 2: value: expected \["send", key, \[offset, message\]\]/],
    ['poll', [['poll', [1]]], /line 2: value: expected \["poll", \{key: /],
    ['poll', [['poll', { k: [[1.5, 1]] }]], /line 2: value: expected \[\[offset, message\], ...\] under the key "k"/],
  ])('is told what is wrong with an answer: %s %j', (f, told, why) => {
    const asked: Json = f === 'send' ? [['send', 'k', 1]] : [['poll']];
    expect(() => check(operation(f, asked, told))).toThrow(why);
  });

  it('may be one of Jepsen\'s, in EDN', () => {
    const source = [
      '{:index 0, :time 1, :type :invoke, :process 0, :f :assign, :value ["4"], :seek-to-beginning? true}',
      '{:index 1, :time 2, :type :ok, :process 0, :f :assign, :value ["4"], :seek-to-beginning? true}',
      '{:index 2, :time 3, :type :invoke, :process 1, :f :send, :value [[:send "4" 7]]}',
      '{:index 3, :time 4, :type :ok, :process 1, :f :send, :value [[:send "4" [2 7]]]}',
      '{:index 4, :time 5, :type :invoke, :process 0, :f :poll, :value [[:poll]]}',
      '{:index 5, :time 6, :type :ok, :process 0, :f :poll, :value [[:poll {"4" [[2 7]]}]]}',
      '{:index 6, :time 7, :type :invoke, :process 1, :f :crash, :value nil}',
      '{:index 7, :time 8, :type :info, :process 1, :f :crash, :value nil}',
    ];
    expect(checkKafka(readEdnHistory(source.join('\n')).events)).toMatchObject({ verdict: 'good' });
    const withNumbers = source.join('\n').replaceAll('"4"', '4').replace('[[2 7]]', '[[2 8]]');
    expect(checkKafka(readEdnHistory(withNumbers).events).reasons).toEqual([
      expect.stringMatching(/^Lost write \(1\): 7 /),
      'Inconsistent offsets (1): offset 2 of key "4" held 7, 8.',
      expect.stringMatching(/^Message that was never sent \(1\): process 0 /),
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { parseTestOptions } from '../../../maelstrom/commands/test-options.ts';
import { txnListAppend } from '../../../maelstrom/workloads/txn-list-append.ts';
import { txnRwRegister } from '../../../maelstrom/workloads/txn-rw-register.ts';
import type { TxnInvocation } from '../../../maelstrom/workloads/txn-generator.ts';
import type { Workload } from '../../../maelstrom/workloads/workload.ts';
import { Random } from '../../../src/index.ts';
import type { Json } from '../../../src/services/json.ts';
import { judge } from './history.ts';

const asked: TxnInvocation = { f: 'txn', value: [['r', 1, null], ['append', 1, 6]] };

function answered(txn: Json): unknown {
  return txnListAppend.outcome(asked, { type: 'txn_ok', in_reply_to: 1, txn });
}

describe('a transaction', () => {
  it('is sent as under Maelstrom', () => {
    expect(txnListAppend.request(asked)).toEqual({ type: 'txn', txn: [['r', 1, null], ['append', 1, 6]] });
  });

  it('comes back with what its reads saw', () => {
    expect(answered([['r', 1, [5]], ['append', 1, 6]])).toEqual({ type: 'ok', value: [['r', 1, [5]], ['append', 1, 6]] });
    expect(answered([['r', 1, null], ['append', 1, 6]])).toMatchObject({ type: 'ok' });
  });

  it.each([
    ['other operations', [['r', 1, [5]], ['r', 1, 6]]],
    ['other keys', [['r', 2, [5]], ['append', 1, 6]]],
    ['other values', [['r', 1, [5]], ['append', 1, 7]]],
    ['fewer steps', [['r', 1, [5]]]],
    ['more steps', [['r', 1, [5]], ['append', 1, 6], ['r', 1, [5, 6]]]],
    ['a value where a list belongs', [['r', 1, 5], ['append', 1, 6]]],
    ['no steps at all', 'done'],
    ['a step that is none', [null, ['append', 1, 6]]],
  ])('may not come back with %s', (_, txn) => {
    expect(answered(txn)).toMatchObject({ type: 'bad-reply' });
  });

  it('was aborted after a definite error only', () => {
    const after = (code: number) => txnListAppend.outcome(asked, { type: 'error', in_reply_to: 1, code }).type;
    expect([30, 11, 14].map(after)).toEqual(['fail', 'fail', 'fail']);
    expect([0, 13, 1000].map(after)).toEqual(['info', 'info', 'info']);
    expect(txnListAppend.unanswered(asked, 'timeout').type).toBe('info');
  });
});

function drawn(workload: Workload, count: number): readonly TxnInvocation['value'][] {
  const options = { nodeCount: 3, concurrency: 6, ratePerSecond: 100, random: new Random(1) };
  const generator = workload.generator(options);
  return Array.from({ length: count }, () => {
    const { value } = generator.next(0, 0);
    return value as TxnInvocation['value'];
  });
}

describe('the load', () => {
  const transactions = drawn(txnRwRegister, 5000);
  const steps = transactions.flat();
  const writes = steps.filter(([f]) => f === 'w');

  it('is of 1 to 4 steps, about half of which write', () => {
    expect([...new Set(transactions.map(({ length }) => length))].toSorted()).toEqual([1, 2, 3, 4]);
    expect(writes.length / steps.length).toBeGreaterThan(0.45);
    expect(writes.length / steps.length).toBeLessThan(0.55);
  });

  it('writes each key 16 times at most, never the same value, and then takes a fresh one', () => {
    const byKey = new Map<number, unknown[]>();
    for (const [, key, value] of writes) byKey.set(key, [...(byKey.get(key) ?? []), value]);
    for (const values of byKey.values()) expect(values).toEqual(values.map((_, place) => place + 1));
    expect(Math.max(...[...byKey.values()].map(({ length }) => length))).toBe(16);
    expect(byKey.size).toBeGreaterThan(300);
  });

  it('keeps to the flags', () => {
    const { workload } = parseTestOptions(
      ['--bin', 'x', '-w', 'txn-list-append', '--key-count', '2', '--max-txn-length', '1', '--max-writes-per-key', '3'],
      () => 1,
    );
    const few = drawn(workload, 300);
    expect(few.every(({ length }) => length === 1)).toBe(true);
    const written = few.flat().filter(([f]) => f === 'append');
    expect(Math.max(...written.map(([, , value]) => value ?? 0))).toBe(3);
  });
});

describe('the models to be satisfied', () => {
  const skew = [
    [0, 'invoke', 'txn', [['r', 1, null], ['append', 2, 1]]],
    [1, 'invoke', 'txn', [['r', 2, null], ['append', 1, 1]]],
    [0, 'ok', 'txn', [['r', 1, []], ['append', 2, 1]]],
    [1, 'ok', 'txn', [['r', 2, null], ['append', 1, 1]]],
  ] as const;

  it('are strict serializability unless others are asked for', () => {
    expect(judge(txnListAppend, ...skew)).toMatchObject({
      verdict: 'violated',
      reasons: ['Not strict-serializable.', 'G2-item: write skew: each transaction missed what another of them wrote.'],
      results: { transactions: { valid: false, anomalyTypes: ['G2-item'], not: ['repeatable-read'] } },
    });
    const lax = txnListAppend.configured?.({ consistencyModels: ['snapshot-isolation'] });
    expect(lax === undefined ? undefined : judge(lax, ...skew).verdict).toBe('good');
  });

  it.each([
    [['-w', 'txn-list-append', '--consistency-models', 'serialisable'], /knows no "serialisable"/],
    [['-w', 'txn-list-append', '--consistency-models', 'linearizable'], /whether linearizable holds/],
    [['-w', 'echo', '--consistency-models', 'serializable'], /echo is none/],
  ])('are refused where they say nothing: %s', (argv, why) => {
    expect(() => parseTestOptions(['--bin', 'x', ...argv], () => 1)).toThrow(why);
  });
});

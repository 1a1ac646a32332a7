import { describe, expect, test } from 'vitest';
import { kv } from '../../src/services/kv/service.ts';
import type { Result } from '../../src/services/service.ts';
import type { Outcome, Refusal } from '../../src/member/outcome.ts';
import { replyTo } from '../../src/stdio/outcomes.ts';

function told(type: string, outcome: Outcome<Result>): unknown {
  const { type: replyType, fields } = replyTo({ src: 'c1', msgId: 1, type, operation: kv.operations.get(type) }, outcome);
  return { type: replyType, ...fields };
}

describe('what a result means for who asked', () => {
  test.each([
    ['write', { kind: 'ok' }, { type: 'write_ok' }],
    ['cas', { kind: 'ok' }, { type: 'cas_ok' }],
    ['delete', { kind: 'ok' }, { type: 'delete_ok' }],
    ['cas', { kind: 'no-such-key' }, { type: 'error', code: 20 }],
    ['cas', { kind: 'mismatch', found: 3 }, { type: 'error', code: 22, text: 'expected another value, found 3' }],
    ['write', { kind: 'not-understood', reason: 'why' }, { type: 'error', code: 12, text: 'not a command: why' }],
    ['read', { kind: 'value', value: null }, { type: 'read_ok', value: null }],
    ['read', { kind: 'no-such-key' }, { type: 'error', code: 20 }],
  ] as const)('%s: %j', (type, result, body) => {
    expect(told(type, { kind: 'done', result })).toMatchObject(body);
  });

  test('a long value is shown cut', () => {
    const text = `expected another value, found "${'y'.repeat(99)}...`;
    expect(told('cas', { kind: 'done', result: { kind: 'mismatch', found: 'y'.repeat(1000) } })).toMatchObject({ text });
  });

  test.each([
    [null], [{}], [[]], [[[1, 'a"b'], { a: { b: null } }]], ['\ud83d\ude00'.repeat(80)], [`x${'\ud83d\ude00'.repeat(80)}`],
    [Array.from({ length: 60 }, (_, place) => ({ [`k${place}`]: [place] }))], [{ ['"'.repeat(120)]: 1 }], [{ a: 'z'.repeat(93) }],
  ])('a value is shown as the beginning of its JSON: %#', (found) => {
    const text = JSON.stringify(found);
    const shown = text.length <= 100 ? text : `${text.slice(0, 100)}...`;
    const result = { kind: 'mismatch', found } as const;
    expect(told('cas', { kind: 'done', result })).toMatchObject({ text: `expected another value, found ${shown}` });
  });

  test('what is not shown of it is not gone through', () => {
    const found = new Array<number>(1000).fill(1);
    Object.defineProperty(found, 500, { get: () => expect.unreachable() });
    const result = { kind: 'mismatch', found } as const;
    expect(told('cas', { kind: 'done', result })).toMatchObject({ code: 22 });
  });
});

describe('what is known without a result', () => {
  test.each([
    [{ kind: 'aborted' }, 14],
    [{ kind: 'in-doubt' }, 13],
  ] as const)('%j: %i', (outcome, code) => {
    expect(told('write', outcome)).toMatchObject({ type: 'error', code });
  });

  const refusals: readonly (readonly [Refusal, number])[] = [
    [{ kind: 'unknown-operation', text: 'it' }, 10],
    [{ kind: 'malformed', text: 'it' }, 12],
    [{ kind: 'wrong-term', asked: 1, term: 2 }, 22],
    [{ kind: 'not-started' }, 11],
    [{ kind: 'no-leader' }, 11],
    [{ kind: 'not-leader', leader: 'n1' }, 11],
    [{ kind: 'too-many-pending', of: 'reads' }, 11],
    [{ kind: 'log-full' }, 11],
    [{ kind: 'disk-nearly-full' }, 11],
    [{ kind: 'refused-by-leader', leader: 'n1' }, 11],
  ];
  test.each(refusals)('refused, %j: %i', (why, code) => {
    expect(told('write', { kind: 'refused', why })).toMatchObject({ type: 'error', code });
  });
});

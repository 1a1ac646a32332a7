import { describe, expect, it } from 'vitest';
import { linKv } from '../../../maelstrom/workloads/lin-kv.ts';
import type { RegisterInvocation } from '../../../maelstrom/workloads/lin-kv-generator.ts';

const read: RegisterInvocation = { f: 'read', key: 7, value: null };
const write: RegisterInvocation = { f: 'write', key: 7, value: 3 };
const cas: RegisterInvocation = { f: 'cas', key: 7, value: [3, 4] };

function error(code: number) {
  return { type: 'error', code, text: 'for people' };
}

describe('a lin-kv request', () => {
  it('is worded as Maelstrom words it', () => {
    expect([read, write, cas].map((invocation) => linKv.request(invocation))).toEqual([
      { type: 'read', key: 7 },
      { type: 'write', key: 7, value: 3 },
      { type: 'cas', key: 7, from: 3, to: 4 },
    ]);
  });
});

describe('the outcome of a lin-kv request', () => {
  it('is ok when the answer fits, with the value that a read saw', () => {
    expect(linKv.outcome(read, { type: 'read_ok', value: 2 })).toEqual({ type: 'ok', value: 2 });
    expect(linKv.outcome(read, { type: 'read_ok', value: null })).toEqual({ type: 'ok', value: null });
    expect(linKv.outcome(write, { type: 'write_ok' })).toEqual({ type: 'ok', value: 3 });
    expect(linKv.outcome(cas, { type: 'cas_ok' })).toEqual({ type: 'ok', value: [3, 4] });
  });

  it('is ok for a read that is told that the key does not exist: it has seen that nothing is there', () => {
    expect(linKv.outcome(read, error(20))).toEqual({ type: 'ok', value: null });
    for (const invocation of [write, cas]) expect(linKv.outcome(invocation, error(20)).type).toBe('fail');
  });

  it.each([1, 10, 11, 12, 14, 21, 22, 30])('is fail after error %i, for it is definite', (code) => {
    for (const invocation of [read, write, cas]) {
      expect(linKv.outcome(invocation, error(code))).toMatchObject({ type: 'fail', error: [code, expect.any(String)] });
    }
  });

  it.each([0, 13, 999])('is open after error %i for a write and a cas, and fail for a read', (code) => {
    expect(linKv.outcome(read, error(code)).type).toBe('fail');
    expect(linKv.outcome(write, error(code)).type).toBe('info');
    expect(linKv.outcome(cas, error(code)).type).toBe('info');
  });

  it('names the error: by its code, else by its text', () => {
    expect(linKv.outcome(cas, error(22))).toMatchObject({ error: [22, 'precondition-failed'] });
    expect(linKv.outcome(cas, error(999))).toMatchObject({ error: [999, 'for people'] });
    expect(linKv.outcome(cas, { type: 'error', code: 999 })).toMatchObject({ error: [999, 'unknown'] });
  });

  it('is open without an answer for a write and a cas, and fail for a read', () => {
    const types = [read, write, cas].map((invocation) => linKv.unanswered(invocation, 'timeout'));
    expect(types).toEqual([
      { type: 'fail', error: 'timeout' },
      { type: 'info', error: 'timeout' },
      { type: 'info', error: 'timeout' },
    ]);
  });

  it('is a bad reply when the answer does not fit the question', () => {
    const what = (invocation: RegisterInvocation, body: { type: string }) => linKv.outcome(invocation, body);
    expect(what(read, { type: 'write_ok' })).toEqual({ type: 'bad-reply', what: 'answered a read with "write_ok"' });
    expect(what(read, { type: 'read_ok' })).toEqual({ type: 'bad-reply', what: 'answered a read without its value' });
    expect(what(write, { type: 'error' })).toMatchObject({ type: 'bad-reply', what: expect.stringContaining('code') });
  });
});

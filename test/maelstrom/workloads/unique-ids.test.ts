import { describe, expect, it } from 'vitest';
import { uniqueIds } from '../../../maelstrom/workloads/unique-ids.ts';
import { judge } from './history.ts';

const asked = { f: 'generate', value: null } as const;
const ask = (process: number) => [process, 'invoke', 'generate', null] as const;

describe('an id', () => {
  it('is asked for as Maelstrom asks, and may be any JSON', () => {
    expect(uniqueIds.request(asked)).toEqual({ type: 'generate' });
    expect(uniqueIds.outcome(asked, { type: 'generate_ok', id: { a: [1] } })).toEqual({ type: 'ok', value: { a: [1] } });
    expect(uniqueIds.outcome(asked, { type: 'generate_ok' })).toMatchObject({ type: 'bad-reply' });
  });
});

describe('a history of ids', () => {
  it('is good when no two are the same, and 1 is not "1"', () => {
    const { verdict } = judge(uniqueIds, ask(0), ask(1), [0, 'ok', 'generate', 1], [1, 'ok', 'generate', '1']);
    expect(verdict).toBe('good');
  });

  it('is bad when two are the same by value, and shows who got them', () => {
    const [first, second] = [{ a: 1, b: 2 }, { b: 2, a: 1 }];
    const said = judge(uniqueIds, ask(0), ask(1), [0, 'ok', 'generate', first], [1, 'ok', 'generate', second]);
    expect(said.reasons).toEqual(['One id was given out more than once.']);
    expect(said.explanation[1]).toBe('  {"a":1,"b":2} was given out 2 times: to process 0 at 0.003 s, to process 1 at 0.004 s');
  });

  it('holds nothing against ids that nobody got', () => {
    const { verdict } = judge(uniqueIds, ask(0), [0, 'info', 'generate', null], ask(1), [1, 'fail', 'generate', null]);
    expect(verdict).toBe('good');
  });
});

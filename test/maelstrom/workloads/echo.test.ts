import { describe, expect, it } from 'vitest';
import { echo } from '../../../maelstrom/workloads/echo.ts';
import { Random } from '../../../src/index.ts';
import { judge } from './history.ts';

const asked = { f: 'echo', value: 'Please echo 7' } as const;

describe('an echo', () => {
  it('is asked for as Maelstrom asks', () => {
    const generator = echo.generator({ nodeCount: 1, concurrency: 1, ratePerSecond: 100, random: new Random(1) });
    expect(generator.next(0, 0)).toEqual({ f: 'echo', value: expect.stringMatching(/^Please echo \d+$/) });
    expect(echo.request(asked)).toEqual({ type: 'echo', echo: 'Please echo 7' });
  });

  it('has what came back as its value', () => {
    expect(echo.outcome(asked, { type: 'echo_ok', echo: [1] })).toEqual({ type: 'ok', value: [1] });
    expect(echo.outcome(asked, { type: 'echo_ok' })).toEqual({ type: 'bad-reply', what: 'answered an echo without its echo' });
  });

  it('is open after a time-out, and has failed after a definite error', () => {
    expect(echo.unanswered(asked, 'timeout').type).toBe('info');
    expect(echo.outcome(asked, { type: 'error', code: 11 }).type).toBe('fail');
    expect(echo.outcome(asked, { type: 'error', code: 13 }).type).toBe('info');
  });
});

describe('a history of echoes', () => {
  const sent = [0, 'invoke', 'echo', 'a'] as const;

  it('is good when each came back as it was', () => {
    expect(judge(echo, sent, [0, 'ok', 'echo', 'a']).verdict).toBe('good');
  });

  it('is bad when one came back changed, and shows it', () => {
    const { verdict, reasons, explanation } = judge(echo, sent, [0, 'ok', 'echo', 'b']);
    expect([verdict, reasons]).toEqual(['violated', ['1 of 1 echoes came back changed.']]);
    expect(explanation).toContain('  process 0 sent "a" at 0.001 s and got "b"');
  });

  it('is bad when one did not come back, unless nodes were down or paused', () => {
    const lost = [0, 'info', 'echo', 'a'] as const;
    expect(judge(echo, sent, lost).verdict).toBe('violated');
    expect(judge(echo, ['nemesis', 'info', 'start-partition', null], sent, lost).verdict).toBe('violated');
    expect(judge(echo, ['nemesis', 'info', 'start-kill', ['n1']], sent, lost).verdict).toBe('good');
  });
});

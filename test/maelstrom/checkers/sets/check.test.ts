import { describe, expect, it } from 'vitest';
import { gSet } from '../../../../maelstrom/workloads/g-set.ts';
import { judge } from '../../workloads/history.ts';
import type { Step } from '../../workloads/history.ts';

const begin = (element: number): Step => [0, 'invoke', 'add', element];
const end = (element: number): Step => [0, 'ok', 'add', element];
const ask: Step = [1, 'invoke', 'read', null];
const see = (...elements: readonly number[]): Step => [1, 'ok', 'read', elements];

const on = (...steps: readonly Step[]) => judge(gSet, ...steps);

/** Each anomaly in the smallest history that shows it, and the nearest history that does not. */
describe('an element of a set', () => {
  it('is lost when it was added and a later read does not bring it, and not when that read overlaps with the add', () => {
    const lost = on(begin(0), end(0), ask, see());
    expect(lost).toMatchObject({ verdict: 'violated', reasons: ['Lost: 1 element was added and then not there: 0.'] });
    expect(lost.explanation.at(-1)).toBe(
      '  0 was lost: its add was acknowledged to process 0 at 0.002 s, no read saw it, and a read of process 1, ' +
        'begun at 0.003 s, did not bring it',
    );
    expect(on(begin(0), ask, end(0), see()).results).toMatchObject({ set: { lost: [], neverRead: [0] } });
  });

  it('is lost when it was seen and then is not, and not when it comes back', () => {
    const open: Step = [0, 'info', 'add', 0];
    expect(on(begin(0), open, ask, see(0), ask, see())).toMatchObject({ verdict: 'violated', results: { set: { lost: [0] } } });
    expect(on(begin(0), open, ask, see(0), ask, see(), ask, see(0))).toMatchObject({ verdict: 'good' });
  });

  it('is stale until the last read that does not bring it, which is no fault', () => {
    const stale = on(begin(0), end(0), ask, see(), ask, see(0));
    expect(stale).toMatchObject({ verdict: 'good', results: { set: { stableCount: 1, stale: [0] } } });
    expect(on(begin(0), end(0), ask, see(0))).toMatchObject({ verdict: 'good', results: { set: { stableCount: 1, stale: [] } } });
  });

  it('is duplicated when one read brings it twice, and not when two reads bring it', () => {
    const duplicated = on(begin(0), end(0), ask, see(0, 0));
    expect(duplicated).toMatchObject({
      verdict: 'violated',
      reasons: ['Duplicated: 1 element was more than once in one read: 0.'],
      results: { set: { duplicated: [[0, 2]] } },
    });
    expect(on(begin(0), end(0), ask, see(0), ask, see(0))).toMatchObject({ verdict: 'good' });
  });

  it('is unexpected when its add had not begun, and not when it had', () => {
    const unexpected = on(ask, see(0), begin(0), end(0), ask, see(0));
    expect(unexpected.reasons).toEqual(['Unexpected: 1 element was read and had not been added: 0.']);
    expect(on(begin(0), ask, see(0), end(0))).toMatchObject({ verdict: 'good' });
  });

  it('was never read when no read came after it was added: nothing is shown then', () => {
    expect(on(begin(0), end(0))).toMatchObject({ verdict: 'undecided', results: { set: { neverRead: [0] } } });
    expect(on(begin(0), end(0), ask, see(0))).toMatchObject({ verdict: 'good', results: { set: { neverRead: [] } } });
  });

  it('has to be in all of the last reads, whichever of them comes last', () => {
    const last = (process: number): Step => [process, 'invoke', 'read', null, true];
    const brings = (process: number, ...elements: readonly number[]): Step => [process, 'ok', 'read', elements];
    const split = on(begin(0), end(0), last(1), last(2), brings(1), brings(2, 0));
    expect(split).toMatchObject({ verdict: 'violated', results: { set: { lost: [0] } } });
    const whole = on(begin(0), end(0), last(1), last(2), brings(1, 0), brings(2, 0));
    expect(whole).toMatchObject({ verdict: 'good' });
  });
});

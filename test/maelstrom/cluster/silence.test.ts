import { describe, expect, it } from 'vitest';
import { silenceMs, SilenceWatch } from '../../../maelstrom/cluster/silence.ts';
import type { Watched } from '../../../maelstrom/cluster/silence.ts';

/** Looks every half second for `untilMs`; `at` says what is so at a time, and asks. */
function watch(untilMs: number, at: (nowMs: number, silence: SilenceWatch) => Partial<Watched> & { isWhole?: boolean }) {
  const reports: string[] = [];
  const silence = new SilenceWatch((nodeId, what) => reports.push(`${nodeId} ${what}`));
  for (let nowMs = 0; nowMs <= untilMs; nowMs += 500) {
    const { isWhole = true, ...node } = at(nowMs, silence);
    silence.look(nowMs, [{ nodeId: 'n1', lineCount: 7, isServing: true, ...node }], isWhole);
  }
  return reports;
}

describe('a node that is asked and writes nothing', () => {
  it('hangs, and is reported once', () => {
    const reports = watch(4 * silenceMs, (_, silence) => {
      silence.asked('n1');
      return {};
    });
    expect(reports).toEqual(['n1 hangs: it was asked 10 times in 5 s and has written nothing to stdout']);
  });

  it.each([
    ['it says something to anybody', (nowMs: number) => ({ lineCount: Math.floor(nowMs / 4000) })],
    ['it is down or paused now and then', (nowMs: number) => ({ isServing: nowMs % 4000 !== 0 })],
    ['the network is cut now and then', (nowMs: number) => ({ isWhole: nowMs % 4000 !== 0 })],
  ])('does not, while %s', (_, node) => {
    const reports = watch(4 * silenceMs, (nowMs, silence) => {
      silence.asked('n1');
      return node(nowMs);
    });
    expect(reports).toEqual([]);
  });

  it('does not at the moment when it is asked, however long nobody had asked it before', () => {
    const reports = watch(4 * silenceMs, (nowMs, silence) => {
      if (nowMs === 4 * silenceMs) for (let time = 0; time < 5; time += 1) silence.asked('n1');
      return {};
    });
    expect(reports).toEqual([]);
  });

  it('does not where nobody asked it', () => {
    expect(watch(4 * silenceMs, () => ({}))).toEqual([]);
  });
});

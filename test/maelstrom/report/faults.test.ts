import { describe, expect, it } from 'vitest';
import type { NemesisEvent } from '../../../maelstrom/history/history.ts';
import { faultSpans } from '../../../maelstrom/report/faults.ts';
import type { Json } from '../../../src/services/json.ts';

function event(atMs: number, f: string, value: Json = null): NemesisEvent {
  return { index: 0, time: atMs * 1e6, process: 'nemesis', type: 'info', f, value };
}

describe('the faults of a run', () => {
  it('last from their beginning to their end, or to the end of the run', () => {
    const events = [
      event(100, 'start-partition', { kind: 'one-alone', cuts: {} }),
      event(300, 'stop-partition'),
      event(500, 'start-partition', { kind: 'halves', cuts: {} }),
    ];
    expect(faultSpans(events, 900)).toEqual([
      { fault: 'partition', what: 'one-alone', fromMs: 100, toMs: 300 },
      { fault: 'partition', what: 'halves', fromMs: 500, toMs: 900 },
    ]);
  });

  it('may overlap, and come in the order in which they began', () => {
    const events = [
      event(100, 'start-kill', ['n1', 'n2']),
      event(200, 'start-pause', ['n3']),
      event(300, 'stop-pause', ['n3']),
      event(400, 'stop-kill', ['n1', 'n2']),
    ];
    expect(faultSpans(events, 900)).toEqual([
      { fault: 'kill', what: 'n1 n2', fromMs: 100, toMs: 400 },
      { fault: 'pause', what: 'n3', fromMs: 200, toMs: 300 },
    ]);
  });

  it('are over for a node that is killed while it is paused, for it runs when it is started again', () => {
    const events = [
      event(100, 'start-pause', ['n1', 'n2']),
      event(200, 'start-kill', ['n2', 'n3']),
      event(300, 'stop-kill', ['n2', 'n3']),
      event(400, 'stop-pause', ['n1', 'n2']),
      event(500, 'start-pause', ['n1']),
      event(600, 'start-kill', ['n1']),
    ];
    expect(faultSpans(events, 900)).toEqual([
      { fault: 'pause', what: 'n1 n2', fromMs: 100, toMs: 200 },
      { fault: 'kill', what: 'n2 n3', fromMs: 200, toMs: 300 },
      { fault: 'pause', what: 'n1', fromMs: 200, toMs: 400 },
      { fault: 'pause', what: 'n1', fromMs: 500, toMs: 600 },
      { fault: 'kill', what: 'n1', fromMs: 600, toMs: 900 },
    ]);
  });

  it('are none where no node was hit', () => {
    expect(faultSpans([event(100, 'start-pause', []), event(200, 'stop-pause', [])], 900)).toEqual([]);
  });

  it('may be of a kind that another program recorded', () => {
    const events = [event(100, 'start-clock', 7), event(200, 'bump'), event(300, 'stop-clock')];
    expect(faultSpans(events, 900)).toEqual([{ fault: 'clock', what: 'unknown', fromMs: 100, toMs: 300 }]);
  });
});

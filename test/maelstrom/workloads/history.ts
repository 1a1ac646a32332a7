import type { HistoryEvent } from '../../../maelstrom/history/history.ts';
import type { Judgement, Workload } from '../../../maelstrom/workloads/workload.ts';
import type { Json } from '../../../src/services/json.ts';

/** What happened at one moment: who, how it began or ended, what was asked, its value, and whether it is asked last. */
export type Step = readonly [
  process: number | 'nemesis',
  type: HistoryEvent['type'],
  f: string,
  value: Json,
  final?: true,
];

/** What a workload says of these steps, a millisecond apart. */
export function judge(workload: Workload, ...steps: readonly Step[]): Judgement {
  const events = steps.map(([process, type, f, value, final], index): HistoryEvent => {
    const event = { index, time: (index + 1) * 1e6, type, f, value };
    if (process === 'nemesis') return { ...event, process };
    return final === undefined ? { ...event, process } : { ...event, process, final };
  });
  return workload.judge(events, { budget: { nowMs: () => 0, timeMs: 1, cacheBytes: 2 ** 20 } });
}

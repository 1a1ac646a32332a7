import { expect, it } from 'vitest';
import { nothingSeen } from '../../../maelstrom/cluster/monitor.ts';
import { EdnReader } from '../../../maelstrom/history/edn/reader.ts';
import type { HistoryEvent } from '../../../maelstrom/history/history.ts';
import { computeFigures } from '../../../maelstrom/report/figures.ts';
import { resultsEdn } from '../../../maelstrom/report/results-edn.ts';
import { kafka } from '../../../maelstrom/workloads/kafka.ts';
import { gSet } from '../../../maelstrom/workloads/g-set.ts';
import type { Workload } from '../../../maelstrom/workloads/workload.ts';
import type { Json } from '../../../src/services/json.ts';

function results(workload: Workload, ...steps: readonly (readonly [type: 'invoke' | 'ok', f: string, value: Json])[]): string {
  const events = steps.map(([type, f, value], index): HistoryEvent => ({ index, time: index * 1e6, process: 0, type, f, value }));
  const figures = computeFigures(events, ['n1'], workload.operations, 1000, { servers: 4, clients: 8, lost: 1 }, nothingSeen);
  const judgement = workload.judge(events, { budget: { nowMs: () => 0, timeMs: 1, cacheBytes: 1 } });
  const verdict = { kind: judgement.verdict, reasons: judgement.reasons };
  const text = resultsEdn({ verdict, judgement, figures, share: { okCount: 3, begunCount: 4 }, availability: 0.8 });
  // It has to be EDN.
  new EdnReader(text).next();
  return text.replaceAll(/\s+/g, ' ');
}

it('has the maps that Maelstrom writes, under the same names', () => {
  const text = results(gSet, ['invoke', 'add', 1], ['ok', 'add', 1], ['invoke', 'read', null], ['ok', 'read', []]);
  expect(text).toContain(':stats {:valid? true, :count 2, :ok-count 2, :fail-count 0, :info-count 0, :by-f {:add {:valid? true, :count 1,');
  expect(text).toContain(':availability {:valid? false, :ok-fraction 0.75}');
  expect(text).toContain(':net {:all {:send-count 12, :recv-count 11, :msg-count 12, :msgs-per-op 6.0},');
  expect(text).toContain(':servers {:send-count 4, :recv-count 3, :msg-count 4, :msgs-per-op 2.0}');
  expect(text).toContain(':workload {:valid? false, :attempt-count 1, :stable-count 0, :lost-count 1, :lost [1], :never-read-count 0,');
  expect(text).toContain(':lost-latencies {0 0, 1 0, 0.5 0, 0.95 0, 0.99 0}');
  expect(text.endsWith(':valid? false} ')).toBe(true);
});

it('names what is wrong by keywords, and says :unknown where nothing is shown', () => {
  const sent = [['invoke', 'send', [['send', 'k', 1]]], ['ok', 'send', [['send', 'k', [0, 1]]]]] as const;
  expect(results(kafka, ...sent)).toContain(':bad-error-types [:unseen], :error-types [:unseen]');
  expect(results(kafka)).toContain(':valid? :unknown} ');
});

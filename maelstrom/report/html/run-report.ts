import type { Latency } from '../../network/network.ts';
import type { Workload } from '../../workloads/workload.ts';
import { buildPageData } from './build-data.ts';
import type { Recorded } from './build-data.ts';
import { reportPage } from './page.ts';
import type { Summary } from './summary.ts';

/** What was run: its nodes, its load and its faults. */
export interface PlannedRun {
  readonly workload: Pick<Workload, 'name' | 'operations'>;
  readonly bin: string;
  readonly nodeArguments: readonly string[];
  readonly nodeIds: readonly string[];
  readonly concurrency: number;
  readonly ratePerSecond: number;
  readonly timeLimitMs: number;
  readonly latency: Latency;
  readonly faults: readonly string[];
  readonly nemesisIntervalMs: number;
  readonly seed: number;
}

/** The report of a run: what `eddy test` leaves as report.html. */
export function runReport(
  planned: PlannedRun,
  recorded: Omit<Recorded, 'nodeIds' | 'concurrency' | 'kinds'>,
  summary: Omit<Summary, 'title' | 'facts' | 'hasCluster'>,
): string {
  const { workload, nodeIds, concurrency } = planned;
  const data = buildPageData({ ...recorded, nodeIds, concurrency, kinds: workload.operations });
  return reportPage({ ...summary, title: runTitle(planned), facts: facts(planned), hasCluster: true }, data);
}

/** What was run, in a line. */
export function runTitle({ workload, nodeIds, concurrency }: PlannedRun): string {
  return `${workload.name}: ${counted(nodeIds.length, 'node')}, ${counted(concurrency, 'client')}`;
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function facts(planned: PlannedRun): readonly (readonly [string, string])[] {
  const { bin, nodeArguments, ratePerSecond, timeLimitMs, latency, faults, nemesisIntervalMs, seed } = planned;
  return [
    ['node', [bin, ...nodeArguments].join(' ')],
    ['rate', `${ratePerSecond} a second`],
    ['time', `${timeLimitMs / 1000} s`],
    ['latency', latency.meanMs === 0 ? 'none' : `${latency.meanMs} ms, ${latency.distribution}`],
    ['nemesis', faults.length === 0 ? 'none' : `${faults.join(', ')}, every ${nemesisIntervalMs / 1000} s`],
    ['seed', String(seed)],
  ];
}

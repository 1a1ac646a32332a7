import type { TestOptions } from '../../commands/test-options.ts';
import { buildPageData } from './build-data.ts';
import type { Recorded } from './build-data.ts';
import { reportPage } from './page.ts';
import type { Summary } from './summary.ts';

/** The report of a run: what `eddy test` leaves as report.html. */
export function runReport(
  options: TestOptions,
  recorded: Omit<Recorded, 'nodeIds' | 'concurrency' | 'kinds'>,
  summary: Omit<Summary, 'title' | 'facts' | 'hasCluster'>,
): string {
  const { workload, nodeIds, concurrency } = options;
  const data = buildPageData({ ...recorded, nodeIds, concurrency, kinds: workload.operations });
  return reportPage({ ...summary, title: runTitle(options), facts: facts(options), hasCluster: true }, data);
}

/** What was run, in a line. */
export function runTitle({ workload, nodeIds, concurrency }: TestOptions): string {
  return `${workload.name}: ${counted(nodeIds.length, 'node')}, ${counted(concurrency, 'client')}`;
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function facts(options: TestOptions): readonly (readonly [string, string])[] {
  const { bin, nodeArguments, ratePerSecond, timeLimitMs, latency, faults, nemesisIntervalMs, seed } = options;
  return [
    ['node', [bin, ...nodeArguments].join(' ')],
    ['rate', `${ratePerSecond} a second`],
    ['time', `${timeLimitMs / 1000} s`],
    ['latency', latency.meanMs === 0 ? 'none' : `${latency.meanMs} ms, ${latency.distribution}`],
    ['nemesis', faults.length === 0 ? 'none' : `${faults.join(', ')}, every ${nemesisIntervalMs / 1000} s`],
    ['seed', String(seed)],
  ];
}

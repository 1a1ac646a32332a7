import { Findings } from '../../cluster/findings.ts';
import type { HistoryEvent } from '../../history/history.ts';
import { nothingSeen } from '../../cluster/monitor.ts';
import { judge } from '../verdict.ts';
import type { Judgement, Workload } from '../../workloads/workload.ts';
import { computeFigures } from '../figures.ts';
import { buildPageData } from './build-data.ts';
import { reportPage } from './page.ts';

const noMessages = { servers: 0, clients: 0, lost: 0 };

/** The report of a history alone: what `eddy check --report` leaves. It knows nothing of nodes and messages. */
export function historyReport(
  name: string,
  events: readonly HistoryEvent[],
  workload: Workload,
  judgement: Judgement,
): string {
  const durationMs = (events.at(-1)?.time ?? 0) / 1e6;
  const used = workload.operations.filter((kind) => events.some(({ f }) => f === kind));
  const figures = computeFigures(events, [], used, durationMs, noMessages, nothingSeen);
  // A history is judged by its values only: other fields may be missing from it.
  const verdict = judge(judgement, new Findings(0), { ...figures, operations: {} });
  const seen = { nodeIds: [], concurrency: 0, statuses: nothingSeen, journal: undefined };
  const data = buildPageData({ events, durationMs, kinds: used, report: judgement.registers, ...seen });
  const { explanation } = judgement;
  const findings = { kept: [], omittedCount: 0 };
  return reportPage({ title: name, facts: [], verdict, figures, hasCluster: false, findings, explanation }, data);
}

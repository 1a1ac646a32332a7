import { withImplied } from '../checkers/transactions/anomalies.ts';
import type { Anomaly } from '../checkers/transactions/anomalies.ts';
import { checkTransactions } from '../checkers/transactions/check.ts';
import type { TransactionReport } from '../checkers/transactions/check.ts';
import { anomalyTitle, explain } from '../checkers/transactions/explain.ts';
import { transactionsOf } from '../checkers/transactions/read-history.ts';
import type { DataType } from '../checkers/transactions/transaction.ts';
import { transactionResults } from '../checkers/transactions/results.ts';
import type { HistoryEvent } from '../history/history.ts';
import type { JudgeOptions, Judgement } from './workload.ts';

/** What a history has to satisfy where nothing else is asked for: as under Maelstrom. */
export const defaultModels: readonly string[] = ['strict-serializable'];

/** Judges a history of transactions on keys of one type. */
export function judgeTransactions(
  events: readonly HistoryEvent[],
  type: DataType,
  models: readonly string[],
  { lineNumberOf }: JudgeOptions,
): Judgement {
  const report = checkTransactions(transactionsOf(events, type, lineNumberOf), models);
  const explanation = explain(report);
  return { ...verdictOf(report), explanation, results: { transactions: transactionResults(report) } };
}

function verdictOf(report: TransactionReport): Pick<Judgement, 'verdict' | 'reasons'> {
  const { violated, undecided, forbidden, models } = report;
  if (violated.length === 0 && undecided.length > 0) {
    const search = 'the order of some writes is open, and the search for one that explains all reads was given up';
    return { verdict: 'undecided', reasons: [`Nothing rules out ${undecided.join(', ')}, but ${search}.`] };
  }
  if (violated.length === 0) {
    return { verdict: 'good', reasons: [`nothing that the clients saw rules out ${models.join(', ')}.`] };
  }
  const what = notImplied(forbidden.map(({ anomaly }) => anomaly)).map((anomaly) => anomalyTitle(anomaly));
  return { verdict: 'violated', reasons: [`Not ${violated.join(', not ')}.`, ...what.map((title) => `${title}.`)] };
}

/** Those that do not follow from another one. */
function notImplied(anomalies: readonly Anomaly[]): readonly Anomaly[] {
  return anomalies.filter((anomaly) => {
    return !anomalies.some((other) => other !== anomaly && withImplied([other]).has(anomaly));
  });
}

import { checkHistory } from '../checkers/register/check.ts';
import type { Report } from '../checkers/register/check.ts';
import { explain } from '../checkers/register/explain.ts';
import { leftOutLines, leftOutOf } from '../checkers/register/left-out.ts';
import type { LeftOut } from '../checkers/register/left-out.ts';
import type { HistoryEvent } from '../history/history.ts';
import { plainText } from '../history/exact.ts';
import { operationsOf } from '../history/operations.ts';
import type { JudgeOptions, Judgement } from './workload.ts';

/** Judges a history of registers: each of them must be linearizable. */
export function judgeRegisters(events: readonly HistoryEvent[], { lineNumberOf, ...options }: JudgeOptions): Judgement {
  const operations = operationsOf(events, lineNumberOf);
  return judgementOf(checkHistory(operations, options), leftOutOf(operations));
}

/** What the checker found, as a judgement. What it does not rest on stands right behind the verdict. */
export function judgementOf(report: Report, leftOut: LeftOut): Judgement {
  const [verdict = '', ...reasons] = explain(report);
  const explanation = [verdict, ...leftOutLines(leftOut), ...reasons];
  const results = { linearizability: { ...linearizabilityResult(report, explanation), leftOut } };
  return { ...verdictOf(report), explanation, results, registers: report };
}

function verdictOf(report: Report): Pick<Judgement, 'verdict' | 'reasons'> {
  switch (report.verdict) {
    case 'linearizable':
      return { verdict: 'good', reasons: ['what the clients saw is linearizable.'] };
    case 'not-linearizable':
      return { verdict: 'violated', reasons: [`Not linearizable: key ${keysOf(report)}.`] };
    case 'unknown':
      return { verdict: 'undecided', reasons: [`The search was given up for key ${keysOf(report)}.`] };
  }
}

/** The first keys that have the verdict of the whole, and how many more there are. */
function keysOf({ verdict, keys }: Report): string {
  const of = keys.filter((key) => key.verdict === verdict);
  const shown = of.slice(0, maxKeys).map(({ key }) => plainText(key));
  const more = of.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const maxKeys = 8;

function linearizabilityResult({ verdict, keys }: Report, explanation: readonly string[]) {
  const shownKeys = keys.map(({ key, verdict: ofKey, operations, configurations }) => {
    return { key, verdict: ofKey, operations: operations.length, configurations };
  });
  return { verdict, explanation, keys: shownKeys };
}

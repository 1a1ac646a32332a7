/**
 * One case of the checker's benchmark: makes a history, judges it, explains what is wrong, and prints what that took as
 * a line of JSON. A process of its own, so that its peak of memory is that of the case. Times are of the processor, so
 * that what else the machine does matters little; those of the collector of garbage and the compiler are in them.
 */
import { checkHistory, defaultBudget } from '../../../maelstrom/checkers/register/check.ts';
import type { Verdict } from '../../../maelstrom/checkers/register/check.ts';
import { explain } from '../../../maelstrom/checkers/register/explain.ts';
import { operationsOf } from '../../../maelstrom/history/operations.ts';
import { corruptions } from '../../maelstrom/checkers/register/corrupt.ts';
import { generate } from '../../maelstrom/checkers/register/generate.ts';

export interface Case {
  readonly operations: number;
  readonly clients: number;
  /** Whether some operations fail, and a tenth of them is never answered. */
  readonly hasFailures: boolean;
  /** How many values there are. With few of them a change may be right by chance, so bad histories have many. */
  readonly values: number;
  /** What is wrong, four fifths into the history. */
  readonly change: 'staleRead' | 'lostWrite' | 'casAppliedTwice' | undefined;
  /** Seconds of the processor for the verdict. */
  readonly budgetSeconds: number;
}

export interface Measured {
  readonly verdict: Verdict;
  readonly judgedSeconds: number;
  readonly explainedSeconds: number;
  /** When the history was there, and at most. */
  readonly historyMib: number;
  readonly peakMib: number;
}

const [text] = process.argv.slice(2);
if (text !== undefined) console.log(JSON.stringify(measure(JSON.parse(text))));

function measure({ operations, clients, hasFailures, values, change, budgetSeconds }: Case): Measured {
  const failures = hasFailures ? { lost: 0.1 } : { lost: 0, casFits: true };
  const good = generate({ seed: 1, clients, operations, keys: 1, values, ...failures });
  const history = operationsOf(change === undefined ? good : corruptions[change](good, 0.8));
  const historyMib = process.memoryUsage().rss / 2 ** 20;
  const startMs = processorMs();
  const budget = { nowMs: processorMs, timeMs: 1000 * budgetSeconds, cacheBytes: defaultBudget.cacheBytes };
  const report = checkHistory(history, { budget });
  const judgedMs = processorMs();
  explain(report);
  return {
    verdict: report.verdict,
    judgedSeconds: (judgedMs - startMs) / 1000,
    explainedSeconds: (processorMs() - judgedMs) / 1000,
    historyMib,
    peakMib: process.resourceUsage().maxRSS / 1024,
  };
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

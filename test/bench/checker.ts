/**
 * How long the checker takes, and how much memory: `npm run bench:checker` judges histories of 10^3 to 10^5 operations
 * on one key, `npm run bench:checker -- 1000000` up to as many as that. Each row is a process of its own. Good
 * histories are made by a register; the others have one thing wrong in them, late: a read that saw the value that was
 * current shortly before, a write that was seen but is said to have failed, a cas that succeeded once more for
 * somebody else. `lost` is the share of operations whose outcome the client never learned. With 5 values a change may
 * be right by chance, so the bad ones have hardly a value twice.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { checkHistory, defaultBudget } from '../../maelstrom/checker/check.ts';
import { explain } from '../../maelstrom/checker/explain.ts';
import type { HistoryEvent } from '../../maelstrom/history.ts';
import { operationsOf } from '../../maelstrom/operations.ts';
import { corruptions } from '../maelstrom/checker/corrupt.ts';
import { generate } from '../maelstrom/checker/generate.ts';

type Change = 'none' | 'staleRead' | 'lostWrite' | 'casAppliedTwice';

interface Row {
  readonly operations: number;
  readonly clients: number;
  readonly lost: number;
  readonly values: number;
  readonly change: Change;
}

const many = 1e9;
const widths = [11, 8, 6, 7, 16, 18, 10, 11, 11, 11];

const [first = '100000', row] = process.argv.slice(2);
if (row === undefined) {
  print(['operations', 'clients', 'lost', 'values', 'change', 'verdict', 'judged', 'explained', 'history', 'peak']);
  for (const each of rows(Number(first))) {
    const script = fileURLToPath(import.meta.url);
    const args = [...process.execArgv, script, 'row', JSON.stringify(each)];
    const { status, signal } = spawnSync(process.execPath, args, { stdio: 'inherit' });
    if (status !== 0) {
      console.log(`no result for ${JSON.stringify(each)}: ${signal ?? `exit code ${status}`}`);
      process.exitCode = 1;
    }
  }
} else {
  judge(JSON.parse(row));
}

function* rows(most: number): Generator<Row> {
  for (let operations = 1_000; operations <= most; operations *= 10) {
    for (const clients of [5, 20, 100]) {
      for (const lost of [0, 0.1]) {
        yield { operations, clients, lost, values: 5, change: 'none' };
        for (const change of ['none', 'staleRead', 'lostWrite', 'casAppliedTwice'] as const) {
          yield { operations, clients, lost, values: many, change };
        }
      }
    }
  }
}

function judge({ operations, clients, lost, values, change }: Row): void {
  const events = changed(generate({ seed: 1, clients, operations, keys: 1, values, lost }), change);
  const history = operationsOf(events);
  const historyMb = process.memoryUsage().rss / 2 ** 20;
  const startMs = performance.now();
  const report = checkHistory(history, { budget: { nowMs: () => performance.now(), ...defaultBudget } });
  const judgedMs = performance.now() - startMs;
  explain(report);
  const explainedMs = performance.now() - startMs - judgedMs;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const shown = values === many ? 'many' : values;
  const times = [judgedMs, explainedMs].map((ms) => `${ms.toFixed(0)} ms`);
  const memory = [historyMb, peakMb].map((mb) => `${mb.toFixed(0)} MB`);
  print([operations, clients, lost, shown, change, report.verdict, ...times, ...memory]);
}

function changed(events: readonly HistoryEvent[], change: Change): readonly HistoryEvent[] {
  return change === 'none' ? events : corruptions[change](events, 0.8);
}

function print(cells: readonly (string | number)[]): void {
  console.log(cells.map((cell, place) => String(cell).padStart(widths[place] ?? 0)).join(''));
}

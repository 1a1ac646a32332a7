/**
 * How long the checker takes, and how much memory. `npm run bench:checker` judges histories of 10^3 to 10^6 operations
 * on one key in a few minutes; `-- --quick` stops at 10^4, and `-- --budget 60` allows a verdict more seconds.
 *
 * Good histories are made by a register. The bad ones have one thing wrong in them, late: a read that saw the value that
 * was current shortly before, a write that was seen but is said to have failed, a cas that succeeded once more for
 * somebody else.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Case, Measured } from './case.ts';

const few = 5;
const many = 1e9;
/** The columns: what makes a history good or bad. */
const kinds = [
  { name: 'good, 5 values', values: few, change: undefined },
  { name: 'good', values: many, change: undefined },
  { name: 'stale read', values: many, change: 'staleRead' },
  { name: 'lost write', values: many, change: 'lostWrite' },
  { name: 'cas twice', values: many, change: 'casAppliedTwice' },
] as const;
type Kind = (typeof kinds)[number];

/** The rows. The largest take long to make, so not all of them are. */
interface Row extends Pick<Case, 'operations' | 'clients' | 'hasFailures'> {
  readonly kinds: readonly Kind['name'][];
}

const { values: flags } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, budget: { type: 'string', default: '30' } },
});
const all = kinds.map(({ name }) => name);
const smaller = (flags.quick ? [1e3, 1e4] : [1e3, 1e4, 1e5]).flatMap((operations) =>
  [5, 20, 100].flatMap((clients) =>
    [false, true].map((hasFailures): Row => ({ operations, clients, hasFailures, kinds: all })),
  ),
);
const largest: Row = { operations: 1e6, clients: 100, hasFailures: true, kinds: ['good', 'stale read'] };
const rows = flags.quick ? smaller : [...smaller, { ...largest, clients: 5, hasFailures: false }, largest];

const startMs = performance.now();
const pending = rows.flatMap((row) => row.kinds.map((kind) => ({ row, kind })));
const measured = new Map<Row, Map<Kind['name'], Measured | undefined>>();
let shown = 0;
print('operations', 'clients', 'fail, info', all, 'explained', 'MiB', 'of these history', 'as expected');
await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, work));
console.log(`processor seconds until the verdict; ${((performance.now() - startMs) / 1000).toFixed(0)} s in all`);

/** Takes what is next until nothing is left, and shows rows that are complete, in their order. */
async function work(): Promise<void> {
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const { row, kind } = next;
    const cells = measured.get(row) ?? new Map<Kind['name'], Measured | undefined>();
    measured.set(row, cells);
    cells.set(kind, await measure(row, kind));
    for (let row = rows[shown]; row !== undefined && measured.get(row)?.size === row.kinds.length; row = rows[shown]) {
      show(row, measured.get(row) ?? new Map());
      shown += 1;
    }
  }
}

/** Undefined where the process did not come to an end that makes sense. */
async function measure({ operations, clients, hasFailures }: Row, name: Kind['name']): Promise<Measured | undefined> {
  const kind = kinds.find((each) => each.name === name);
  const of = { operations, clients, hasFailures, values: kind?.values, change: kind?.change };
  const script = fileURLToPath(new URL('case.ts', import.meta.url));
  const given = JSON.stringify({ ...of, budgetSeconds: Number(flags.budget) });
  const child = spawn(process.execPath, [...process.execArgv, script, given], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const line = await text(child.stdout);
  const [code] = await ended;
  return code === 0 ? JSON.parse(line) : undefined;
}

function show({ operations, clients, hasFailures }: Row, cells: ReadonlyMap<Kind['name'], Measured | undefined>): void {
  const results = [...cells.values()];
  const times = kinds.map(({ name }) => (cells.has(name) ? cellOf(cells.get(name)) : '-'));
  const most = (of: (result: Measured) => number): number => Math.max(...results.map((each) => (each ? of(each) : 0)));
  const right = kinds.filter(({ name, change }) => {
    return cells.get(name)?.verdict === (change === undefined ? 'linearizable' : 'not-linearizable');
  });
  if (right.length < results.length) process.exitCode = 1;
  const memory = [most(({ peakMib }) => peakMib), most(({ historyMib }) => historyMib)].map((mib) => mib.toFixed(0));
  const explained = most(({ explainedSeconds }) => explainedSeconds).toFixed(2);
  const [peak = '', history = ''] = memory;
  const asExpected = `${right.length} of ${results.length}`;
  print(operations.toLocaleString('en'), String(clients), hasFailures ? 'yes' : 'no', times, explained, peak, history, asExpected);
}

/** The seconds; a question mark is behind those that led to no verdict. */
function cellOf(result: Measured | undefined): string {
  if (result === undefined) return 'failed';
  return `${result.judgedSeconds.toFixed(2)}${result.verdict === 'unknown' ? ' ?' : ''}`;
}

function print(operations: string, clients: string, failures: string, times: readonly string[], ...rest: readonly string[]): void {
  const [explained = '', peak = '', history = '', asExpected = ''] = rest;
  const wide = times.map((time, place) => time.padStart((all[place] ?? '').length + 2)).join('');
  const tail = explained.padStart(11) + peak.padStart(7) + history.padStart(18) + asExpected.padStart(13);
  console.log(operations.padStart(10) + clients.padStart(9) + failures.padStart(12) + wide + tail);
}

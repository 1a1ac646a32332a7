import { isJson } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import { defaultBudget } from '../checkers/register/check.ts';
import { parseExactly } from '../history/exact.ts';
import { workloads } from '../workloads/all.ts';
import type { Settings, Workload } from '../workloads/workload.ts';
import { oneOf, positive, readArguments, UsageError } from './flags.ts';
import type { Flag } from './flags.ts';
import { consistencyModelsFlag, parseSettings } from './settings.ts';

/** The options of `eddy check`. */
export interface CheckOptions {
  /** Histories, and directories that hold histories. There is at least one. */
  readonly paths: readonly string[];
  /** Where to write a report for the browser; undefined: there is none. */
  readonly reportFile: string | undefined;
  /** What every register holds at first; undefined: nothing. */
  readonly initial: Json | undefined;
  /** The workload of the histories; undefined: it is found from the operations of each. */
  readonly workload: Workload | undefined;
  /** What histories of transactions have to satisfy, as far as it was given. */
  readonly settings: Settings;
  /** How long the search for one history may take, in milliseconds of processor time. */
  readonly timeMs: number;
  /** How much memory it may take beside the history, in bytes. */
  readonly cacheBytes: number;
}

const names = workloads.map(({ name }) => name);

/** The help text is made from this table. */
export const checkFlags: readonly Flag[] = [
  { name: 'report', value: 'FILE', help: 'write a page for the browser to FILE: throughput, latencies, and the operations on each key' },
  { name: 'initial', value: 'JSON', help: 'what every register holds at first, such as 0 or \'"a"\' (default null: nothing)' },
  { name: 'workload', value: 'NAME', help: `the workload of the history: ${names.join(', ')} (default: found from its operations)` },
  consistencyModelsFlag,
  { name: 'time-limit', value: 'SECONDS', help: 'processor time for the search in one history (default 60)' },
  { name: 'memory', value: 'MIB', help: 'memory for the search, not counting the history (default 512)' },
];

/** Reads the arguments after `eddy check`. Throws a `UsageError`. */
export function parseCheckOptions(argv: readonly string[]): CheckOptions {
  const { flags, others } = readArguments('check', checkFlags, argv);
  if (others.length === 0) throw new UsageError('it takes a history, as in: eddy check store/latest/history.jsonl');
  const reportFile = flags.get('report');
  if (reportFile !== undefined && others.length > 1) throw new UsageError('--report is for one history');
  const [initial, name] = [flags.get('initial'), flags.get('workload')];
  const chosen = name === undefined ? undefined : oneOf('workload', names, name);
  const [seconds, mebibytes] = [flags.get('time-limit'), flags.get('memory')];
  return {
    paths: others,
    reportFile,
    initial: initial === undefined ? undefined : parseInitial(initial),
    workload: workloads.find((workload) => workload.name === chosen),
    settings: parseSettings(flags),
    timeMs: seconds === undefined ? defaultBudget.timeMs : 1000 * positive('time-limit', seconds),
    cacheBytes: mebibytes === undefined ? defaultBudget.cacheBytes : 2 ** 20 * positive('memory', mebibytes),
  };
}

function parseInitial(text: string): Json {
  try {
    const value: unknown = parseExactly(text);
    if (isJson(value)) return value;
  } catch {
    // Told below.
  }
  throw new UsageError(`--initial is JSON, as in --initial 0 or --initial '"a"', not ${JSON.stringify(text)}`);
}

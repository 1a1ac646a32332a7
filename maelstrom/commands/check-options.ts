import { isJson } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import { defaultBudget } from '../checkers/register/check.ts';
import { parseExactly } from '../history/exact.ts';
import { workloads } from '../workloads/all.ts';
import type { Settings, Workload } from '../workloads/workload.ts';
import { oneOf, positive, readArguments, UsageError } from './flags.ts';
import type { Flag } from './flags.ts';
import { consistencyModelsFlag, parseSettings } from './settings.ts';

/** Everything that `eddy check` can be told. */
export interface CheckOptions {
  /** Histories, and directories that hold some. There is at least one. */
  readonly paths: readonly string[];
  /** Where to leave a report for the browser, if anywhere. */
  readonly reportFile: string | undefined;
  /** What every register holds at first; undefined where that was not said, and it is nothing. */
  readonly initial: Json | undefined;
  /** What the histories are of; undefined where each is to tell by its operations. */
  readonly workload: Workload | undefined;
  /** What histories of transactions have to satisfy, where that was said. */
  readonly settings: Settings;
  /** How long the search for one history may take, in milliseconds of processor time. */
  readonly timeMs: number;
  /** How much memory it may take beside the history, in bytes. */
  readonly cacheBytes: number;
}

const names = workloads.map(({ name }) => name);

/** The help text is made from this table. */
export const checkFlags: readonly Flag[] = [
  { name: 'report', value: 'FILE', help: 'leave a page for the browser: throughput, latencies, each key with its order' },
  { name: 'initial', value: 'JSON', help: 'what every register holds at first, as in 0 or \'"a"\' (default null: nothing)' },
  { name: 'workload', value: 'NAME', help: `what it is a history of: ${names.join(', ')} (default: seen from it)` },
  consistencyModelsFlag,
  { name: 'time-limit', value: 'SECONDS', help: 'processor time to search for one history (default 60)' },
  { name: 'memory', value: 'MIB', help: 'memory to search with, beside the history (default 512)' },
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

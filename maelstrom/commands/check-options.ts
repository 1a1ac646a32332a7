import { isJson } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import { parseExactly } from '../history/exact.ts';
import { readArguments, UsageError } from './flags.ts';
import type { Flag } from './flags.ts';

/** Everything that `eddy check` can be told. */
export interface CheckOptions {
  /** The history. */
  readonly file: string;
  /** Where to leave a report for the browser, if anywhere. */
  readonly reportFile: string | undefined;
  /** What every register holds at first; undefined where that was not said, and it is nothing. */
  readonly initial: Json | undefined;
}

/** The help text is made from this table. */
export const checkFlags: readonly Flag[] = [
  { name: 'report', value: 'FILE', help: 'leave a page for the browser: throughput, latencies, each key with its order' },
  { name: 'initial', value: 'JSON', help: 'what every register holds at first, as in 0 or \'"a"\' (default null: nothing)' },
];

/** Reads the arguments after `eddy check`. Throws a `UsageError`. */
export function parseCheckOptions(argv: readonly string[]): CheckOptions {
  const { flags, others } = readArguments('check', checkFlags, argv);
  const [file, ...more] = others;
  if (file === undefined || more.length > 0) {
    throw new UsageError('it takes one history, as in: eddy check store/latest/history.jsonl');
  }
  const initial = flags.get('initial');
  return { file, reportFile: flags.get('report'), initial: initial === undefined ? undefined : parseInitial(initial) };
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

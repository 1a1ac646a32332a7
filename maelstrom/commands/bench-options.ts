import { number, positive, readFlags, UsageError, wholeNumber } from './flags.ts';
import type { Flag } from './flags.ts';
import { maxConcurrency, maxNodes } from './test-options.ts';

/** A node that is measured. */
export interface Contestant {
  /** The executable, as given. */
  readonly bin: string;
  /** As given: `{data}` in them stands for a directory that is fresh for every cluster. */
  readonly nodeArguments: readonly string[];
}

/** The options of `eddy bench`. */
export interface BenchOptions {
  readonly bin: Contestant;
  readonly versus: Contestant | undefined;
  readonly nodeCounts: readonly number[];
  readonly clientCounts: readonly number[];
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly readShare: number;
  readonly keyCount: number;
  readonly valueBytes: number;
  readonly latencyMs: number;
  readonly measuresCeiling: boolean;
  readonly jsonFile: string | undefined;
  readonly seed: number;
}

/** The help text is made from this table. */
export const benchFlags: readonly Flag[] = [
  { name: 'bin', value: 'FILE', help: 'the executable of the node to measure (required)' },
  { name: 'vs', value: 'FILE', help: 'the executable of another node, measured in turn with the first' },
  { name: 'clients', value: 'LIST', help: 'how many clients; one measurement for each number (default 1,8,64,512)' },
  { name: 'node-count', value: 'LIST', help: 'how many nodes; one measurement for each number (default 3)' },
  { name: 'rounds', value: 'N', help: 'how often each measurement is made; the median counts (default 5)' },
  { name: 'time-limit', value: 'S', help: 'seconds that a measurement lasts (default 2)' },
  { name: 'warm-up', value: 'S', help: 'seconds of load before the measurements, with 64 clients or more (default 3)' },
  { name: 'read-share', value: 'P', help: 'the share of reads, from 0 to 1; the others are writes (default 0.5)' },
  { name: 'value-bytes', value: 'N', help: 'length of the strings that clients write (default 8)' },
  { name: 'keys', value: 'N', help: 'how many keys clients read and write (default 100)' },
  { name: 'latency', value: 'MS', help: 'latency of messages between nodes, in milliseconds: constant, and up to 1 ms more (default 0)' },
  { name: 'no-ceiling', help: 'do not measure the ceiling (explained below)' },
  { name: 'json', value: 'FILE', help: 'write every measurement of every round to FILE' },
  { name: 'seed', value: 'N', help: 'repeat the operations of an earlier run (default: another seed in each run)' },
];

const maxRounds = 1000;
const maxKeys = 1_000_000;
/** A command is at most 1 MiB. The rest is for what a command holds beside its value. */
const maxValueBytes = 1_000_000;
/** What all clients write at once is in memory several times. 64 MiB leaves room for that. */
const maxBytesAtOnce = 64 * 1024 * 1024;

/** Reads the arguments after `eddy bench`. Throws a `UsageError`. */
export function parseBenchOptions(argv: readonly string[], drawSeed: () => number): BenchOptions {
  const [own, ofBin, ofVersus] = splitAtDashes(argv);
  const flags = readFlags('bench', benchFlags, own);
  const text = (name: string, otherwise: string): string => flags.get(name) ?? otherwise;
  const bin = flags.get('bin');
  if (bin === undefined) throw new UsageError('--bin is missing: name your node\'s executable, as in --bin ./node.py');
  const versus = flags.get('vs');
  if (versus === undefined && ofVersus.length > 0) {
    throw new UsageError('arguments after a second -- are for the node of --vs, which is missing');
  }
  const options = {
    bin: { bin, nodeArguments: ofBin },
    versus: versus === undefined ? undefined : { bin: versus, nodeArguments: ofVersus },
    nodeCounts: wholeNumbers('node-count', text('node-count', '3'), maxNodes),
    clientCounts: wholeNumbers('clients', text('clients', '1,8,64,512'), maxConcurrency),
    rounds: wholeNumber('rounds', text('rounds', '5'), 1, maxRounds),
    warmUpMs: 1000 * number('warm-up', text('warm-up', '3')),
    measureMs: 1000 * positive('time-limit', text('time-limit', '2')),
    readShare: share('read-share', text('read-share', '0.5')),
    keyCount: wholeNumber('keys', text('keys', '100'), 1, maxKeys),
    valueBytes: wholeNumber('value-bytes', text('value-bytes', '8'), 0, maxValueBytes),
    latencyMs: number('latency', text('latency', '0')),
    measuresCeiling: !flags.has('no-ceiling'),
    jsonFile: flags.get('json'),
    seed: wholeNumber('seed', text('seed', String(drawSeed())), 0, 2 ** 32 - 1),
  };
  const bytesAtOnce = Math.max(...options.clientCounts) * options.valueBytes;
  if (bytesAtOnce <= maxBytesAtOnce) return options;
  throw new UsageError(`--clients times --value-bytes is ${bytesAtOnce}; ${maxBytesAtOnce} is the most`);
}

/** Our own flags, what comes after the first `--`, and what comes after the second. */
function splitAtDashes(argv: readonly string[]): readonly [readonly string[], readonly string[], readonly string[]] {
  const first = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const second = argv.includes('--', first + 1) ? argv.indexOf('--', first + 1) : argv.length;
  return [argv.slice(0, first), argv.slice(first + 1, second), argv.slice(second + 1)];
}

function wholeNumbers(name: string, text: string, max: number): readonly number[] {
  return text.split(',').map((part) => wholeNumber(name, part.trim(), 1, max));
}

function share(name: string, text: string): number {
  const parsed = number(name, text);
  if (parsed <= 1) return parsed;
  throw new UsageError(`--${name} is a number from 0 to 1, not ${text}`);
}

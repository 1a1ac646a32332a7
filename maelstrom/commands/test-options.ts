import { faultNames, longestWait } from '../faults/nemesis.ts';
import type { FaultName } from '../faults/nemesis.ts';
import { isClientId } from '../network/client-names.ts';
import { isServiceName } from '../services/names.ts';
import { latencyDistributions } from '../network/network.ts';
import type { Availability } from '../report/availability.ts';
import type { TestOptions } from '../session/options.ts';
import { workloads } from '../workloads/all.ts';
import { topologies } from '../workloads/topology.ts';
import type { Workload } from '../workloads/workload.ts';
import { number, oneOf, positive, readFlags, UsageError, wholeNumber } from './flags.ts';
import type { Flag } from './flags.ts';
import { configured, parseSettings, settingsFlags } from './settings.ts';

/** Named as in Maelstrom, where Maelstrom has them. The help text is made from this table. */
export const testFlags: readonly Flag[] = [
  { name: 'bin', value: 'FILE', help: 'the executable of the node under test (required)' },
  { name: 'workload', short: 'w', value: 'NAME', help: `what clients do (default lin-kv): ${workloads.map(({ name }) => name).join(', ')}` },
  { name: 'node-count', value: 'N', help: 'start N nodes, named n0, n1, ... (default: five, n1 to n5)' },
  { name: 'nodes', value: 'A,B,...', help: 'start nodes of these names, where no number is given' },
  { name: 'concurrency', value: 'N', help: 'client threads; 4n is four for each node; a multiple of 2n (default 2n)' },
  { name: 'rate', value: 'HZ', help: 'operations begun a second, all threads together, on average (default 100)' },
  { name: 'time-limit', value: 'S', help: 'seconds during which clients ask (default 10)' },
  { name: 'latency', value: 'MS', help: 'mean latency of messages between nodes, not those of clients (default 0)' },
  { name: 'latency-dist', value: 'KIND', help: 'constant, uniform or exponential (default constant)' },
  { name: 'nemesis', value: 'FAULTS', help: 'what goes wrong: any of partition,kill,pause,services (default nothing)' },
  { name: 'nemesis-interval', value: 'S', help: 'seconds, on average, that a fault lasts and is away (default 2)' },
  { name: 'topology', value: 'SHAPE', help: 'broadcast: grid, line, total, tree, tree2, tree3 or tree4 (default grid)' },
  ...settingsFlags,
  { name: 'recovery-time', value: 'S', help: 'seconds from the end until clients ask their last questions (default 10)' },
  { name: 'test-count', value: 'N', help: 'run N times, with a seed one higher each time, until one is not good' },
  { name: 'availability', value: 'SHARE', help: 'what has to succeed: total (all), or a share of the operations, as in 0.95' },
  { name: 'log-net-send', help: 'show every message when it is sent; messages.jsonl has them in any case' },
  { name: 'log-net-recv', help: 'show every message when it arrives' },
  { name: 'log-stderr', help: 'show what nodes write to stderr; it is kept in the store in any case' },
  { name: 'seed', value: 'N', help: 'repeats the choices of an earlier run: operations, delays, faults' },
];

const defaultNodeIds = ['n1', 'n2', 'n3', 'n4', 'n5'];
export const maxNodes = 100;
export const maxConcurrency = 10_000;
const maxTestCount = 1_000_000;

/** Reads the arguments after `eddy test`. Throws a `UsageError`. */
export function parseTestOptions(argv: readonly string[], drawSeed: () => number): TestOptions {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const flags = readFlags('test', testFlags, argv.slice(0, end));
  const bin = flags.get('bin');
  if (bin === undefined) throw new UsageError('--bin is missing: name your node\'s executable, as in --bin ./node.py');
  const settings = parseSettings(flags);
  const workload = configured(parseWorkload(flags.get('workload') ?? 'lin-kv'), settings);
  const nodeIds = parseNodeIds(flags.get('node-count'), flags.get('nodes'));
  const options = {
    workload,
    settings,
    bin,
    nodeArguments: argv.slice(end + 1),
    nodeIds,
    concurrency: parseConcurrency(flags.get('concurrency') ?? '2n', nodeIds.length, workload),
    ratePerSecond: positive('rate', flags.get('rate') ?? '100'),
    timeLimitMs: 1000 * positive('time-limit', flags.get('time-limit') ?? '10'),
    latency: {
      meanMs: number('latency', flags.get('latency') ?? '0'),
      distribution: oneOf('latency-dist', latencyDistributions, flags.get('latency-dist') ?? 'constant'),
    },
    faults: parseFaults(flags.get('nemesis')),
    nemesisIntervalMs: 1000 * positive('nemesis-interval', flags.get('nemesis-interval') ?? '2'),
    recoveryMs: 1000 * number('recovery-time', flags.get('recovery-time') ?? '10'),
    logStderr: flags.has('log-stderr'),
    logNetSend: flags.has('log-net-send'),
    logNetRecv: flags.has('log-net-recv'),
    availability: parseAvailability(flags.get('availability')),
    seed: wholeNumber('seed', flags.get('seed') ?? String(drawSeed()), 0, 2 ** 32 - 1),
    testCount: wholeNumber('test-count', flags.get('test-count') ?? '1', 1, maxTestCount),
    topology: oneOf('topology', topologies, flags.get('topology') ?? 'grid'),
  };
  checkFaultsHaveTime(options);
  return options;
}

function parseWorkload(text: string): Workload {
  const workload = workloads.find(({ name }) => name === text);
  if (workload !== undefined) return workload;
  const names = workloads.map(({ name }) => name).join(', ');
  throw new UsageError(`there is no workload ${JSON.stringify(text)}; there is ${names}`);
}

function parseAvailability(text: string | undefined): Availability | undefined {
  if (text === undefined || text === 'total') return text;
  const share = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : Infinity;
  if (share <= 1) return share;
  throw new UsageError(`--availability is total or a number from 0 to 1, not ${JSON.stringify(text)}`);
}

/** As Maelstrom names them: from n0 where a number is asked for, else as they are given, else n1 to n5. */
function parseNodeIds(count: string | undefined, names: string | undefined): readonly string[] {
  if (count !== undefined) {
    return Array.from({ length: wholeNumber('node-count', count, 1, maxNodes) }, (_, index) => `n${index}`);
  }
  return names === undefined ? defaultNodeIds : parseNames(names);
}

/** A name is part of the name of a file, and must not be one that a client has. */
function parseNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
      throw new UsageError(`--nodes takes names of letters, digits, ., - and _, as in a,b,c, not ${JSON.stringify(name)}`);
    }
    if (isClientId(name)) throw new UsageError(`--nodes: ${name} is the name of a client; call the node otherwise`);
    if (isServiceName(name)) throw new UsageError(`--nodes: ${name} is the name of a service; call the node otherwise`);
  }
  if (new Set(names).size < names.length) throw new UsageError('--nodes names a node twice');
  if (names.length > maxNodes) throw new UsageError(`--nodes names ${names.length} nodes; ${maxNodes} is the most`);
  return names;
}

function parseConcurrency(text: string, nodeCount: number, workload: Workload): number {
  const match = /^([0-9]+)(n?)$/.exec(text);
  if (match === null) {
    throw new UsageError(`--concurrency is a whole number, or one followed by n, not ${JSON.stringify(text)}`);
  }
  const concurrency = Number(match[1]) * (match[2] === 'n' ? nodeCount : 1);
  const group = workload.threadsPerGroup(nodeCount);
  if (concurrency > maxConcurrency) {
    throw new UsageError(`--concurrency ${text} is ${concurrency} threads; ${maxConcurrency} is the most`);
  }
  if (concurrency > 0 && concurrency % group === 0) return concurrency;
  const below = Math.floor(concurrency / group) * group;
  const right = below === 0 ? `${group}` : `${below} or ${below + group}`;
  throw new UsageError(
    `--concurrency ${text} is ${concurrency} threads on ${nodeCount} nodes; ` +
      `${workload.name} needs a multiple of ${group}, because that many threads share a key: ${right}`,
  );
}

function parseFaults(text: string | undefined): readonly FaultName[] {
  if (text === undefined) return [];
  const names = new Set(text.split(',').map((name) => name.trim()));
  return [...names].map((name) => {
    const fault = faultNames.find((known) => known === name);
    if (fault !== undefined) return fault;
    throw new UsageError(`--nemesis cannot do ${JSON.stringify(name)}; it can do ${faultNames.join(', ')}`);
  });
}

/** A run in which the nemesis never gets its turn would look like one that was survived. */
function checkFaultsHaveTime({ faults: chosen, nemesisIntervalMs, timeLimitMs }: TestOptions): void {
  if (chosen.length === 0 || longestWait * nemesisIntervalMs < timeLimitMs) return;
  const seconds = `--nemesis-interval ${nemesisIntervalMs / 1000} with --time-limit ${timeLimitMs / 1000}`;
  throw new UsageError(`${seconds}: a fault may come after ${longestWait} intervals only, so nothing might go wrong`);
}

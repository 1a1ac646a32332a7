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

const workloadNames = workloads.map(({ name }) => name).join(', ');

/** Named as in Maelstrom, where Maelstrom has them. The help text is made from this table. */
export const testFlags: readonly Flag[] = [
  { name: 'bin', value: 'FILE', help: 'the executable of the node under test (required)' },
  { name: 'workload', short: 'w', value: 'NAME', help: `what clients do (default lin-kv): ${workloadNames}` },
  { name: 'node-count', value: 'N', help: 'start N nodes, named n0, n1, ... (default: five, n1 to n5)' },
  { name: 'nodes', value: 'A,B,...', help: 'start nodes with these names; ignored with --node-count' },
  { name: 'concurrency', value: 'N', help: 'client threads; 4n means four for each node; lin-kv needs a multiple of 2n (default 2n)' },
  { name: 'rate', value: 'HZ', help: 'operations begun each second, by all threads together, on average (default 100)' },
  { name: 'time-limit', value: 'S', help: 'for how many seconds clients begin operations (default 10)' },
  { name: 'latency', value: 'MS', help: 'mean latency of messages between nodes, in milliseconds; messages of clients have none (default 0)' },
  { name: 'latency-dist', value: 'KIND', help: 'constant, uniform or exponential (default constant)' },
  { name: 'nemesis', value: 'FAULTS', help: 'which faults occur, separated by commas: partition, kill, pause, services (default none)' },
  { name: 'nemesis-interval', value: 'S', help: 'mean seconds between faults, and mean length of a fault (default 2)' },
  { name: 'topology', value: 'SHAPE', help: 'broadcast: grid, line, total, tree, tree2, tree3 or tree4 (default grid)' },
  ...settingsFlags,
  { name: 'recovery-time', value: 'S', help: 'seconds between the end of the load and the last reads (default 10)' },
  { name: 'test-count', value: 'N', help: 'run up to N times, each with the next seed; stop at the first run that is not good (default 1)' },
  { name: 'availability', value: 'SHARE', help: 'how many operations must succeed: total (all of them), or a share such as 0.95' },
  { name: 'log-net-send', help: 'show every message when it is sent; messages.jsonl has them in any case' },
  { name: 'log-net-recv', help: 'show every message when it arrives' },
  { name: 'log-stderr', help: 'show what nodes write to stderr; node-logs/ has it in any case' },
  { name: 'seed', value: 'N', help: 'repeat the choices of an earlier run: operations, delays, faults (default: another seed in each run)' },
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
  throw new UsageError(`there is no workload ${JSON.stringify(text)}; there is ${workloadNames}`);
}

function parseAvailability(text: string | undefined): Availability | undefined {
  if (text === undefined || text === 'total') return text;
  const share = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : Infinity;
  if (share <= 1) return share;
  throw new UsageError(`--availability is total or a number from 0 to 1, not ${JSON.stringify(text)}`);
}

/** Named as in Maelstrom: from n0 with `--node-count`, else as in `--nodes`, else n1 to n5. */
function parseNodeIds(count: string | undefined, names: string | undefined): readonly string[] {
  if (count !== undefined) {
    return Array.from({ length: wholeNumber('node-count', count, 1, maxNodes) }, (_, index) => `n${index}`);
  }
  return names === undefined ? defaultNodeIds : parseNames(names);
}

/** A node's name becomes part of a file name. It must differ from the names of clients and services. */
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

/** Refuses a run that may end before its first fault: it would look as if the cluster had survived faults. */
function checkFaultsHaveTime({ faults: chosen, nemesisIntervalMs, timeLimitMs }: TestOptions): void {
  if (chosen.length === 0 || longestWait * nemesisIntervalMs < timeLimitMs) return;
  const seconds = `--nemesis-interval ${nemesisIntervalMs / 1000} with --time-limit ${timeLimitMs / 1000}`;
  throw new UsageError(`${seconds}: a fault may come after ${longestWait} intervals only, so nothing might go wrong`);
}

import { parseArgs } from 'node:util';
import { closestOf } from './closest.ts';
import { defaultRaftConfig } from '../raft/config.ts';
import type { RaftConfig } from '../raft/config.ts';
import { defaultSnapshotPolicy } from '../member/snapshots.ts';
import type { SnapshotPolicy } from '../member/snapshots.ts';
import { serviceNamed, serviceNames, services } from '../services/all.ts';
import type { Service } from '../services/service.ts';

/** What can be set on a node's command line. */
export interface Options {
  /** Whether it joins a cluster that runs already. */
  readonly joins: boolean;
  readonly electionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly service: Service;
  readonly maxPending: number;
  readonly seed: number | undefined;
  /** Each node of a cluster has a directory of its own in it. Undefined: the node keeps everything in memory. */
  readonly dataDirectory: string | undefined;
  readonly diskReserveBytes: number;
  readonly snapshots: SnapshotPolicy;
  readonly readMode: RaftConfig['readMode'];
}

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly why: string };

const defaultElectionTimeoutMs = 500;
const defaultHeartbeatMs = 150;
const defaultMaxPending = 16_384;
const defaultDiskReserveBytes = 64 * 1024 * 1024;

/** The most entries that the snapshot flags take. A log of ten million small entries still fits in memory. */
const maxEntries = 10_000_000;

/** The longest delay that a timer of Node.js takes: about 24.8 days. */
const maxTimeMs = 2 ** 31 - 1;

const help = `Usage: raft [flags]

A Raft node that speaks the Maelstrom protocol: one JSON object a line on stdin
and stdout. Its log goes to stderr. It waits for "init", then it serves the
operations of its service, and raft_append, which appends any command to the
log. When stdin ends, the node ends too, with exit code 0.

  --service NAME
      What is replicated: kv (read, write, cas and delete of any key) or
      counter (add and read of one number). It must be equal on all nodes of a
      cluster, and at every start on the same data directory. (default ${services[0].name})
  --election-timeout-ms MS
      The election timeout P in milliseconds. A follower that has heard nothing
      from a leader becomes a candidate after P to 1.1 P. It must be equal on
      all nodes of a cluster. (default ${defaultElectionTimeoutMs})
  --heartbeat-ms MS
      The leader sends a heartbeat to a follower that it has sent nothing for
      so long. Choose it well below P. (default ${defaultHeartbeatMs})
  --max-pending N
      At most N writes and N reads of clients wait for their answers at a time.
      Further ones are refused with error 11. (default ${defaultMaxPending})
  --data-dir DIR
      Where the node keeps its log, its vote and its snapshots. Each node has a
      directory of its own in DIR, so all nodes of a cluster may be given the
      same DIR. Without this flag the node keeps everything in memory and
      forgets it when it ends.
  --disk-reserve-bytes N
      With less free space than N bytes on the disk, new writes are refused
      with error 11. It needs --data-dir. (default ${defaultDiskReserveBytes})
  --snapshot-entries N
      Take a snapshot when N entries have been applied since the last one.
      (default ${defaultSnapshotPolicy.snapshotEntries})
  --snapshot-bytes N
      Take a snapshot earlier, when these entries are N bytes together and at
      least as large as the last snapshot. (default ${defaultSnapshotPolicy.snapshotBytes})
  --snapshot-keep-entries N
      How many entries before a snapshot stay in the log, for followers that
      are a little behind. They are ${defaultSnapshotPolicy.keepBytes} bytes together at most.
      (default ${defaultSnapshotPolicy.keepEntries})
  --read-mode MODE
      How a leader makes sure that it still leads before it answers a read.
      read-index: it asks a majority. lease: it sends nothing, as long as the
      earlier answers of a majority prove that no other leader has been
      elected. A lease is safe where the clocks of the nodes run equally fast,
      within ${100 * defaultRaftConfig.maxClockDrift} %. Time in which the machine is suspended is counted. A virtual
      machine does not notice when its host stops it: do not use lease there.
      (default ${defaultRaftConfig.readMode})
  --join
      The node joins a cluster that runs already. The other nodes in init are
      the founders of that cluster. The node waits until the leader takes it in
      (raft_reconfigure).
  --seed N
      Makes the random part of the election timeouts repeatable.
      (default: another seed in each run)
  --version
      Print the version. It must be the first argument.
  --help
      Print this text.

Try it:
  echo '{"src":"c1","dest":"n1","body":{"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1"]}}' | raft
`;

/** The flags of `bin/raft`, with the texts that stand for their defaults. `bin/launch.js` answers `--version`. */
export const flags = {
  service: { type: 'string', default: services[0].name },
  'election-timeout-ms': { type: 'string', default: String(defaultElectionTimeoutMs) },
  'heartbeat-ms': { type: 'string', default: String(defaultHeartbeatMs) },
  'max-pending': { type: 'string', default: String(defaultMaxPending) },
  'data-dir': { type: 'string' },
  'disk-reserve-bytes': { type: 'string', default: String(defaultDiskReserveBytes) },
  'snapshot-entries': { type: 'string', default: String(defaultSnapshotPolicy.snapshotEntries) },
  'snapshot-bytes': { type: 'string', default: String(defaultSnapshotPolicy.snapshotBytes) },
  'snapshot-keep-entries': { type: 'string', default: String(defaultSnapshotPolicy.keepEntries) },
  'read-mode': { type: 'string', default: defaultRaftConfig.readMode },
  join: { type: 'boolean', default: false },
  seed: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Reads a node's command line. For a wrong flag the result says what is wrong with it; no value is guessed. */
export function parseOptions(argv: readonly string[]): ParsedOptions {
  try {
    refuseUnknown(argv);
    const { values, tokens } = parseArgs({ args: [...argv], options: flags, strict: true, tokens: true });
    if (values.help) return { kind: 'help', text: help };
    refuseContradictions(tokens.filter((token) => token.kind === 'option'));
    const options = {
      service: serviceOf(values.service),
      joins: values.join,
      electionTimeoutMs: integerOf('--election-timeout-ms', values['election-timeout-ms'], 1, maxTimeMs),
      heartbeatMs: integerOf('--heartbeat-ms', values['heartbeat-ms'], 1, maxTimeMs),
      maxPending: integerOf('--max-pending', values['max-pending'], 1, 2 ** 20),
      dataDirectory: directoryOf('--data-dir', values['data-dir']),
      diskReserveBytes: integerOf('--disk-reserve-bytes', values['disk-reserve-bytes'], 0, Number.MAX_SAFE_INTEGER),
      snapshots: {
        snapshotEntries: integerOf('--snapshot-entries', values['snapshot-entries'], 1, maxEntries),
        snapshotBytes: integerOf('--snapshot-bytes', values['snapshot-bytes'], 1, Number.MAX_SAFE_INTEGER),
        keepEntries: integerOf('--snapshot-keep-entries', values['snapshot-keep-entries'], 0, maxEntries),
        keepBytes: defaultSnapshotPolicy.keepBytes,
      },
      readMode: readModeOf(values['read-mode']),
      seed: values.seed === undefined ? undefined : integerOf('--seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    };
    if (options.heartbeatMs > options.electionTimeoutMs) {
      return wrong('--heartbeat-ms must not be above --election-timeout-ms, or followers campaign between heartbeats');
    }
    return { kind: 'run', options };
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

function wrong(why: string): ParsedOptions {
  return { kind: 'wrong', why: `${why}\nTry: raft --help` };
}

function refuseUnknown(argv: readonly string[]): void {
  for (const argument of argv) {
    const name = /^--([^=]+)/.exec(argument)?.[1];
    if (name === undefined || Object.hasOwn(flags, name)) continue;
    const closest = closestOf(name, Object.keys(flags));
    throw new Error(`there is no flag --${name}${closest === undefined ? '' : `; did you mean --${closest}?`}`);
  }
}

interface GivenFlag {
  readonly name: string;
  readonly value?: string | undefined;
}

function refuseContradictions(given: readonly GivenFlag[]): void {
  const values = new Map<string, string | undefined>();
  for (const { name, value } of given) {
    if (values.has(name) && values.get(name) !== value) {
      throw new Error(`--${name} is given twice, with different values`);
    }
    values.set(name, value);
  }
  if (values.has('disk-reserve-bytes') && !values.has('data-dir')) {
    throw new Error('--disk-reserve-bytes needs --data-dir: without it nothing is on a disk');
  }
}

function serviceOf(name: string): Service {
  const service = serviceNamed(name);
  if (service === undefined) throw new Error(`--service takes ${serviceNames}, not "${name}"`);
  return service;
}

function readModeOf(text: string): RaftConfig['readMode'] {
  if (text === 'read-index' || text === 'lease') return text;
  throw new Error(`--read-mode takes read-index or lease, not "${text}"`);
}

function directoryOf(flag: string, text: string | undefined): string | undefined {
  if (text === '') throw new Error(`${flag} takes a directory, not ""`);
  return text;
}

function integerOf(flag: string, text: string, lowest: number, highest: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < lowest || value > highest) {
    throw new Error(`${flag} takes an integer from ${lowest} to ${highest}, not "${text}"`);
  }
  return value;
}

import { parseArgs } from 'node:util';
import { closestOf } from './closest.ts';
import { defaultRaftConfig } from '../raft/config.ts';
import type { RaftConfig } from '../raft/config.ts';
import { defaultSnapshotPolicy } from '../member/snapshots.ts';
import type { SnapshotPolicy } from '../member/snapshots.ts';
import { serviceNamed, serviceNames, services } from '../services/all.ts';
import type { Service } from '../services/service.ts';

/** What may be set on a node's command line. */
export interface Options {
  readonly electionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly service: Service;
  readonly maxPending: number;
  readonly seed: number | undefined;
  /** Under which the nodes of a cluster have a directory each; undefined: in memory only. */
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

/** What a log in memory may well hold. */
const maxEntries = 10_000_000;

/** Timers of Node.js take no longer delay. */
const maxTimeMs = 2 ** 31 - 1;

const help = `Usage: raft [flags]

A Raft node that speaks the Maelstrom protocol: JSON lines on stdin and stdout, its log on stderr. It waits for "init",
then serves the operations of its service, and the raw raft_append. It ends, with exit code 0, when stdin does.

  --service NAME            what is replicated. kv: read, write, cas and delete of any key; counter: add and read of one
                            number. Equal on all nodes of a cluster. (default ${services[0].name})
  --election-timeout-ms MS  P: how long a silent leader is believed in; a follower campaigns after P to 1.1 P.
                            Equal on all nodes of a cluster. (default ${defaultElectionTimeoutMs})
  --heartbeat-ms MS         how long a follower may be sent nothing; well below P (default ${defaultHeartbeatMs})
  --max-pending N           client writes that may be pending at a time, and reads; more are refused with error 11
                            (default ${defaultMaxPending})
  --data-dir DIR            where to keep what must survive a crash, in a directory for each node, so that a cluster may
                            share DIR. Without it a node forgets everything when it ends.
  --disk-reserve-bytes N    with less free space than this, new writes are refused with error 11
                            (default ${defaultDiskReserveBytes})
  --snapshot-entries N      take a snapshot when N entries have been applied since the last
                            (default ${defaultSnapshotPolicy.snapshotEntries})
  --snapshot-bytes N        or when those are N bytes together, and as large as the last snapshot
                            (default ${defaultSnapshotPolicy.snapshotBytes})
  --snapshot-keep-entries N entries before a snapshot that stay in the log, for followers that are a little late
                            (default ${defaultSnapshotPolicy.keepEntries}, and ${defaultSnapshotPolicy.keepBytes} bytes at most)
  --read-mode MODE          how a leader makes sure that it still leads before it serves a read. read-index: a majority is
                            asked. lease: without a message, for as long as a majority's answers prove that it has
                            elected nobody else; safe where clocks run equally fast, but for
                            ${100 * defaultRaftConfig.maxClockDrift} %. The time in which a machine is suspended counts;
                            a virtual machine that its host stops does not see that time: do not use it there.
                            (default ${defaultRaftConfig.readMode})
  --seed N                  makes the random part of election timeouts repeatable (default: from the clock)
  --version                 the release; the first argument
  --help                    this text

Try it:
  echo '{"src":"c1","dest":"n1","body":{"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1"]}}' | raft
`;

const flags = {
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
  seed: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads a node's command line. A wrong flag is said plainly; nothing is guessed. */
export function parseOptions(argv: readonly string[]): ParsedOptions {
  try {
    refuseUnknown(argv);
    const { values, tokens } = parseArgs({ args: [...argv], options: flags, strict: true, tokens: true });
    if (values.help) return { kind: 'help', text: help };
    refuseContradictions(tokens.filter((token) => token.kind === 'option'));
    const options = {
      service: serviceOf(values.service),
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
    if (values.has(name) && values.get(name) !== value) throw new Error(`--${name} is given twice, with different values`);
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

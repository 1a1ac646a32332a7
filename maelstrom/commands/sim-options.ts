import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { faultNames } from '../simulation/plan/plan.ts';
import type { FaultName } from '../simulation/plan/plan.ts';
import { defaultBounds } from '../simulation/plan/swarm.ts';
import type { Bounds } from '../simulation/plan/swarm.ts';
import { serviceNames } from '../simulation/services/all.ts';
import { UsageError } from './flags.ts';

/** The options of `eddy sim`. */
export interface SimOptions {
  readonly firstSeed: number;
  readonly lastSeed: number;
  readonly bounds: Bounds;
  /** Whether every seed is played twice and both runs compared. */
  readonly isTwice: boolean;
  readonly isShrunk: boolean;
  /** Whether the seeds after one that breaks a rule are played too. */
  readonly keepsGoing: boolean;
  readonly isJson: boolean;
  /** How many seeds are played side by side. */
  readonly workers: number;
}

const maxSeed = 2 ** 32 - 1;
const maxWorkers = 256;

/** Reads the arguments after `eddy sim`. Throws a `UsageError`. */
export function parseSimOptions(argv: readonly string[]): SimOptions {
  const { values } = parse(argv);
  const [firstSeed, lastSeed] = range('seeds', values.seeds, 0, maxSeed);
  const [minNodes, maxNodes] = range('nodes', values.nodes, 1, 99);
  const bounds = {
    minNodes,
    maxNodes,
    durationMs: 1000 * number('seconds', values.seconds, 0.1, 1e6),
    maxEvents: values.steps === undefined ? Infinity : number('steps', values.steps, 1, Number.MAX_SAFE_INTEGER),
    faults: faultsOf(values.faults),
    maxClients: number('clients', values.clients, 0, 1000),
    services: servicesOf(values.service),
  };
  const { twice: isTwice, 'keep-going': keepsGoing, json: isJson } = values;
  const isShrunk = !values['no-shrink'] && !keepsGoing;
  const workers = Math.min(number('workers', values.workers, 1, maxWorkers), lastSeed - firstSeed + 1);
  if (!Number.isInteger(workers)) throw new UsageError(`--workers is a whole number, not ${values.workers}`);
  return { firstSeed, lastSeed, bounds, isTwice, isShrunk, keepsGoing, isJson, workers };
}

/** The command that plays one seed within the given bounds. */
export function commandFor(seed: number, bounds: Bounds): string {
  const { minNodes, maxNodes, durationMs, maxEvents, faults, maxClients, services } = bounds;
  const flags = [
    `--seeds ${seed}`,
    ...(minNodes === defaultBounds.minNodes && maxNodes === defaultBounds.maxNodes
      ? []
      : [`--nodes ${minNodes === maxNodes ? minNodes : `${minNodes}..${maxNodes}`}`]),
    ...(durationMs === defaultBounds.durationMs ? [] : [`--seconds ${durationMs / 1000}`]),
    ...(maxEvents === Infinity ? [] : [`--steps ${maxEvents}`]),
    ...(faults.length === faultNames.length ? [] : [`--faults ${faults.length === 0 ? 'none' : faults.join(',')}`]),
    ...(maxClients === defaultBounds.maxClients ? [] : [`--clients ${maxClients}`]),
    ...(services.length === serviceNames.length ? [] : [`--service ${services.join(',')}`]),
  ];
  return `bin/eddy sim ${flags.join(' ')}`;
}

/** The flags of `eddy sim`, with the texts that stand for their defaults. */
export const simFlags = {
  seeds: { type: 'string', default: '1..100' },
  nodes: { type: 'string', default: `${defaultBounds.minNodes}..${defaultBounds.maxNodes}` },
  seconds: { type: 'string', default: String(defaultBounds.durationMs / 1000) },
  steps: { type: 'string' },
  faults: { type: 'string', default: 'all' },
  service: { type: 'string', default: 'all' },
  clients: { type: 'string', default: String(defaultBounds.maxClients) },
  twice: { type: 'boolean', default: false },
  'no-shrink': { type: 'boolean', default: false },
  'keep-going': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  workers: { type: 'string', default: String(Math.min(availableParallelism(), maxWorkers)) },
} as const;

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: simFlags });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** `7`, or `1..1000`. */
function range(name: string, text: string, lowest: number, highest: number): readonly [number, number] {
  const match = /^([0-9]+)(?:\.\.([0-9]+))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match !== null && lowest <= first && first <= last && last <= highest) return [first, last];
  const bounds = `from ${lowest} to ${highest}`;
  throw new UsageError(`--${name} is a number or a range such as 1..1000, ${bounds}, not ${JSON.stringify(text)}`);
}

function number(name: string, text: string, lowest: number, highest: number): number {
  const value = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : NaN;
  if (value >= lowest && value <= highest) return value;
  throw new UsageError(`--${name} is a number from ${lowest} to ${highest}, not ${JSON.stringify(text)}`);
}

function faultsOf(text: string): readonly FaultName[] {
  if (text === 'all') return faultNames; // The default: each seed draws from them.
  if (text === 'none') return [];
  return text.split(',').map((given) => {
    const fault = faultNames.find((known) => known === given.trim());
    if (fault !== undefined) return fault;
    const known = faultNames.join(',');
    throw new UsageError(`--faults cannot do ${JSON.stringify(given)}; it can do none, or any of ${known}`);
  });
}

function servicesOf(text: string): Bounds['services'] {
  if (text === 'all') return serviceNames; // The default: each seed draws from them.
  const service = serviceNames.find((known) => known === text);
  if (service !== undefined) return [service];
  throw new UsageError(`--service is all, or one of ${serviceNames.join(', ')}, not ${JSON.stringify(text)}`);
}

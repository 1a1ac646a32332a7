import { defaultRaftConfig } from '../../../src/index.ts';
import type { RaftConfig, Random } from '../../../src/index.ts';
import { defaultSnapshotPolicy } from '../../../src/member/snapshots.ts';
import type { SnapshotPolicy } from '../../../src/member/snapshots.ts';
import { serviceNames } from '../services/all.ts';
import type { ServiceName } from '../services/all.ts';
import { between, chance, logarithmic, pick, pickAny, stream } from '../world/draw.ts';
import { faultNames, timedFaultNames } from './plan.ts';
import type { ClockRange, Delays, FaultName, Plan, Rhythm, TimedFaultName } from './plan.ts';

/** What the command line allows a run to be. */
export interface Bounds {
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly durationMs: number;
  readonly maxEvents: number;
  /** All of them, for each seed to draw from, or a choice: then every run has exactly these. */
  readonly faults: readonly FaultName[];
  readonly maxClients: number;
  /** What may be replicated: one service, or several for each seed to draw from. The first is drawn most often. */
  readonly services: readonly [ServiceName, ...ServiceName[]];
}

export const defaultBounds: Bounds = {
  minNodes: 3,
  maxNodes: 7,
  durationMs: 30_000,
  maxEvents: Infinity,
  faults: faultNames,
  maxClients: 8,
  services: serviceNames,
};

/** The share of runs in which another service than the first is replicated. */
const shareOfOtherServices = 1 / 8;

/** The share of runs in which a fault is there at all. */
const shareOfRuns = 0.5;

/**
 * What the run of a seed is like: which faults there are, how many and how strong, is drawn too ("swarm testing",
 * Groce and others, 2012): a run with everything in it hides what needs one thing to be absent. Each group of choices
 * has a generator of its own, so that narrower bounds leave the other choices as they are.
 */
export function drawPlan(seed: number, bounds: Bounds = defaultBounds): Plan {
  const faults = drawFaults(stream(seed, 'faults'), bounds.faults);
  const has = (fault: FaultName): boolean => faults.has(fault);
  const random = stream(seed, 'plan');
  const electionTimeoutMs = pick(random, [150, 300, 500]);
  const nodeIds = drawNodeIds(stream(seed, 'nodes'), bounds);
  return {
    seed,
    nodeIds,
    durationMs: bounds.durationMs,
    maxEvents: bounds.maxEvents,
    service: drawService(stream(seed, 'service'), bounds.services),
    faults,
    rhythms: drawRhythms(seed, electionTimeoutMs, faults),
    electionTimeoutMs,
    heartbeatMs: Math.round(electionTimeoutMs * between(random, 0.2, 0.4)),
    ...drawNetwork(stream(seed, 'network'), electionTimeoutMs, has),
    ...drawNodes(seed, electionTimeoutMs, has),
    ...drawDisks(stream(seed, 'disks'), electionTimeoutMs, has),
    ...drawShortLeaderships(stream(seed, 'short leaderships'), electionTimeoutMs, has),
    ...drawClocks(seed, nodeIds.length, has),
    ...drawClients(stream(seed, 'clients'), electionTimeoutMs, bounds, has),
  };
}

/** In one run of eight everything happens, in the others each fault has its chance. A choice of them is taken whole. */
function drawFaults(random: Random, chosen: readonly FaultName[]): ReadonlySet<FaultName> {
  if (chosen.length < faultNames.length) return new Set(chosen);
  const share = chance(random, 1 / 8) ? 1 : shareOfRuns;
  return new Set(faultNames.filter(() => chance(random, share)));
}

/** Mostly the first: the others are there to show that nothing depends on it. */
function drawService(random: Random, services: Bounds['services']): ServiceName {
  const [first, ...others] = services;
  return chance(random, shareOfOtherServices) ? (pickAny(random, others) ?? first) : first;
}

function drawNodeIds(random: Random, { minNodes, maxNodes }: Bounds): readonly string[] {
  // Three and five are what people run, and where a majority is soonest lost.
  const drawn = pick(random, [3, 3, 3, 4, 5, 5, 6, 7]);
  const count = Math.min(maxNodes, Math.max(minNodes, drawn));
  return Array.from({ length: count }, (_, place) => `n${place + 1}`);
}

function drawRhythms(
  seed: number,
  electionTimeoutMs: number,
  faults: ReadonlySet<FaultName>,
): ReadonlyMap<TimedFaultName, Rhythm> {
  const drawn = timedFaultNames.map((fault): [TimedFaultName, Rhythm] => {
    const random = stream(seed, `rhythm of ${fault}`);
    const everyMs = logarithmic(random, 2, 20) * electionTimeoutMs;
    return [fault, { everyMs, forMs: logarithmic(random, 0.1, 6) * electionTimeoutMs }];
  });
  return new Map(drawn.filter(([fault]) => faults.has(fault)));
}

function drawNetwork(
  random: Random,
  electionTimeoutMs: number,
  has: (fault: FaultName) => boolean,
): Pick<Plan, 'delays' | 'lossRate' | 'duplicationRate' | 'reorderingRate'> {
  const distribution = pick(random, ['constant', 'uniform', 'exponential', 'heavy-tailed', 'slow-links'] as const);
  const slow: Delays = { distribution, meanMs: electionTimeoutMs * logarithmic(random, 0.01, 0.2) };
  const rates = [0.3, 0.3, 0.3].map((highest) => logarithmic(random, 0.005, highest));
  const [lossRate = 0, duplicationRate = 0, reorderingRate = 0] = rates;
  return {
    delays: has('delay') ? slow : { distribution: 'constant', meanMs: 1 },
    lossRate: has('loss') ? lossRate : 0,
    duplicationRate: has('duplication') ? duplicationRate : 0,
    reorderingRate: has('reordering') ? reorderingRate : 0,
  };
}

function drawNodes(
  seed: number,
  electionTimeoutMs: number,
  has: (fault: FaultName) => boolean,
): Pick<Plan, 'maxPending' | 'raft' | 'snapshots' | 'hasLeases' | 'turnDelayMs'> {
  const random = stream(seed, 'small-windows');
  const turnDelayMs = chance(random, 1 / 2) ? 0 : electionTimeoutMs * logarithmic(random, 0.001, 0.03);
  const windows = {
    maxInFlight: pick(random, [1, 1, 2, 3, 8]),
    maxAppendBytes: pick(random, [1, 150, 300, 1000]),
    maxUncommittedEntries: pick(random, [1, 3, 10, 100]),
    maxReadRounds: pick(random, [1, 2, 8]),
    maxWaitingReads: pick(random, [1, 4, 64]),
    maxAppliedPerTurn: pick(random, [1, 2, 16]),
    ...drawBytes(stream(seed, 'bytes')),
  };
  const maxPending = pick(random, [1, 2, 8, 64]);
  const hasLeases = has('lease-reads');
  const { snapshots, pieces } = drawSnapshots(stream(seed, 'snapshots'), has);
  const raft = { ...(has('small-windows') && windows), ...pieces, ...(hasLeases && drawLeases(seed)) };
  return { maxPending: has('small-windows') ? maxPending : 16_384, raft, snapshots, hasLeases, turnDelayMs };
}

/** An entry has about a hundred bytes. */
function drawBytes(random: Random): Partial<RaftConfig> {
  return {
    maxUncommittedBytes: pick(random, [100, 300, 10_000]),
    maxBatchBytes: pick(random, [1, 250, 10_000]),
    maxAppliedBytesPerTurn: pick(random, [1, 250, 10_000]),
    maxHeldBackBytes: pick(random, [0, 1000, 100_000]),
  };
}

/** So small that snapshots are taken, sent, interrupted and replaced all the time. */
function drawSnapshots(
  random: Random,
  has: (fault: FaultName) => boolean,
): { readonly snapshots: SnapshotPolicy; readonly pieces: Partial<RaftConfig> } {
  const snapshots = { ...defaultSnapshotPolicy, snapshotEntries: pick(random, [1, 2, 5, 20, 50]), keepEntries: pick(random, [0, 0, 1, 5, 20]) };
  const pieces = {
    maxSnapshotChunkBytes: pick(random, [20, 100, 1000]),
    maxHeldBackEntries: pick(random, [0, 5, 100]),
  };
  return has('snapshots') ? { snapshots, pieces } : { snapshots: defaultSnapshotPolicy, pieces: {} };
}

function drawDisks(
  random: Random,
  electionTimeoutMs: number,
  has: (fault: FaultName) => boolean,
): Pick<Plan, 'storage' | 'segmentBytes' | 'diskMeanMs' | 'shortWriteRate' | 'crashRate' | 'powerCutRate'> {
  const crashRate = logarithmic(random, 0.0005, 0.02);
  const powerCutRate = logarithmic(random, 0.0005, 0.02);
  return {
    storage: chance(random, 1 / 5) ? 'memory' : 'disk',
    segmentBytes: pick(random, [100, 600, 2000, 10_000]),
    diskMeanMs: electionTimeoutMs * logarithmic(random, 0.001, 0.2),
    shortWriteRate: pick(random, [0, 0, 0.05, 0.5]),
    crashRate: has('crash') ? crashRate : 0,
    powerCutRate: has('power-cut') ? powerCutRate : 0,
  };
}

function drawShortLeaderships(
  random: Random,
  electionTimeoutMs: number,
  has: (fault: FaultName) => boolean,
): Pick<Plan, 'shortLeadershipRate' | 'shortLeadershipMs'> {
  const shortLeadershipRate = logarithmic(random, 0.2, 1);
  const shortLeadershipMs = electionTimeoutMs * logarithmic(random, 0.01, 1);
  return { shortLeadershipRate: has('short-leadership') ? shortLeadershipRate : 0, shortLeadershipMs };
}

/** How far clocks may drift is drawn too: the more they may, the sooner a lease shows that does not heed it. */
function drawLeases(seed: number): Pick<RaftConfig, 'readMode' | 'maxClockDrift'> {
  const maxClockDrift = pick(stream(seed, 'leases'), [defaultRaftConfig.maxClockDrift, 0.2, 0.5]);
  return { readMode: 'lease', maxClockDrift };
}

/** With leases, no two clocks differ by more than the bound that these rely on. */
function drawClocks(
  seed: number,
  count: number,
  has: (fault: FaultName) => boolean,
): Pick<Plan, 'clockRange' | 'clockRates'> {
  const random = stream(seed, 'clocks');
  const clockRange = has('lease-reads') ? ([1 - drawLeases(seed).maxClockDrift, 1] as const) : ([0.85, 1.15] as const);
  const drawn = Array.from({ length: count }, () => drawClockRate(random, clockRange));
  return { clockRange, clockRates: has('clock') ? drawn : drawn.map(() => 1) };
}

/** How fast a clock goes: often as slow or as fast as it may, for that is where a bound would be broken. */
export function drawClockRate(random: Random, [slowest, fastest]: ClockRange): number {
  return pick(random, [slowest, fastest, between(random, slowest, fastest)]);
}

function drawClients(
  random: Random,
  electionTimeoutMs: number,
  { maxClients }: Bounds,
  has: (fault: FaultName) => boolean,
): Pick<Plan, 'clients' | 'keys' | 'thinkMs' | 'patienceMs'> {
  const clients = Math.min(maxClients, 2 + random.integer(7));
  const keys = 1 + random.integer(3);
  const thinkMs = electionTimeoutMs * logarithmic(random, 0.05, 1);
  const impatient = electionTimeoutMs * logarithmic(random, 0.05, 1);
  return { clients, keys, thinkMs, patienceMs: has('impatience') ? impatient : 5 * electionTimeoutMs };
}

/**
 * Consistency models, which of them imply which, and which anomalies each forbids. The names are Elle's; so is the
 * lattice, which Elle put together from Adya ("Weak Consistency"), Bailis et al. ("Highly Available Transactions"),
 * Cerone et al. ("A Framework for Transactional Consistency Models with Atomic Visibility"), Daudjee and Salem ("Lazy
 * Database Replication with Snapshot Isolation") and others.
 */
import { withImplied } from './anomalies.ts';
import type { AnomalyName } from './anomalies.ts';

interface Model {
  /** The name that people use, which reports show. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Weaker models: whatever satisfies this one satisfies them. */
  readonly implies?: readonly string[];
  /** What it forbids besides what weaker models forbid. */
  readonly forbids?: readonly AnomalyName[];
}

/** From weak to strong, as far as they can be compared. */
const table: readonly Model[] = [
  {
    name: 'read-uncommitted',
    aliases: ['PL-1'],
    forbids: ['G0', 'duplicate-elements', 'cyclic-versions', 'garbage-read'],
  },
  { name: 'read-committed', aliases: ['PL-2'], implies: ['read-uncommitted'], forbids: ['G1'] },
  { name: 'monotonic-view', aliases: ['PL-2L'], implies: ['read-committed'], forbids: ['G1'] },
  { name: 'monotonic-snapshot-read', aliases: ['PL-MSR'], implies: ['read-committed'], forbids: ['G1'] },
  { name: 'monotonic-atomic-view', implies: ['read-committed'] },
  { name: 'cursor-stability', aliases: ['PL-CS'], implies: ['read-committed'], forbids: ['G1', 'lost-update'] },
  {
    name: 'consistent-view',
    aliases: ['PL-2+'],
    implies: ['cursor-stability', 'monotonic-view'],
    forbids: ['G1', 'G-single'],
  },
  { name: 'forward-consistent-view', aliases: ['PL-FCV'], implies: ['consistent-view'], forbids: ['G1', 'G-SIb'] },
  { name: 'update-serializable', aliases: ['PL-3U'], implies: ['forward-consistent-view'], forbids: ['G1'] },
  {
    name: 'read-atomic',
    implies: ['monotonic-atomic-view'],
    forbids: ['internal', 'G1a', 'future-read', 'fractured-read'],
  },
  { name: 'update-atomic', implies: ['read-atomic'], forbids: ['lost-update'] },
  { name: 'causal-cerone', implies: ['read-atomic'], forbids: ['internal', 'G1a'] },
  { name: 'prefix', implies: ['causal-cerone'], forbids: ['internal', 'G1a'] },
  {
    name: 'parallel-snapshot-isolation',
    implies: ['causal-cerone', 'update-atomic'],
    forbids: ['internal', 'G1a'],
  },
  {
    name: 'repeatable-read',
    aliases: ['PL-2.99'],
    implies: ['cursor-stability', 'monotonic-atomic-view'],
    // It differs from serializable in predicates only, and here there are none.
    forbids: ['G1', 'G2-item', 'lost-update', 'PL-3-cycle-exists'],
  },
  {
    name: 'snapshot-isolation',
    aliases: ['PL-SI'],
    implies: [
      'forward-consistent-view',
      'monotonic-atomic-view',
      'monotonic-snapshot-read',
      'parallel-snapshot-isolation',
      'prefix',
    ],
    forbids: ['internal', 'G1', 'G-SI', 'G-nonadjacent', 'PL-SI-cycle-exists'],
  },
  { name: 'view-serializable' },
  {
    name: 'serializable',
    aliases: ['PL-3', 'conflict-serializable'],
    implies: ['repeatable-read', 'update-serializable', 'snapshot-isolation', 'view-serializable'],
    forbids: ['internal', 'G1', 'G2'],
  },
  {
    name: 'strong-session-read-uncommitted',
    aliases: ['strong-session-PL-1'],
    implies: ['read-uncommitted'],
    forbids: ['G0-process'],
  },
  {
    name: 'strong-session-read-committed',
    aliases: ['strong-session-PL-2'],
    implies: ['read-committed', 'strong-session-read-uncommitted'],
    forbids: ['G1c-process'],
  },
  {
    name: 'strong-session-snapshot-isolation',
    implies: ['snapshot-isolation', 'strong-session-read-committed'],
    forbids: ['internal', 'G1-process', 'G-nonadjacent-process', 'strong-session-snapshot-isolation-cycle-exists'],
  },
  {
    name: 'strong-session-serializable',
    implies: ['serializable', 'strong-session-snapshot-isolation'],
    forbids: ['G1-process', 'G2-process', 'strong-session-serializable-cycle-exists'],
  },
  {
    name: 'strong-read-uncommitted',
    aliases: ['strong-PL-1'],
    implies: ['strong-session-read-uncommitted'],
    forbids: ['G0-realtime'],
  },
  {
    name: 'strong-read-committed',
    aliases: ['strong-PL-2'],
    implies: ['strong-session-read-committed', 'strong-read-uncommitted'],
    forbids: ['G1c-realtime'],
  },
  {
    name: 'strong-snapshot-isolation',
    implies: ['strong-session-snapshot-isolation', 'strong-read-committed'],
    forbids: ['internal', 'G1-realtime', 'G-nonadjacent-realtime', 'strong-snapshot-isolation-cycle-exists'],
  },
  { name: '1SR' },
  { name: 'session-serializable', implies: ['1SR'] },
  { name: 'read-your-writes' },
  { name: 'monotonic-writes' },
  { name: 'monotonic-reads' },
  { name: 'writes-follow-reads' },
  { name: 'PRAM', implies: ['monotonic-reads', 'monotonic-writes', 'read-your-writes'] },
  { name: 'causal', implies: ['writes-follow-reads', 'PRAM'] },
  { name: 'sequential', implies: ['causal'] },
  { name: 'linearizable', implies: ['sequential'] },
  {
    name: 'strict-serializable',
    aliases: ['PL-SS', 'strong-serializable'],
    implies: [
      'serializable',
      'linearizable',
      'session-serializable',
      'strong-snapshot-isolation',
      'strong-session-serializable',
    ],
    forbids: ['G1', 'G1c-realtime', 'G2-realtime', 'PL-SS-cycle-exists'],
  },
];

const byName = new Map(table.flatMap((model) => [model.name, ...(model.aliases ?? [])].map((name) => [name, model])));

/** Every name by which a model is known, the friendly ones of each first. */
export const modelNames: readonly string[] = [...byName.keys()];

/** The name of a model in reports, whichever of its names is given; undefined where there is no such model. */
export function friendlyName(name: string): string | undefined {
  return byName.get(name)?.name;
}

/** The models given and all that they imply, by friendly name. */
export function impliedModels(names: Iterable<string>): ReadonlySet<string> {
  const found = new Set([...names].map((name) => known(name).name));
  for (const name of found) for (const weaker of known(name).implies ?? []) found.add(weaker);
  return found;
}

/** What may not be found where a model holds: all that it and every weaker model forbids. */
export function forbiddenBy(name: string): ReadonlySet<AnomalyName> {
  return new Set([...impliedModels([name])].flatMap((weaker) => known(weaker).forbids ?? []));
}

/** Whether any anomaly can show that a model does not hold. */
export function isCheckable(name: string): boolean {
  return forbiddenBy(name).size > 0;
}

/** The models, by friendly name, that do not hold where these anomalies are found. */
export function violatedModels(anomalies: Iterable<AnomalyName>): ReadonlySet<string> {
  const found = withImplied(anomalies);
  const isFound = (anomaly: AnomalyName) => found.has(anomaly);
  return new Set(table.filter(({ name }) => [...forbiddenBy(name)].some(isFound)).map(({ name }) => name));
}

/** What these anomalies say of all models. */
export interface Boundary {
  /** The weakest of the models that do not hold. */
  readonly not: readonly string[];
  /** The stronger ones, which for that reason do not hold either. */
  readonly alsoNot: readonly string[];
  /** The strongest of the models that nothing was found against, of those that something can be found against. */
  readonly strongest: readonly string[];
}

export function boundaryOf(anomalies: Iterable<AnomalyName>): Boundary {
  const violated = violatedModels(anomalies);
  const isWeakest = (name: string) => ![...impliedModels([name])].some((weaker) => weaker !== name && violated.has(weaker));
  const held = table.map(({ name }) => name).filter((name) => !violated.has(name) && isCheckable(name));
  const isStrongest = (name: string) => !held.some((other) => other !== name && impliedModels([other]).has(name));
  return {
    not: [...violated].filter(isWeakest),
    alsoNot: [...violated].filter((name) => !isWeakest(name)),
    strongest: held.filter(isStrongest),
  };
}

function known(name: string): Model {
  const model = byName.get(name);
  if (model === undefined) throw new Error(`there is no consistency model ${name}`);
  return model;
}

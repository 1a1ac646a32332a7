/**
 * What can be wrong with a history of transactions, by its name in Elle and in Adya's thesis ("Weak Consistency", MIT
 * 1999), and which anomaly is always also another one.
 *
 * A cycle of dependencies is called by what it is made of: G0 of write dependencies (ww), G1c of write and read
 * dependencies (ww, wr), G-single with exactly one anti-dependency (rw), G-nonadjacent with several of which no two
 * follow each other, G2 with any. `-item` says that no dependency is about a predicate: here none ever is. With
 * `-process` the order in which one client did things is a dependency too, with `-realtime` the fact that one
 * transaction ended before another began.
 */

export const cycleAnomalies = ['G0', 'G1c', 'G-single-item', 'G-nonadjacent-item', 'G2-item'] as const;
export const variants = ['', '-process', '-realtime'] as const;

export type CycleKind = (typeof cycleAnomalies)[number];
export type Variant = (typeof variants)[number];
export type CycleAnomaly = `${CycleKind}${Variant}`;

export type OtherAnomaly =
  | 'G1a'
  | 'G1b'
  | 'internal'
  | 'future-read'
  | 'lost-update'
  | 'dirty-update'
  | 'duplicate-elements'
  | 'incompatible-order'
  | 'cyclic-versions'
  | 'garbage-read'
  | 'fractured-read'
  | CycleExists;

/** No order of the versions is without a cycle that the model forbids, though no one cycle is there in all orders. */
export type CycleExists =
  | 'PL-SI-cycle-exists'
  | 'strong-session-snapshot-isolation-cycle-exists'
  | 'strong-snapshot-isolation-cycle-exists'
  | 'PL-3-cycle-exists'
  | 'strong-session-serializable-cycle-exists'
  | 'PL-SS-cycle-exists';

export type Anomaly = CycleAnomaly | OtherAnomaly;

/** Every anomaly of a family is also one of its `-process` variant, and that one of its `-realtime` variant. */
const families = [
  ...cycleAnomalies,
  'G1',
  'G-single',
  'G-nonadjacent',
  'G2',
] as const;

type Family = (typeof families)[number];

/** Besides what is found as such, what is only implied by it. */
export type AnomalyName = OtherAnomaly | `${Family}${Variant}` | 'G-SIb' | 'G-SI' | 'write-skew';

/** Every anomaly of the left is one of the right too. Not all steps are written down: they follow one from the other. */
const implications: Readonly<Record<string, readonly AnomalyName[]>> = {
  G0: ['G1c'],
  G1a: ['G1'],
  G1b: ['G1'],
  G1c: ['G1'],
  'G1c-process': ['G1-process'],
  'G1c-realtime': ['G1-realtime'],
  'G0-process': ['G1c-process'],
  'G0-realtime': ['G1c-realtime'],
  'G-single': ['G-SIb'],
  'G-SIb': ['G-SI'],
  'incompatible-order': ['G1a'],
  'dirty-update': ['G1a'],
  'future-read': ['G1c'],
  'fractured-read': ['G-single-item'],
  'lost-update': ['write-skew', 'G2-item'],
  'write-skew': ['G2'],
  ...Object.fromEntries(
    variants.flatMap((variant): readonly (readonly [string, readonly AnomalyName[]])[] => [
      [`G-single-item${variant}`, [`G-single${variant}`, `G-nonadjacent-item${variant}`]],
      [`G-nonadjacent-item${variant}`, [`G-nonadjacent${variant}`, `G2-item${variant}`]],
      [`G2-item${variant}`, [`G2${variant}`]],
    ]),
  ),
};

/** The same with the order of a client; what one client does it does one after the other, so also in real time. */
const laxer: readonly (readonly [from: Variant, to: Variant])[] = [
  ['', '-process'],
  ['-process', '-realtime'],
];

/** The anomalies given and all that they are as well. */
export function withImplied(anomalies: Iterable<AnomalyName>): ReadonlySet<AnomalyName> {
  const found = new Set<AnomalyName>(anomalies);
  for (const anomaly of found) for (const implied of impliedBy(anomaly)) found.add(implied);
  return found;
}

function impliedBy(anomaly: AnomalyName): readonly AnomalyName[] {
  const direct: readonly AnomalyName[] = implications[anomaly] ?? [];
  const lax = laxer.flatMap(([from, to]): readonly AnomalyName[] => {
    const family = families.find((name) => `${name}${from}` === anomaly);
    return family === undefined ? [] : [`${family}${to}`];
  });
  return [...direct, ...lax];
}

/** What people call it: a few words, to stand in brackets behind the name. */
export const anomalyTitles: Readonly<Record<OtherAnomaly | CycleKind, string>> = {
  G0: 'dirty write: writes of transactions are interleaved',
  G1a: 'aborted read: a read saw a write of a transaction that failed',
  G1b: 'intermediate read: a read saw a write that its transaction went on to change',
  G1c: 'circular information flow: transactions saw writes of each other in a circle',
  'G-single-item': 'read skew: a read missed a write that it should have seen',
  'G-nonadjacent-item': 'long fork: reads missed writes in a circle',
  'G2-item': 'write skew: each transaction missed what another of them wrote',
  internal: 'a transaction did not see what it had itself written or read',
  'future-read': 'a transaction saw what it was itself going to write',
  'lost-update': 'transactions read the same state of a key and all of them changed it',
  'dirty-update': 'a committed write built upon one of a transaction that failed',
  'duplicate-elements': 'a list holds an element twice, though it was appended once',
  'incompatible-order': 'reads disagree on the order of the elements of a list',
  'cyclic-versions': 'the values of a register follow each other in a circle',
  'garbage-read': 'a read saw what was never written',
  'fractured-read': 'a read saw one write of a transaction and missed another of the same transaction',
  'PL-SI-cycle-exists': 'no order of the writes is one of snapshot isolation',
  'strong-session-snapshot-isolation-cycle-exists': 'no order of the writes is one of snapshot isolation, given the order in which one client did things',
  'strong-snapshot-isolation-cycle-exists': 'no order of the writes is one of snapshot isolation, given what ended before what began',
  'PL-3-cycle-exists': 'no order of the transactions explains what they read',
  'strong-session-serializable-cycle-exists': 'no order of the transactions explains what they read, given the order in which one client did things',
  'PL-SS-cycle-exists': 'no order of the transactions explains what they read, given what ended before what began',
};

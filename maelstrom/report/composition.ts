import { statusIntervalMs } from '../cluster/monitor.ts';
import type { StatusChange, StatusRecord } from '../cluster/monitor.ts';

/** What a stretch without a success was spent on. Times are known to within the interval at which nodes are asked. */
export type Composition =
  | {
      readonly kind: 'new-leader';
      readonly leader: string;
      readonly term: number;
      /** Until the first node was seen as a candidate, or in a new term. */
      readonly detectionMs: number;
      /** From there until a node was seen leading a term newer than any led before. */
      readonly electionMs: number;
      /** From there until the first success. */
      readonly firstCommitMs: number;
    }
  /** Nobody was seen leading a newer term; `before` is who led when it began, if anybody ever had. */
  | { readonly kind: 'no-new-leader'; readonly before: { readonly leader: string; readonly term: number } | null }
  /** No node tells its status; or so much happened that not all of it could be kept; or nodes were not asked. */
  | { readonly kind: 'not-told' | 'not-kept' | 'not-asked' };

interface Sighting extends StatusChange {
  readonly nodeId: string;
}

/** A new leader may be seen only after its first success: two rounds of questions later it surely is. */
const latestSightingMs = 2 * statusIntervalMs;

/** How the time between two successes was spent, as far as the nodes' statuses tell. */
export function compose(
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  statuses: StatusRecord,
): Composition {
  if (statuses.isOfRaft === false) return { kind: 'not-asked' };
  if (!isTold(statuses)) return { kind: 'not-told' };
  return statuses.isComplete ? composeFrom(fromMs, toMs, statuses) : { kind: 'not-kept' };
}

/** How often the leadership passed to a newer term, as far as was seen; undefined where the nodes do not tell. */
export function leaderChanges(statuses: StatusRecord): number | undefined {
  if (!isTold(statuses)) return undefined;
  const termsLed = new Set(sightings(statuses).filter(isLeader).map(({ term }) => term));
  return Math.max(0, termsLed.size - 1);
}

function isTold({ changes }: StatusRecord): boolean {
  return Object.values(changes).some(({ length }) => length > 0);
}

function composeFrom(fromMs: number, toMs: number, statuses: StatusRecord): Composition {
  const seen = sightings(statuses);
  const before = seen.filter((sighting) => isLeader(sighting) && sighting.atMs <= fromMs).toSorted(byTerm).at(-1);
  const oldTerm = before?.term ?? 0;
  const elected = seen.find((sighting) => {
    return isLeader(sighting) && sighting.term > oldTerm && sighting.atMs <= toMs + latestSightingMs;
  });
  if (elected === undefined) {
    const ledBefore = before === undefined ? null : { leader: before.nodeId, term: before.term };
    return { kind: 'no-new-leader', before: ledBefore };
  }
  // A node that was a candidate before, cut off perhaps, has noticed something else.
  const noticed = seen.find(({ atMs, nodeId, role, term }) => {
    const isNew = atMs > fromMs && !wasCandidate(statuses.changes[nodeId] ?? [], fromMs);
    return isNew && (role === 'candidate' || term > oldTerm);
  });
  const electedAtMs = Math.min(elected.atMs, toMs);
  const noticedAtMs = Math.min(noticed?.atMs ?? electedAtMs, electedAtMs);
  return {
    kind: 'new-leader',
    leader: elected.nodeId,
    term: elected.term,
    detectionMs: noticedAtMs - fromMs,
    electionMs: electedAtMs - noticedAtMs,
    firstCommitMs: toMs - electedAtMs,
  };
}

/** Everything that was seen, on whichever node, in the order of time. */
function sightings({ changes }: StatusRecord): readonly Sighting[] {
  return Object.entries(changes)
    .flatMap(([nodeId, ofNode]) => ofNode.map((change) => ({ nodeId, ...change })))
    .toSorted((left, right) => left.atMs - right.atMs);
}

function isLeader({ role }: StatusChange): boolean {
  return role === 'leader';
}

function byTerm(left: StatusChange, right: StatusChange): number {
  return left.term - right.term;
}

function wasCandidate(changes: readonly StatusChange[], atMs: number): boolean {
  return changes.findLast((change) => change.atMs <= atMs)?.role === 'candidate';
}

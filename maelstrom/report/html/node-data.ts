import type { StatusChange, StatusRecord } from '../../cluster/monitor.ts';
import { encodeColumn } from './column.ts';
import type { LeaderMark, NodeTimeline } from './page-data.ts';

/** How each node was seen, for those that told. */
export function nodeTimelines({ changes }: StatusRecord): readonly NodeTimeline[] {
  return Object.entries(changes)
    .filter(([, ofNode]) => ofNode.length > 0)
    .map(([nodeId, ofNode]) => {
      const column = (value: (change: StatusChange) => unknown) => encodeColumn(ofNode.map(value));
      return {
        nodeId,
        at: column(({ atMs }) => Math.round(1000 * atMs)),
        role: column(({ role }) => role),
        term: column(({ term }) => term),
        commitIndex: column(({ commitIndex }) => commitIndex),
        appliedIndex: column(({ appliedIndex }) => appliedIndex ?? -1),
      };
    });
}

/** Whenever a node was first seen leading a newer term than any led before, the first leader included. */
export function leaderMarks({ changes }: StatusRecord): readonly LeaderMark[] {
  const leading = Object.entries(changes)
    .flatMap(([nodeId, ofNode]) => ofNode.map(({ atMs, role, term }) => ({ nodeId, atMs, role, term })))
    .filter(({ role }) => role === 'leader')
    .toSorted((left, right) => left.atMs - right.atMs);
  const marks: LeaderMark[] = [];
  for (const { atMs, nodeId, term } of leading) {
    if (term > (marks.at(-1)?.term ?? -1)) marks.push({ atMs, nodeId, term });
  }
  return marks;
}

/** @import { Run } from './data.js' */

/**
 * Who led when, as far as was seen. One that was cut off and did not know it yet is not counted beside a newer one.
 *
 * @param {Run} run
 */
export function reigns(run) {
  const { leaders, durationMs } = run;
  return leaders.map(({ atMs, nodeId, term }, place) => ({
    nodeId,
    fromMs: atMs,
    toMs: Math.min(leaders[place + 1]?.atMs ?? durationMs, endOfReign(run, atMs, nodeId, term)),
    text: `${nodeId}, term ${term}`,
    name: place % 2 === 0 ? 'bar reign' : 'bar reign other',
  }));
}

/**
 * When a leader was killed, or said that it leads no more.
 *
 * @param {Run} run
 * @param {number} sinceMs
 * @param {string} leader
 * @param {number} term
 */
function endOfReign({ nodes, faults, durationMs }, sinceMs, leader, term) {
  const seen = nodes.find(({ nodeId }) => nodeId === leader);
  const change = seen?.atMs.findIndex(
    (ms, place) => ms > sinceMs && (seen.role[place] !== 'leader' || seen.term[place] !== term),
  );
  const kill = faults.find(
    ({ fault, nodeIds, fromMs }) => fault === 'kill' && fromMs > sinceMs && nodeIds.includes(leader),
  );
  return Math.min(seen?.atMs[change ?? -1] ?? durationMs, kill?.fromMs ?? durationMs);
}

import { timeChart } from './chart.js';
import { seriesColour } from './colours.js';
import { svg } from './elements.js';
import { linearChart } from './rate-charts.js';

/**
 * @import { Frame } from './chart.js'
 * @import { NodeHistory, Run } from './data.js'
 * @import { TimeRange } from './time-range.js'
 */

const laneHeight = 22;
const roleNote =
  'As the nodes said of themselves, asked every 25 ms. ' +
  'Solid: leader. Hatched: candidate. Light: follower. Framed: down or paused.';
/** Room for a word. */
const labelWidth = 46;
const nodeDashes = [undefined, '7 3', '2 3', '9 3 2 3', '4 2'];

/**
 * Each node's role over time, and whether it was up; then its term and its indexes.
 *
 * @param {Run} run
 * @param {TimeRange} range
 */
export function nodeCharts(run, range) {
  if (run.nodes.length === 0) return [];
  const lines = (/** @type {(node: NodeHistory) => readonly number[]} */ valuesOf) =>
    run.nodes.map((node, place) => ({
      name: node.nodeId,
      colour: seriesColour(place),
      dash: nodeDashes[place % nodeDashes.length],
      isStepped: true,
      points: node.atMs.map((ms, change) => /** @type {const} */ ([ms, known(valuesOf(node)[change])])),
    }));
  const common = { run, range, bucketMs: run.rates.bucketMs, height: 110, unit: '' };
  const applied = lines(({ appliedIndex }) => appliedIndex);
  const charts = [
    roleChart(run, range),
    linearChart({ ...common, title: 'Term of each node', lines: lines(({ term }) => term), startsAtLeast: true }),
    linearChart({ ...common, title: 'Commit index of each node', lines: lines(({ commitIndex }) => commitIndex) }),
  ];
  if (applied.every(({ points }) => points.every(([, value]) => value === null))) return charts;
  return [...charts, linearChart({ ...common, title: 'Applied index of each node', lines: applied })];
}

/** @param {number | undefined} value */
function known(value) {
  return value === undefined || value < 0 ? null : value;
}

/**
 * @param {Run} run
 * @param {TimeRange} range
 */
function roleChart(run, range) {
  const draw = (/** @type {Frame} */ frame) => {
    frame.svg.append(hatch());
    run.nodes.forEach((node, place) => {
      const y = frame.top + place * laneHeight;
      frame.svg.append(svg('text', { x: frame.left - 6, y: y + 15, 'text-anchor': 'end' }, node.nodeId));
      drawRoles(frame, node, run, y + 3);
      drawOuts(frame, node, run, y + 3);
    });
  };
  const linesAt = (/** @type {number} */ ms) =>
    run.nodes.map((node) => {
      const seen = node.atMs.findLastIndex((atMs) => atMs <= ms);
      const fault = run.faults.find(
        ({ nodeIds, fromMs, toMs }) => nodeIds.includes(node.nodeId) && fromMs <= ms && ms < toMs,
      );
      const state = fault === undefined ? '' : fault.fault === 'kill' ? ', down' : `, ${fault.fault}`;
      return seen < 0
        ? `${node.nodeId} not seen yet${state}`
        : `${node.nodeId} ${node.role[seen]}, term ${node.term[seen]}, commit ${node.commitIndex[seen]}${state}`;
    });
  return timeChart(
    {
      title: 'Role of each node',
      note: roleNote,
      height: run.nodes.length * laneHeight,
      summary: `${run.nodes.length} nodes, a lane each.`,
      stepMs: run.rates.bucketMs,
      showsFaults: true,
      draw,
      linesAt,
    },
    run,
    range,
  );
}

/**
 * @param {Frame} frame
 * @param {NodeHistory} node
 * @param {Run} run
 * @param {number} y
 */
function drawRoles({ svg: parent, left, right, time }, { nodeId, atMs, role, term }, { durationMs, faults }, y) {
  const outs = faults.filter(({ nodeIds }) => nodeIds.includes(nodeId));
  for (let first = 0; first < atMs.length;) {
    let next = first + 1;
    while (next < atMs.length && role[next] === role[first] && term[next] === term[first]) next += 1;
    const from = Math.max(left, time.place(atMs[first] ?? 0));
    const to = Math.min(right, time.place(atMs[next] ?? durationMs));
    const [fromMs, labelMs] = [time.value(from), time.value(from + labelWidth)];
    const isFree = to - from > labelWidth && !outs.some((out) => out.fromMs < labelMs && out.toMs > fromMs);
    if (to > from) {
      const width = Math.max(1, to - from);
      parent.append(svg('rect', { x: from, y, width, height: laneHeight - 6, class: `role ${role[first]}` }));
    }
    if (isFree)
      parent.append(svg('text', { x: from + 4, y: y + 12, class: `inside ${role[first]}` }, `term ${term[first]}`));
    first = next;
  }
}

/**
 * @param {Frame} frame
 * @param {NodeHistory} node
 * @param {Run} run
 * @param {number} y
 */
function drawOuts({ svg: parent, left, right, time }, { nodeId }, { faults }, y) {
  for (const { fault, nodeIds, fromMs, toMs } of faults) {
    const [from, to] = [Math.max(left, time.place(fromMs)), Math.min(right, time.place(toMs))];
    if (!nodeIds.includes(nodeId) || to <= from) continue;
    const name = fault === 'kill' ? 'kill' : 'pause';
    parent.append(svg('rect', { x: from, y: y - 1, width: to - from, height: laneHeight - 4, class: `out ${name}` }));
    const text = fault === 'kill' ? 'down' : 'paused';
    if (to - from > labelWidth) {
      parent.append(svg('text', { x: (from + to) / 2, y: y + 12, 'text-anchor': 'middle', class: 'inside' }, text));
    }
  }
}

/** Stripes for candidates: they are neither this nor that. */
function hatch() {
  return svg(
    'pattern',
    { id: 'hatch', width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    svg('rect', { width: 5, height: 5, class: 'hatch-ground' }),
    svg('rect', { width: 2, height: 5, class: 'hatch-line' }),
  );
}

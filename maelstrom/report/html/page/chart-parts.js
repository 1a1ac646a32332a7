import { element, svg } from './elements.js';
import { roundTicks } from './scale.js';
import { momentText, shortened } from './text.js';

/**
 * @import { Run } from './data.js'
 * @import { Frame } from './chart.js'
 * @import { Scale } from './scale.js'
 * @import { TimeRange } from './time-range.js'
 *
 * @typedef {object} Line
 * @property {string} name
 * @property {string} colour
 * @property {string | undefined} [dash]
 * @property {readonly (readonly [ms: number, value: number | null])[]} points
 * @property {boolean} [isStepped] whether a value holds until the next one
 */

const labelHeight = 13;
const longestLabel = 19;

/**
 * The faults, shaded, and the changes of leader, marked.
 *
 * @param {Frame} frame
 * @param {Run} run
 * @param {boolean} hasFaults
 */
export function chartBackground(frame, run, hasFaults) {
  const { left, right, top, bottom, time } = frame;
  frame.svg.append(svg('rect', { x: left, y: top, width: right - left, height: bottom - top, class: 'ground' }));
  for (const { fault, fromMs, toMs } of hasFaults ? run.faults : []) {
    const [from, to] = [Math.max(left, time.place(fromMs)), Math.min(right, time.place(toMs))];
    if (to <= from) continue;
    frame.svg.append(
      svg('rect', { x: from, y: top, width: to - from, height: bottom - top, class: `fault ${faultClass(fault)}` }),
    );
  }
  for (const { atMs } of run.leaders) {
    const x = time.place(atMs);
    if (x >= left && x <= right)
      frame.svg.append(svg('line', { x1: x, x2: x, y1: top, y2: bottom, class: 'leader-mark' }));
  }
}

/**
 * The fault's name, where the style sheet knows it.
 *
 * @param {string} fault
 */
export function faultClass(fault) {
  return ['partition', 'kill', 'pause'].includes(fault) ? fault : 'other';
}

/**
 * @param {Frame} frame
 * @param {TimeRange} range
 */
export function timeAxis({ svg: parent, left, right, bottom, time, isNarrow }, { fromMs, toMs }) {
  const { step, ticks } = roundTicks(fromMs, toMs, Math.max(2, (right - left) / (isNarrow ? 70 : 110)));
  for (const tick of ticks) {
    const x = time.place(tick);
    parent.append(
      svg('line', { x1: x, x2: x, y1: bottom, y2: bottom + 4, class: 'axis' }),
      svg('text', { x, y: bottom + 16, 'text-anchor': 'middle' }, momentText(tick, step)),
    );
  }
}

/**
 * @param {Frame} frame
 * @param {Scale} scale
 * @param {readonly number[]} ticks
 * @param {(value: number) => string} text
 */
export function valueAxis({ svg: parent, left, right }, scale, ticks, text) {
  for (const tick of ticks) {
    const y = scale.place(tick);
    parent.append(
      svg('line', { x1: left, x2: right, y1: y, y2: y, class: 'grid' }),
      svg('text', { x: left - 6, y: y + 4, 'text-anchor': 'end' }, text(tick)),
    );
  }
}

/**
 * Lines, each with its name beside its end where there is room for it.
 *
 * @param {Frame} frame
 * @param {Scale} scale
 * @param {readonly Line[]} lines
 */
export function drawLines(frame, scale, lines) {
  const { svg: parent, left, right, top, bottom } = frame;
  const id = `clip-${(clipCount += 1)}`;
  parent.append(
    svg('clipPath', { id }, svg('rect', { x: left, y: top - 2, width: right - left, height: bottom - top + 4 })),
  );
  for (const line of lines) {
    const d = linePath(line, frame, scale);
    parent.append(
      svg('path', { d, class: 'line', stroke: line.colour, 'stroke-dasharray': line.dash, 'clip-path': `url(#${id})` }),
    );
  }
  if (!frame.isNarrow) labelEnds(frame, scale, lines);
}

let clipCount = 0;
/** Where a line begins; all that there is of one that ends there too. */
const dot = 'm-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0m1.5 0';

/**
 * @param {Line} line
 * @param {Frame} frame
 * @param {Scale} scale
 */
function linePath({ points, isStepped }, { time, right }, scale) {
  let path = '';
  let isDown = false;
  for (const [ms, value] of points) {
    if (value === null) {
      isDown = false;
      continue;
    }
    const [x, y] = [time.place(ms).toFixed(1), scale.place(value).toFixed(1)];
    if (!isDown) path += `M${x} ${y}${isStepped === true ? '' : dot}`;
    else path += isStepped === true ? `H${x}V${y}` : `L${x} ${y}`;
    isDown = true;
  }
  return isStepped === true && isDown ? `${path}H${right}` : path;
}

/**
 * @param {Frame} frame
 * @param {Scale} scale
 * @param {readonly Line[]} lines
 */
function labelEnds({ svg: parent, right, top, bottom, time }, scale, lines) {
  const labels = lines.flatMap(({ name, colour, points }) => {
    const last = points.findLast(([ms, value]) => value !== null && time.place(ms) <= right + 1);
    return last === undefined || last[1] === null ? [] : [{ name, colour, y: scale.place(last[1]) }];
  });
  labels.sort((one, other) => one.y - other.y);
  let free = top + 4;
  const needed = (/** @type {number} */ place) => (labels.length - place) * labelHeight;
  labels.forEach(({ name, colour, y }, place) => {
    const at = Math.min(Math.max(y, free), Math.max(free, bottom + labelHeight - needed(place)));
    free = at + labelHeight;
    parent.append(
      svg('text', { x: right + 8, y: at + 4, fill: colour, class: 'label' }, shortened(name, longestLabel)),
    );
  });
}

/**
 * What stands for what, where the names cannot stand beside the lines.
 *
 * @param {readonly { readonly name: string, readonly colour: string, readonly dash?: string | undefined }[]} entries
 */
export function legend(entries) {
  return element(
    'ul',
    { class: 'legend' },
    ...entries.map(({ name, colour, dash }) => {
      const line = svg('line', {
        x1: 0,
        x2: 22,
        y1: 5,
        y2: 5,
        stroke: colour,
        'stroke-width': 2,
        'stroke-dasharray': dash,
      });
      return element('li', {}, svg('svg', { width: 22, height: 10, 'aria-hidden': true }, line), name);
    }),
  );
}

/**
 * The value of a line at a moment: of stretches that of the stretch, of steps the last one.
 *
 * @param {Line} line
 * @param {number} ms
 */
export function valueAt({ points, isStepped }, ms) {
  if (isStepped === true) return points.findLast(([at]) => at <= ms)?.[1] ?? null;
  let nearest = points[0];
  for (const point of points) {
    if (nearest === undefined || Math.abs(point[0] - ms) < Math.abs(nearest[0] - ms)) nearest = point;
  }
  return nearest?.[1] ?? null;
}

import { linearScale } from './scale.js';

/**
 * @import { TimeRange } from './time-range.js'
 * @import { Scale } from './scale.js'
 *
 * @typedef {'each' | 'one' | 'none'} ClientLanes a lane for each client thread, one for all of them, or none
 *
 * @typedef {object} Lanes
 * @property {readonly string[]} titles from left to right
 * @property {Int16Array} ofName the lane of each name; -1: not shown
 *
 * @typedef {object} View where what is drawn
 * @property {number} width
 * @property {number} height
 * @property {Scale} time downwards
 * @property {readonly number[]} laneX
 * @property {number} laneWidth
 */

/** More lanes than these cannot be told apart. */
export const mostLanes = 24;
export const headHeight = 24;
export const axisWidth = 68;

/**
 * Nodes on the left, clients on the right. What a client has been before an operation without an answer, and what it is
 * after, is the same lane.
 *
 * @param {readonly string[]} names nodes first
 * @param {number} nodeCount
 * @param {number} concurrency 0: not known
 * @param {ClientLanes} clients
 * @returns {Lanes}
 */
export function lanesOf(names, nodeCount, concurrency, clients) {
  const titles = names.slice(0, nodeCount);
  const byTitle = new Map(titles.map((title, lane) => [title, lane]));
  const ofName = Int16Array.from(names, (name, place) => {
    if (place < nodeCount) return place;
    if (clients === 'none') return -1;
    const title = clients === 'one' ? 'clients' : threadName(name, concurrency);
    const lane = byTitle.get(title) ?? byTitle.size;
    byTitle.set(title, lane);
    return lane;
  });
  return sortedByName([...byTitle.keys()], nodeCount, ofName);
}

/**
 * @param {readonly string[]} titles
 * @param {number} nodeCount
 * @param {Int16Array} ofName
 * @returns {Lanes}
 */
function sortedByName(titles, nodeCount, ofName) {
  const clients = titles.slice(nodeCount).sort((one, other) => numberIn(one) - numberIn(other));
  const sorted = [...titles.slice(0, nodeCount), ...clients];
  return { titles: sorted, ofName: ofName.map((lane) => (lane < 0 ? lane : sorted.indexOf(titles[lane] ?? ''))) };
}

/**
 * `c0` watches; the others are numbered from `c1`.
 *
 * @param {string} name
 * @param {number} concurrency
 */
export function threadName(name, concurrency) {
  const number = numberIn(name);
  return concurrency === 0 || number === 0 ? name : `c${((number - 1) % concurrency) + 1}`;
}

/** @param {string} name */
function numberIn(name) {
  return Number(/[0-9]+/.exec(name)?.[0] ?? 0);
}

/**
 * @param {Lanes} lanes
 * @param {TimeRange} range
 * @param {number} width
 * @param {number} height
 * @returns {View}
 */
export function viewOf(lanes, range, width, height) {
  const count = Math.max(1, lanes.titles.length);
  const laneWidth = (width - axisWidth) / count;
  return {
    width,
    height,
    time: linearScale([range.fromMs, range.toMs], [headHeight, height]),
    laneX: Array.from({ length: count }, (_, lane) => axisWidth + (lane + 0.5) * laneWidth),
    laneWidth,
  };
}

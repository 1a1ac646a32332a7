import { threadName } from './diagram-view.js';

/**
 * @import { KeyData, Operation, Run } from './data.js'
 *
 * @typedef {object} Bar an operation in the picture
 * @property {Operation} operation
 * @property {number} lane
 * @property {number} toMs where the bar ends; it may have happened later still where nobody knows
 * @property {number | undefined} place in the order, from 0
 * @property {number | undefined} atMs a moment at which it can have happened, in that order
 * @property {boolean} isUnplaced whether it has to come next and does not fit
 *
 * @typedef {object} Picture
 * @property {readonly string[]} lanes
 * @property {readonly Bar[]} bars by invocation
 * @property {readonly Bar[]} order
 * @property {number | undefined} failsAtMs no order gets past the operation that ended here
 */

/**
 * The operations of one key as bars, a lane for each process, and the order that the checker found.
 *
 * @param {Run} run
 * @param {KeyData} key
 * @param {number} keyPlace
 * @param {readonly number[]} order rows of the table of operations
 * @returns {Picture}
 */
export function pictureOfKey(run, key, keyPlace, order) {
  const operations = run.operations.filter((operation) => operation.key === keyPlace);
  return pictureOf(run, operations, order, key.unplaced, ({ process }) => `process ${process}`);
}

/**
 * All operations, whatever they are on, a lane for each client.
 *
 * @param {Run} run
 * @returns {Picture}
 */
export function pictureOfAll(run) {
  return pictureOf(run, run.operations, [], [], ({ process }) => threadName(`c${process + 1}`, run.concurrency));
}

/**
 * @param {Run} run
 * @param {readonly Operation[]} operations
 * @param {readonly number[]} order
 * @param {readonly number[]} unplaced
 * @param {(operation: Operation) => string} laneName
 * @returns {Picture}
 */
function pictureOf(run, operations, order, unplaced, laneName) {
  const names = [...new Set(operations.map(laneName))].sort((one, other) =>
    one.localeCompare(other, 'en', { numeric: true }),
  );
  const lanes = new Map(names.map((name, lane) => [name, lane]));
  const placeOf = new Map(order.map((row, place) => [row, place]));
  const moments = momentsOf(
    order.flatMap((row) => run.operations[row] ?? []),
    run.durationMs,
  );
  const unplacedRows = new Set(unplaced);
  const bars = operations.map((operation) => {
    const place = placeOf.get(operation.row);
    return {
      operation,
      lane: lanes.get(laneName(operation)) ?? 0,
      toMs: operation.endedMs ?? run.durationMs,
      place,
      atMs: place === undefined ? undefined : moments[place],
      isUnplaced: unplacedRows.has(operation.row),
    };
  });
  const placed = bars
    .filter(({ place }) => place !== undefined)
    .sort((one, other) => (one.place ?? 0) - (other.place ?? 0));
  return { lanes: names, bars, order: placed, failsAtMs: run.operations[unplaced[0] ?? -1]?.endedMs };
}

/**
 * For each operation of an order a moment between its invocation and its end, none before that of the one before: in
 * the middle between the earliest such moments and the latest.
 *
 * @param {readonly Operation[]} order
 * @param {number} durationMs
 */
export function momentsOf(order, durationMs) {
  const earliest = /** @type {number[]} */ ([]);
  let afterMs = 0;
  for (const { invokedMs } of order) {
    afterMs = Math.max(afterMs, invokedMs);
    earliest.push(afterMs);
  }
  const moments = /** @type {number[]} */ (Array.from(order, () => 0));
  let beforeMs = durationMs;
  for (let place = order.length - 1; place >= 0; place -= 1) {
    const operation = order[place];
    if (operation === undefined) continue;
    // What got no answer may have happened long after its client had given up.
    const endMs = operation.outcome === 'info' ? durationMs : (operation.endedMs ?? durationMs);
    beforeMs = Math.min(beforeMs, endMs);
    moments[place] = ((earliest[place] ?? 0) + Math.max(beforeMs, earliest[place] ?? 0)) / 2;
  }
  return moments;
}

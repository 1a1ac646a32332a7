import { timeChart } from './chart.js';
import { legend, valueAxis } from './chart-parts.js';
import { canvasColour, canvasSeriesColour, onColourChange, seriesColour } from './colours.js';
import { checkbox, element, sharpContext } from './elements.js';
import { latencyScale } from './rate-charts.js';
import { countText, durationText, momentText } from './text.js';

/**
 * @import { Frame } from './chart.js'
 * @import { Operation, Run } from './data.js'
 * @import { Scale } from './scale.js'
 * @import { TimeRange } from './time-range.js'
 */

/** As far from a point it is still meant. */
const reachPixels = 8;

/**
 * Every operation, where it began and how long it took. Points, of which there are many, are painted on a canvas above
 * the chart.
 *
 * @param {Run} run
 * @param {TimeRange} range
 */
export function latencyChart(run, range) {
  const ended = run.operations.filter(({ endedMs }) => endedMs !== undefined);
  const hidden = /** @type {Set<number>} */ (new Set());
  const canvas = element('canvas', { class: 'over', 'aria-hidden': true });
  const placesOn = latencyScale(ended.map(latencyOf));
  /** @type {{ frame: Frame, scale: Scale } | undefined} */
  let drawn;
  const paint = () => {
    if (drawn !== undefined)
      paintPoints(
        canvas,
        drawn.frame,
        drawn.scale,
        ended.filter(({ kind }) => !hidden.has(kind)),
      );
  };
  const controls = run.kinds.map((kind, place) =>
    checkbox(kind, true, (isShown) => {
      if (isShown) hidden.delete(place);
      else hidden.add(place);
      paint();
    }),
  );
  const isAll = run.operations.length === run.operationCount;
  const chart = {
    title: 'Latency of every operation',
    height: 200,
    note: isAll
      ? undefined
      : `${countText(run.operations.length)} of ${countText(run.operationCount)} operations are shown.`,
    summary: `${countText(ended.length)} operations by when they began and how long they took, on a logarithmic scale.`,
    stepMs: run.rates.bucketMs,
    controls,
    draw: (/** @type {Frame} */ frame) => {
      const { scale, ticks } = placesOn(frame);
      valueAxis(frame, scale, ticks, durationText);
      drawn = { frame, scale };
      paint();
    },
    linesAt: () => [],
    linesNear: (/** @type {number} */ ms, /** @type {number} */ y, /** @type {Frame} */ frame) => {
      const near =
        drawn === undefined
          ? undefined
          : nearest(
              ended.filter(({ kind }) => !hidden.has(kind)),
              ms,
              y,
              frame,
              drawn.scale,
            );
      return near === undefined ? undefined : describeOperation(near, run);
    },
  };
  const figure = timeChart(chart, run, range);
  figure.querySelector('.plot')?.append(canvas);
  figure.append(shapeLegend(run));
  onColourChange(paint);
  return figure;
}

/** @param {Run} run */
function shapeLegend({ kinds }) {
  const list = legend(kinds.map((name, place) => ({ name, colour: seriesColour(place) })));
  list.classList.add('always');
  list.append(element('li', {}, '● ok   × fail   ○ info: nobody knows'));
  return list;
}

/** @param {Operation} operation */
function latencyOf({ invokedMs, endedMs = invokedMs }) {
  return endedMs - invokedMs;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Frame} frame
 * @param {Scale} scale
 * @param {readonly Operation[]} operations
 */
function paintPoints(canvas, frame, scale, operations) {
  const { width, left, right, top, bottom, time } = frame;
  const context = sharpContext(canvas, width, bottom + 4);
  const colours = new Map();
  context.lineWidth = 1.2;
  for (const operation of operations) {
    const x = time.place(operation.invokedMs);
    if (x < left || x > right) continue;
    const y = Math.max(top, scale.place(latencyOf(operation)));
    const colour = colours.get(operation.kind) ?? canvasSeriesColour(operation.kind);
    colours.set(operation.kind, colour);
    context.strokeStyle = colour;
    context.fillStyle = colour;
    paintPoint(context, operation.outcome, x, y);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Operation['outcome']} outcome
 * @param {number} x
 * @param {number} y
 */
function paintPoint(context, outcome, x, y) {
  context.beginPath();
  if (outcome === 'ok') {
    context.globalAlpha = 0.6;
    context.arc(x, y, 1.6, 0, 2 * Math.PI);
    context.fill();
  } else if (outcome === 'fail') {
    context.globalAlpha = 0.7;
    context.moveTo(x - 2, y - 2);
    context.lineTo(x + 2, y + 2);
    context.moveTo(x + 2, y - 2);
    context.lineTo(x - 2, y + 2);
    context.stroke();
  } else {
    context.globalAlpha = 1;
    context.fillStyle = canvasColour('ground');
    context.arc(x, y, 3.2, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

/**
 * @param {readonly Operation[]} operations
 * @param {number} ms
 * @param {number} y
 * @param {Frame} frame
 * @param {Scale} scale
 */
function nearest(operations, ms, y, { time }, scale) {
  const x = time.place(ms);
  let best = undefined;
  let reach = reachPixels;
  for (const operation of operations) {
    const distance = Math.hypot(time.place(operation.invokedMs) - x, scale.place(latencyOf(operation)) - y);
    if (distance < reach) [best, reach] = [operation, distance];
  }
  return best;
}

/**
 * An operation in words, a line each.
 *
 * @param {Operation} operation
 * @param {Run} run
 * @returns {string[]}
 */
export function describeOperation(operation, run) {
  const { process, text, key, outcome, error, invokedMs, endedMs } = operation;
  const ofKey = run.keys[key] === undefined ? [] : [`key ${run.keys[key].key}`];
  const end = endedMs === undefined ? 'nothing came back' : `${outcome} at ${momentText(endedMs, 0.01)}`;
  const took = endedMs === undefined ? [] : [`took ${durationText(endedMs - invokedMs)}`];
  const why = error === null ? [] : [error];
  return [text, ...ofKey, `process ${process}`, `invoked at ${momentText(invokedMs, 0.01)}`, end, ...took, ...why];
}

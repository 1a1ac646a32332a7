import { canvasColour, canvasFont, canvasSeriesColour } from './colours.js';
import { roundTicks } from './scale.js';
import { momentText, shortened } from './text.js';

/**
 * @import { Bar, Picture } from './picture-layout.js'
 * @import { Scale } from './scale.js'
 * @import { TimeRange } from './time-range.js'
 * @import { Run } from './data.js'
 *
 * @typedef {object} Canvas where what is drawn
 * @property {number} width
 * @property {number} height
 * @property {number} left
 * @property {number} laneHeight
 * @property {Scale} time
 */

export const axisHeight = 24;
/** Room for a letter. */
const letterWidth = 6.2;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Canvas} canvas
 * @param {Picture} picture
 * @param {TimeRange} range
 * @param {Run} run
 * @param {Bar | undefined} selected
 */
export function paintPicture(context, canvas, picture, range, run, selected) {
  context.font = canvasFont;
  paintPictureGround(context, canvas, picture, range, run);
  const visible = picture.bars.filter(
    ({ operation, toMs }) => operation.invokedMs <= range.toMs && toMs >= range.fromMs,
  );
  for (const bar of visible) paintBar(context, canvas, bar, bar === selected);
  paintOrder(context, canvas, picture, range);
  paintFailure(context, canvas, picture);
  paintLaneNames(context, canvas, picture);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Canvas} canvas
 * @param {Picture} picture
 * @param {TimeRange} range
 * @param {Run} run
 */
function paintPictureGround(context, { width, height, left, laneHeight, time }, { lanes }, range, run) {
  context.fillStyle = canvasColour('ground');
  context.fillRect(0, 0, width, height);
  for (const { fault, fromMs, toMs } of run.faults) {
    const [from, to] = [Math.max(left, time.place(fromMs)), Math.min(width, time.place(toMs))];
    if (to <= from) continue;
    context.fillStyle = canvasColour(
      fault === 'kill' ? 'fault-kill' : fault === 'pause' ? 'fault-pause' : 'fault-partition',
    );
    context.fillRect(from, 0, to - from, height - axisHeight);
  }
  context.strokeStyle = canvasColour('line');
  lanes.forEach((_, lane) => line(context, left, (lane + 1) * laneHeight - 0.5, width, (lane + 1) * laneHeight - 0.5));
  const { step, ticks } = roundTicks(range.fromMs, range.toMs, Math.max(2, (width - left) / 120));
  context.fillStyle = canvasColour('quiet');
  context.textAlign = 'center';
  for (const tick of ticks) {
    const x = Math.round(time.place(tick)) + 0.5;
    line(context, x, 0, x, height - axisHeight + 4);
    if (x > left + 20) context.fillText(momentText(tick, step), x, height - 6);
  }
  context.textAlign = 'left';
}

/**
 * Filled: it happened. Hollow: it failed. Fading out: nobody knows.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Canvas} canvas
 * @param {Bar} bar
 * @param {boolean} isSelected
 */
function paintBar(context, { width, left, laneHeight, time }, { operation, lane, toMs, isUnplaced }, isSelected) {
  const { kind, outcome, text, invokedMs } = operation;
  const from = Math.max(left - 20, time.place(invokedMs));
  const to = Math.min(width + 20, Math.max(time.place(toMs), time.place(invokedMs) + 1.5));
  const [y, height] = [lane * laneHeight + 2, laneHeight - 5];
  const colour = isUnplaced ? canvasColour('bad') : canvasSeriesColour(kind);
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = isUnplaced || isSelected ? 2 : 1;
  context.globalAlpha = outcome === 'ok' ? 0.28 : outcome === 'fail' ? 0 : 0.1;
  context.fillRect(from, y, to - from, height);
  context.globalAlpha = outcome === 'fail' ? 0.5 : 1;
  if (outcome === 'info') {
    context.setLineDash([3, 3]);
    // It may still have happened after its client had given up.
    line(context, to, y + height / 2, Math.min(width, to + 40), y + height / 2);
  }
  if (isSelected) context.strokeStyle = canvasColour('text');
  context.strokeRect(from, y, to - from, height);
  context.setLineDash([]);
  context.globalAlpha = 1;
  const shownFrom = Math.max(from, left);
  const room = Math.floor((Math.min(to, width) - shownFrom - 6) / letterWidth);
  if (room >= 3 && height >= 12) {
    context.fillStyle = canvasColour(isUnplaced ? 'bad' : outcome === 'fail' ? 'quiet' : 'text');
    context.fillText(room >= text.length ? text : shortOf(text, room), shownFrom + 3, y + height / 2 + 4);
  }
}

/**
 * `read 3` becomes `r3`, `cas 1 to 2` `1→2` where there is little room.
 *
 * @param {string} text
 * @param {number} room
 */
function shortOf(text, room) {
  const brief = text.replace(/^cas (.*) to /, '$1→').replace(/^(\w)\w* /, '$1 ');
  return shortened(brief, room);
}

/**
 * A point for each operation where it can have happened, and a line through them.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Canvas} canvas
 * @param {Picture} picture
 * @param {TimeRange} range
 */
function paintOrder(context, { laneHeight, time, left }, { order }, range) {
  const points = order.map((bar) => ({ bar, x: time.place(bar.atMs ?? 0), y: (bar.lane + 0.5) * laneHeight - 0.5 }));
  const first = points.findIndex(({ bar }) => (bar.atMs ?? 0) >= range.fromMs);
  const last = points.findLastIndex(({ bar }) => (bar.atMs ?? 0) <= range.toMs);
  const shown = points.slice(Math.max(0, first - 1), last + 2);
  context.strokeStyle = canvasColour('text');
  context.globalAlpha = 0.55;
  context.lineWidth = 1;
  context.beginPath();
  shown.forEach(({ x, y }, place) => (place === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  if (first >= 0 && last >= first - 1) context.stroke();
  context.globalAlpha = 1;
  context.fillStyle = canvasColour('text');
  for (const { x, y } of shown) {
    if (x < left) continue;
    context.beginPath();
    context.arc(x, y, 2.6, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * Where every order ends.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Canvas} canvas
 * @param {Picture} picture
 */
function paintFailure(context, { width, height, left, time }, { failsAtMs }) {
  if (failsAtMs === undefined) return;
  const x = time.place(failsAtMs);
  if (x < left || x > width) return;
  context.strokeStyle = canvasColour('bad');
  context.lineWidth = 2;
  line(context, x, 0, x, height - axisHeight);
  context.lineWidth = 1;
  const text = 'no order gets past here';
  const isLeft = x + letterWidth * text.length > width;
  context.textAlign = isLeft ? 'right' : 'left';
  context.font = `600 ${canvasFont}`;
  const [textX, textWidth] = [x + (isLeft ? -5 : 5), context.measureText(text).width];
  context.fillStyle = canvasColour('ground');
  context.fillRect(isLeft ? textX - textWidth : textX, height - axisHeight + 4, textWidth, axisHeight - 4);
  context.fillStyle = canvasColour('bad');
  context.fillText(text, textX, height - 7);
  context.font = canvasFont;
  context.textAlign = 'left';
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Canvas} canvas
 * @param {Picture} picture
 */
function paintLaneNames(context, { left, height, laneHeight }, { lanes }) {
  context.fillStyle = canvasColour('ground');
  context.fillRect(0, 0, left - 1, height);
  context.fillStyle = canvasColour('text');
  context.textAlign = 'right';
  const every = Math.ceil(11 / laneHeight);
  const isNarrow = left < 80;
  lanes.forEach((name, lane) => {
    if (lane % every === 0)
      context.fillText(isNarrow ? name.replace('process ', 'p') : name, left - 6, (lane + 0.5) * laneHeight + 3);
  });
  context.textAlign = 'left';
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
function line(context, x1, y1, x2, y2) {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

import { canvasColour, canvasFont, canvasSeriesColour, seriesOfType } from './colours.js';
import { axisWidth, headHeight } from './diagram-view.js';
import { reigns } from './reigns.js';
import { roundTicks } from './scale.js';
import { counted, momentText, shortened } from './text.js';

/**
 * @import { Run } from './data.js'
 * @import { Lanes, View } from './diagram-view.js'
 * @import { Messages } from './messages.js'
 * @import { TimeRange } from './time-range.js'
 *
 * @typedef {object} Scene
 * @property {Run} run
 * @property {Messages} messages
 * @property {Lanes} lanes
 * @property {View} view
 * @property {TimeRange} range
 * @property {readonly number[]} rows the messages that are on their way in the part that is shown
 * @property {number | undefined} selected a message
 *
 * @typedef {object} Arrow in pixels
 * @property {number} row
 * @property {number} x1
 * @property {number} y1
 * @property {number} x2
 * @property {number} y2
 */

/** With more messages on the screen, those that would cover each other are drawn once. */
const denseCount = 2500;
/** With fewer, each says what it is. */
const labelledCount = 90;
/** How far a message gets that a cut swallows. */
const lostShare = 0.75;
const denseAlpha = 0.2;

/**
 * Draws the part of the run that is shown. Returns the arrows that are on the screen.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @returns {readonly Arrow[]}
 */
export function paintDiagram(context, scene) {
  context.font = canvasFont;
  paintGround(context, scene);
  paintLanes(context, scene);
  paintOperations(context, scene);
  const arrows = arrowsOf(scene);
  paintArrows(context, scene, arrows);
  if (arrows.length <= labelledCount) paintLabels(context, scene, arrows);
  paintSelected(context, scene, arrows);
  paintHead(context, scene);
  return arrows;
}

/**
 * Time, the faults that hit the network, and stretches whose messages are not here.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
function paintGround(context, { run, view, range }) {
  const { width, height, time } = view;
  context.fillStyle = canvasColour('ground');
  context.fillRect(0, 0, width, height);
  const band = (/** @type {number} */ fromMs, /** @type {number} */ toMs, /** @type {string} */ colour) => {
    const [from, to] = [Math.max(headHeight, time.place(fromMs)), Math.min(height, time.place(toMs))];
    if (to <= from) return undefined;
    context.fillStyle = colour;
    context.fillRect(axisWidth, from, width - axisWidth, to - from);
    return from;
  };
  for (const { fault, what, nodeIds, fromMs, toMs } of run.faults) {
    if (nodeIds.length > 0) continue;
    const top = band(fromMs, toMs, canvasColour('fault-partition'));
    if (top === undefined) continue;
    context.fillStyle = canvasColour('quiet');
    context.fillText(`${fault}: ${what}`, axisWidth + 4, top + 13);
  }
  for (const { fromMs, toMs, count } of run.messages?.gaps ?? []) {
    const top = band(fromMs, toMs, canvasColour('gap'));
    if (top === undefined || time.place(toMs) - top < 14) continue;
    context.fillStyle = canvasColour('quiet');
    context.fillText(`${counted(count, 'message')} not kept`, axisWidth + 4, top + 13);
  }
  const { step, ticks } = roundTicks(range.fromMs, range.toMs, (height - headHeight) / 48);
  context.strokeStyle = canvasColour('line');
  context.lineWidth = 1;
  context.textAlign = 'right';
  context.fillStyle = canvasColour('quiet');
  for (const tick of ticks) {
    const y = Math.round(time.place(tick)) + 0.5;
    stroke(context, axisWidth - 4, y, width, y);
    context.fillText(momentText(tick, step), axisWidth - 8, y + 4);
  }
  context.textAlign = 'left';
}

/**
 * A line for each node and client: thick where the node led, none where it was down.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
function paintLanes(context, { run, lanes, view }) {
  const { height, time, laneX } = view;
  const span = (
    /** @type {number} */ lane,
    /** @type {number} */ fromMs,
    /** @type {number} */ toMs,
    /** @type {number} */ half,
  ) => {
    const [from, to] = [Math.max(headHeight, time.place(fromMs)), Math.min(height, time.place(toMs))];
    if (to > from) context.fillRect((laneX[lane] ?? 0) - half, from, 2 * half, to - from);
  };
  context.strokeStyle = canvasColour('lane');
  laneX.forEach((x) => stroke(context, Math.round(x) + 0.5, headHeight, Math.round(x) + 0.5, height));
  context.fillStyle = canvasColour('leader');
  for (const { nodeId, fromMs, toMs } of reigns(run)) span(lanes.titles.indexOf(nodeId), fromMs, toMs, 2);
  for (const { fault, nodeIds, fromMs, toMs } of run.faults) {
    for (const nodeId of nodeIds) {
      const lane = lanes.titles.indexOf(nodeId);
      if (lane < 0) continue;
      context.fillStyle = canvasColour(fault === 'kill' ? 'fault-kill' : 'fault-pause');
      span(lane, fromMs, toMs, 9);
      const y = time.place(fromMs);
      context.fillStyle = canvasColour('text');
      if (y > headHeight && y < height)
        context.fillText(fault === 'kill' ? 'down' : 'paused', (laneX[lane] ?? 0) + 11, y + 11);
    }
  }
}

/**
 * On the lanes of the clients: when which operation was open.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
function paintOperations(context, { run, lanes, view, range, messages }) {
  const laneOfProcess = new Map(messages.names.map((name, place) => [name, lanes.ofName[place] ?? -1]));
  const isOneLane = lanes.titles.includes('clients');
  const failing = new Set(run.keys.flatMap(({ unplaced }) => unplaced));
  for (const { row, process, kind, invokedMs, endedMs = run.durationMs } of run.operations) {
    if (invokedMs > range.toMs || endedMs < range.fromMs || (isOneLane && !failing.has(row))) continue;
    const lane = laneOfProcess.get(`c${process + 1}`) ?? -1;
    const x = view.laneX[lane];
    if (lane < 0 || x === undefined) continue;
    const [from, to] = [
      Math.max(headHeight, view.time.place(invokedMs)),
      Math.min(view.height, view.time.place(endedMs)),
    ];
    const half = failing.has(row) ? 5 : 3;
    context.globalAlpha = failing.has(row) ? 1 : 0.45;
    context.fillStyle = failing.has(row) ? canvasColour('bad') : canvasSeriesColour(kind);
    context.fillRect(x - half, from, 2 * half, Math.max(1, to - from));
  }
  context.globalAlpha = 1;
}

/**
 * @param {Scene} scene
 * @returns {Arrow[]}
 */
function arrowsOf({ messages, lanes, view, rows }) {
  const isDense = rows.length > denseCount;
  const laneCount = lanes.titles.length;
  const covered = new Int32Array(laneCount * laneCount).fill(-1);
  const arrows = [];
  for (const row of rows) {
    const [from, to] = [lanes.ofName[messages.src[row] ?? 0] ?? -1, lanes.ofName[messages.dest[row] ?? 0] ?? -1];
    if (from < 0 || to < 0) continue;
    const y1 = view.time.place(messages.sentMs[row] ?? 0);
    const pair = from * laneCount + to;
    const spot = 2 * Math.round(y1) + (messages.isLost(row) ? 1 : 0);
    if (isDense && covered[pair] === spot) continue;
    covered[pair] = spot;
    const y2 = view.time.place(messages.endedMs[row] ?? 0);
    arrows.push({ row, x1: view.laneX[from] ?? 0, y1, x2: view.laneX[to] ?? 0, y2 });
  }
  return arrows;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {readonly Arrow[]} arrows
 */
function paintArrows(context, { messages, run }, arrows) {
  const isDense = arrows.length > denseCount / 3;
  context.lineWidth = 1;
  context.globalAlpha = isDense ? denseAlpha : 0.9;
  const byType = groupedByType(messages, arrows);
  for (const [type, ofType] of byType) {
    context.strokeStyle = canvasSeriesColour(seriesOfType(messages.typeNames[type] ?? '', type, run.kinds));
    context.fillStyle = context.strokeStyle;
    context.beginPath();
    for (const arrow of ofType) addShaft(context, arrow);
    context.stroke();
    if (!isDense) ofType.forEach((arrow) => paintTip(context, arrow));
  }
  context.strokeStyle = canvasColour('bad');
  context.globalAlpha = isDense ? 0.6 : 1;
  for (const arrow of arrows) {
    if (messages.isLost(arrow.row))
      paintLost(context, arrow, messages.fate[arrow.row] === 'cut' ? lostShare : 0.93, isDense);
  }
  context.globalAlpha = 1;
}

/**
 * From lane to lane; what a node sends to itself makes a small detour.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Arrow} arrow
 */
function addShaft(context, { x1, y1, x2, y2 }) {
  context.moveTo(x1, y1);
  if (x1 === x2) context.bezierCurveTo(x1 + 24, y1, x1 + 24, y2 + 6, x2, y2 + 6);
  else context.lineTo(x2, y2);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Arrow} arrow
 */
function paintTip(context, { x1, y1, x2, y2 }) {
  if (x1 === x2) return;
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const [length, spread] = [7, 0.4];
  context.beginPath();
  context.moveTo(x2, y2);
  for (const side of [-spread, spread])
    context.lineTo(x2 - length * Math.cos(angle + side), y2 - length * Math.sin(angle + side));
  context.fill();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Arrow} arrow
 * @param {number} share of the way
 * @param {boolean} isDense
 */
function paintLost(context, { x1, y1, x2, y2 }, share, isDense) {
  const [x, y] = [x1 + share * (x2 - x1), y1 + share * (y2 - y1)];
  const half = isDense ? 1.5 : 3.5;
  if (!isDense) {
    context.setLineDash([4, 3]);
    stroke(context, x1, y1, x, y);
    context.setLineDash([]);
  }
  context.lineWidth = isDense ? 1 : 1.6;
  stroke(context, x - half, y - half, x + half, y + half);
  stroke(context, x - half, y + half, x + half, y - half);
  context.lineWidth = 1;
}

/**
 * What each message is, above its arrow, where that covers no other text.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {readonly Arrow[]} arrows
 */
function paintLabels(context, { messages }, arrows) {
  const taken = /** @type {{ left: number, right: number, y: number }[]} */ ([]);
  context.textAlign = 'center';
  for (const { row, x1, y1, x2, y2 } of arrows) {
    const room = Math.floor((Math.abs(x2 - x1) - 16) / 5.6);
    if (room < 6) continue;
    const text = shortened(`${messages.typeOf(row)}${fieldsText(messages.bodyOf(row))}`, room);
    const [x, y, half] = [(x1 + x2) / 2, (y1 + y2) / 2 - 3, context.measureText(text).width / 2];
    if (taken.some((other) => Math.abs(other.y - y) < 12 && other.left < x + half && other.right > x - half)) continue;
    taken.push({ left: x - half, right: x + half, y });
    context.lineWidth = 3;
    context.strokeStyle = canvasColour('ground');
    context.strokeText(text, x, y);
    context.fillStyle = messages.isLost(row) ? canvasColour('bad') : canvasColour('text');
    context.fillText(text, x, y);
  }
  context.lineWidth = 1;
  context.textAlign = 'left';
}

/** @param {unknown} body */
function fieldsText(body) {
  if (typeof body !== 'object' || body === null) return '';
  return Object.entries(body)
    .filter(([name]) => name !== 'msg_id' && name !== 'in_reply_to')
    .map(
      ([name, value]) =>
        ` ${name} ${Array.isArray(value) && value.length > 1 ? `(${value.length})` : JSON.stringify(value)}`,
    )
    .join(',');
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {readonly Arrow[]} arrows
 */
function paintSelected(context, { selected }, arrows) {
  const arrow = arrows.find(({ row }) => row === selected);
  if (arrow === undefined) return;
  context.strokeStyle = canvasColour('text');
  context.fillStyle = context.strokeStyle;
  context.lineWidth = 2.5;
  context.beginPath();
  addShaft(context, arrow);
  context.stroke();
  paintTip(context, arrow);
  context.lineWidth = 1;
}

/**
 * Who is who, above all else.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
function paintHead(context, { lanes, view }) {
  context.fillStyle = canvasColour('ground');
  context.fillRect(0, 0, view.width, headHeight);
  context.fillStyle = canvasColour('text');
  context.textAlign = 'center';
  context.font = `600 ${canvasFont}`;
  const room = Math.max(1, Math.floor(view.laneWidth / 6.5));
  lanes.titles.forEach((title, lane) =>
    context.fillText(shortened(title, room), view.laneX[lane] ?? 0, headHeight - 8),
  );
  context.font = canvasFont;
  context.textAlign = 'left';
  context.strokeStyle = canvasColour('lane');
  stroke(context, 0, headHeight - 0.5, view.width, headHeight - 0.5);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
function stroke(context, x1, y1, x2, y2) {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/**
 * The arrow that is meant by pointing there.
 *
 * @param {readonly Arrow[]} arrows
 * @param {number} x
 * @param {number} y
 */
export function arrowAt(arrows, x, y) {
  let best = undefined;
  let reach = 8;
  for (const arrow of arrows) {
    const distance = distanceTo(arrow, x, y);
    if (distance < reach) [best, reach] = [arrow, distance];
  }
  return best;
}

/**
 * @param {Arrow} arrow
 * @param {number} x
 * @param {number} y
 */
function distanceTo({ x1, y1, x2, y2 }, x, y) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x1 + along * dx - x, y1 + along * dy - y);
}

/**
 * Those that arrived.
 *
 * @param {Messages} messages
 * @param {readonly Arrow[]} arrows
 */
function groupedByType(messages, arrows) {
  const groups = /** @type {Map<number, Arrow[]>} */ (new Map());
  for (const arrow of arrows) {
    if (messages.isLost(arrow.row)) continue;
    const type = messages.type[arrow.row] ?? 0;
    const group = groups.get(type);
    if (group === undefined) groups.set(type, [arrow]);
    else group.push(arrow);
  }
  return groups;
}

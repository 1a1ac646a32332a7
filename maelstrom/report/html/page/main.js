import { watchColours } from './colours.js';
import { readRun } from './data.js';
import { Diagram } from './diagram.js';
import { button, element } from './elements.js';
import { latencyChart } from './latency-chart.js';
import { nodeCharts } from './node-chart.js';
import { PictureOfKeys } from './picture.js';
import { faultChart, messageRateChart, quantileChart, throughputCharts } from './rate-charts.js';
import { readout } from './readout.js';
import { countText, momentText } from './text.js';
import { TimeRange } from './time-range.js';

/** @import { Run } from './data.js' */

/** Nobody looks closer at a chart. */
const shortestRangeMs = 5;

/** @param {Run} run */
function drawAll(run) {
  const range = new TimeRange(run.durationMs, shortestRangeMs);
  const hasOperations = run.operations.length > 0;
  const picture = hasOperations ? new PictureOfKeys(run) : undefined;
  const isBad = run.keys.some(({ verdict }) => verdict === 'not-linearizable');
  const diagram = run.messages === null ? undefined : new Diagram(run.messages, run);
  let pickedMs = range.pickedMs;
  range.onChange(() => {
    if (range.pickedMs === undefined || range.pickedMs === pickedMs) return;
    pickedMs = range.pickedMs;
    diagram?.goTo(pickedMs);
  });
  const judged =
    picture === undefined ? [] : [section('keys', 'Keys: what was seen, and in which order', picture.element)];
  const overTime = section(
    'over-time',
    'Over time',
    rangeBar(range, diagram !== undefined),
    ...charts(run, range, hasOperations),
  );
  const nodes = run.nodes.length === 0 ? [] : [section('nodes', 'Nodes', ...nodeCharts(run, range))];
  const drawn = document.getElementById('drawn');
  drawn?.replaceChildren(
    ...(isBad ? judged : []),
    overTime,
    ...nodes,
    ...(diagram === undefined ? [] : [section('messages', 'Messages', keptNote(run), diagram.element)]),
    ...(isBad ? [] : judged),
  );
}

/**
 * @param {Run} run
 * @param {TimeRange} range
 * @param {boolean} hasOperations
 */
function charts(run, range, hasOperations) {
  const ofOperations = hasOperations
    ? [...throughputCharts(run, range), latencyChart(run, range), quantileChart(run, range)]
    : [];
  return [
    faultChart(run, range),
    ...ofOperations,
    ...(run.messages === null ? [] : [messageRateChart(run.messages, run, range)]),
  ];
}

/**
 * @param {TimeRange} range
 * @param {boolean} hasDiagram
 */
function rangeBar(range, hasDiagram) {
  const shown = element('span', { role: 'status' });
  const whole = button('whole run', () => range.showWhole());
  const middle = () => (range.fromMs + range.toMs) / 2;
  const tell = () => {
    const stepMs = (range.toMs - range.fromMs) / 200;
    shown.textContent = `${momentText(range.fromMs, stepMs)} to ${momentText(range.toMs, stepMs)}`;
    whole.disabled = range.isWhole;
  };
  range.onChange(tell);
  tell();
  const ofMessages = hasDiagram ? ' Click, and the messages of that moment are shown below.' : '';
  const help = `Drag across a chart to zoom in.${ofMessages}`;
  return element(
    'div',
    { class: 'toolbar' },
    button('+', () => range.zoom(0.5, middle()), 'zoom in'),
    button('−', () => range.zoom(2, middle()), 'zoom out'),
    whole,
    shown,
    element('span', { class: 'note' }, help),
  );
}

/** @param {Run} run */
function keptNote({ messages }) {
  if (messages === null || messages.gaps.length === 0) return '';
  const missing = messages.gaps.reduce((sum, { count }) => sum + count, 0);
  return element(
    'p',
    { class: 'note' },
    `${countText(missing)} of ${countText(messages.total)} messages are not in this page; where they were is marked. ` +
      'Those around failures, faults and changes of leader are kept before others.',
  );
}

/**
 * @param {string} id
 * @param {string} title
 * @param {...(Node | string)} children
 */
function section(id, title, ...children) {
  return element('section', { 'aria-labelledby': id }, element('h2', { id }, title), ...children);
}

readout.attach();
watchColours();
drawAll(readRun(JSON.parse(document.getElementById('data')?.textContent ?? 'null')));

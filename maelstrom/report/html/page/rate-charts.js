import { timeChart } from './chart.js';
import { drawLines, faultClass, legend, valueAt, valueAxis } from './chart-parts.js';
import { seriesColour, seriesOfType } from './colours.js';
import { choice, element, svg } from './elements.js';
import { reigns } from './reigns.js';
import { linearScale, logScale, logTicks, roundTicks } from './scale.js';
import { countText, counted, durationText, momentText } from './text.js';

/**
 * @import { Frame } from './chart.js'
 * @import { Line } from './chart-parts.js'
 * @import { MessageData, Run } from './data.js'
 * @import { TimeRange } from './time-range.js'
 */

/** So many types of messages have a line of their own. */
const maxTypeLines = 7;
const dashes = [undefined, '6 3', '2 3', '8 3 2 3'];

/**
 * When which fault was in force, and who led.
 *
 * @param {Run} run
 * @param {TimeRange} range
 */
export function faultChart(run, range) {
  const names = [...new Set(run.faults.map(({ fault }) => fault))];
  const lanes = run.leaders.length > 0 ? ['leader', ...names] : names;
  const changes = Math.max(0, run.leaders.length - 1);
  const laneHeight = 22;
  const draw = (/** @type {Frame} */ frame) => {
    lanes.forEach((lane, place) => {
      const y = frame.top + place * laneHeight;
      frame.svg.append(svg('text', { x: frame.left - 6, y: y + 15, 'text-anchor': 'end' }, lane));
      const bars =
        lane === 'leader'
          ? reigns(run)
          : run.faults
              .filter(({ fault }) => fault === lane)
              .map((fault) => ({
                fromMs: fault.fromMs,
                toMs: fault.toMs,
                text: fault.what,
                name: `bar ${faultClass(lane)}`,
              }));
      for (const bar of bars) drawBar(frame, bar, y + 2, laneHeight - 4);
    });
  };
  const chart = {
    title: 'Faults and leaders',
    height: Math.max(1, lanes.length) * laneHeight,
    summary: `${counted(run.faults.length, 'fault')}, ${counted(changes, 'change')} of leader seen.`,
    note: lanes.length === 0 ? 'No fault, and no node that told who leads.' : undefined,
    stepMs: run.rates.bucketMs,
    showsFaults: true,
    draw,
    linesAt: (/** @type {number} */ ms) => {
      const reign = reigns(run).find(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
      return reign === undefined ? [] : [`led by ${reign.text}, as far as was seen`];
    },
  };
  return timeChart(chart, run, range);
}

/**
 * @param {Frame} frame
 * @param {{ fromMs: number, toMs: number, text: string, name: string }} bar
 * @param {number} y
 * @param {number} height
 */
function drawBar({ svg: parent, left, right, time }, { fromMs, toMs, text, name }, y, height) {
  const [from, to] = [Math.max(left, time.place(fromMs)), Math.min(right, time.place(toMs))];
  if (to < from) return;
  const width = Math.max(1, to - from);
  parent.append(svg('rect', { x: from, y, width, height, class: name }));
  const room = Math.floor((width - 6) / 6.2);
  if (room < 2) return;
  const shown = text.length <= room ? text : (text.split(/[ ,]/)[0] ?? '');
  if (shown.length <= room) parent.append(svg('text', { x: from + 4, y: y + height - 5, class: 'inside' }, shown));
}

/**
 * Successful operations a second, and the others.
 *
 * @param {Run} run
 * @param {TimeRange} range
 */
export function throughputCharts(run, range) {
  const { bucketMs, byKind } = run.rates;
  const aSecond = (/** @type {readonly number[]} */ counts) => {
    return counts.map((count, place) => /** @type {const} */ ([(place + 0.5) * bucketMs, (1000 * count) / bucketMs]));
  };
  const ok = byKind.map((kind, place) => ({ name: kind.kind, colour: seriesColour(place), points: aSecond(kind.ok) }));
  const notOk = byKind.flatMap((kind, place) => {
    const colour = seriesColour(place);
    const lines = [
      { name: `${kind.kind} fail`, colour, points: aSecond(kind.fail), dash: '5 3' },
      { name: `${kind.kind} info`, colour, points: aSecond(kind.info), dash: '1 3' },
    ];
    return lines.filter(({ points }) => points.some(([, value]) => value > 0));
  });
  const perSecond = { run, range, bucketMs, unit: 'a second' };
  const first = linearChart({
    ...perSecond,
    title: 'Throughput: operations that succeeded, a second',
    lines: ok,
    height: 150,
  });
  if (notOk.length === 0) return [first];
  return [
    first,
    linearChart({
      ...perSecond,
      title: 'Operations that failed (dashed) or got no answer (dotted), a second',
      lines: notOk,
      height: 100,
    }),
  ];
}

/**
 * @param {MessageData} messages
 * @param {Run} run
 * @param {TimeRange} range
 */
export function messageRateChart({ rates }, run, range) {
  const { bucketMs, byType } = rates;
  const points = (/** @type {readonly number[]} */ counts) => {
    return counts.map((count, place) => /** @type {const} */ ([(place + 0.5) * bucketMs, (1000 * count) / bucketMs]));
  };
  const many = byType.slice(0, maxTypeLines);
  const others = byType.slice(maxTypeLines);
  const lines = many.map(({ type, counts }, place) => {
    const isAnswer = type.endsWith('_ok');
    return {
      name: type,
      colour: seriesColour(seriesOfType(type, place, run.kinds)),
      dash: isAnswer ? '5 3' : undefined,
      points: points(counts),
    };
  });
  if (others.length > 0) {
    const sums = (others[0]?.counts ?? []).map((_, place) =>
      others.reduce((sum, { counts }) => sum + (counts[place] ?? 0), 0),
    );
    lines.push({ name: 'all others', colour: seriesColour(maxTypeLines), dash: '1 3', points: points(sums) });
  }
  const chart = linearChart({
    run,
    range,
    bucketMs,
    unit: 'a second',
    title: 'Messages a second, by type',
    lines,
    height: 170,
  });
  return element('div', {}, chart, typeTable(rates, run));
}

/**
 * @param {MessageData['rates']} rates
 * @param {Run} run
 */
function typeTable({ byType }, { durationMs }) {
  const cells = (/** @type {readonly (string | number)[]} */ values) => values.map((value) => element('td', {}, value));
  const rows = byType.map(({ type, total, perOperation }) => {
    const values = [countText(total), countText((1000 * total) / durationMs), perOperation.toFixed(3)];
    return element('tr', {}, element('th', { scope: 'row' }, type), ...cells(values));
  });
  const heads = ['type', 'messages', 'a second', 'per operation'].map((text) => element('th', { scope: 'col' }, text));
  return element(
    'details',
    {},
    element('summary', {}, `Messages by type, and per operation (${counted(byType.length, 'type')})`),
    element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Messages by type' },
      element('table', {}, element('thead', {}, element('tr', {}, ...heads)), element('tbody', {}, ...rows)),
    ),
  );
}

/**
 * A chart of lines that starts at 0.
 *
 * @param {{ run: Run, range: TimeRange, title: string, lines: readonly Line[], bucketMs: number, height: number,
 *   unit: string, note?: string, startsAtLeast?: boolean }} given
 */
export function linearChart({ run, range, title, lines, bucketMs, height, unit, note, startsAtLeast }) {
  const values = lines.flatMap(({ points }) => points.flatMap(([, value]) => value ?? []));
  const most = values.reduce((max, value) => Math.max(max, value), 1);
  const least = startsAtLeast === true ? values.reduce((min, value) => Math.min(min, value), most - 1) : 0;
  const draw = (/** @type {Frame} */ frame) => {
    const scale = linearScale([least, most * 1.05 - least * 0.05], [frame.bottom, frame.top]);
    const { ticks } = roundTicks(least, most, Math.max(2, height / 40));
    valueAxis(frame, scale, ticks, countText);
    drawLines(frame, scale, lines);
  };
  const linesAt = (/** @type {number} */ ms) =>
    lines.flatMap((line) => {
      const value = valueAt(line, ms);
      return value === null ? [] : [`${line.name} ${countText(value)}${unit === '' ? '' : ` ${unit}`}`];
    });
  const summary = `${lines.map(({ name }) => name).join(', ')}; at most ${countText(most)} ${unit}.`;
  const figure = timeChart({ title, height, note, summary, draw, linesAt, stepMs: bucketMs }, run, range);
  figure.append(legend(lines));
  return figure;
}

/**
 * Quantiles of the latency over time, of one kind of operation at a time.
 *
 * @param {Run} run
 * @param {TimeRange} range
 */
export function quantileChart(run, range) {
  const { bucketMs, byKind } = run.rates;
  const names = /** @type {const} */ (['max', 'p99', 'p95', 'p50']);
  const linesOf = (/** @type {number} */ place) =>
    names.map((name, line) => ({
      name,
      colour: seriesColour(line),
      dash: dashes[names.length - 1 - line],
      points: (byKind[place]?.[name] ?? []).map(
        (value, bucket) => /** @type {const} */ ([(bucket + 0.5) * bucketMs, value]),
      ),
    }));
  let shown = 0;
  const options = byKind.map(({ kind }, place) => /** @type {const} */ ([String(place), kind]));
  const { labelled } = choice('operation', options, (value) => {
    shown = Number(value);
    range.redraw();
  });
  // One scale for all kinds, so that they can be compared.
  const every = byKind.flatMap((kind) => names.flatMap((name) => kind[name].flatMap((value) => value ?? [])));
  const placesOn = latencyScale(every);
  const figure = timeChart(
    {
      title: 'Latency quantiles over time',
      height: 150,
      summary: `Median, 95th and 99th percentile and maximum, every ${momentText(bucketMs)}, on a logarithmic scale.`,
      stepMs: bucketMs,
      controls: [labelled],
      draw: (/** @type {Frame} */ frame) => {
        const { scale, ticks } = placesOn(frame);
        valueAxis(frame, scale, ticks, durationText);
        drawLines(frame, scale, linesOf(shown));
      },
      linesAt: (/** @type {number} */ ms) =>
        linesOf(shown).flatMap((line) => {
          const value = valueAt(line, ms);
          return value === null ? [] : [`${byKind[shown]?.kind} ${line.name} ${durationText(value)}`];
        }),
    },
    run,
    range,
  );
  figure.append(legend(linesOf(0)));
  return figure;
}

/**
 * A logarithmic scale that the latencies fit on.
 *
 * @param {readonly number[]} latenciesMs
 */
export function latencyScale(latenciesMs) {
  const least = latenciesMs.reduce((min, ms) => Math.min(min, Math.max(ms, 0.01)), Infinity);
  const most = latenciesMs.reduce((max, ms) => Math.max(max, ms), 0.1);
  const [from, to] = [Math.min(least, most / 10) * 0.8, most * 1.3];
  return (/** @type {Frame} */ frame) => {
    return { scale: logScale([from, to], [frame.bottom, frame.top]), ticks: logTicks(from, to) };
  };
}

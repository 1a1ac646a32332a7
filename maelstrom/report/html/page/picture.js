import { onColourChange } from './colours.js';
import { decodeColumn } from './columns.js';
import { button, choice, element, sharpContext } from './elements.js';
import { takeGestures } from './gestures.js';
import { describeOperation } from './latency-chart.js';
import { pictureOfAll, pictureOfKey } from './picture-layout.js';
import { axisHeight, paintPicture } from './picture-painter.js';
import { readout } from './readout.js';
import { linearScale } from './scale.js';
import { clamp } from './search.js';
import { countText, counted, momentText, shortened } from './text.js';
import { TimeRange } from './time-range.js';

/**
 * @import { KeyData, Run } from './data.js'
 * @import { Bar, Picture } from './picture-layout.js'
 */

const shortestPictureMs = 0.05;
/** How many operations of the order are shown before the place where it ends. */
const shownBefore = 8;
const tallestPixels = 560;
const mostRows = 100;
const verdicts = {
  linearizable: 'linearizable',
  'not-linearizable': 'NOT linearizable',
  unknown: 'undecided',
  'not-judged': 'not judged',
};

/** The operations of any key as bars, with the order that explains them, or the place where there is none. */
export class PictureOfKeys {
  #canvas = element('canvas', { tabindex: 0, role: 'img', 'aria-describedby': 'picture-note' });
  #note = element('p', { class: 'note', id: 'picture-note', role: 'status' });
  #words = element('pre', { class: 'words' });
  #table = element('div', {
    class: 'scroll',
    tabindex: 0,
    role: 'region',
    'aria-label': 'The operations shown, as a table',
  });
  #isTableOpen = false;
  /** @type {Picture} */
  #picture = { lanes: [], bars: [], order: [], failsAtMs: undefined };
  /** @type {Bar | undefined} */
  #selected = undefined;
  #isPlanned = false;

  /** @param {Run} run */
  constructor(run) {
    this.run = run;
    this.range = new TimeRange(run.durationMs * 1.03, shortestPictureMs);
    this.holder = element('div', { class: 'canvas-holder flat' }, this.#canvas);
    this.element = this.#assemble();
    this.#listen();
    this.range.onChange(() => this.#plan());
    onColourChange(() => this.#paint());
    new ResizeObserver(() => this.#plan()).observe(this.holder);
    this.show(run.keys.length > 0 ? 0 : -1);
  }

  /**
   * Shows a key; -1 stands for all of them.
   *
   * @param {number} place in `Run.keys`
   */
  show(place) {
    const { run } = this;
    const key = run.keys[place];
    this.#selected = undefined;
    this.#picture = key === undefined ? pictureOfAll(run) : pictureOfKey(run, key, place, decodeColumn(key.order));
    this.#note.textContent =
      key === undefined ? `All keys: ${counted(run.operations.length, 'operation')}` : noteOn(key);
    this.#words.textContent = (key?.explanation ?? []).join('\n');
    this.#words.hidden = this.#words.textContent === '';
    const label =
      key === undefined
        ? 'All operations over time'
        : `Operations on key ${key.key} over time: ${verdicts[key.verdict]}`;
    this.#canvas.setAttribute('aria-label', label);
    this.#showWhatMatters();
  }

  /** The failure and what led to it; where there is none, all of it. */
  #showWhatMatters() {
    const { bars, order } = this.#picture;
    const failing = bars.filter(({ isUnplaced }) => isUnplaced);
    const shown = failing.length > 0 ? [...order.slice(-shownBefore), ...failing] : bars;
    const fromMs = shown.reduce((least, { operation }) => Math.min(least, operation.invokedMs), Infinity);
    const toMs = shown.reduce(
      (most, { operation, toMs: endMs }) => Math.max(most, operation.outcome === 'info' ? operation.invokedMs : endMs),
      0,
    );
    const spareMs = (toMs - fromMs) * 0.06;
    this.range.show(Math.max(0, fromMs - spareMs), toMs + spareMs);
  }

  #assemble() {
    const options = this.run.keys.map(({ key, verdict, operationCount }, place) => {
      return /** @type {[string, string]} */ ([
        String(place),
        `${shortened(key, 40)}: ${verdicts[verdict]}, ${counted(operationCount, 'operation')}`,
      ]);
    });
    const keys = choice('key', [...options, ['-1', 'all keys, without an order']], (value) => this.show(Number(value)));
    keys.select.id = 'key-choice';
    const table = element(
      'details',
      { ontoggle: () => this.#openTable(table.open) },
      element('summary', {}, 'The operations shown, as a table'),
      this.#table,
    );
    const legend =
      'Filled: ok. Hollow: failed. Dashed: no answer, it may have happened at any time from then on. ' +
      'Dots: where each can have happened, in the order found. Red: has to come next, and does not fit.';
    return element(
      'div',
      { class: 'picture' },
      element(
        'div',
        { class: 'toolbar', role: 'group', 'aria-label': 'Which operations are shown' },
        keys.labelled,
        button('+', () => this.#zoom(0.5), 'zoom in'),
        button('−', () => this.#zoom(2), 'zoom out'),
        button('whole key', () => this.#showWhole()),
        button('what matters', () => this.#showWhatMatters(), 'the failure, if there is one'),
      ),
      this.#note,
      this.#words,
      this.holder,
      element('p', { class: 'note' }, legend),
      table,
    );
  }

  #showWhole() {
    const { bars } = this.#picture;
    const fromMs = bars[0]?.operation.invokedMs ?? 0;
    this.range.show(
      fromMs,
      bars.reduce((most, { toMs }) => Math.max(most, toMs), fromMs),
    );
  }

  /** @param {number} factor */
  #zoom(factor) {
    this.range.zoom(factor, (this.range.fromMs + this.range.toMs) / 2);
  }

  #plan() {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    requestAnimationFrame(() => {
      this.#isPlanned = false;
      this.#paint();
    });
  }

  #measures() {
    const width = this.holder.clientWidth;
    const laneCount = Math.max(1, this.#picture.lanes.length);
    const laneHeight = clamp(Math.floor((tallestPixels - axisHeight) / laneCount), 5, 26);
    const left = width < 560 ? 38 : 84;
    const time = linearScale([this.range.fromMs, this.range.toMs], [left, width]);
    return { width, height: laneHeight * laneCount + axisHeight, left, laneHeight, time };
  }

  #paint() {
    const measures = this.#measures();
    if (measures.width === 0) return;
    const context = sharpContext(this.#canvas, measures.width, measures.height);
    paintPicture(context, measures, this.#picture, this.range, this.run, this.#selected);
    if (this.#isTableOpen) this.#fillTable();
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  #barAt(x, y) {
    const { laneHeight, time } = this.#measures();
    const lane = Math.floor(y / laneHeight);
    const [from, to] = [time.value(x - 3), time.value(x + 3)];
    const hits = this.#picture.bars.filter(
      (bar) => bar.lane === lane && bar.operation.invokedMs <= to && bar.toMs >= from,
    );
    return hits.find(({ isUnplaced }) => isUnplaced) ?? hits.at(-1);
  }

  #listen() {
    takeGestures(this.#canvas, {
      axis: 'x',
      onPan: (pixels) => this.range.move((-pixels * (this.range.toMs - this.range.fromMs)) / this.#plotWidth()),
      onZoom: (factor, x) => this.range.zoom(factor, this.#measures().time.value(x)),
      onHover: (x, y, event) => {
        const bar = this.#barAt(x, y);
        if (bar === undefined) readout.hide();
        else readout.show(this.#describe(bar), event.clientX, event.clientY);
      },
      onTap: (x, y, event) => {
        const bar = this.#barAt(x, y);
        this.#select(bar);
        if (bar !== undefined) readout.show(this.#describe(bar), event.clientX, event.clientY);
      },
      onLeave: () => readout.hide(),
    });
    this.#canvas.addEventListener('keydown', (event) => this.#key(event));
    this.#canvas.addEventListener('blur', () => readout.hide());
  }

  #plotWidth() {
    const { width, left } = this.#measures();
    return Math.max(1, width - left);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const spanMs = this.range.toMs - this.range.fromMs;
    const moves = /** @type {Record<string, number | undefined>} */ ({
      ArrowLeft: -0.1,
      ArrowRight: 0.1,
      PageUp: -0.8,
      PageDown: 0.8,
    });
    const move = moves[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (move !== undefined) this.range.move(move * spanMs);
    else if (event.key === '+' || event.key === '=') this.#zoom(0.5);
    else if (event.key === '-') this.#zoom(2);
    else if (event.key === '0') this.#showWhole();
    else if (event.key === 'n') this.#step(1);
    else if (event.key === 'p') this.#step(-1);
    else return;
    event.preventDefault();
  }

  /**
   * To the operation that was invoked next, or before.
   *
   * @param {number} step
   */
  #step(step) {
    const { bars } = this.#picture;
    const here =
      this.#selected === undefined
        ? bars.findIndex(({ operation }) => operation.invokedMs >= this.range.fromMs) - (step > 0 ? 1 : 0)
        : bars.indexOf(this.#selected);
    const bar = bars[here + step];
    if (bar === undefined) return;
    const { invokedMs } = bar.operation;
    const spanMs = this.range.toMs - this.range.fromMs;
    if (invokedMs < this.range.fromMs || invokedMs > this.range.toMs)
      this.range.show(invokedMs - spanMs / 4, invokedMs + (3 * spanMs) / 4);
    this.#select(bar);
    const { left, top } = this.#canvas.getBoundingClientRect();
    const { time, laneHeight } = this.#measures();
    readout.show(this.#describe(bar), left + time.place(invokedMs), top + (bar.lane + 0.5) * laneHeight);
    readout.say(this.#describe(bar).join(', '));
  }

  /** @param {Bar | undefined} bar */
  #select(bar) {
    this.#selected = bar;
    this.#plan();
  }

  /** @param {Bar} bar */
  #describe({ operation, place, isUnplaced }) {
    const lines = describeOperation(operation, this.run);
    if (isUnplaced) lines.push('has to come next in the order, and does not fit');
    if (place !== undefined) lines.push(`number ${countText(place + 1)} of the order; it leaves ${operation.leaves}`);
    return lines;
  }

  /** @param {boolean} isOpen */
  #openTable(isOpen) {
    this.#isTableOpen = isOpen;
    if (isOpen) this.#fillTable();
  }

  #fillTable() {
    const { fromMs, toMs } = this.range;
    const shown = this.#picture.bars.filter((bar) => bar.operation.invokedMs <= toMs && bar.toMs >= fromMs);
    const heads = ['process', 'operation', 'invoked', 'ended', 'outcome', 'in the order'].map((text) =>
      element('th', { scope: 'col' }, text),
    );
    const rows = shown.slice(0, mostRows).map(({ operation, place, isUnplaced }) => {
      const { process, text, invokedMs, endedMs, outcome, error } = operation;
      const ended = endedMs === undefined ? '-' : momentText(endedMs, 0.01);
      const inOrder = isUnplaced ? 'does not fit' : place === undefined ? '-' : countText(place + 1);
      const cells = [
        process,
        text,
        momentText(invokedMs, 0.01),
        ended,
        error === null ? outcome : `${outcome}: ${error}`,
        inOrder,
      ];
      return element('tr', isUnplaced ? { class: 'bad' } : {}, ...cells.map((cell) => element('td', {}, cell)));
    });
    const more =
      shown.length > mostRows
        ? element('p', { class: 'note' }, `The first ${mostRows} of ${countText(shown.length)}.`)
        : undefined;
    this.#table.replaceChildren(
      element('table', {}, element('thead', {}, element('tr', {}, ...heads)), element('tbody', {}, ...rows)),
      ...(more === undefined ? [] : [more]),
    );
  }
}

/** @param {KeyData} key */
function noteOn({ key, verdict, operationCount, isPart, order }) {
  const part = isPart ? ' Not all of them are here: the run was too long.' : '';
  const found =
    verdict === 'linearizable' || verdict === 'not-linearizable'
      ? ` ${orderText(verdict, decodeColumn(order).length)}`
      : '';
  return `Key ${key}: ${verdicts[verdict]}. ${counted(operationCount, 'operation')}.${found}${part}`;
}

/**
 * @param {'linearizable' | 'not-linearizable'} verdict
 * @param {number} length
 */
function orderText(verdict, length) {
  return verdict === 'linearizable'
    ? `An order of ${countText(length)} of them explains what was seen.`
    : `The order that gets furthest has ${countText(length)} of them.`;
}

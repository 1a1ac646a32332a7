import { chartBackground, timeAxis } from './chart-parts.js';
import { element, svg } from './elements.js';
import { readout } from './readout.js';
import { linearScale } from './scale.js';
import { clamp } from './search.js';
import { momentText } from './text.js';

/**
 * @import { Run } from './data.js'
 * @import { Scale } from './scale.js'
 * @import { TimeRange } from './time-range.js'
 *
 * @typedef {object} Frame what a chart is drawn into
 * @property {SVGSVGElement} svg
 * @property {number} width
 * @property {number} left the edges of the part that has the time axis
 * @property {number} right
 * @property {number} top
 * @property {number} bottom
 * @property {Scale} time
 * @property {boolean} isNarrow
 *
 * @typedef {object} Chart
 * @property {string} title
 * @property {string | undefined} [note] a line below the title
 * @property {number} height of the plot, in pixels
 * @property {string} summary what the chart shows, for those who do not see it
 * @property {(frame: Frame) => void} draw
 * @property {(ms: number) => readonly string[]} linesAt what is to be said of a moment
 * @property {number} stepMs how far an arrow key goes
 * @property {boolean} [showsFaults] whether it shows the faults by itself: then they are not shaded
 * @property {readonly HTMLElement[]} [controls]
 * @property {(ms: number, y: number, frame: Frame) => readonly string[] | undefined} [linesNear] of a thing there
 */

const narrowBelow = 560;
const margin = { top: 8, bottom: 22, left: 56, right: 140, narrowLeft: 46, narrowRight: 10 };
/** A shorter drag is a click. */
const dragPixels = 5;

/**
 * A chart with time across: it is zoomed by dragging, and read out by pointer or arrow keys. Returns its element.
 *
 * @param {Chart} chart
 * @param {Run} run
 * @param {TimeRange} range
 */
export function timeChart(chart, run, range) {
  const view = new ChartView(chart, run, range);
  return view.figure;
}

class ChartView {
  #svg = svg('svg', { tabindex: 0, role: 'img' });
  #layer = svg('g');
  /** @type {Frame | undefined} */
  #frame = undefined;
  /** @type {number | undefined} */
  #cursorMs = undefined;
  #drag = /** @type {{ startX: number } | undefined} */ (undefined);

  /**
   * @param {Chart} chart
   * @param {Run} run
   * @param {TimeRange} range
   */
  constructor(chart, run, range) {
    this.chart = chart;
    this.run = run;
    this.range = range;
    this.#svg.setAttribute(
      'aria-label',
      `${chart.title}. ${chart.summary} Arrow keys read it out, plus and minus zoom.`,
    );
    this.holder = element('div', { class: 'plot' }, this.#svg);
    this.figure = element(
      'figure',
      { class: 'chart' },
      element('figcaption', {}, element('h3', {}, chart.title), ...(chart.controls ?? [])),
      chart.note === undefined ? undefined : element('p', { class: 'note' }, chart.note),
      this.holder,
    );
    this.#listen();
    range.onChange(() => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.holder);
  }

  draw() {
    const width = Math.floor(this.holder.clientWidth);
    if (width === 0) return;
    const isNarrow = width < narrowBelow;
    this.figure.classList.toggle('narrow', isNarrow);
    const height = this.chart.height + margin.top + margin.bottom;
    const left = isNarrow ? margin.narrowLeft : margin.left;
    const right = width - (isNarrow ? margin.narrowRight : margin.right);
    const time = linearScale([this.range.fromMs, this.range.toMs], [left, right]);
    const edges = { left, right, top: margin.top, bottom: margin.top + this.chart.height };
    this.#frame = { svg: this.#svg, width, ...edges, time, isNarrow };
    this.#svg.replaceChildren();
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#svg.setAttribute('width', String(width));
    this.#svg.setAttribute('height', String(height));
    chartBackground(this.#frame, this.run, this.chart.showsFaults !== true);
    timeAxis(this.#frame, this.range);
    this.chart.draw(this.#frame);
    this.#layer = svg('g', { class: 'cursor' });
    this.#svg.append(this.#layer);
    this.#drawCursor();
  }

  #drawCursor() {
    const frame = this.#frame;
    if (frame === undefined) return;
    this.#layer.replaceChildren();
    for (const [ms, name] of /** @type {const} */ ([
      [this.range.pickedMs, 'picked'],
      [this.#cursorMs, 'pointed'],
    ])) {
      if (ms === undefined || ms < this.range.fromMs || ms > this.range.toMs) continue;
      const x = frame.time.place(ms);
      this.#layer.append(svg('line', { x1: x, x2: x, y1: frame.top, y2: frame.bottom, class: name }));
    }
  }

  #listen() {
    const drawn = this.#svg;
    drawn.addEventListener('pointermove', (event) => this.#move(event));
    drawn.addEventListener('pointerdown', (event) => this.#press(event));
    drawn.addEventListener('pointerup', (event) => this.#release(event));
    drawn.addEventListener('pointercancel', () => this.#leave());
    drawn.addEventListener('pointerleave', () => {
      if (this.#drag === undefined) this.#leave();
    });
    drawn.addEventListener('dblclick', () => this.range.showWhole());
    drawn.addEventListener('keydown', (event) => this.#key(event));
    drawn.addEventListener('blur', () => this.#leave());
  }

  /** @param {number} clientX */
  #msAt(clientX) {
    const { left } = this.#svg.getBoundingClientRect();
    const ms = this.#frame?.time.value(clientX - left) ?? 0;
    return clamp(ms, this.range.fromMs, this.range.toMs);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    this.#cursorMs = this.#msAt(event.clientX);
    this.#drawCursor();
    if (this.#drag !== undefined && Math.abs(event.clientX - this.#drag.startX) > dragPixels) {
      this.#drawSelection(this.#drag.startX, event.clientX);
      return;
    }
    const y = event.clientY - this.#svg.getBoundingClientRect().top;
    const near = this.#frame === undefined ? undefined : this.chart.linesNear?.(this.#cursorMs, y, this.#frame);
    readout.show(near ?? this.#linesAt(this.#cursorMs), event.clientX, event.clientY);
  }

  /** @param {number} ms */
  #linesAt(ms) {
    const moment = momentText(ms, (this.range.toMs - this.range.fromMs) / 1000);
    const faults = this.run.faults.filter((fault) => fault.fromMs <= ms && fault.toMs >= ms);
    return [moment, ...this.chart.linesAt(ms), ...faults.map(({ fault, what }) => `${fault}: ${what}`)];
  }

  /**
   * @param {number} startX
   * @param {number} endX
   */
  #drawSelection(startX, endX) {
    const frame = this.#frame;
    if (frame === undefined) return;
    const [from, to] = [this.#msAt(Math.min(startX, endX)), this.#msAt(Math.max(startX, endX))].map(frame.time.place);
    if (from === undefined || to === undefined) return;
    const { top, bottom } = frame;
    this.#layer.append(svg('rect', { x: from, width: to - from, y: top, height: bottom - top, class: 'selection' }));
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button !== 0) return;
    this.#drag = { startX: event.clientX };
    this.#svg.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #release(event) {
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag === undefined) return;
    const [from, to] = [
      this.#msAt(Math.min(drag.startX, event.clientX)),
      this.#msAt(Math.max(drag.startX, event.clientX)),
    ];
    if (Math.abs(event.clientX - drag.startX) > dragPixels) this.range.show(from, to);
    else this.range.pick(from);
  }

  #leave() {
    this.#drag = undefined;
    this.#cursorMs = undefined;
    this.#drawCursor();
    readout.hide();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { range } = this;
    const atMs = this.#cursorMs ?? range.pickedMs ?? range.fromMs;
    const steps = /** @type {Record<string, number | undefined>} */ ({
      ArrowLeft: -1,
      ArrowRight: 1,
      PageUp: -10,
      PageDown: 10,
    });
    const step = steps[event.key];
    if (step !== undefined) this.#readOut(clamp(atMs + step * this.chart.stepMs, range.fromMs, range.toMs));
    else if (event.key === '+' || event.key === '=') range.zoom(0.5, atMs);
    else if (event.key === '-') range.zoom(2, atMs);
    else if (event.key === '0' || event.key === 'Escape') range.showWhole();
    else if (event.key === 'Enter') range.pick(atMs);
    else return;
    event.preventDefault();
  }

  /** @param {number} ms */
  #readOut(ms) {
    this.#cursorMs = ms;
    this.#drawCursor();
    const lines = this.#linesAt(ms);
    const { left, top } = this.#svg.getBoundingClientRect();
    readout.show(lines, left + (this.#frame?.time.place(ms) ?? 0), top);
    readout.say(lines.join('; '));
  }
}

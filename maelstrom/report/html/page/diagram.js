import { onColourChange, seriesOfType } from './colours.js';
import { arrowAt, paintDiagram } from './diagram-painter.js';
import { headHeight, lanesOf, mostLanes, viewOf } from './diagram-view.js';
import { button, checkbox, choice, element, sharpContext } from './elements.js';
import { filterBoxes } from './filter-boxes.js';
import { takeGestures } from './gestures.js';
import { describeMessage, headLines } from './message-text.js';
import { Messages } from './messages.js';
import { readout } from './readout.js';
import { firstPlace } from './search.js';
import { countText, counted, momentText, shortened } from './text.js';
import { TimeRange } from './time-range.js';

/**
 * @import { MessageData, Run } from './data.js'
 * @import { Arrow } from './diagram-painter.js'
 * @import { ClientLanes } from './diagram-view.js'
 * @import { Rows, Wanted } from './messages.js'
 */

const shortestViewMs = 0.02;
/** What is shown at first, and around what somebody goes to. */
const firstMs = 100;
const typingMs = 200;
/** Narrower lanes for all clients are too narrow to begin with. */
const leastLaneWidth = 40;

/** Messages as arrows between nodes and clients, time running down. */
export class Diagram {
  #canvas = element('canvas', { tabindex: 0, role: 'img', 'aria-describedby': 'diagram-help' });
  #count = element('p', { class: 'note', role: 'status' });
  #details = element('div', { class: 'message-details', hidden: true });
  /** @type {readonly Arrow[]} */
  #arrows = [];
  /** @type {number | undefined} */
  #selected = undefined;
  #isPlanned = false;
  /** @type {Wanted} */
  #wanted;
  /** @type {Rows} */
  #rows;
  #lanes;

  /**
   * @param {MessageData} data
   * @param {Run} run
   */
  constructor(data, run) {
    this.run = run;
    this.messages = new Messages(data, run.durationMs);
    this.range = new TimeRange(run.durationMs, shortestViewMs);
    this.#wanted = {
      types: new Set(this.messages.typeNames.keys()),
      names: new Set(this.messages.names.keys()),
      isLostOnly: false,
      text: '',
    };
    this.#rows = this.messages.filter(this.#wanted);
    const laneCount = this.#lanesFor('each').titles.length;
    const mostHere = Math.min(mostLanes, window.innerWidth / leastLaneWidth);
    this.clients = /** @type {ClientLanes} */ (laneCount > mostHere ? 'one' : 'each');
    this.#lanes = this.#lanesFor(this.clients);
    this.#canvas.setAttribute('aria-label', `Messages over time: ${countText(this.messages.count)} of them`);
    this.holder = element('div', { class: 'canvas-holder' }, this.#canvas);
    this.element = this.#assemble();
    this.#listen();
    this.range.onChange(() => this.#plan());
    onColourChange(() => this.#paint());
    new ResizeObserver(() => this.#plan()).observe(this.holder);
    const startMs = this.#firstMoment();
    this.range.show(startMs, startMs + firstMs);
  }

  /**
   * Shows what was sent around a moment.
   *
   * @param {number} ms
   */
  goTo(ms) {
    const spanMs = Math.min(this.range.toMs - this.range.fromMs, 2 * firstMs);
    this.range.show(ms - spanMs / 4, ms + (3 * spanMs) / 4);
  }

  /** The failure, where there is one: that is what people look for. */
  #firstMoment() {
    const failing = this.#failures()[0];
    return failing === undefined ? 0 : failing.invokedMs - firstMs / 4;
  }

  #failures() {
    return this.run.keys.flatMap(({ unplaced }) => this.run.operations[unplaced[0] ?? -1] ?? []);
  }

  #assemble() {
    const sought = element('input', {
      type: 'search',
      placeholder: 'any text',
      oninput: () => this.#search(sought.value),
    });
    const clientChoice = choice(
      'clients',
      [
        ['each', 'a lane each'],
        ['one', 'one lane'],
        ['none', 'hidden'],
      ],
      (value) => this.#showClients(value === 'each' || value === 'one' ? value : 'none'),
    );
    clientChoice.select.value = this.clients;
    const places = this.#places();
    const goTo = choice(
      'go to',
      [['', '…'], ...places.map(({ text }, place) => /** @type {[string, string]} */ ([String(place), text]))],
      (value) => {
        const place = places[Number(value)];
        if (value !== '' && place !== undefined) this.goTo(place.atMs);
      },
    );
    const types = this.messages.typeNames.map((text, place) => {
      return { text, series: seriesOfType(text, place, this.run.kinds) };
    });
    const nodes = this.run.nodeIds.map((text) => ({ text }));
    const help =
      'Drag or arrow keys move, Ctrl and the wheel, pinching or plus and minus zoom. ' +
      'Click or tap a message to keep it; n and p go from one to the next.';
    return element(
      'div',
      { class: 'diagram' },
      element(
        'div',
        { class: 'toolbar', role: 'group', 'aria-label': 'What the diagram shows' },
        button('+', () => this.#zoom(0.5), 'zoom in'),
        button('−', () => this.#zoom(2), 'zoom out'),
        button('whole run', () => this.range.showWhole()),
        goTo.labelled,
        clientChoice.labelled,
        element('label', { class: 'choice' }, element('span', {}, 'contains'), sought),
        checkbox('lost only', false, (isChecked) => this.#want({ isLostOnly: isChecked })),
      ),
      element(
        'div',
        { class: 'filters' },
        filterBoxes('Types', types, (chosen) => this.#want({ types: chosen })),
        // Of names only the nodes can be chosen: a message between others does not exist.
        filterBoxes('Nodes', nodes, (chosen) => this.#want({ names: chosen })),
      ),
      element('p', { class: 'note', id: 'diagram-help' }, help),
      this.#count,
      this.holder,
      this.#details,
    );
  }

  /** Where one may want to go. */
  #places() {
    const { run } = this;
    const places = [
      ...this.#failures().flatMap(({ text, key, invokedMs, endedMs = invokedMs }) => {
        const what = `${text} of key ${run.keys[key]?.key ?? ''}, which does not fit`;
        return [
          { atMs: invokedMs, text: `${momentText(invokedMs)}: ${what}` },
          { atMs: endedMs, text: `${momentText(endedMs)}: the answer to ${what}` },
        ];
      }),
      ...run.faults.map(({ fault, what, fromMs }) => ({
        atMs: fromMs,
        text: `${momentText(fromMs)}: ${fault} ${what}`,
      })),
      ...run.leaders.map(({ atMs, nodeId, term }) => ({
        atMs,
        text: `${momentText(atMs)}: ${nodeId} leads term ${term}`,
      })),
    ];
    return places
      .sort((one, other) => one.atMs - other.atMs)
      .map(({ atMs, text }) => ({ atMs, text: shortened(text, 60) }));
  }

  /** @param {ClientLanes} clients */
  #lanesFor(clients) {
    return lanesOf(this.messages.names, this.run.nodeIds.length, this.run.concurrency, clients);
  }

  /** @param {ClientLanes} clients */
  #showClients(clients) {
    this.clients = clients;
    this.#lanes = this.#lanesFor(clients);
    this.#plan();
  }

  #typing = 0;

  /** @param {string} text */
  #search(text) {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#want({ text }), typingMs);
  }

  /** @param {Partial<Wanted>} change */
  #want(change) {
    this.#wanted = { ...this.#wanted, ...change };
    this.#rows = this.messages.filter(this.#wanted);
    this.#plan();
  }

  /** @param {number} factor */
  #zoom(factor) {
    this.range.zoom(factor, (this.range.fromMs + this.range.toMs) / 2);
  }

  /** However much changes, it is drawn once before the next frame. */
  #plan() {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    requestAnimationFrame(() => {
      this.#isPlanned = false;
      this.#paint();
    });
  }

  #paint() {
    const [width, height] = [this.holder.clientWidth, this.holder.clientHeight];
    if (width === 0) return;
    const { run, messages, range } = this;
    const rows = /** @type {number[]} */ ([]);
    messages.eachDuring(this.#rows, range.fromMs, range.toMs, (row) => rows.push(row));
    const scene = {
      run,
      messages,
      range,
      rows,
      selected: this.#selected,
      lanes: this.#lanes,
      view: viewOf(this.#lanes, range, width, height),
    };
    this.#arrows = paintDiagram(sharpContext(this.#canvas, width, height), scene);
    const spanMs = range.toMs - range.fromMs;
    const isAll = this.#rows.all.length === messages.count;
    const filtered = isAll
      ? ''
      : ` (${countText(this.#rows.all.length)} of ${countText(messages.count)} pass the filter)`;
    const [from, to] = [range.fromMs, range.toMs].map((ms) => momentText(ms, spanMs / 500));
    this.#count.textContent = `${counted(rows.length, 'message')} from ${from} to ${to}${filtered}`;
  }

  #listen() {
    takeGestures(this.#canvas, {
      axis: 'y',
      onPan: (pixels) => this.range.move((-pixels * (this.range.toMs - this.range.fromMs)) / this.#plotHeight()),
      onZoom: (factor, y) => this.range.zoom(factor, this.#msAt(y)),
      onHover: (x, y, event) => {
        const arrow = arrowAt(this.#arrows, x, y);
        this.#canvas.style.cursor = arrow === undefined ? 'grab' : 'pointer';
        if (arrow === undefined) readout.hide();
        else readout.show(describeMessage(this.messages, arrow.row), event.clientX, event.clientY);
      },
      onTap: (x, y) => this.#select(arrowAt(this.#arrows, x, y)?.row),
      onLeave: () => readout.hide(),
    });
    this.#canvas.addEventListener('keydown', (event) => this.#key(event));
  }

  #plotHeight() {
    return Math.max(1, this.holder.clientHeight - headHeight);
  }

  /** @param {number} y */
  #msAt(y) {
    const { fromMs, toMs } = this.range;
    return fromMs + ((y - headHeight) / this.#plotHeight()) * (toMs - fromMs);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const spanMs = this.range.toMs - this.range.fromMs;
    const moves = /** @type {Record<string, number | undefined>} */ ({
      ArrowUp: -0.1,
      ArrowDown: 0.1,
      PageUp: -0.8,
      PageDown: 0.8,
    });
    const move = moves[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (move !== undefined) this.range.move(move * spanMs);
    else if (event.key === '+' || event.key === '=') this.#zoom(0.5);
    else if (event.key === '-') this.#zoom(2);
    else if (event.key === '0') this.range.showWhole();
    else if (event.key === 'Home') this.range.show(0, spanMs);
    else if (event.key === 'End') this.range.show(this.range.durationMs - spanMs, this.range.durationMs);
    else if (event.key === 'n') this.#step(1);
    else if (event.key === 'p') this.#step(-1);
    else if (event.key === 'Escape') this.#select(undefined);
    else return;
    event.preventDefault();
  }

  /**
   * Selects the next message that passes the filter, or the one before.
   *
   * @param {number} step
   */
  #step(step) {
    const { all } = this.#rows;
    const { sentMs } = this.messages;
    const selected = this.#selected;
    const here =
      selected === undefined
        ? firstPlace(0, all.length, (place) => (sentMs[all[place] ?? 0] ?? 0) >= this.range.fromMs) - (step > 0 ? 1 : 0)
        : firstPlace(0, all.length, (place) => (all[place] ?? 0) >= selected + (step > 0 ? 1 : 0)) - (step > 0 ? 1 : 0);
    const row = all[here + step];
    if (row !== undefined) this.#select(row);
  }

  /** @param {number | undefined} row */
  #select(row) {
    this.#selected = row;
    this.#details.hidden = row === undefined;
    if (row !== undefined) {
      const ms = this.messages.sentMs[row] ?? 0;
      if (ms < this.range.fromMs || ms > this.range.toMs) this.goTo(ms);
      this.#showDetails(row);
    }
    this.#plan();
  }

  /** @param {number} row */
  #showDetails(row) {
    const { messages } = this;
    const lines = headLines(this.messages, row);
    const jumps = /** @type {const} */ (['question', 'answer']).flatMap((which) => {
      const other = messages.counterpart(row, which);
      return other === undefined
        ? []
        : [button(which === 'answer' ? 'its answer' : 'what it answers', () => this.#select(other))];
    });
    const body = messages.bodyOf(row);
    this.#details.replaceChildren(
      element('h4', {}, lines[0]),
      element('p', {}, lines.slice(1).join(' · ')),
      element('pre', {}, JSON.stringify(body, undefined, 2)),
      element(
        'p',
        { class: 'toolbar' },
        button('previous', () => this.#step(-1)),
        button('next', () => this.#step(1)),
        ...jumps,
        button('close', () => this.#select(undefined)),
      ),
    );
    readout.say(`${lines.join(', ')}, ${shortened(JSON.stringify(body), 300)}`);
  }
}

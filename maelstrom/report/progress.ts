import type { HistoryEvent } from '../history/history.ts';
import { faultChange, nodesOf } from './faults.ts';

/** Where progress is shown; `write` takes text as it is. */
export interface ProgressScreen {
  readonly isTerminal: boolean;
  readonly write: (text: string) => void;
}

/** Where no line can be updated, one is written this often. */
const secondsBetweenLines = 5;

/**
 * Shows that a run is alive: on a terminal one line that is updated each second, elsewhere a line now and then. Also
 * lets other lines through without tearing that one.
 */
export class Progress {
  readonly #screen: ProgressScreen;
  readonly #timeLimitMs: number;
  #ok = 0;
  #fail = 0;
  #info = 0;
  #okBefore = 0;
  /** The faults in force, as they are shown. */
  readonly #faults = new Map<string, string>();
  #tickCount = 0;
  #isLineShown = false;

  constructor(screen: ProgressScreen, timeLimitMs: number) {
    this.#screen = screen;
    this.#timeLimitMs = timeLimitMs;
  }

  add(event: HistoryEvent): void {
    if (event.process === 'nemesis') this.#takeFault(event);
    else if (event.type === 'ok') this.#ok += 1;
    else if (event.type === 'fail') this.#fail += 1;
    else if (event.type === 'info') this.#info += 1;
  }

  /** A second is over. */
  tick(): void {
    this.#tickCount += 1;
    const rate = this.#ok - this.#okBefore;
    this.#okBefore = this.#ok;
    const counts = `${this.#ok} ok, ${this.#fail} fail, ${this.#info} info, ${rate} ok in the last second`;
    const limit = this.#timeLimitMs / 1000;
    const time = this.#tickCount > limit + 1 ? 'waiting for nodes to recover' : `${this.#tickCount} of ${limit} s`;
    const text = [`${time}: ${counts}`, ...this.#faults.values()].join(', ');
    if (this.#screen.isTerminal) {
      this.#screen.write(`\r\x1b[2K${text}`);
      this.#isLineShown = true;
    } else if (this.#tickCount % secondsBetweenLines === 0) {
      this.#screen.write(`${text}\n`);
    }
  }

  #takeFault(event: HistoryEvent): void {
    const change = faultChange(event);
    if (change?.begins === true) this.#faults.set(change.fault, faultText(change.fault, nodesOf(event.value)));
    else if (change !== undefined) this.#faults.delete(change.fault);
  }

  /** Writes a line of its own. */
  say(text: string): void {
    this.end();
    this.#screen.write(`${text}\n`);
  }

  /** Removes the line that is updated, if it is there. */
  end(): void {
    if (this.#isLineShown) this.#screen.write('\r\x1b[2K');
    this.#isLineShown = false;
  }
}

function faultText(fault: string, nodeIds: readonly string[]): string {
  switch (fault) {
    case 'partition':
      return 'network cut';
    case 'kill':
      return `${nodeIds.join(' ')} down`;
    case 'pause':
      return `${nodeIds.join(' ')} paused`;
    case 'services':
      return 'services cut off';
    default:
      return fault;
  }
}

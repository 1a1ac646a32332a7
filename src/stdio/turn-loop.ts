import type { Node } from './node.ts';

export interface TurnLoopOptions {
  readonly node: Pick<Node, 'receive' | 'endInput' | 'turn' | 'nextDeadlineMs' | 'hasMore' | 'isBehind'>;
  /** Never goes back. */
  readonly nowMs: () => number;
  readonly output: {
    readonly isFull: boolean;
    write(lines: readonly string[]): void;
  };
  readonly input: {
    pause(): void;
    resume(): void;
  };
  readonly writeLog: (lines: readonly string[]) => void;
  readonly isDiskWriting: () => boolean;
  /** All has been said; called once. */
  readonly onFinished: () => void;
}

/** After the end of the input there are turns as long as what they decide goes to the disk, but no more than this. */
const maxLastTurns = 16;

/** Timers of Node.js take no longer delay. */
const maxDelayMs = 2 ** 31 - 1;

/**
 * Says when a node takes its turns: when bytes have come, the disk is done, or a time has. While the reader of the output
 * is behind there is no turn, and no input is taken; nor is it while the node has much to say.
 */
export class TurnLoop {
  readonly #options: TurnLoopOptions;
  #timer: NodeJS.Timeout | undefined;
  #timerDueAtMs = Infinity;
  #turnIsPlanned = false;
  #isBlocked = false;
  #isInputPaused = false;
  /** When bytes came last, or a turn was taken. */
  #latestMs = 0;
  /** Once the input has ended time stands still: what the clock would say from then on comes too late. */
  #hasEnded = false;
  #hasFinished = false;
  #lastTurnsLeft = maxLastTurns;

  constructor(options: TurnLoopOptions) {
    this.#options = options;
  }

  /** Bytes from stdin, to be used at once. What comes after the end is not taken. */
  receive(bytes: Buffer): void {
    if (this.#hasEnded) return;
    this.#latestMs = this.#options.nowMs();
    this.#options.node.receive(bytes, this.#latestMs);
    this.#planTurn();
  }

  /** The disk has done something. */
  diskProgressed(): void {
    if (this.#hasEnded) this.#finish();
    else this.#planTurn();
  }

  /** The reader has caught up. */
  outputHasRoom(): void {
    if (this.#hasEnded) return this.#finish();
    this.#isBlocked = false;
    this.#takeInputIfItMay();
    // By a timer, not at once: what has been waiting on stdin comes before what the clock has to say.
    const nowMs = this.#options.nowMs();
    return this.#planNextTurn(nowMs, nowMs + 1);
  }

  /** No more is taken in. Answers what is there, and finishes once that is on the disk and written. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#clearTimer();
    this.#options.node.endInput(this.#latestMs);
    this.#finish();
  }

  /** One turn for all that is there: the timers' share comes after the input's. */
  #planTurn(): void {
    if (this.#turnIsPlanned || this.#isBlocked) return;
    this.#turnIsPlanned = true;
    setImmediate(() => this.#takeTurn());
  }

  #takeTurn(): void {
    this.#turnIsPlanned = false;
    if (this.#hasEnded) return;
    this.#latestMs = this.#options.nowMs();
    this.#writeTurn();
    this.#isBlocked = this.#options.output.isFull;
    this.#takeInputIfItMay();
    if (this.#isBlocked) this.#clearTimer();
    else this.#planNextTurn(this.#latestMs, this.#options.node.nextDeadlineMs(this.#latestMs));
  }

  #takeInputIfItMay(): void {
    const mayNot = this.#isBlocked || this.#options.node.isBehind;
    if (mayNot === this.#isInputPaused) return;
    this.#isInputPaused = mayNot;
    if (mayNot) this.#options.input.pause();
    else this.#options.input.resume();
  }

  #writeTurn(): void {
    const { lines, log } = this.#options.node.turn(this.#latestMs);
    if (log.length > 0) this.#options.writeLog(log);
    if (lines.length > 0) this.#options.output.write(lines);
  }

  /** A timer that is set for an earlier time stays: it costs one turn in which nothing is due, not one timer a turn. */
  #planNextTurn(nowMs: number, deadlineMs: number): void {
    if (deadlineMs <= nowMs) return this.#planTurn();
    if (this.#timer !== undefined && this.#timerDueAtMs <= deadlineMs) return undefined;
    clearTimeout(this.#timer);
    this.#timerDueAtMs = deadlineMs;
    this.#timer = deadlineMs < Infinity ? this.#startTimer(Math.min(Math.ceil(deadlineMs - nowMs), maxDelayMs)) : undefined;
    return undefined;
  }

  #startTimer(delayMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      this.#planTurn();
    }, delayMs);
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #finish(): void {
    const { node, output, isDiskWriting, onFinished } = this.#options;
    if (this.#hasFinished || output.isFull) return;
    if (!node.hasMore && this.#lastTurnsLeft > 0) {
      this.#lastTurnsLeft -= 1;
      this.#writeTurn();
    }
    while (node.hasMore && !output.isFull) this.#writeTurn();
    if (isDiskWriting() || output.isFull) return;
    this.#hasFinished = true;
    onFinished();
  }
}

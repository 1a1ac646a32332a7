import type { Node } from './node.ts';

export interface TurnLoopOptions {
  readonly node: Pick<
    Node,
    'receive' | 'endInput' | 'turn' | 'nextDeadlineMs' | 'hasMore' | 'isBehind' | 'yieldLeadership' | 'isYielding'
  >;
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
  /** Called once, when everything is written. */
  readonly onFinished: () => void;
}

/** After the end of the input the node takes turns while they cause writes to the disk, but at most this many. */
const maxLastTurns = 16;

/** The longest delay that a timer of Node.js takes: about 24.8 days. */
const maxDelayMs = 2 ** 31 - 1;

/**
 * Decides when a node takes a turn: when bytes have arrived, when the disk has finished something, or when a deadline
 * has come. While the reader of the output is behind, no turns are taken and no input is read. While much output waits
 * for a later turn, no input is read.
 */
export class TurnLoop {
  readonly #options: TurnLoopOptions;
  #timer: NodeJS.Timeout | undefined;
  #timerDueAtMs = Infinity;
  #turnIsPlanned = false;
  #isBlocked = false;
  #isInputPaused = false;
  /** When bytes arrived last, or the last turn was taken. */
  #latestMs = 0;
  /**
   * After the end of the input, time does not advance any more: the last answers must not depend on how long they take.
   */
  #hasEnded = false;
  #hasFinished = false;
  /** It ends when another node leads. */
  #endsWhenReplaced = false;
  #yieldTimer: NodeJS.Timeout | undefined;
  #lastTurnsLeft = maxLastTurns;

  constructor(options: TurnLoopOptions) {
    this.#options = options;
  }

  /** Takes bytes from stdin. They are used before it returns. Bytes after the end are ignored. */
  receive(bytes: Buffer): void {
    if (this.#hasEnded) return;
    this.#latestMs = this.#options.nowMs();
    this.#options.node.receive(bytes, this.#latestMs);
    this.#planTurn();
  }

  /** The disk has finished an operation. */
  diskProgressed(): void {
    if (this.#hasEnded) this.#finish();
    else this.#planTurn();
  }

  /** The reader of the output has caught up. */
  outputHasRoom(): void {
    if (this.#hasEnded) return this.#finish();
    this.#isBlocked = false;
    this.#takeInputIfItMay();
    // Wait one millisecond instead of taking a turn at once, so that input that is waiting on stdin comes before
    // timeouts.
    const nowMs = this.#options.nowMs();
    return this.#planNextTurn(nowMs, nowMs + 1);
  }

  /** As {@link end}, but where this node leads it lets another lead before, and waits for that so long at most. */
  yieldAndEnd(limitMs: number): void {
    if (this.#hasEnded) return;
    this.#latestMs = this.#options.nowMs();
    if (!this.#options.node.yieldLeadership(this.#latestMs)) return this.end();
    this.#endsWhenReplaced = true;
    this.#yieldTimer = setTimeout(() => this.end(), limitMs);
    return this.#planTurn();
  }

  /** No more is taken in. Answers what is there, and finishes once that is on the disk and written. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#clearTimer();
    clearTimeout(this.#yieldTimer);
    this.#options.node.endInput(this.#latestMs);
    this.#finish();
  }

  /** Plans one turn for all that has arrived. It is taken after the input that is ready has been read. */
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
    if (this.#endsWhenReplaced && !this.#options.node.isYielding) return this.end();
    this.#isBlocked = this.#options.output.isFull;
    this.#takeInputIfItMay();
    if (this.#isBlocked) return this.#clearTimer();
    return this.#planNextTurn(this.#latestMs, this.#options.node.nextDeadlineMs(this.#latestMs));
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

  /**
   * Keeps a timer that is set for an earlier time. That costs one turn with nothing to do, instead of one new timer in
   * every turn.
   */
  #planNextTurn(nowMs: number, deadlineMs: number): void {
    if (deadlineMs <= nowMs) return this.#planTurn();
    if (this.#timer !== undefined && this.#timerDueAtMs <= deadlineMs) return undefined;
    clearTimeout(this.#timer);
    this.#timerDueAtMs = deadlineMs;
    const delayMs = Math.min(Math.ceil(deadlineMs - nowMs), maxDelayMs);
    this.#timer = deadlineMs < Infinity ? this.#startTimer(delayMs) : undefined;
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

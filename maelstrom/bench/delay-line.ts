interface Delayed {
  readonly dest: number;
  readonly lines: Buffer;
  readonly dueAtMs: number;
}

/** Lines between nodes on their way: all take the same time, so they arrive in the order in which they left. */
export class DelayLine {
  readonly #delayMs: number;
  readonly #deliver: (dest: number, lines: Buffer) => void;
  #onTheirWay: Delayed[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sizeBytes = 0;

  constructor(delayMs: number, deliver: (dest: number, lines: Buffer) => void) {
    this.#delayMs = delayMs;
    this.#deliver = deliver;
  }

  /** How much is on its way. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** @param lines not to be changed until they are delivered */
  add(dest: number, lines: Buffer): void {
    this.#onTheirWay.push({ dest, lines, dueAtMs: performance.now() + this.#delayMs });
    this.#sizeBytes += lines.length;
    if (this.#timer === undefined) this.#arm(this.#delayMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(delayMs: number): void {
    this.#timer = setTimeout(() => this.#fire(), delayMs);
  }

  #fire(): void {
    this.#timer = undefined;
    const nowMs = performance.now();
    const firstLater = this.#onTheirWay.findIndex(({ dueAtMs }) => dueAtMs > nowMs);
    const due = this.#onTheirWay.splice(0, firstLater === -1 ? this.#onTheirWay.length : firstLater);
    for (const { dest, lines } of due) {
      this.#sizeBytes -= lines.length;
      this.#deliver(dest, lines);
    }
    const [next] = this.#onTheirWay;
    if (next !== undefined) this.#arm(Math.max(0, next.dueAtMs - nowMs));
  }
}

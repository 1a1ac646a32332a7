/**
 * Requests that await an answer, by the number under which they were sent.
 */

interface Callback<Context> {
  readonly msgId: number;
  readonly peer: string;
  readonly context: Context;
  readonly deadlineMs: number;
}

/**
 * What to do with an answer when it comes. A request is answered once, by the node that was asked, before its deadline;
 * any other answer finds nothing. At most `bound` requests are remembered: past it the oldest is forgotten, as if its
 * answer were lost. Each call takes constant time on average.
 */
export class Callbacks<Context> {
  readonly #bound: number;
  readonly #callbacks = new Map<number, Callback<Context>>();
  /**
   * All in the order in which they were sent, from `#oldest` on, with those among them that are answered by now. (The
   * map is in that order too, but finding its first key takes the longer the more were deleted before it.)
   */
  #sent: Callback<Context>[] = [];
  #oldest = 0;

  constructor(bound: number) {
    if (!Number.isSafeInteger(bound) || bound < 1) {
      throw new RangeError(`bound must be a positive integer, not ${bound}`);
    }
    this.#bound = bound;
  }

  get size(): number {
    return this.#callbacks.size;
  }

  /** Remembers a request sent to `peer` under `msgId`, a number never used before. */
  add(msgId: number, peer: string, context: Context, deadlineMs: number): void {
    if (this.#callbacks.has(msgId)) throw new Error(`msg_id ${msgId} already awaits an answer`);
    const callback = { msgId, peer, context, deadlineMs };
    this.#callbacks.set(msgId, callback);
    this.#sent.push(callback);
    if (this.#callbacks.size > this.#bound) {
      this.#forgetOldest();
    }
    if (this.#sent.length > 2 * this.#bound) {
      this.#sent = this.#sent.slice(this.#oldest).filter((sent) => this.#callbacks.has(sent.msgId));
      this.#oldest = 0;
    }
  }

  /**
   * The context of the request that `from` answers, once. Undefined where the answer is late, a duplicate, of no
   * request of ours, or from a node that was not asked; the last leaves the request as it is.
   */
  take(inReplyTo: number, from: string): Context | undefined {
    const callback = this.#callbacks.get(inReplyTo);
    if (callback === undefined || callback.peer !== from) return undefined;
    this.#callbacks.delete(inReplyTo);
    return callback.context;
  }

  /**
   * Forgets the requests whose deadline is `nowMs` or earlier, and gives their contexts, oldest first. It looks no
   * further than the first request that still has time: deadlines are meant to be given in rising order.
   */
  expire(nowMs: number): Context[] {
    const expired: Context[] = [];
    let oldest = this.#oldestAwaited();
    while (oldest !== undefined && oldest.deadlineMs <= nowMs) {
      this.#callbacks.delete(oldest.msgId);
      expired.push(oldest.context);
      oldest = this.#oldestAwaited();
    }
    return expired;
  }

  #oldestAwaited(): Callback<Context> | undefined {
    let oldest = this.#sent[this.#oldest];
    while (oldest !== undefined && !this.#callbacks.has(oldest.msgId)) {
      this.#oldest += 1;
      oldest = this.#sent[this.#oldest];
    }
    return oldest;
  }

  #forgetOldest(): void {
    const oldest = this.#oldestAwaited();
    if (oldest !== undefined) {
      this.#callbacks.delete(oldest.msgId);
    }
  }
}

/**
 * The requests that wait for an answer, by their message ids.
 */

interface Callback<Context> {
  readonly msgId: number;
  readonly peer: string;
  readonly context: Context;
  readonly deadlineMs: number;
}

/**
 * Finds the context of a request when its answer arrives. An answer counts once, if it comes from the node that was
 * asked, before the deadline. All other answers are ignored. At most `bound` requests are remembered. Beyond that the
 * oldest is forgotten, as if its answer were lost. Each call takes constant time on average.
 */
export class Callbacks<Context> {
  readonly #bound: number;
  readonly #callbacks = new Map<number, Callback<Context>>();
  /**
   * The requests in the order in which they were sent, from `#oldest` on, including answered ones. The map has the same
   * order, but to find its first key takes longer the more keys were deleted before it.
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

  /** Remembers a request to `peer` with the id `msgId`, which must be new. */
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
   * Removes and returns the context of the request that `from` answers. Undefined if the answer is late, repeated or
   * belongs to no request. An answer from a node that was not asked is ignored, and the request stays.
   */
  take(inReplyTo: number, from: string): Context | undefined {
    const callback = this.#callbacks.get(inReplyTo);
    if (callback === undefined || callback.peer !== from) return undefined;
    this.#callbacks.delete(inReplyTo);
    return callback.context;
  }

  /**
   * Removes the requests whose deadline is `nowMs` or earlier, and returns their contexts, oldest first. It stops at
   * the first request that still has time, so deadlines should be given in rising order.
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

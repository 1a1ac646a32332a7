/** Reads that were asked of a leader in one `read_index`. */
interface AskedReads {
  readonly number: number;
  readonly askedAtMs: number;
  readonly ids: readonly number[];
}

/** Reads that may be served once this node has applied everything up to `index`. */
interface AnsweredReads {
  readonly index: number;
  readonly ids: number[];
}

/**
 * The reads of this node's own clients, from arrival until they may be served. A read has no effect, so it may be asked
 * again at any time: of a new leader, or of the same one where no answer came. How many there are is bounded by who
 * takes the clients' requests.
 */
export class LocalReads {
  #waiting: number[] = [];
  #asked: AskedReads[] = [];
  #answered: AnsweredReads[] = [];

  add(ids: readonly number[]): void {
    for (const id of ids) this.#waiting.push(id);
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** All reads that no leader has been asked about yet. */
  takeWaiting(): readonly number[] {
    const ids = this.#waiting;
    this.#waiting = [];
    return ids;
  }

  /** They went to the leader in request `number`. */
  asked(number: number, ids: readonly number[], nowMs: number): void {
    this.#asked.push({ number, askedAtMs: nowMs, ids });
  }

  /** The leader's answer to request `number`; late and unknown answers change nothing. */
  answered(number: number, index: number): void {
    const asked = this.#asked.find((one) => one.number === number);
    if (asked === undefined) return;
    this.#asked = this.#asked.filter((one) => one !== asked);
    this.confirmed(asked.ids, index);
  }

  confirmed(ids: readonly number[], index: number): void {
    const last = this.#answered.at(-1);
    if (last?.index === index) for (const id of ids) last.ids.push(id);
    else this.#answered.push({ index, ids: [...ids] });
  }

  /** The leader that was asked leads no longer: ask again. */
  askAgain(): void {
    for (const { ids } of this.#asked) this.add(ids);
    this.#asked = [];
  }

  /** What was asked `limitMs` ago or earlier and not answered is taken as lost: ask again. */
  askAgainAfter(limitMs: number, nowMs: number): void {
    const lost = this.#asked.filter((one) => nowMs >= one.askedAtMs + limitMs);
    if (lost.length === 0) return;
    this.#asked = this.#asked.filter((one) => nowMs < one.askedAtMs + limitMs);
    for (const { ids } of lost) this.add(ids);
  }

  /** No client waits for these reads any more. */
  forget(ids: ReadonlySet<number>): void {
    const isKept = (id: number): boolean => !ids.has(id);
    this.#waiting = this.#waiting.filter(isKept);
    this.#asked = keepIds(this.#asked, isKept);
    this.#answered = keepIds(this.#answered, isKept);
  }

  /** When the oldest unanswered question was asked; undefined where there is none. */
  get oldestAskedAtMs(): number | undefined {
    return this.#asked[0]?.askedAtMs;
  }

  /** Takes out the reads whose index has been applied. */
  takeServable(appliedIndex: number): readonly number[] {
    if (this.#answered.length === 0) return [];
    const servable: number[] = [];
    const later: AnsweredReads[] = [];
    for (const one of this.#answered) {
      if (one.index > appliedIndex) later.push(one);
      else for (const id of one.ids) servable.push(id);
    }
    this.#answered = later;
    return servable;
  }
}

function keepIds<Reads extends { readonly ids: readonly number[] }>(
  reads: readonly Reads[],
  isKept: (id: number) => boolean,
): Reads[] {
  return reads.map((one) => ({ ...one, ids: one.ids.filter(isKept) })).filter(({ ids }) => ids.length > 0);
}

/** A node that wrote nothing for this long, and was asked meanwhile, hangs. */
export const silenceMs = 5000;
/** As often as this, at least. */
const minQuestions = 2;

/** A node as it is now. */
export interface Watched {
  readonly nodeId: string;
  /** Lines that it has ever written to stdout. */
  readonly lineCount: number;
  /** Whether it is up, has answered its latest `init`, and is not paused. */
  readonly isServing: boolean;
}

interface Ear {
  lineCount: number;
  sinceMs: number;
  questions: number;
}

/**
 * Finds nodes that hang: up, free to run, asked by clients, and silent, towards everyone, for a while in which the
 * network was whole. A node that waits for others has something to say to them.
 */
export class SilenceWatch {
  readonly #report: (nodeId: string, what: string) => void;
  readonly #ears = new Map<string, Ear>();
  readonly #reported = new Set<string>();

  /** @param report takes a node, once, and what it does wrong, as a clause that follows its name */
  constructor(report: (nodeId: string, what: string) => void) {
    this.#report = report;
  }

  /** A client has asked a node something. */
  asked(nodeId: string): void {
    const ear = this.#ears.get(nodeId);
    if (ear !== undefined) ear.questions += 1;
  }

  /** Looks at the nodes; to be called every now and then. `isWhole` says whether all can hear each other. */
  look(nowMs: number, nodes: readonly Watched[], isWhole: boolean): void {
    for (const { nodeId, lineCount, isServing } of nodes) {
      const ear = this.#ears.get(nodeId);
      if (ear === undefined || !isWhole || !isServing || ear.lineCount !== lineCount) {
        this.#ears.set(nodeId, { lineCount, sinceMs: nowMs, questions: 0 });
      } else if (ear.questions === 0) {
        // It counts from the first question: before, there was nothing to say.
        ear.sinceMs = nowMs;
      } else if (nowMs - ear.sinceMs >= silenceMs && ear.questions >= minQuestions && !this.#reported.has(nodeId)) {
        this.#reported.add(nodeId);
        const seconds = Math.floor((nowMs - ear.sinceMs) / 1000);
        this.#report(nodeId, `hangs: it was asked ${ear.questions} times in ${seconds} s and has written nothing to stdout`);
      }
    }
  }
}

import { createHash } from 'node:crypto';

/** Something that a person who follows a run wants to know. */
export interface Note {
  readonly atMs: number;
  /** Undefined where it is about the cluster as a whole. */
  readonly nodeId: string | undefined;
  readonly what: string;
}

/** Takes down what happens in a run. Left out where it is not wanted: it costs more than the run. */
export interface Trace {
  note(note: Note): void;
  /** A line arrives at, or leaves, a node; `to` is the other side. */
  line(atMs: number, nodeId: string, direction: 'gets' | 'sends', line: string): void;
}

/** Two runs with equal hashes were equal in all that happened, and when. */
export class HashTrace implements Trace {
  readonly #hash = createHash('sha256');

  note({ atMs, nodeId, what }: Note): void {
    this.#hash.update(`${atMs} ${nodeId ?? ''} ${what}\n`);
  }

  line(atMs: number, nodeId: string, direction: 'gets' | 'sends', line: string): void {
    this.#hash.update(`${atMs} ${nodeId} ${direction} ${line}\n`);
  }

  /** To be called once, at the end. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}

/** Keeps the last events of each node. */
export class LastEvents implements Trace {
  readonly #perNode: number;
  readonly #kept = new Map<string | undefined, (Note & { readonly order: number })[]>();
  #order = 0;

  /** @param perNode how many of each node are kept */
  constructor(perNode: number) {
    this.#perNode = perNode;
  }

  note(note: Note): void {
    const kept = this.#kept.get(note.nodeId) ?? [];
    this.#kept.set(note.nodeId, kept);
    kept.push({ ...note, order: this.#order });
    this.#order += 1;
    if (kept.length > 2 * this.#perNode) kept.splice(0, this.#perNode);
  }

  line(atMs: number, nodeId: string, direction: 'gets' | 'sends', line: string): void {
    this.note({ atMs, nodeId, what: `${direction} ${line}` });
  }

  /** In the order in which they happened. */
  get notes(): readonly Note[] {
    const kept = [...this.#kept.values()].flatMap((notes) => notes.slice(-this.#perNode));
    return kept.sort((left, right) => left.order - right.order);
  }
}

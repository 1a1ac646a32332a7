import type { Finding } from './cluster.ts';

/** How often the same is kept of a node. */
const maxAlike = 3;

/** What nodes did wrong, up to a bound: one that writes nothing but rubbish would fill the memory with it. */
export class Findings {
  readonly #bound: number;
  readonly #kept: Finding[] = [];
  readonly #ended = new Set<string>();
  #omittedCount = 0;

  constructor(bound: number) {
    this.#bound = bound;
  }

  get kept(): readonly Finding[] {
    return this.#kept;
  }

  /** How many more there were than are kept. */
  get omittedCount(): number {
    return this.#omittedCount;
  }

  /** Returns whether the finding is kept. The first end of a node always is: there are not more of those than nodes. */
  add(finding: Finding): boolean {
    const isFirstEnd = finding.kind === 'ended' && !this.#ended.has(finding.nodeId);
    if (isFirstEnd) this.#ended.add(finding.nodeId);
    const alike = this.#kept.filter(({ nodeId, what }) => nodeId === finding.nodeId && what === finding.what);
    const isKept = isFirstEnd || (this.#kept.length < this.#bound && alike.length < maxAlike);
    if (isKept) this.#kept.push(finding);
    else this.#omittedCount += 1;
    return isKept;
  }
}

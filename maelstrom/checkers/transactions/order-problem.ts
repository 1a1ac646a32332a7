import { EdgeList, undecided } from './edge-list.ts';
import type { Circle, SortedEdges } from './edge-list.ts';
import { VersionGate } from './version-gate.ts';
import type { Decision, Version } from './version.ts';

/** How much a search may cost, in edges looked at; shared by all searches of a history. */
export interface EdgeBudget {
  edges: number;
}

/** What came of some decisions: an order, or circles, each as the decisions or guesses of which one is wrong. */
export type Attempt =
  | { readonly kind: 'sorted'; readonly guesses: readonly Decision[] }
  | {
      readonly kind: 'decided-wrong' | 'guessed-wrong';
      readonly wrong: readonly (readonly Decision[])[];
      readonly circles: readonly Circle[];
      /** The order on which the guesses stood; undefined where it could not be made. */
      readonly basis: SortedEdges | undefined;
    };

/** Nodes, edges that are known, and keys whose versions are to be put in an order such that there is no circle. */
export class OrderProblem {
  readonly keys: readonly (readonly Version[])[];
  readonly edges: EdgeList;
  readonly #rank: Float64Array;
  /** The versions that are committed at a node, with the places of their keys. */
  readonly #versionsAt = new Map<number, { readonly key: number; readonly version: Version }[]>();
  /** How many of the edges are there whatever is decided. */
  #known: number;

  constructor(edges: EdgeList, keys: readonly (readonly Version[])[], rank: Float64Array) {
    this.edges = edges;
    this.keys = keys;
    this.#rank = rank;
    this.#known = edges.length;
    for (const [key, versions] of keys.entries()) {
      for (const version of versions) {
        const known = this.#versionsAt.get(version.commit);
        if (known === undefined) this.#versionsAt.set(version.commit, [{ key, version }]);
        else known.push({ key, version });
      }
    }
  }

  /** The nodes in an order that agrees with what is known; undefined where there is none. */
  sorted(budget: EdgeBudget): SortedEdges | undefined {
    this.edges.cut(this.#known);
    budget.edges -= this.edges.length;
    const result = this.edges.sort(this.#rank);
    return result.isSorted ? result : undefined;
  }

  /** From now on these are known. */
  learn(decisions: readonly Decision[]): void {
    this.edges.cut(this.#known);
    for (const decision of decisions) this.#put(decision, undecided);
    this.#known = this.edges.length;
  }

  /** Guesses all that is not decided, and looks what comes of it. */
  attempt(decisions: readonly Decision[], budget: EdgeBudget): Attempt {
    this.edges.cut(this.#known);
    for (const [tag, decision] of decisions.entries()) this.#put(decision, tag);
    budget.edges -= 2 * this.edges.length;
    const basis = this.edges.sort(this.#rank, new VersionGate(this.edges.nodeCount, this.keys));
    if (!basis.isSorted) {
      const wrong = basis.circles.map(({ tags }) => tagged(decisions, tags));
      return { kind: 'decided-wrong', wrong, circles: basis.circles, basis: undefined };
    }
    this.edges.cut(this.#known);
    for (const decision of decisions) this.#put(decision, undecided);
    const guesses = this.#guess(basis.positions);
    const result = this.edges.sort(this.#rank);
    if (result.isSorted) return { kind: 'sorted', guesses };
    const wrong = result.circles.map(({ tags }) => tagged(guesses, tags));
    return { kind: 'guessed-wrong', wrong, circles: result.circles, basis };
  }

  /** The problem without all nodes but those given, which are ranked by their positions in an order. */
  part({ positions, starts, targets, tags }: SortedEdges, nodes: readonly number[]): Part {
    const numbers = new Map(nodes.map((node, number) => [node, number]));
    const edges = new EdgeList(nodes.length);
    for (const [number, node] of nodes.entries()) {
      for (let slot = starts[node] ?? 0, end = starts[node + 1] ?? 0; slot < end; slot += 1) {
        const target = numbers.get(targets[slot] ?? -1);
        if (target !== undefined && tags[slot] === undecided) edges.add(number, target, undecided);
      }
    }
    const originals = new Map<Version, Version>();
    const inside = new Map<number, Version[]>();
    for (const node of nodes) {
      for (const { key, version } of this.#versionsAt.get(node) ?? []) {
        const [begin, commit, leave] = [version.begin, version.commit, version.leave].map((old) => numbers.get(old));
        if (begin === undefined || commit === undefined || leave === undefined) continue;
        const copy = { begin, commit, leave, readers: version.readers.flatMap((reader) => numbers.get(reader) ?? []) };
        originals.set(copy, version);
        const known = inside.get(key);
        if (known === undefined) inside.set(key, [copy]);
        else known.push(copy);
      }
    }
    const keys = [...inside.values()].filter((versions) => versions.length > 1);
    const rank = Float64Array.from(nodes, (node) => positions[node] ?? 0);
    return { problem: new OrderProblem(edges, keys, rank), originals };
  }

  /** Puts the versions of each key in the order of their commits. */
  #guess(positions: Int32Array): readonly Decision[] {
    const guesses: Decision[] = [];
    const positionOf = ({ commit }: Version) => positions[commit] ?? 0;
    for (const versions of this.keys) {
      const ordered = versions.toSorted((left, right) => positionOf(left) - positionOf(right));
      for (const [place, second] of ordered.entries()) {
        const first = ordered[place - 1];
        if (first === undefined) continue;
        this.#put({ first, second }, guesses.length);
        guesses.push({ first, second });
      }
    }
    return guesses;
  }

  #put({ first, second }: Decision, tag: number): void {
    this.edges.add(first.leave, second.begin, tag);
    for (const reader of first.readers) if (reader !== second.commit) this.edges.add(reader, second.commit, tag);
  }
}

export interface Part {
  readonly problem: OrderProblem;
  /** Leads from the versions of the part to those that they stand for. */
  readonly originals: ReadonlyMap<Version, Version>;
}

function tagged(decisions: readonly Decision[], tags: readonly number[]): readonly Decision[] {
  return [...new Set(tags)].flatMap((tag) => decisions[tag] ?? []);
}

import type { SortedEdges } from './edge-list.ts';
import type { OpenKey, OpenVersion } from './open-orders.ts';
import type { Decision, Version } from './version.ts';
import type { View } from './view.ts';

/** Versions further apart than this, in a first order of all of them, are not compared: others between them say it. */
const maxDistance = 10;

/**
 * Finds which of two versions of a key is the earlier one in every order. B is earlier than A if a reader of A comes
 * after B (had A come first, B would have overwritten what was read), and if A itself does.
 *
 * @param spend takes how many edges were looked at, and tells whether more may be
 */
export function forcedOrders(
  view: View,
  keys: readonly OpenKey[],
  versions: readonly (readonly Version[])[],
  sorted: SortedEdges,
  spend: (edges: number) => boolean,
): readonly Decision[] {
  const walk = new Walk(sorted);
  const forced: Decision[] = [];
  const positionOf = (node: number) => sorted.positions[node] ?? 0;
  for (const [key, ofKey] of versions.entries()) {
    const open = keys[key]?.versions ?? [];
    const ordered = [...ofKey.keys()].toSorted((left, right) => commitOf(ofKey, left, positionOf) - commitOf(ofKey, right, positionOf));
    for (const [place, number] of ordered.entries()) {
      const [first, met] = [ofKey[number], open[number]];
      if (first === undefined || met === undefined) continue;
      const around = ordered.slice(Math.max(0, place - maxDistance), place + maxDistance + 1);
      const near = around.flatMap((other) => {
        const [second, otherMet] = [ofKey[other], open[other]];
        return other === number || second === undefined || otherMet === undefined || !isOpen(view, met, otherMet) ? [] : [second];
      });
      if (near.length === 0) continue;
      const nodes = near.flatMap(({ readers, commit }) => [...readers, commit]);
      const last = nodes.reduce((latest, node) => Math.max(latest, positionOf(node)), -1);
      walk.from(first.commit, last);
      const later = new Set(near.filter(({ readers }) => readers.some((reader) => reader !== first.commit && walk.reached(reader))));
      // At its start a transaction leads to more than at its commit: to those that it missed.
      if (view.level === 'snapshots') walk.from(first.begin, last);
      for (const other of near) if (walk.reached(other.commit)) later.add(other);
      for (const second of later) forced.push({ first, second });
      if (!spend(walk.edges)) return forced;
    }
  }
  return forced;
}

function commitOf(versions: readonly Version[], number: number, positionOf: (node: number) => number): number {
  const version = versions[number];
  return version === undefined ? 0 : positionOf(version.commit);
}

/** Where time counts, the graph tells already which of two versions that were not met at the same time is the earlier. */
function isOpen({ variant }: View, left: OpenVersion, right: OpenVersion): boolean {
  return variant !== '-realtime' || (left.firstEnd >= right.lastBegin && right.firstEnd >= left.lastBegin);
}

/** Walks along edges that lead forwards in an order of all nodes. */
class Walk {
  readonly #sorted: SortedEdges;
  /** The number of the last walk that came to a node. */
  readonly #lastWalk: Int32Array;
  #walks = 0;
  /** What the last walk cost. */
  edges = 0;

  constructor(sorted: SortedEdges) {
    this.#sorted = sorted;
    this.#lastWalk = new Int32Array(sorted.positions.length);
  }

  /** Goes from a node to all that it leads to, as far as they are no later than a position. */
  from(start: number, last: number): void {
    const { starts, targets, positions } = this.#sorted;
    this.#walks += 1;
    this.edges = 0;
    const open = [start];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (let slot = starts[node] ?? 0, end = starts[node + 1] ?? 0; slot < end; slot += 1) {
        this.edges += 1;
        const target = targets[slot] ?? 0;
        if ((positions[target] ?? 0) > last || this.#lastWalk[target] === this.#walks) continue;
        this.#lastWalk[target] = this.#walks;
        open.push(target);
      }
    }
  }

  /** Whether the last walk came to a node. */
  reached(node: number): boolean {
    return this.#lastWalk[node] === this.#walks;
  }
}

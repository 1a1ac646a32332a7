import type { Random } from '../src/index.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { NemesisEvent } from './history.ts';
import type { Cuts } from './network.ts';
import type { Unstamped } from './recorder.ts';

/** The faults that can be asked for with `--nemesis`. */
export const faults = ['partition'] as const;
export type Fault = (typeof faults)[number];

/** What was cut, and how. */
export interface Partition {
  readonly kind: 'halves' | 'one-alone' | 'majorities-ring';
  readonly cuts: Cuts;
}

/**
 * Breaks the network and mends it, in turns: the first cut comes one interval after the start, the healing one
 * interval after that, and so on. (Jepsen draws each of these pauses at random around the interval; a fixed one makes
 * runs easier to compare, and which nodes are cut off is random enough.) Which partition comes follows from the seed.
 */
export class Nemesis {
  readonly #cluster: Cluster;
  readonly #intervalMs: number;
  readonly #random: Random;
  readonly #record: (event: Unstamped<NemesisEvent>) => void;
  #cancel: () => void = () => {};
  #isCut = false;

  constructor(
    cluster: Cluster,
    options: { readonly intervalMs: number; readonly random: Random },
    record: (event: Unstamped<NemesisEvent>) => void,
  ) {
    this.#cluster = cluster;
    this.#intervalMs = options.intervalMs;
    this.#random = options.random;
    this.#record = record;
  }

  start(): void {
    this.#cancel = this.#cluster.after(this.#intervalMs, () => this.#turn());
  }

  /** Ends the faults for good and leaves the network whole. */
  stop(): void {
    this.#cancel();
    if (this.#isCut) this.#heal();
  }

  #turn(): void {
    if (this.#isCut) this.#heal();
    else this.#cut();
    this.#cancel = this.#cluster.after(this.#intervalMs, () => this.#turn());
  }

  #cut(): void {
    const partition = drawPartition(this.#cluster.nodeIds, this.#random);
    this.#cluster.network.cut(partition.cuts);
    this.#isCut = true;
    this.#record({ process: 'nemesis', type: 'info', f: 'start-partition', value: { ...partition } });
  }

  #heal(): void {
    this.#cluster.network.heal();
    this.#isCut = false;
    this.#record({ process: 'nemesis', type: 'info', f: 'stop-partition', value: null });
  }
}

/** A partition of a random kind. A cluster of one has nothing to cut: its partitions are empty. */
export function drawPartition(nodeIds: readonly string[], random: Random): Partition {
  const shuffled = shuffle(nodeIds, random);
  switch (random.integer(3)) {
    case 0:
      return { kind: 'halves', cuts: cutBetween(shuffled, Math.floor(shuffled.length / 2)) };
    case 1:
      return { kind: 'one-alone', cuts: cutBetween(shuffled, 1) };
    default:
      return { kind: 'majorities-ring', cuts: majoritiesRing(shuffled) };
  }
}

/** The first `size` nodes on one side, the others on the other side. */
function cutBetween(nodeIds: readonly string[], size: number): Cuts {
  const left = nodeIds.slice(0, size);
  const right = nodeIds.slice(size);
  return Object.fromEntries([...left.map((id) => [id, right]), ...right.map((id) => [id, left])]);
}

/**
 * Every node hears a majority, itself included, and no two nodes hear the same one: nodes sit in a ring and hear
 * their neighbours only. With three nodes two neighbours are everyone, so there a majority is the node and its
 * successor, and messages from the predecessor are cut: each pair is heard in one direction, nobody gets an answer, and
 * no consensus is possible until the network is healed.
 */
function majoritiesRing(ring: readonly string[]): Cuts {
  const majority = Math.floor(ring.length / 2) + 1;
  const before = Math.floor((majority - 1) / 2);
  const heard = (receiver: number, sender: number) =>
    (sender - receiver + before + ring.length) % ring.length < majority;
  return Object.fromEntries(
    ring.map((id, receiver) => [id, ring.filter((_, sender) => !heard(receiver, sender))]),
  );
}

/** Fisher and Yates. */
function shuffle(items: readonly string[], random: Random): readonly string[] {
  const shuffled: string[] = [];
  for (const item of items) {
    const place = random.integer(shuffled.length + 1);
    shuffled.splice(place, 0, item);
  }
  return shuffled;
}

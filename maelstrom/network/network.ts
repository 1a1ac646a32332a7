import type { Random } from '../../src/index.ts';
import { observerId } from './client-names.ts';
import { serviceNames } from '../services/names.ts';

export const latencyDistributions = ['constant', 'uniform', 'exponential'] as const;

/**
 * How long messages between nodes take. `constant`: always the mean; `uniform`: anything from 0 to twice the mean;
 * `exponential`: mostly quick, now and then several times the mean.
 */
export interface Latency {
  readonly meanMs: number;
  readonly distribution: (typeof latencyDistributions)[number];
}

/** Messages sent, lost ones included: between two nodes, and those to or from a client that is part of the load. */
export interface MessageCounts {
  readonly servers: number;
  readonly clients: number;
  /** Sent from node to node and never delivered, because the network was cut when they arrived. */
  readonly lost: number;
}

/**
 * Decides which messages arrive and how long they travel. It carries nothing itself: a cluster asks `send` when a
 * message leaves and `deliver` when it gets there.
 *
 * As in Maelstrom, latency and cuts are for messages between nodes, to which services count here; clients reach every
 * node at once, always. A cut takes effect at delivery: what is on its way when the cut happens is lost, and what left
 * during a cut that has healed by the time of arrival gets through.
 */
export class Network {
  readonly latency: Latency;
  readonly #random: Random;
  readonly #nodeIds: ReadonlySet<string>;
  /** Receiver -> the senders that it cannot hear. */
  #cuts: CutMap = new Map();
  /** The same between nodes and services. */
  #serviceCuts: CutMap = new Map();
  #servers = 0;
  #clients = 0;
  #lost = 0;

  constructor(nodeIds: readonly string[], latency: Latency, random: Random) {
    this.latency = latency;
    this.#random = random;
    this.#nodeIds = new Set([...nodeIds, ...serviceNames]);
  }

  get counts(): MessageCounts {
    return { servers: this.#servers, clients: this.#clients, lost: this.#lost };
  }

  /** Whether everyone hears everyone. */
  get isWhole(): boolean {
    return this.#cuts.size === 0 && this.#serviceCuts.size === 0;
  }

  /** Takes note of a message that leaves now. Returns its travel time in milliseconds: 0 where a client is involved. */
  send(src: string, dest: string): number {
    if (!this.#isBetweenNodes(src, dest)) {
      if (src !== observerId && dest !== observerId) this.#clients += 1;
      return 0;
    }
    this.#servers += 1;
    return this.#drawDelayMs();
  }

  /** Whether a message that arrives now is delivered. */
  deliver(src: string, dest: string): boolean {
    const isCut = this.#cuts.get(dest)?.has(src) === true || this.#serviceCuts.get(dest)?.has(src) === true;
    if (!isCut) return true;
    this.#lost += 1;
    return false;
  }

  /** From now on each receiver (key) hears nothing from the senders listed with it. Replaces what was cut before. */
  cut(cuts: Cuts): void {
    this.#cuts = mapOf(cuts);
  }

  /** Undoes `cut`. */
  heal(): void {
    this.#cuts = new Map();
  }

  /** As `cut`, between nodes and services. The two go on side by side. */
  cutServices(cuts: Cuts): void {
    this.#serviceCuts = mapOf(cuts);
  }

  /** Undoes `cutServices`. */
  healServices(): void {
    this.#serviceCuts = new Map();
  }

  #isBetweenNodes(src: string, dest: string): boolean {
    return this.#nodeIds.has(src) && this.#nodeIds.has(dest);
  }

  #drawDelayMs(): number {
    const { meanMs, distribution } = this.latency;
    if (meanMs === 0) return 0;
    switch (distribution) {
      case 'constant':
        return meanMs;
      case 'uniform':
        return 2 * meanMs * this.#random.fraction();
      case 'exponential':
        return -meanMs * Math.log(1 - this.#random.fraction());
    }
  }
}

type CutMap = ReadonlyMap<string, ReadonlySet<string>>;

function mapOf(cuts: Cuts): CutMap {
  return new Map(Object.entries(cuts).map(([receiver, senders]) => [receiver, new Set(senders)]));
}

/** Who cannot hear whom: receiver -> senders. Jepsen calls it a grudge. */
export type Cuts = Readonly<Record<string, readonly string[]>>;

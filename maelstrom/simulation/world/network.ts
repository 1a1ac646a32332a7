import type { Random } from '../../../src/index.ts';
import { chance } from './draw.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How messages travel by themselves. */
export interface Traffic {
  /** How long a message takes that leaves now, in milliseconds. */
  delayMs(from: string, to: string): number;
  /** How long one takes that is reordered, or the second copy of one that is duplicated. */
  lateMs(from: string, to: string): number;
  readonly lossRate: number;
  readonly duplicationRate: number;
  readonly reorderingRate: number;
  /** Whether a link carries in order what is not reordered, as a connection does. */
  readonly keepsOrder: boolean;
}

export interface NetworkOptions {
  readonly nodeIds: readonly string[];
  readonly time: VirtualTime;
  readonly random: Random;
  /** How messages travel. By hand: each stays in flight until it is taken out. */
  readonly traffic: Traffic | 'by hand';
  /** Asked when a message arrives, beside the cuts that are made here. Left out, all pass. */
  readonly passes?: (from: string, to: string) => boolean;
  readonly deliver: (to: string, line: string) => void;
  readonly count?: (happening: NetworkHappening) => void;
}

export type NetworkHappening =
  | 'messages sent'
  | 'messages lost'
  | 'messages duplicated'
  | 'messages reordered'
  | 'messages cut off'
  | 'messages held back';

/** A message on its way. */
export interface InFlight {
  readonly from: string;
  readonly to: string;
  readonly line: string;
}

/** From one node to another. */
interface Link {
  readonly from: string;
  readonly to: string;
  /** The share of messages that is lost on it at the moment, beyond what is lost everywhere. */
  lossRate: number;
  /** How many faults cut it at the moment. */
  cuts: number;
  /** How many of them keep what arrives until they are mended, as a connection does that sends again. */
  holds: number;
  readonly held: string[];
  /** When the last message that keeps its place arrives. */
  lastAtMs: number;
}

/** What is held back by one cut link; past it messages are lost. */
const maxHeld = 1000;
/** How long a message takes when all is calm. */
const calmDelayMs = 1;

/**
 * Carries lines from node to node: late, twice, in another order or not at all; or only when it is told to. Cuts take
 * effect on arrival, as in Maelstrom.
 */
export class SimulatedNetwork {
  readonly #options: NetworkOptions;
  readonly #count: (happening: NetworkHappening) => void;
  readonly #links = new Map<string, Link>();
  #inFlight: readonly InFlight[] = [];
  #isCalm = false;

  constructor(options: NetworkOptions) {
    this.#options = options;
    this.#count = options.count ?? (() => {});
    for (const from of options.nodeIds) {
      for (const to of options.nodeIds) {
        const idle = { lossRate: 0, cuts: 0, holds: 0, held: [], lastAtMs: 0 };
        this.#links.set(`${from} ${to}`, { from, to, ...idle });
      }
    }
  }

  carry(from: string, to: string, line: string): void {
    const { random, traffic } = this.#options;
    this.#count('messages sent');
    if (traffic === 'by hand') {
      this.#inFlight = [...this.#inFlight, { from, to, line }];
      return;
    }
    const link = this.#link(from, to);
    if (this.#isCalm) return this.#carryInOrder(link, line, calmDelayMs);
    if (chance(random, Math.max(traffic.lossRate, link.lossRate))) return this.#count('messages lost');
    if (chance(random, traffic.duplicationRate)) {
      this.#count('messages duplicated');
      this.#carryLate(link, line, traffic.lateMs(from, to));
    }
    if (chance(random, traffic.reorderingRate)) {
      this.#count('messages reordered');
      return this.#carryLate(link, line, traffic.lateMs(from, to));
    }
    const delayMs = traffic.delayMs(from, to);
    return traffic.keepsOrder ? this.#carryInOrder(link, line, delayMs) : this.#carryLate(link, line, delayMs);
  }

  /** From now on, until it is mended, nothing gets from one node to the other. */
  cut(from: string, to: string, isHeld: boolean): void {
    const link = this.#link(from, to);
    link.cuts += 1;
    if (isHeld) link.holds += 1;
  }

  mend(from: string, to: string, wasHeld: boolean): void {
    const link = this.#link(from, to);
    link.cuts -= 1;
    if (wasHeld) link.holds -= 1;
    if (link.cuts === 0) for (const line of link.held.splice(0)) this.#carryInOrder(link, line, 0);
  }

  isCut(from: string, to: string): boolean {
    return this.#link(from, to).cuts > 0;
  }

  /** From now on so much of what one node sends to the other is lost; 0 for no more than anywhere. */
  lose(from: string, to: string, lossRate: number): void {
    this.#link(from, to).lossRate = lossRate;
  }

  /** From now on every message arrives, soon and once. Cuts are for who made them to mend. */
  calm(): void {
    this.#isCalm = true;
  }

  // By hand -----------------------------------------------------------------------------------------------------------

  /** What waits to be taken out, oldest first. */
  get inFlight(): readonly InFlight[] {
    return this.#inFlight;
  }

  /** Takes a message out. What becomes of it is for the caller to say: it arrives, is kept for later, or is lost. */
  takeOut(message: InFlight): void {
    this.#inFlight = this.#inFlight.filter((other) => other !== message);
  }

  /** A message that was taken out arrives, unless its link is cut. A copy may arrive too, any number of times. */
  arrive({ from, to, line }: InFlight): void {
    this.#arrive(this.#link(from, to), line);
  }

  // -------------------------------------------------------------------------------------------------------------------

  #link(from: string, to: string): Link {
    const link = this.#links.get(`${from} ${to}`);
    if (link === undefined) throw new Error(`there is no link from ${from} to ${to}`);
    return link;
  }

  #carryInOrder(link: Link, line: string, delayMs: number): void {
    const { time } = this.#options;
    link.lastAtMs = Math.max(link.lastAtMs, time.nowMs + delayMs);
    time.after(link.lastAtMs - time.nowMs, () => this.#arrive(link, line));
  }

  #carryLate(link: Link, line: string, delayMs: number): void {
    this.#options.time.after(delayMs, () => this.#arrive(link, line));
  }

  #arrive({ from, to, cuts, holds, held }: Link, line: string): void {
    const { passes, deliver } = this.#options;
    if (cuts === 0 && passes?.(from, to) !== false) return deliver(to, line);
    if (holds === 0 || held.length >= maxHeld) return this.#count('messages cut off');
    this.#count('messages held back');
    held.push(line);
    return undefined;
  }
}

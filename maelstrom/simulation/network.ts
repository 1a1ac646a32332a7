import type { Random } from '../../src/index.ts';
import { chance, exponential } from './draw.ts';
import type { Delays, Plan } from './plan.ts';
import type { Tally } from './tally.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface NetworkOptions {
  readonly plan: Pick<Plan, 'nodeIds' | 'electionTimeoutMs' | 'delays' | 'lossRate' | 'duplicationRate' | 'reorderingRate'>;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly tally: Tally;
  readonly deliver: (from: string, to: string, line: string) => void;
}

/** From one node to another. */
interface Link {
  readonly from: string;
  readonly to: string;
  /** Some links are slower than others, in some runs. */
  readonly slowness: number;
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

/**
 * Carries lines from node to node: late, twice, in another order or not at all. A link carries in order unless a
 * message is reordered. Cuts take effect on arrival, as in Maelstrom.
 */
export class SimulatedNetwork {
  readonly #options: NetworkOptions;
  readonly #links = new Map<string, Link>();
  #isCalm = false;

  constructor(options: NetworkOptions) {
    const { plan, random } = options;
    this.#options = options;
    for (const from of plan.nodeIds) {
      for (const to of plan.nodeIds) {
        const slowness = plan.delays.distribution === 'slow-links' && chance(random, 1 / 4) ? 10 : 1;
        const idle = { lossRate: 0, cuts: 0, holds: 0, held: [], lastAtMs: 0 };
        if (from !== to) this.#links.set(`${from} ${to}`, { from, to, slowness, ...idle });
      }
    }
  }

  carry(from: string, to: string, line: string): void {
    const { plan, random, tally } = this.#options;
    const link = this.#link(from, to);
    tally.add('messages sent');
    if (this.#isCalm) return this.#carryInOrder(link, line, 1);
    if (chance(random, Math.max(plan.lossRate, link.lossRate))) return tally.add('messages lost');
    if (chance(random, plan.duplicationRate)) {
      tally.add('messages duplicated');
      this.#carryLate(link, line);
    }
    if (chance(random, plan.reorderingRate)) {
      tally.add('messages reordered');
      return this.#carryLate(link, line);
    }
    return this.#carryInOrder(link, line, drawDelayMs(plan.delays, link.slowness, random));
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

  /** From now on so much of what one node sends to the other is lost; 0 for no more than anywhere. */
  lose(from: string, to: string, lossRate: number): void {
    this.#link(from, to).lossRate = lossRate;
  }

  /** From now on every message arrives, soon and once. Cuts are for who made them to mend. */
  calm(): void {
    this.#isCalm = true;
  }

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

  /** Mostly overtaken by a few, now and then by whole terms. */
  #carryLate(link: Link, line: string): void {
    const { plan, time, random } = this.#options;
    const meanMs = chance(random, 1 / 4) ? 3 * plan.electionTimeoutMs : 3 * plan.delays.meanMs;
    time.after(exponential(random, meanMs), () => this.#arrive(link, line));
  }

  #arrive(link: Link, line: string): void {
    const { tally, deliver } = this.#options;
    if (link.cuts === 0) return deliver(link.from, link.to, line);
    if (link.holds === 0 || link.held.length >= maxHeld) return tally.add('messages cut off');
    tally.add('messages held back');
    link.held.push(line);
    return undefined;
  }
}

/** The tail of `heavy-tailed`: a message in twenty takes ten times as long. */
const tailShare = 0.05;
const tailFactor = 10;

function drawDelayMs({ distribution, meanMs }: Delays, slowness: number, random: Random): number {
  switch (distribution) {
    case 'constant':
      return meanMs;
    case 'uniform':
      return 2 * meanMs * random.fraction();
    case 'heavy-tailed':
      return exponential(random, chance(random, tailShare) ? tailFactor * meanMs : meanMs / 2);
    case 'exponential':
    case 'slow-links':
      return exponential(random, slowness * meanMs);
  }
}

import { pendingLimitMs } from '../../src/member/pending.ts';
import { isSameMembers } from '../../src/raft/configuration.ts';
import type { Body, Message } from '../cluster/cluster.ts';
import type { Checks } from './checks/checks.ts';
import { Violation } from './checks/violation.ts';
import { askForMembers } from './faults/membership.ts';
import type { Plan } from './plan/plan.ts';
import type { WatchedMachine } from './watched-machine.ts';
import type { VirtualTime } from './world/virtual-time.ts';

export interface CalmOptions {
  readonly plan: Plan;
  /** What is asked of every node. */
  readonly calmWrite: Body;
  readonly time: VirtualTime;
  /** Those that are to be up; a majority at least. */
  readonly machines: readonly WatchedMachine[];
  readonly checks: Checks;
}

/** In election timeouts, of the slowest clock: how long it may take until all is well. And how long a client waits. */
const limit = 100;
const patience = 4;
/** Beside that: a request that was lost on its way to the leader fills its node's queue until it is given up. */
const pendingLimits = 4;

/**
 * The end of a run: the faults are over and a majority is up. Then a write succeeds through every node that is up, and
 * they come to agree; if they do not in ample time, something is stuck.
 */
export class Calm {
  readonly #options: CalmOptions;
  readonly #served = new Set<string>();
  readonly #untilMs: number;

  constructor(options: CalmOptions) {
    this.#options = options;
    const { time, plan } = options;
    const [slowest] = plan.clockRange;
    this.#untilMs = time.nowMs + (limit * plan.electionTimeoutMs + pendingLimits * pendingLimitMs) / slowest;
  }

  /** Lets time pass until all is well. Throws where that takes too long. */
  run(): void {
    const { plan, time, machines } = this.#options;
    for (const machine of machines) this.#ask(machine);
    if (plan.faults.has('membership')) this.#takeAllIn();
    while (time.nowMs < this.#untilMs) {
      time.runUntil(Math.min(this.#untilMs, time.nowMs + plan.electionTimeoutMs));
      if (this.#isWell()) return;
    }
    throw new Violation('liveness', undefined, `long after the last fault ${this.#whatIsWrong()}`);
  }

  receive({ src, body }: Message): void {
    if (body.type === `${this.#options.calmWrite.type}_ok`) this.#served.add(src);
  }

  /** Whoever leads is asked to make all nodes voters again, until it has. */
  #takeAllIn(): void {
    const { plan, time, machines } = this.#options;
    const all = { voters: plan.nodeIds, learners: [] };
    for (const machine of machines) {
      const { isLeader, members } = machine;
      if (isLeader && members !== undefined && !isSameMembers(members, all)) askForMembers(machine, all);
    }
    time.after(patience * plan.electionTimeoutMs, () => this.#takeAllIn());
  }

  #ask(machine: WatchedMachine): void {
    const { plan, calmWrite, time } = this.#options;
    if (this.#served.has(machine.nodeId)) return;
    machine.deliver(JSON.stringify({ src: 'c0', dest: machine.nodeId, body: { ...calmWrite, msg_id: 0 } }));
    time.after(patience * plan.electionTimeoutMs, () => this.#ask(machine));
  }

  #isWell(): boolean {
    const { machines, checks } = this.#options;
    return machines.every(({ nodeId, view }) => {
      const status = view?.status;
      const isCaughtUp = status?.lastApplied === checks.committedIndex && status.lastIndex === checks.committedIndex;
      return isCaughtUp && this.#served.has(nodeId);
    });
  }

  #whatIsWrong(): string {
    const { machines, checks } = this.#options;
    const nodes = machines.map(({ nodeId, view }) => {
      const { role = 'down', term = 0, commitIndex = 0, lastApplied = 0, lastIndex = 0 } = view?.status ?? {};
      const served = this.#served.has(nodeId) ? 'serves' : 'does not serve';
      const at = `term ${term}, log up to ${lastIndex}, committed ${commitIndex}, applied ${lastApplied}`;
      return `${nodeId} (${role}, ${at}) ${served}`;
    });
    return `the nodes are not all well; committed is ${checks.committedIndex}: ${nodes.join('; ')}`;
  }
}

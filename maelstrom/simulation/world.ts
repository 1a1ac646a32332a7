import type { Message } from '../cluster/cluster.ts';
import type { OperationEvent } from '../history/history.ts';
import { Recorder } from '../history/recorder.ts';
import { Calm } from './calm.ts';
import { Checks } from './checks/checks.ts';
import { Clients } from './clients.ts';
import { chance, stream } from './draw.ts';
import { Nemesis } from './faults/nemesis.ts';
import { shuffle } from '../faults/fault.ts';
import { majority } from '../../src/index.ts';
import { Machine } from './machine.ts';
import { SimulatedNetwork } from './network.ts';
import type { Plan } from './plan.ts';
import { Tally } from './tally.ts';
import type { Trace } from './trace.ts';
import { Violation } from './violation.ts';
import { VirtualTime } from './virtual-time.ts';
import { readHead, unpack } from './wire.ts';

/** A cluster in virtual time with all that surrounds it, put together for one run. */
export class World {
  readonly time = new VirtualTime();
  readonly tally = new Tally();
  readonly events: OperationEvent[] = [];
  readonly #plan: Plan;
  readonly #trace: Trace | undefined;
  readonly #checks: Checks;
  readonly #machines: ReadonlyMap<string, Machine>;
  readonly #network: SimulatedNetwork;
  readonly #nemesis: Nemesis;
  readonly #clients: Clients;
  #calm: Calm | undefined;

  constructor(plan: Plan, trace: Trace | undefined) {
    const { time, tally } = this;
    this.#plan = plan;
    this.#trace = trace;
    const note = trace && ((nodeId: string | undefined, what: string) => trace.note({ atMs: time.nowMs, nodeId, what }));
    this.#checks = new Checks(plan.nodeIds, {
      electionTimeoutMs: plan.electionTimeoutMs,
      tally,
      onLeader: (nodeId) => {
        this.#nemesis.leaderElected(this.#machine(nodeId));
        this.#clients.leaderElected(this.#machine(nodeId));
      },
      onLeaderCommit: (nodeId) => this.#nemesis.leaderCommitted(this.#machine(nodeId)),
      note,
    });
    this.#network = new SimulatedNetwork({
      plan,
      time,
      random: stream(plan.seed, 'messages'),
      tally,
      deliver: (_, to, line) => this.#deliver(to, line),
    });
    const machines = plan.nodeIds.map((nodeId) => {
      const onLine = (line: string): void => this.#route(nodeId, line);
      return new Machine({ nodeId, plan, time, checks: this.#checks, tally, note, onLine });
    });
    this.#machines = new Map(machines.map((machine) => [machine.nodeId, machine]));
    const noteFault = note && ((what: string) => note(undefined, what));
    this.#nemesis = new Nemesis({ plan, time, machines, network: this.#network, tally, note: noteFault });
    const recorder = new Recorder(() => time.nowMs, (event) => {
      if (event.process !== 'nemesis') this.events.push(event);
    });
    const record = (event: Parameters<Recorder['record']>[0]): void => recorder.record(event);
    this.#clients = new Clients({ plan, time, machines, tally, checks: this.#checks, record });
  }

  /** Everything goes wrong that the plan says. False where the run has come to its last event. */
  storm(): boolean {
    const { durationMs, maxEvents } = this.#plan;
    for (const machine of this.#machines.values()) machine.start();
    this.#nemesis.start();
    this.#clients.start();
    while (this.time.events < maxEvents && this.time.step(durationMs));
    return this.time.events < maxEvents;
  }

  /** The faults are over, and all must become well. */
  calm(): void {
    const { plan, time } = { plan: this.#plan, time: this.time };
    this.#clients.stop();
    this.#nemesis.stop();
    this.#network.calm();
    const random = stream(plan.seed, 'calm');
    const mayStayDown = chance(random, 1 / 4) ? plan.nodeIds.length - majority(plan.nodeIds.length) : 0;
    const down = new Set(shuffle(plan.nodeIds, random).slice(0, mayStayDown));
    const machines = [...this.#machines.values()].filter(({ nodeId }) => !down.has(nodeId));
    for (const machine of this.#machines.values()) machine.calm(down.has(machine.nodeId));
    for (const machine of machines) {
      machine.resume();
      machine.start();
    }
    this.#calm = new Calm({ plan, time, machines, checks: this.#checks });
    this.#calm.run();
  }

  #machine(nodeId: string): Machine {
    const machine = this.#machines.get(nodeId);
    if (machine === undefined) throw new Error(`there is no machine ${nodeId}`);
    return machine;
  }

  #deliver(to: string, line: string): void {
    this.#trace?.line(this.time.nowMs, to, 'gets', line);
    this.#machine(to).deliver(line);
  }

  #route(from: string, line: string): void {
    this.#trace?.line(this.time.nowMs, from, 'sends', line);
    const head = readHead(line);
    if (head?.src !== from) throw new Violation('assertion', from, `writes what is no message: ${line}`);
    const { dest } = head;
    if (!this.#machines.has(dest)) return this.#answer(JSON.parse(line));
    const isBatch = head.type === 'batch';
    if (isBatch) this.tally.add('lines of several');
    const messages = isBatch ? unpack(line) : [{ head, line }];
    for (const message of messages) this.#checks.tells(from, this.#machine(from).view, message.head, message.line);
    // A message may overtake others of its turn only where each has a line of its own.
    const carried = this.#plan.reorderingRate > 0 ? messages : [{ line }];
    for (const message of carried) this.#network.carry(from, dest, message.line);
    return undefined;
  }

  #answer(message: Message): void {
    if (message.dest === 'c0') this.#calm?.receive(message);
    else this.#clients.receive(message);
  }
}

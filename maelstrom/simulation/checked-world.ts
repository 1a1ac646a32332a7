import { majority } from '../../src/index.ts';
import type { Node } from '../../src/stdio/node.ts';
import type { Message } from '../cluster/cluster.ts';
import { shuffle } from '../faults/fault.ts';
import type { OperationEvent } from '../history/history.ts';
import { Recorder } from '../history/recorder.ts';
import { Calm } from './calm.ts';
import { Checks } from './checks/checks.ts';
import { Violation } from './checks/violation.ts';
import { unpack } from './checks/wire.ts';
import { Clients } from './clients.ts';
import { operatorId } from './faults/membership.ts';
import { Nemesis } from './faults/nemesis.ts';
import type { Plan } from './plan/plan.ts';
import { plannedTraffic } from './planned-traffic.ts';
import { Tally } from './record/tally.ts';
import type { Trace } from './record/trace.ts';
import type { PlayedService } from './services/played-service.ts';
import { WatchedMachine } from './watched-machine.ts';
import { chance, stream } from './world/draw.ts';
import { VirtualTime } from './world/virtual-time.ts';
import type { Head } from './world/wire.ts';
import { World } from './world/world.ts';

/** A world for one run of `eddy sim`, with all that surrounds it: faults, clients, and the checks that see everything. */
export class CheckedWorld {
  readonly time = new VirtualTime();
  readonly tally = new Tally();
  readonly events: OperationEvent[] = [];
  readonly #plan: Plan;
  readonly #service: PlayedService;
  readonly #trace: Trace | undefined;
  readonly #checks: Checks;
  readonly #machines = new Map<string, WatchedMachine>();
  readonly #world: World<Node>;
  readonly #nemesis: Nemesis;
  readonly #clients: Clients;
  #calm: Calm | undefined;

  constructor(plan: Plan, service: PlayedService, trace: Trace | undefined) {
    const { time, tally } = this;
    this.#plan = plan;
    this.#service = service;
    this.#trace = trace;
    const note = trace && ((nodeId: string | undefined, what: string) => trace.note({ atMs: time.nowMs, nodeId, what }));
    this.#checks = new Checks(plan.nodeIds, {
      electionTimeoutMs: plan.electionTimeoutMs,
      operationOf: service.operationOf,
      tally,
      onLeader: (nodeId) => {
        this.#nemesis.leaderElected(this.#machine(nodeId));
        this.#clients.leaderElected(this.#machine(nodeId));
      },
      onLeaderCommit: (nodeId) => this.#nemesis.leaderCommitted(this.#machine(nodeId)),
      note,
    });
    const random = stream(plan.seed, 'messages');
    this.#world = new World({
      time,
      nodeIds: plan.nodeIds,
      network: { random, traffic: plannedTraffic(plan, random), count: (happening) => tally.add(happening) },
      newMachine: (nodeId, onLine) => {
        const watched = new WatchedMachine({ nodeId, plan, service, time, checks: this.#checks, tally, note, onLine });
        this.#machines.set(nodeId, watched);
        return watched.machine;
      },
      events: {
        onSend: (from, head, line) => this.#onSend(from, head, line),
        onArrive: (to, line) => this.#trace?.line(this.time.nowMs, to, 'gets', line),
        onAnswer: (from, line, head) => this.#onAnswer(from, line, head),
      },
    });
    const machines = [...this.#machines.values()];
    const noteFault = note && ((what: string) => note(undefined, what));
    this.#nemesis = new Nemesis({ plan, time, machines, network: this.#world.network, tally, note: noteFault });
    const recorder = new Recorder(() => time.nowMs, (event) => {
      if (event.process !== 'nemesis') this.events.push(event);
    });
    const record = (event: Parameters<Recorder['record']>[0]): void => recorder.record(event);
    this.#clients = new Clients({ plan, service, time, machines, tally, checks: this.#checks, record });
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
    this.#world.network.calm();
    const random = stream(plan.seed, 'calm');
    const isMinorityDown = chance(random, 1 / 4) && !plan.faults.has('membership');
    const mayStayDown = isMinorityDown ? plan.nodeIds.length - majority(plan.nodeIds.length) : 0;
    const down = new Set(shuffle(plan.nodeIds, random).slice(0, mayStayDown));
    const machines = [...this.#machines.values()].filter(({ nodeId }) => !down.has(nodeId));
    for (const machine of this.#machines.values()) machine.calm(down.has(machine.nodeId));
    for (const machine of machines) {
      machine.resume();
      machine.start();
    }
    this.#calm = new Calm({ plan, calmWrite: this.#service.calmWrite, time, machines, checks: this.#checks });
    this.#calm.run();
  }

  #machine(nodeId: string): WatchedMachine {
    const machine = this.#machines.get(nodeId);
    if (machine === undefined) throw new Error(`there is no machine ${nodeId}`);
    return machine;
  }

  /** The checks see each message; a batch travels as one, unless its messages may overtake each other. */
  #onSend(from: string, head: Head, line: string): readonly string[] | undefined {
    this.#leaves(from, line, head);
    const isBatch = head.type === 'batch';
    if (isBatch) this.tally.add('lines of several');
    const messages = isBatch ? unpack(line) : [{ head, line }];
    for (const message of messages) this.#checks.tells(from, this.#machine(from).view, message.head, message.line);
    return isBatch && this.#plan.reorderingRate > 0 ? messages.map((message) => message.line) : undefined;
  }

  #onAnswer(from: string, line: string, head: Head | undefined): void {
    this.#leaves(from, line, head);
    const message: Message = JSON.parse(line);
    if (message.dest === operatorId) {
      if (message.body.type === 'raft_reconfigure_ok') this.tally.add('members changed');
      return;
    }
    if (message.dest === 'c0') this.#calm?.receive(message);
    else this.#clients.receive(message);
  }

  #leaves(from: string, line: string, head: Head | undefined): void {
    this.#trace?.line(this.time.nowMs, from, 'sends', line);
    if (head?.src !== from) throw new Violation('assertion', from, `writes what is no message: ${line}`);
  }
}

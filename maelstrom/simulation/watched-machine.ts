import type { Members, Random, Storage } from '../../src/index.ts';
import type { Node } from '../../src/stdio/node.ts';
import { initMessage } from '../cluster/init.ts';
import type { Checks } from './checks/checks.ts';
import type { View } from './checks/running-node.ts';
import { Violation } from './checks/violation.ts';
import { WatchedStateMachine, WatchedStorage } from './checks/watched.ts';
import type { Victim } from './faults/fault.ts';
import type { Plan } from './plan/plan.ts';
import type { Tally } from './record/tally.ts';
import type { PlayedService } from './services/played-service.ts';
import { Clock } from './world/clock.ts';
import { chance, exponential, stream } from './world/draw.ts';
import { FileDisk } from './world/file-disk.ts';
import { DiskFailure } from './world/file-system.ts';
import type { DiskCondition } from './world/file-system.ts';
import type { MachineDisk } from './world/machine-disk.ts';
import { Machine } from './world/machine.ts';
import { MemoryDisk } from './world/memory-disk.ts';
import type { ProgramOutput } from './world/program.ts';
import { raftNode } from './world/raft-node.ts';
import type { VirtualTime } from './world/virtual-time.ts';

export interface WatchedMachineOptions {
  readonly nodeId: string;
  readonly plan: Plan;
  readonly service: PlayedService;
  readonly time: VirtualTime;
  readonly checks: Checks;
  readonly tally: Tally;
  readonly note: ((nodeId: string, what: string) => void) | undefined;
  /** A line that the node wrote. */
  readonly onLine: (line: string) => void;
}

/**
 * In election timeouts: in the calm an operation of the disk takes no longer, on average. A vote waits for several of
 * them, and where that takes about as long as the timeout no node is ever elected; that is no fault of the nodes.
 */
const calmDiskMean = 0.01;

/** A machine of `eddy sim`: its node runs as the plan says, the checks see all of it, and it crashes by itself. */
export class WatchedMachine implements Victim {
  readonly nodeId: string;
  readonly condition: DiskCondition;
  readonly machine: Machine<Node>;
  readonly #options: WatchedMachineOptions;
  readonly #random: Random;
  /** What this incarnation has its state in. */
  #stateMachine: WatchedStateMachine;
  #hasRun = false;
  #isRestartPlanned = false;
  #isCalm = false;

  constructor(options: WatchedMachineOptions) {
    const { nodeId, plan, service, time, checks } = options;
    this.nodeId = nodeId;
    this.#options = options;
    this.#stateMachine = new WatchedStateMachine(service);
    this.#random = stream(plan.seed, `machine ${nodeId}`);
    const rate = plan.clockRates[plan.nodeIds.indexOf(nodeId)] ?? 1;
    const { diskMeanMs: meanMs, shortWriteRate } = plan;
    this.condition = { meanMs, shortWriteRate, failureRate: 0, freeBytes: Infinity };
    this.machine = new Machine({
      nodeId,
      time,
      clock: new Clock(time, rate, 1e6 * this.#random.fraction()),
      disk: this.#newDisk(),
      boot: (openStorage) => this.#boot(openStorage),
      turnDelayMs: () => (plan.turnDelayMs === 0 ? 0 : plan.turnDelayMs * this.#random.fraction()),
      hasTimers: true,
      events: {
        onOutput: (output) => this.#onOutput(output),
        onStep: (line) => this.#onStep(line),
        onThrow: (error) => this.#onThrow(error),
        onDiskBegin: (lastsMs) => this.#mayCrashDuring(lastsMs),
        onDiskProgress: (storage) => checks.progressed(nodeId, storage),
      },
    });
  }

  get isUp(): boolean {
    return this.machine.isUp;
  }

  /** The node from outside; undefined before it knows who it is, and while it is down. */
  get view(): View | undefined {
    return this.machine.program?.member;
  }

  get members(): Members | undefined {
    return this.view?.members;
  }

  get isLeader(): boolean {
    return this.view?.status.role === 'leader';
  }

  readonly deliver = (line: string): void => this.machine.deliver(line);

  /** Starts the node on what its last incarnation has left, and tells it who it is. Does nothing where it is up. */
  start(): void {
    if (this.isUp) return;
    const { nodeId, plan, time, checks, tally, note } = this.#options;
    if (this.#hasRun) tally.add('restarts');
    this.#hasRun = true;
    note?.(nodeId, 'starts');
    checks.starts(nodeId);
    const tell = this.machine.start();
    time.after(exponential(this.#random, 2), () => tell(JSON.stringify(initMessage(plan.nodeIds, nodeId))));
  }

  kill(): void {
    if (this.isUp) this.#options.note?.(this.nodeId, 'is killed');
    this.machine.kill();
  }

  cutPower(): void {
    this.#options.note?.(this.nodeId, 'loses its power');
    this.machine.cutPower();
  }

  pause(): void {
    this.#options.note?.(this.nodeId, 'is paused');
    this.machine.pause();
  }

  resume(): void {
    if (this.machine.isPaused) this.#options.note?.(this.nodeId, 'goes on');
    this.machine.resume();
  }

  clockJumps(forwardMs: number, rate: number): void {
    this.#options.note?.(this.nodeId, `its clock jumps by ${forwardMs.toFixed(0)} ms and goes on at ${rate.toFixed(2)}`);
    this.machine.clockJumps(forwardMs, rate);
  }

  planRestart(): void {
    if (this.#isRestartPlanned) return;
    this.#isRestartPlanned = true;
    const { time, plan } = this.#options;
    // Often so soon that the others have not noticed.
    const waitsFor = chance(this.#random, 1 / 2) ? 0.2 : 3;
    time.after(plan.electionTimeoutMs * waitsFor * this.#random.fraction(), () => {
      this.#isRestartPlanned = false;
      this.start();
    });
  }

  /** From now on the disk is well, and no crash comes by itself; the node stays down for good where that is asked. */
  calm(staysDown: boolean): void {
    this.#isCalm = true;
    if (staysDown) this.#isRestartPlanned = true;
    if (staysDown) this.kill();
    const { diskMeanMs, electionTimeoutMs } = this.#options.plan;
    this.condition.meanMs = Math.min(diskMeanMs, electionTimeoutMs * calmDiskMean);
    this.condition.failureRate = 0;
    this.condition.freeBytes = Infinity;
  }

  #newDisk(): MachineDisk {
    const { nodeId, plan, time, tally, note } = this.#options;
    const { condition } = this;
    if (plan.storage === 'memory') return new MemoryDisk(time, () => exponential(this.#random, condition.meanMs));
    return new FileDisk({
      time,
      random: this.#random,
      condition,
      segmentBytes: plan.segmentBytes,
      freeSpaceCheckMs: plan.electionTimeoutMs,
      onNotes: (notes) => {
        if (notes.length > 0) tally.add('torn tails cut off', notes.length);
        for (const text of notes) note?.(nodeId, text);
      },
      guardRecovery: (open) => this.#guardRecovery(open),
    });
  }

  #boot(openStorage: () => Storage): Node {
    const { plan, service } = this.#options;
    this.#stateMachine = new WatchedStateMachine(service);
    return raftNode({
      electionTimeoutMs: plan.electionTimeoutMs,
      heartbeatMs: plan.heartbeatMs,
      maxPending: plan.maxPending,
      raft: plan.raft,
      snapshots: plan.snapshots,
      service: { ...service.service, createStateMachine: () => this.#stateMachine },
      openStorage: () => this.#watch(openStorage()),
      seed: this.#random.integer(2 ** 32),
    });
  }

  #watch(storage: Storage): Storage {
    const { nodeId, checks, tally } = this.#options;
    const inFlight = checks.recovers(nodeId, storage.recovered, this.machine.clock.nowMs());
    if (inFlight !== 'none') tally.add(inFlight === 'kept' ? 'writes in flight kept' : 'writes in flight lost');
    return new WatchedStorage(storage, (batch) => checks.writes(nodeId, batch));
  }

  /** A crash leaves nothing that a node could not start on. */
  #guardRecovery<Opened>(open: () => Opened): Opened {
    try {
      return open();
    } catch (error) {
      if (error instanceof DiskFailure || error instanceof Violation) throw error;
      throw new Violation('recovery', this.nodeId, `does not start: ${textOf(error)}`);
    }
  }

  /** Puts a crash where it hurts: between what a node has decided and what its disk has. */
  #mayCrashDuring(lastsMs: number): void {
    const { plan, time, tally } = this.#options;
    const drawn = this.#random.fraction();
    if (drawn >= plan.crashRate + plan.powerCutRate || this.#isCalm) return;
    const isKill = drawn < plan.crashRate;
    const { program } = this.machine;
    time.after(lastsMs * this.#random.fraction(), () => {
      if (program === undefined || program !== this.machine.program) return;
      tally.add(isKill ? 'killed in a write' : 'power cut in a write');
      if (isKill) this.kill();
      else this.cutPower();
      this.planRestart();
    });
  }

  #onStep(line: string | undefined): void {
    const { nodeId, checks } = this.#options;
    const { view } = this;
    if (view === undefined) return;
    checks.look(nodeId, view, this.machine.clock.nowMs(), line);
    checks.stateChanged(nodeId, this.#stateMachine.takeChanges());
  }

  #onOutput({ lines, log }: ProgramOutput): void {
    const { nodeId, note, onLine } = this.#options;
    for (const text of log) note?.(nodeId, `says: ${text}`);
    for (const line of lines) onLine(line);
  }

  /** A node whose disk fails has stopped by that, as `main.ts` sees to; anything else that it throws is its fault. */
  #onThrow(error: unknown): void {
    const { nodeId, tally, note } = this.#options;
    if (error instanceof Violation) throw error;
    if (!(error instanceof DiskFailure)) throw new Violation('assertion', nodeId, textOf(error));
    note?.(nodeId, `stops: ${error.message}`);
    tally.add(error.message.startsWith('ENOSPC') ? 'disks full' : 'disks failed');
    this.machine.kill();
    this.planRestart();
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { DiskStorage, KeyValueStore } from '../../src/index.ts';
import type { MemoryContents, Random, Storage } from '../../src/index.ts';
import { Node } from '../../src/stdio/node.ts';
import type { NodeOutput } from '../../src/stdio/node.ts';
import { encodeEntry } from '../../src/stdio/encode.ts';
import { initMessage } from '../cluster/init.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import type { Checks } from './checks/checks.ts';
import type { View } from './checks/running-node.ts';
import { Clock } from './clock.ts';
import { Disk, DiskFailure } from './disk.ts';
import type { DiskCondition } from './disk.ts';
import { chance, exponential, stream } from './draw.ts';
import type { Plan } from './plan.ts';
import { Platter } from './platter.ts';
import { SimulatedProcess } from './simulated-process.ts';
import type { Tally } from './tally.ts';
import { Violation } from './violation.ts';
import type { VirtualTime } from './virtual-time.ts';
import { WatchedStateMachine, WatchedStorage } from './watched.ts';

export interface MachineOptions {
  readonly nodeId: string;
  readonly plan: Plan;
  readonly time: VirtualTime;
  readonly checks: Checks;
  readonly tally: Tally;
  readonly note: ((nodeId: string, what: string) => void) | undefined;
  /** A line that the node wrote. */
  readonly onLine: (line: string) => void;
}

/** Free bytes below which a node takes no client's write. */
const reserveBytes = 2000;

/**
 * In election timeouts: in the calm an operation of the disk takes no longer, on average. A vote waits for several of
 * them, and where that takes about as long as the timeout nobody is ever elected; that is no fault of the nodes.
 */
const calmDiskMean = 0.01;

/** A machine with one node on it: its clock and its disk outlive the process. */
export class Machine {
  readonly nodeId: string;
  readonly clock: Clock;
  /** How the disk behaves. Faults change it. */
  readonly condition: DiskCondition;
  readonly #options: MachineOptions;
  readonly #random: Random;
  readonly #platter = new Platter();
  /** What the in-memory twin of the disk holds. */
  #memory: MemoryContents | undefined;
  #process: SimulatedProcess | undefined;
  /** Takes its disk from the process that runs. */
  #detachDisk: () => void = () => {};
  #isRestartPlanned = false;
  #isCalm = false;

  constructor(options: MachineOptions) {
    const { nodeId, plan, time } = options;
    this.nodeId = nodeId;
    this.#options = options;
    this.#random = stream(plan.seed, `machine ${nodeId}`);
    this.clock = new Clock(time, plan.clockRates[plan.nodeIds.indexOf(nodeId)] ?? 1, 1e6 * this.#random.fraction());
    const { diskMeanMs: meanMs, shortWriteRate } = plan;
    this.condition = { meanMs, shortWriteRate, failureRate: 0, freeBytes: Infinity };
  }

  get isUp(): boolean {
    return this.#process?.isUp === true;
  }

  get isPaused(): boolean {
    return this.#process?.isPaused === true;
  }

  /** The node from outside; undefined before it knows who it is, and while it is down. */
  get view(): View | undefined {
    return this.isUp ? this.#process?.node.replica : undefined;
  }

  deliver(line: string): void {
    this.#process?.deliver(line);
  }

  /** Starts the node on what its last incarnation has left, and tells it who it is. Does nothing where it is up. */
  start(): void {
    if (this.isUp) return;
    const { nodeId, plan, time, checks, tally, note } = this.#options;
    if (this.#process !== undefined) tally.add('restarts');
    note?.(nodeId, 'starts');
    checks.starts(nodeId);
    const stateMachine = new WatchedStateMachine(new KeyValueStore());
    const node = new Node({
      electionTimeoutMs: plan.electionTimeoutMs,
      heartbeatMs: plan.heartbeatMs,
      maxPending: plan.maxPending,
      raft: plan.raft,
      openStorage: () => this.#openStorage(started),
      snapshots: plan.snapshots,
      stateMachine,
      seed: this.#random.integer(2 ** 32),
    });
    const started: SimulatedProcess = new SimulatedProcess({
      node,
      time,
      clock: this.clock,
      turnDelayMs: () => (plan.turnDelayMs === 0 ? 0 : plan.turnDelayMs * this.#random.fraction()),
      onOutput: (output) => this.#onOutput(output),
      onStep: (line) => {
        if (node.replica === undefined) return;
        checks.look(nodeId, node.replica, this.clock.nowMs(), line);
        checks.stateChanged(nodeId, stateMachine.takeChanges());
      },
      onThrow: (error) => this.#onThrow(error),
    });
    this.#process = started;
    time.after(exponential(this.#random, 2), () => started.deliver(JSON.stringify(initMessage(plan.nodeIds, nodeId))));
  }

  /** Ends the node at once. What it has written is in the page cache, and so survives. */
  kill(): void {
    if (this.isUp) this.#options.note?.(this.nodeId, 'is killed');
    this.#end();
  }

  /** Ends the node at once, if it is up; of what was not synced there is whatever chance keeps. */
  cutPower(): void {
    this.#options.note?.(this.nodeId, 'loses its power');
    this.#end();
    this.#platter.cutPower(this.#random);
  }

  pause(): void {
    this.#options.note?.(this.nodeId, 'is paused');
    this.#process?.pause();
  }

  resume(): void {
    if (this.isPaused) this.#options.note?.(this.nodeId, 'goes on');
    this.#process?.resume();
  }

  clockJumps(forwardMs: number, rate: number): void {
    this.#options.note?.(this.nodeId, `its clock jumps by ${forwardMs.toFixed(0)} ms and goes on at ${rate.toFixed(2)}`);
    this.clock.jump(forwardMs);
    this.clock.setRate(rate);
    this.#process?.clockChanged();
  }

  /** Starts the node again some time from now, if nobody else has done so. */
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

  #end(): void {
    this.#process?.kill();
    this.#detachDisk();
    this.#detachDisk = () => {};
  }

  #openStorage(process: SimulatedProcess): Storage {
    const { nodeId, plan, checks, tally } = this.#options;
    const storage = plan.storage === 'disk' ? this.#openDisk(process) : this.#openMemory(process);
    const inFlight = checks.recovers(nodeId, storage.recovered, this.clock.nowMs());
    if (inFlight !== 'none') tally.add(inFlight === 'kept' ? 'writes in flight kept' : 'writes in flight lost');
    return new WatchedStorage(storage, (batch) => checks.writes(nodeId, batch));
  }

  #openDisk(process: SimulatedProcess): DiskStorage {
    const { nodeId, plan, time, checks, tally, note } = this.#options;
    const { condition } = this;
    const onBegin = (lastsMs: number): void => this.#mayCrashDuring(lastsMs);
    const onThrow = (error: unknown): void => this.#onThrow(error);
    const disk = new Disk({ platter: this.#platter, condition, time, random: this.#random, onBegin, onThrow });
    this.#detachDisk = () => disk.detach();
    const storage: DiskStorage = this.#guardRecovery(() => {
      return new DiskStorage({
        fileSystem: disk,
        directory: '/data',
        encodeEntry,
        reserveBytes,
        segmentBytes: plan.segmentBytes,
        onProgress: () => {
          checks.progressed(nodeId, storage);
          process.planTurn();
        },
        onFailure: (error) => this.#onThrow(error),
      });
    });
    if (storage.notes.length > 0) tally.add('torn tails cut off', storage.notes.length);
    for (const text of storage.notes) note?.(nodeId, text);
    this.#checkFreeSpace(process, storage);
    return storage;
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

  #openMemory(process: SimulatedProcess): SimulatedDisk {
    const { nodeId, time, checks } = this.#options;
    const disk = new SimulatedDisk(this.#memory, () => {
      const lastsMs = exponential(this.#random, this.condition.meanMs);
      time.after(lastsMs, () => {
        if (!process.isUp) return;
        disk.finishWrite();
        checks.progressed(nodeId, disk);
        process.planTurn();
      });
      this.#mayCrashDuring(lastsMs);
    });
    this.#detachDisk = () => {
      this.#memory = disk.contents;
    };
    return disk;
  }

  #checkFreeSpace(process: SimulatedProcess, storage: DiskStorage): void {
    const { time, plan } = this.#options;
    time.after(plan.electionTimeoutMs, () => {
      if (!process.isUp) return;
      storage.checkFreeSpace();
      this.#checkFreeSpace(process, storage);
    });
  }

  /** Puts a crash where it hurts: between what a node has decided and what its disk has. */
  #mayCrashDuring(lastsMs: number): void {
    const { plan, time, tally } = this.#options;
    const drawn = this.#random.fraction();
    if (drawn >= plan.crashRate + plan.powerCutRate || this.#isCalm) return;
    const isKill = drawn < plan.crashRate;
    const process = this.#process;
    time.after(lastsMs * this.#random.fraction(), () => {
      if (process?.isUp !== true || process !== this.#process) return;
      tally.add(isKill ? 'killed in a write' : 'power cut in a write');
      if (isKill) this.kill();
      else this.cutPower();
      this.planRestart();
    });
  }

  #onOutput({ lines, log }: NodeOutput): void {
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
    this.#end();
    this.planRestart();
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

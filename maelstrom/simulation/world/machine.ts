import type { Storage } from '../../../src/index.ts';
import type { Clock } from './clock.ts';
import type { MachineDisk } from './machine-disk.ts';
import { SimulatedProcess } from './process.ts';
import type { Program, ProgramOutput } from './program.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface MachineOptions<Running extends Program> {
  readonly nodeId: string;
  readonly time: VirtualTime;
  readonly clock: Clock;
  readonly disk: MachineDisk;
  /** A fresh program; it opens its storage once, when it is told who it is. */
  readonly boot: (openStorage: () => Storage) => Running;
  /** How long what has arrived waits for the next turn. */
  readonly turnDelayMs: () => number;
  /** Whether the program's timers wake it; without that its turns are the caller's to plan. */
  readonly hasTimers: boolean;
  readonly events: MachineEvents;
}

/** What happens on a machine. */
export interface MachineEvents {
  readonly onOutput: (output: ProgramOutput) => void;
  /** The program may have changed: it has taken a line, or a turn. */
  readonly onStep?: (line?: string) => void;
  /** The process has thrown something, and is gone. */
  readonly onThrow: (error: unknown) => void;
  /** An operation of the disk begins, and will take so long. */
  readonly onDiskBegin?: (lastsMs: number) => void;
  /** The disk has more than before. */
  readonly onDiskProgress?: (storage: Storage) => void;
}

/** A machine with one node on it: its clock and its disk outlive the process. */
export class Machine<Running extends Program = Program> {
  readonly nodeId: string;
  readonly clock: Clock;
  readonly #options: MachineOptions<Running>;
  #process: SimulatedProcess | undefined;
  #program: Running | undefined;

  constructor(options: MachineOptions<Running>) {
    this.nodeId = options.nodeId;
    this.clock = options.clock;
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#process?.isUp === true;
  }

  get isPaused(): boolean {
    return this.#process?.isPaused === true;
  }

  /** What runs on it; undefined while it is down. */
  get program(): Running | undefined {
    return this.isUp ? this.#program : undefined;
  }

  /** How long until its node's own timers want a turn, by its clock; `Infinity` while it is down. */
  get untilDeadlineMs(): number {
    return this.#process?.isUp === true ? this.#process.untilDeadlineMs : Infinity;
  }

  /** A line arrives. It is lost where the node is down, and waits where it is paused. */
  deliver(line: string): void {
    this.#process?.deliver(line);
  }

  /** The node takes a turn as soon as it gets to it. */
  planTurn(): void {
    this.#process?.planTurn();
  }

  /** Starts the node on what its last incarnation has left. Returns how to talk to this incarnation only. */
  start(): (line: string) => void {
    const { time, clock, boot, turnDelayMs, hasTimers, events } = this.#options;
    this.kill();
    const program = boot(() => this.#openStorage(started));
    const started: SimulatedProcess = new SimulatedProcess({
      program,
      time,
      clock,
      turnDelayMs,
      hasTimers,
      onOutput: events.onOutput,
      onStep: events.onStep ?? (() => {}),
      onThrow: events.onThrow,
    });
    this.#program = program;
    this.#process = started;
    return (line) => started.deliver(line);
  }

  /** Ends the node at once. What it has written is in the page cache, and so survives. */
  kill(): void {
    this.#process?.kill();
    this.#options.disk.detach();
  }

  /** Ends the node at once, if it is up; of what was not synced there is whatever chance keeps. */
  cutPower(): void {
    this.kill();
    this.#options.disk.cutPower();
  }

  /** Pauses the node. Its disk continues. */
  pause(): void {
    this.#process?.pause();
  }

  /** The node takes all that has waited for it, in one turn. */
  resume(): void {
    this.#process?.resume();
  }

  /** Its clock jumps, and goes on at another rate. */
  clockJumps(forwardMs: number, rate: number): void {
    this.clock.jump(forwardMs);
    this.clock.setRate(rate);
    this.#process?.clockChanged();
  }

  #openStorage(process: SimulatedProcess): Storage {
    const { disk, events } = this.#options;
    return disk.open({
      isUp: () => process.isUp,
      onBegin: (lastsMs) => events.onDiskBegin?.(lastsMs),
      onProgress: (storage) => {
        events.onDiskProgress?.(storage);
        process.planTurn();
      },
      onThrow: events.onThrow,
    });
  }
}

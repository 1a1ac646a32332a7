import { KeyValueStore } from '../services/kv/store.ts';
import { Node } from './node.ts';
import { parseOptions } from './options.ts';
import type { Options } from './options.ts';
import { readStandardInput } from './standard-input.ts';
import type { DiskStorage } from '../storage/disk-storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import type { Storage } from '../storage/storage.ts';

/** How much of the log may wait for whoever reads stderr; past it further lines are dropped. */
const maxUnreadLogBytes = 1024 * 1024;

/** After the end of the input there are turns as long as what they decide goes to the disk, but no more than this. */
const maxLastTurns = 16;

/** Where a process meets the world: arguments, stdin, stdout, timers, signals, exit codes. */
async function main(argv: readonly string[]): Promise<void> {
  const parsed = parseOptions(argv);
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(parsed.text);
      return;
    case 'wrong':
      process.stderr.write(`raft: ${parsed.why}\n`);
      process.exitCode = 2;
      return;
    case 'run': {
      const { dataDirectory } = parsed.options;
      run(parsed.options, dataDirectory === undefined ? undefined : (await import('../storage/open-disk.ts')).openDisk);
    }
  }
}

/** @param openDisk given where there is a data directory */
function run(
  { seed, dataDirectory, diskReserveBytes, readMode, ...options }: Options,
  openDisk: typeof import('../storage/open-disk.ts').openDisk | undefined,
): void {
  let disk: DiskStorage | undefined;
  const node = new Node({
    ...options,
    raft: { readMode },
    openStorage,
    stateMachine: new KeyValueStore(),
    seed: seed ?? process.hrtime()[1] + process.pid,
  });
  let timer: NodeJS.Timeout | undefined;
  let timerDueAtMs = Infinity;
  let turnIsPlanned = false;
  let isBlocked = false;
  /** When bytes came last, or a turn was taken. */
  let latestMs = 0;
  /** The same, once the input has ended: what the clock would have said since then comes too late. */
  let endedAtMs: number | undefined;
  let lastTurnsLeft = maxLastTurns;

  function openStorage(nodeId: string): Storage {
    if (dataDirectory === undefined || openDisk === undefined) return new MemoryStorage();
    try {
      disk = openDisk(dataDirectory, nodeId, { reserveBytes: diskReserveBytes, onProgress, onFailure: stop });
      writeLog(disk.notes);
      return disk;
    } catch (error) {
      // A node must not start without what it has promised.
      return stop(error);
    }
  }

  function onProgress(): void {
    if (endedAtMs !== undefined) finish(endedAtMs);
    else planTurn();
  }

  function onBytes(bytes: Buffer): void {
    latestMs = performance.now();
    node.receive(bytes, latestMs);
    planTurn();
  }

  /** One turn for all that is there: the timers' share comes after the input's. */
  function planTurn(): void {
    if (turnIsPlanned || isBlocked) return;
    turnIsPlanned = true;
    setImmediate(takeTurn);
  }

  function takeTurn(): void {
    turnIsPlanned = false;
    if (endedAtMs !== undefined) return;
    latestMs = performance.now();
    if (writeTurn(latestMs)) planNextTurn(latestMs, node.nextDeadlineMs(latestMs));
    else waitForReader();
  }

  /** False where whoever reads the output does not keep up. */
  function writeTurn(nowMs: number): boolean {
    const { lines, log } = node.turn(nowMs);
    if (log.length > 0) writeLog(log);
    return lines.length === 0 || process.stdout.write(`${lines.join('\n')}\n`);
  }

  /** A timer that is set for an earlier time stays: it costs one turn in which nothing is due, not one timer a turn. */
  function planNextTurn(nowMs: number, deadlineMs: number): void {
    if (deadlineMs <= nowMs) return planTurn();
    if (timer !== undefined && timerDueAtMs <= deadlineMs) return undefined;
    clearTimeout(timer);
    timerDueAtMs = deadlineMs;
    timer = deadlineMs < Infinity ? setTimeout(onTimer, Math.min(Math.ceil(deadlineMs - nowMs), 2 ** 31 - 1)) : undefined;
    return undefined;
  }

  function onTimer(): void {
    timer = undefined;
    planTurn();
  }

  function clearTimer(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  /** Nothing more is taken in, and no turn taken, while nobody takes what comes out. */
  function waitForReader(): void {
    isBlocked = true;
    clearTimer();
    input.pause();
    process.stdout.once('drain', () => {
      isBlocked = false;
      input.resume();
      // By a timer, not at once: what has been waiting on stdin comes before what the clock has to say.
      const nowMs = performance.now();
      planNextTurn(nowMs, nowMs + 1);
    });
  }

  /** Answers what is there, and goes once that is on the disk and read. */
  function end(): void {
    if (endedAtMs !== undefined) return;
    endedAtMs = latestMs;
    clearTimer();
    node.endInput(endedAtMs);
    finish(endedAtMs);
  }

  function finish(nowMs: number): void {
    if (lastTurnsLeft > 0) writeTurn(nowMs);
    lastTurnsLeft -= 1;
    if (disk?.isWriting) return;
    disk?.close();
    process.stdout.end(() => process.exit(0));
  }

  // A turn that was not finished: a broken invariant, or a snapshot's file that could not be read.
  process.once('uncaughtException', (error) => stop(error.stack ?? error));
  const input = readStandardInput({ onBytes, onEnd: end });
  // The second one ends the process at once, as signals do by default.
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  // Whoever read the output is gone, and with it everybody to answer.
  process.stdout.on('error', () => process.exit(0));
  // Without its log a node can go on.
  process.stderr.on('error', () => {});
}

/** Ends the process at once: whatever it would still say might be wrong. */
function stop(error: unknown): never {
  process.stderr.write(`raft: stopped: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}

/** What is more than its reader can take is dropped. */
function writeLog(lines: readonly string[]): void {
  if (process.stderr.writableLength > maxUnreadLogBytes) return;
  process.stderr.write(lines.map((line) => `raft: ${line}\n`).join(''));
}

await main(process.argv.slice(2));

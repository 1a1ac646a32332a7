import { uptime } from 'node:os';
import { createClock } from '../process/clock.ts';
import { services } from '../services/all.ts';
import { TurnLoop } from './turn-loop.ts';
import { Node } from './node.ts';
import { parseOptions } from './options.ts';
import type { Options } from './options.ts';
import { readStandardInput } from './standard-input.ts';
import { StandardOutput } from './standard-output.ts';
import type { DiskStorage } from '../storage/disk-storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import type { Recovered, Storage } from '../storage/storage.ts';

/** The most bytes of the log that may wait for the reader of stderr. Further lines are dropped. */
const maxUnreadLogBytes = 1024 * 1024;

/** How long, after a signal, the node waits for the reader of stdout and for the disk. */
const maxFarewellMs = 5000;

/** After a signal, how long a leader waits at most until another node leads; and no longer than an election timeout. */
const maxYieldMs = 2000;

/** Where a process meets the world: arguments, stdin, stdout, timers, signals, exit codes. */
async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', onOutputError);
  // A node can continue without its log.
  process.stderr.on('error', () => {});
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
      run(parsed.options, dataDirectory === undefined ? undefined : (await import('../process/open-disk.ts')).openDisk);
    }
  }
}

/** @param openDisk given if there is a data directory */
function run(
  { seed, dataDirectory, diskReserveBytes, readMode, ...options }: Options,
  openDisk: typeof import('../process/open-disk.ts').openDisk | undefined,
): void {
  let disk: DiskStorage | undefined;
  const lifeSeed = process.hrtime()[1] + process.pid;
  const node = new Node({
    ...options,
    raft: { readMode },
    openStorage,
    seed: seed ?? lifeSeed,
    lifeSeed,
  });
  // An exception in the middle of a turn: a failed assertion, or a snapshot's file that could not be read.
  process.once('uncaughtException', (error) => stop(error.stack ?? error));
  const output = new StandardOutput(process.stdout, () => loop.outputHasRoom());
  const input = readStandardInput({
    onBytes: (bytes) => loop.receive(bytes),
    onEnd: () => loop.end(),
    onError: (error) => stop(`stdin cannot be read: ${error.message}`),
  });
  const nowMs = createClock({
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    uptimeMs: () => 1000 * uptime(),
  });
  const isDiskWriting = (): boolean => disk?.isWriting ?? false;
  const loop = new TurnLoop({ node, nowMs, output, input, writeLog, isDiskWriting, onFinished });
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);

  function openStorage(nodeId: string): Storage {
    if (dataDirectory === undefined || openDisk === undefined) return new MemoryStorage();
    try {
      const onProgress = (): void => loop.diskProgressed();
      disk = openDisk(dataDirectory, nodeId, { reserveBytes: diskReserveBytes, onProgress, onFailure: stop });
      writeLog(disk.notes);
      refuseOtherService(dataDirectory, disk.recovered, options.service.name);
      return disk;
    } catch (error) {
      // A node must not start without the votes and entries that it has acknowledged.
      return stop(error);
    }
  }

  /** Ends the node in order. A second signal ends the process at once, as it does by default. */
  function onSignal(): void {
    process.off('SIGTERM', onSignal);
    process.off('SIGINT', onSignal);
    setTimeout(giveUp, maxFarewellMs);
    loop.yieldAndEnd(Math.min(options.electionTimeoutMs, maxYieldMs));
  }

  function giveUp(): void {
    const why = isDiskWriting() ? 'the disk has not finished' : 'the reader of stdout has not taken all';
    stop(`${why}, ${maxFarewellMs} ms after the signal to end`);
  }

  function onFinished(): void {
    disk?.close();
    output.end((error) => (error ? onOutputError(error) : process.exit(0)));
  }
}

/** If the reader is gone, the node ends: it can answer no one. Any other error means that answers are lost. */
function onOutputError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  stop(`stdout cannot be written: ${error.message}`);
}

/** Ends the process at once, because anything it would still send might be wrong. */
function stop(error: unknown): never {
  process.stderr.write(`raft: stopped: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}

/** Lines that the reader cannot take are dropped. */
function writeLog(lines: readonly string[]): void {
  if (process.stderr.writableLength > maxUnreadLogBytes) return;
  process.stderr.write(lines.map((line) => `raft: ${line}\n`).join(''));
}

/** A log is of one service: another one would take its commands for mistakes. The first release knew the first alone. */
function refuseOtherService(dataDirectory: string, found: Recovered | undefined, wanted: string): void {
  const held = found === undefined ? wanted : (found.hardState.service ?? services[0].name);
  if (held !== wanted) throw new Error(`${dataDirectory}: holds the service ${held}, not ${wanted}`);
}

await main(process.argv.slice(2));

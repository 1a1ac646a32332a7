import { uptime } from 'node:os';
import { createClock } from '../process/clock.ts';
import { TurnLoop } from './turn-loop.ts';
import { Node } from './node.ts';
import { parseOptions } from './options.ts';
import type { Options } from './options.ts';
import { readStandardInput } from './standard-input.ts';
import { StandardOutput } from './standard-output.ts';
import type { DiskStorage } from '../storage/disk-storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import type { Storage } from '../storage/storage.ts';

/** How much of the log may wait for the reader of stderr; past it further lines are dropped. */
const maxUnreadLogBytes = 1024 * 1024;

/** After a signal, how long the reader of stdout and the disk may still take. */
const maxFarewellMs = 5000;

/** Where a process meets the world: arguments, stdin, stdout, timers, signals, exit codes. */
async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', onOutputError);
  // Without its log a node can go on.
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

/** @param openDisk given where there is a data directory */
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
  // A turn that was not finished: a broken invariant, or a snapshot's file that could not be read.
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
      return disk;
    } catch (error) {
      // A node must not start without what it has promised.
      return stop(error);
    }
  }

  /** Ends in order. The second signal ends the process at once, as signals do by default. */
  function onSignal(): void {
    process.off('SIGTERM', onSignal);
    process.off('SIGINT', onSignal);
    setTimeout(giveUp, maxFarewellMs);
    loop.end();
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

/** A reader that is gone is the end: there is nobody left to answer. Any other failure loses answers. */
function onOutputError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  stop(`stdout cannot be written: ${error.message}`);
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

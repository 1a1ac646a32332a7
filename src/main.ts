import { KeyValueStore } from './kv/store.ts';
import { Node } from './node.ts';
import { parseOptions } from './options.ts';
import type { Options } from './options.ts';
import { MemoryStorage } from './storage/memory-storage.ts';

/** How much of the log may wait for whoever reads stderr; past it further lines are dropped. */
const maxUnreadLogBytes = 1024 * 1024;

/** Where a process meets the world: arguments, stdin, stdout, timers, signals, exit codes. */
function main(argv: readonly string[]): void {
  const parsed = parseOptions(argv);
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(parsed.text);
      return;
    case 'wrong':
      process.stderr.write(`raft: ${parsed.why}\n`);
      process.exitCode = 2;
      return;
    case 'run':
      run(parsed.options);
  }
}

function run({ seed, ...options }: Options): void {
  const node = new Node({
    ...options,
    storage: new MemoryStorage(),
    stateMachine: new KeyValueStore(),
    seed: seed ?? process.hrtime()[1] + process.pid,
  });
  let timer: NodeJS.Timeout | undefined;
  let turnIsPlanned = false;
  let hasEnded = false;

  /** One turn for all that is there: the timers' share comes after the input's. */
  function planTurn(): void {
    if (turnIsPlanned) return;
    turnIsPlanned = true;
    setImmediate(takeTurn);
  }

  function takeTurn(): void {
    turnIsPlanned = false;
    if (hasEnded) return;
    const nowMs = performance.now();
    if (writeTurn(nowMs)) planNextTurn(node.nextDeadlineMs(nowMs) - nowMs);
    else waitForReader();
  }

  /** False where whoever reads the output does not keep up. */
  function writeTurn(nowMs: number): boolean {
    const { lines, log } = node.turn(nowMs);
    if (log.length > 0) writeLog(log);
    return lines.length === 0 || process.stdout.write(`${lines.join('\n')}\n`);
  }

  function planNextTurn(delayMs: number): void {
    clearTimeout(timer);
    if (delayMs <= 0) planTurn();
    else if (delayMs < Infinity) timer = setTimeout(planTurn, Math.min(Math.ceil(delayMs), 2 ** 31 - 1));
  }

  /** Nothing more is taken in, and no turn taken, while nobody takes what comes out. */
  function waitForReader(): void {
    clearTimeout(timer);
    process.stdin.pause();
    process.stdout.once('drain', () => {
      process.stdin.resume();
      // By a timer, not at once: what has been waiting on stdin comes before what the clock has to say.
      planNextTurn(1);
    });
  }

  /** Answers what is there, and goes once that is read. */
  function end(): void {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(timer);
    const nowMs = performance.now();
    node.endInput(nowMs);
    writeTurn(nowMs);
    process.stdout.end(() => process.exit(0));
  }

  process.stdin.on('data', (bytes: Buffer) => {
    node.receive(bytes, performance.now());
    planTurn();
  });
  process.stdin.on('end', end);
  process.stdin.on('error', end);
  // The second one ends the process at once, as signals do by default.
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  // Whoever read the output is gone, and with it everybody to answer.
  process.stdout.on('error', () => process.exit(0));
  // Without its log a node can go on.
  process.stderr.on('error', () => {});
}

/** What is more than its reader can take is dropped. */
function writeLog(lines: readonly string[]): void {
  if (process.stderr.writableLength > maxUnreadLogBytes) return;
  process.stderr.write(lines.map((line) => `raft: ${line}\n`).join(''));
}

main(process.argv.slice(2));

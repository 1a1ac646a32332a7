import { KeyValueStore } from './kv/store.ts';
import { Node } from './node.ts';
import { parseOptions } from './options.ts';
import type { Options } from './options.ts';
import { MemoryStorage } from './storage/memory-storage.ts';

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

  /** One turn for all that is there: the timers' share comes after the input's. */
  function planTurn(): void {
    if (turnIsPlanned) return;
    turnIsPlanned = true;
    setImmediate(takeTurn);
  }

  function takeTurn(): void {
    turnIsPlanned = false;
    const nowMs = performance.now();
    const { lines, log } = node.turn(nowMs);
    for (const line of log) process.stderr.write(`raft: ${line}\n`);
    if (lines.length > 0 && !process.stdout.write(`${lines.join('\n')}\n`)) waitForReader();
    planNextTurn(node.nextDeadlineMs(nowMs) - nowMs);
  }

  function planNextTurn(delayMs: number): void {
    clearTimeout(timer);
    if (delayMs <= 0) planTurn();
    else if (delayMs < Infinity) timer = setTimeout(planTurn, Math.min(Math.ceil(delayMs), 2 ** 31 - 1));
  }

  /** Nothing more is taken in while nobody takes what comes out. */
  function waitForReader(): void {
    if (process.stdin.isPaused()) return;
    process.stdin.pause();
    process.stdout.once('drain', () => process.stdin.resume());
  }

  /** Answers what is there, and goes. */
  function end(): void {
    node.endInput(performance.now());
    takeTurn();
    process.stdout.end(() => process.exit(0));
  }

  process.stdin.on('data', (bytes: Buffer) => {
    node.receive(bytes, performance.now());
    planTurn();
  });
  process.stdin.on('end', end);
  process.stdin.on('error', end);
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  // Whoever read the output is gone, and with it everybody to answer.
  process.stdout.on('error', () => process.exit(0));
}

main(process.argv.slice(2));

import { generalHelp } from './commands/help.ts';

// The edge of bin/eddy: arguments, standard streams, signals and exit codes. Results go to stdout, all else to stderr.

const write = (line: string) => process.stdout.write(`${line}\n`);
const screen = { isTerminal: process.stderr.isTTY, write: (text: string) => process.stderr.write(text) };
const interruption = new AbortController();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** While nodes run, the first signal ends the run in order, the second at once; nodes end either way. */
function onSignal(): void {
  if (interruption.signal.aborted) process.exit(2);
  interruption.abort();
}

function takeSignals(): void {
  for (const signal of signals) process.on(signal, onSignal);
}

/**
 * From then on a signal ends the program wherever it is. A handler would have to wait for the checker, which does not
 * look up from its search.
 */
function leaveSignalsAlone(): void {
  for (const signal of signals) process.off(signal, onSignal);
}

// The reader of our output may have seen enough of it: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`eddy: stdout cannot be written: ${error.message}\n`);
  process.exit(2);
});

// 1 would say that a property was violated; a fault of our own has decided nothing.
process.on('uncaughtException', (error) => {
  process.stderr.write(`eddy: a fault in the workbench itself: ${error.stack ?? error.message}\n`);
  process.exit(2);
});

const [command, ...rest] = process.argv.slice(2);
process.exitCode = await run(command, rest);

async function run(name: string | undefined, argv: readonly string[]): Promise<0 | 1 | 2> {
  switch (name) {
    case 'test':
      return test(argv);
    case 'check':
      return check(argv);
    case 'sim':
      return simulate(argv);
    case 'bench':
      return bench(argv);
    case 'help':
    case '--help':
    case '-h':
      return show(generalHelp);
    default:
      return refuse(name === undefined ? 'say what to do' : `there is no command ${JSON.stringify(name)}`, generalHelp);
  }
}

// Each command is loaded only where it is asked for: to load all of them takes longer than to judge a short history.

async function test(argv: readonly string[]): Promise<0 | 1 | 2> {
  if (asksForHelp(argv)) return show((await import('./commands/test-help.ts')).testHelp);
  const { runTest } = await import('./commands/test.ts');
  const interrupted = interruption.signal;
  const directory = process.cwd();
  const [onNodesStart, onNodesStopped] = [takeSignals, leaveSignalsAlone];
  return runTest(argv, { write, screen, interrupted, onNodesStart, onNodesStopped, directory });
}

async function bench(argv: readonly string[]): Promise<0 | 1 | 2> {
  if (asksForHelp(argv)) return show((await import('./commands/bench-help.ts')).benchHelp);
  const { runBench } = await import('./commands/bench.ts');
  for (const signal of signals) process.on(signal, onSignal);
  return runBench(argv, { write, screen, interrupted: interruption.signal });
}

async function check(argv: readonly string[]): Promise<0 | 1 | 2> {
  if (asksForHelp(argv)) return show((await import('./commands/check-help.ts')).checkHelp);
  const { checkFile } = await import('./commands/check.ts');
  return checkFile(argv, { write, screen });
}

async function simulate(argv: readonly string[]): Promise<0 | 1 | 2> {
  if (asksForHelp(argv)) return show((await import('./commands/sim-help.ts')).simHelp);
  const { runSim } = await import('./commands/sim.ts');
  const { playSeed: play } = await import('./simulation/run.ts');
  const { ThreadCrew } = await import('./simulation/crew.ts');
  const crew = (...given: ConstructorParameters<typeof ThreadCrew>) => new ThreadCrew(...given);
  takeSignals();
  const [interrupted, onPlayed] = [interruption.signal, leaveSignalsAlone];
  return runSim(argv, { write, screen, crew, play, interrupted, onPlayed, nowMs: () => performance.now() });
}

function asksForHelp(argv: readonly string[]): boolean {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  return own.includes('--help') || own.includes('-h');
}

function show(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

function refuse(problem: string, help: string): 2 {
  process.stderr.write(`eddy: ${problem}\n\n${help}`);
  return 2;
}

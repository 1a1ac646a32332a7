import { runCheck } from './check-command.ts';
import { defaultBudget } from './checker/check.ts';
import { checkHelp, generalHelp, testHelp } from './help.ts';
import { runTest } from './test-command.ts';

// The edge of bin/eddy: arguments, standard streams, signals and exit codes. Results go to stdout, all else to stderr.

const write = (line: string) => process.stdout.write(`${line}\n`);
const screen = { isTerminal: process.stderr.isTTY, write: (text: string) => process.stderr.write(text) };
const interruption = new AbortController();

/** The first signal ends the run in order, the second at once; nodes end either way. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interruption.signal.aborted) process.exit(2);
    interruption.abort();
  });
}

// Whoever reads our output may have seen enough of it: that is no fault.
process.stdout.on('error', () => process.exit(2));

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
      if (asksForHelp(argv)) return show(testHelp);
      return runTest(argv, { write, screen, interrupted: interruption.signal, directory: process.cwd() });
    case 'check':
      return asksForHelp(argv) ? show(checkHelp) : check(argv);
    case 'help':
    case '--help':
    case '-h':
      return show(generalHelp);
    default:
      return refuse(name === undefined ? 'say what to do' : `there is no command ${JSON.stringify(name)}`, generalHelp);
  }
}

async function check(argv: readonly string[]): Promise<0 | 1 | 2> {
  const [file, ...others] = argv;
  if (file === undefined || file.startsWith('-') || others.length > 0) {
    return refuse('eddy check takes one history', checkHelp);
  }
  return runCheck(file, { nowMs: () => performance.now(), ...defaultBudget }, write);
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

/**
 * The tables of how fast our node is, each beside the ceiling and, with `--vs FILE`, beside another node:
 * `npm run bench` takes a minute and a half, `npm run bench -- --long` three quarters of an hour. `--only WORDS` measures
 * the sections that have these words in their titles. Further flags are those of `eddy bench` and go to every section;
 * the last two have no place for another node, as they compare two ways of our own to read. Whatever else the machine
 * does is measured too; it hits all of them alike. Exit code: the worst of `eddy bench`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Section {
  readonly title: string;
  readonly flags: string;
  /** Arguments for our node and for another one of ours, which is then measured beside it. */
  readonly nodes?: readonly [string, string];
}

const short: readonly Section[] = [
  { title: 'Three nodes', flags: '--node-count 3 --clients 1,64,512' },
  { title: 'Five nodes', flags: '--node-count 5 --clients 64,512' },
];

const readModes = ['--read-mode lease', '--read-mode read-index'] as const;

const long: readonly Section[] = [
  ...short,
  { title: 'With 10 ms between nodes', flags: '--node-count 3,5 --clients 10 --latency 10 --no-ceiling' },
  { title: 'From one node to nine', flags: '--node-count 1,2,3,5,7,9 --clients 64' },
  ...[10, 100, 1000, 10_000, 100_000].map((valueBytes) => {
    return { title: `Values of ${valueBytes} bytes`, flags: `--clients 64 --value-bytes ${valueBytes}` };
  }),
  { title: 'Reads by lease (A), by ReadIndex (B)', flags: '--clients 1,64,512 --no-ceiling', nodes: readModes },
  {
    title: 'Reads by lease (A), by ReadIndex (B), with 10 ms between nodes',
    flags: '--node-count 3,5 --clients 10 --latency 10 --no-ceiling',
    nodes: readModes,
  },
];

const root = fileURLToPath(new URL('../..', import.meta.url));
const raft = join(root, 'bin', 'raft');

function run({ title, flags, nodes }: Section, pace: string, given: readonly string[]): number {
  console.log(`\n## ${title}\n`);
  const argv = ['bench', '--bin', raft, ...flags.split(' '), ...pace.split(' '), ...given];
  const beside = nodes === undefined ? [] : ['--vs', raft, ...nodes.flatMap((flagsOfNode) => ['--', ...flagsOfNode.split(' ')])];
  return spawnSync(join(root, 'bin', 'eddy'), [...argv, ...beside], { stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 2;
}

/** Takes a flag of this program, and its value where it has one, out of the others. */
function take(given: string[], name: string, hasValue: boolean): string | undefined {
  const at = given.indexOf(name);
  return at === -1 ? undefined : given.splice(at, hasValue ? 2 : 1).at(-1);
}

const given = process.argv.slice(2);
const isLong = take(given, '--long', false) !== undefined;
const words = take(given, '--only', true) ?? '';
const pace = isLong ? '--rounds 3 --time-limit 3 --warm-up 10' : '--rounds 3 --time-limit 0.7 --warm-up 2';
const sections = (isLong ? long : short).filter(({ title }) => title.includes(words));
if (sections.length === 0) console.error(`no section of this form is called "${words}"`);
process.exitCode = sections.length === 0 ? 2 : Math.max(...sections.map((section) => run(section, pace, given)));

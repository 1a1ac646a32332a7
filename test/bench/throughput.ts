/**
 * The tables of how fast our node is, each beside the ceiling and, with `--vs FILE`, beside another node:
 * `npm run bench` takes less than two minutes, `npm run bench -- --long` an hour or two. Further flags are those of
 * `eddy bench` and go to every table. Whatever else the machine does is measured too; it hits all of them alike.
 * Exit code: the worst of `eddy bench`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Section {
  readonly title: string;
  readonly flags: string;
}

const short: readonly Section[] = [
  { title: 'Three nodes', flags: '--node-count 3 --clients 1,64,512' },
  { title: 'Five nodes', flags: '--node-count 5 --clients 64,512' },
];

const long: readonly Section[] = [
  ...short,
  { title: 'With 10 ms between nodes', flags: '--node-count 3,5 --clients 10 --latency 10 --no-ceiling' },
  { title: 'From one node to nine', flags: '--node-count 1,2,3,5,7,9 --clients 64' },
  ...[10, 100, 1000, 10_000, 100_000].map((valueBytes) => {
    return { title: `Values of ${valueBytes} bytes`, flags: `--clients 64 --value-bytes ${valueBytes}` };
  }),
];

const root = fileURLToPath(new URL('../..', import.meta.url));

function run({ title, flags }: Section, pace: string, given: readonly string[]): number {
  console.log(`\n## ${title}\n`);
  const argv = ['bench', '--bin', join(root, 'bin', 'raft'), ...flags.split(' '), ...pace.split(' '), ...given];
  return spawnSync(join(root, 'bin', 'eddy'), argv, { stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 2;
}

const given = process.argv.slice(2).filter((argument) => argument !== '--long');
const isLong = given.length < process.argv.length - 2;
const pace = isLong ? '--rounds 7 --time-limit 3 --warm-up 5' : '--rounds 3 --time-limit 0.7 --warm-up 1.2';
const statuses = (isLong ? long : short).map((section) => run(section, pace, given));
process.exitCode = Math.max(...statuses);

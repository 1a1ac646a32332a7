/**
 * Kills a node with a data directory a thousand times in the middle of writes and looks for every acknowledged write
 * afterwards: `npx tsx test/bench/thousand-kills.ts [kills] [seed]`. Exit code 1 where one is lost.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killOverAndOver } from '../process/kills.ts';

const defaultKills = 1000;
const progressEvery = 100;

const kills = Number(process.argv[2] ?? defaultKills);
const seed = Number(process.argv[3] ?? 1);
const dataDirectory = mkdtempSync(join(tmpdir(), 'thousand-kills-'));
const startedAtMs = performance.now();

const { acknowledged, inDoubt, lost } = await killOverAndOver({
  kills,
  dataDirectory,
  seed,
  onProgress: (done) => {
    if (done % progressEvery === 0) console.log(`${done} kills after ${((performance.now() - startedAtMs) / 1000).toFixed(0)} s`);
  },
});
console.log(`${kills} kills, ${acknowledged} writes acknowledged, ${inDoubt} in doubt, ${lost.length} lost (seed ${seed})`);
for (const write of lost.slice(0, 10)) console.log(write);
if (lost.length === 0) rmSync(dataDirectory, { recursive: true });
else console.log(`the data is left in ${dataDirectory}`);
process.exitCode = lost.length === 0 ? 0 : 1;

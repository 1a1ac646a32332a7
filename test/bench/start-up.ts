/**
 * How long a node takes from process start to the first byte of `init_ok`, compared with what Node.js itself takes.
 * Run it on a machine that is doing nothing else: `npx tsx test/bench/start-up.ts [runs]`.
 * Exit code 1 where the ratio of the medians is above the bound.
 */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const maxRatio = 2.5;
const defaultRuns = 40;

const root = fileURLToPath(new URL('../..', import.meta.url));
const raft = join(root, 'bin', 'raft');
const init = '{"src":"c0","dest":"n1","body":{"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1","n2","n3"]}}\n';

/** Process start to exit of a program that does nothing. */
function timeOfNodeMs(): Promise<number> {
  return new Promise((resolve) => {
    const startedAtMs = performance.now();
    spawn(process.execPath, ['-e', '0'], { stdio: ['ignore', 'ignore', 'inherit'] }).once('exit', () => {
      resolve(performance.now() - startedAtMs);
    });
  });
}

/** Process start to the first byte on stdout, `init` being there from the beginning. */
function timeOfRaftMs(): Promise<number> {
  return new Promise((resolve) => {
    const startedAtMs = performance.now();
    const child = spawn(raft, { stdio: ['pipe', 'pipe', 'inherit'] });
    let tookMs = NaN;
    child.stdout.once('data', () => {
      tookMs = performance.now() - startedAtMs;
      child.stdin.end();
    });
    child.stdin.write(init);
    child.once('exit', () => resolve(tookMs));
  });
}

function medianOf(values: readonly number[]): number {
  const ascending = [...values].sort((left, right) => left - right);
  return ascending[Math.floor(ascending.length / 2)] ?? NaN;
}

async function main(runs: number): Promise<void> {
  spawnSync(raft, ['--help']); // Compiles what is stale, and warms the caches of the file system.
  const nodeMs: number[] = [];
  const raftMs: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    nodeMs.push(await timeOfNodeMs());
    raftMs.push(await timeOfRaftMs());
  }
  const ratio = medianOf(raftMs) / medianOf(nodeMs);
  console.log(`node -e 0             ${medianOf(nodeMs).toFixed(1)} ms (median of ${runs}, alternating)`);
  console.log(`bin/raft to init_ok   ${medianOf(raftMs).toFixed(1)} ms`);
  console.log(`ratio                 ${ratio.toFixed(2)} (at most ${maxRatio})`);
  if (!(ratio <= maxRatio)) process.exitCode = 1;
}

await main(Number(process.argv[2] ?? defaultRuns));

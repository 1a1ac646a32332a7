import { randomInt } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { BenchError } from '../bench/bench-error.ts';
import { measure } from '../bench/measure.ts';
import type { Measurement } from '../bench/measure.ts';
import { runRounds } from '../bench/rounds.ts';
import type { CellResult, Clusters, Entrant } from '../bench/rounds.ts';
import { cellLines, summaryLines } from '../bench/table.ts';
import { parseBenchOptions } from './bench-options.ts';
import type { BenchOptions, Contestant } from './bench-options.ts';
import { checkExecutable } from './check-executable.ts';
import { UsageError } from './flags.ts';

/** What the command needs of the program that it runs in. */
export interface BenchSurroundings {
  /** Writes a line of the result. */
  readonly write: (line: string) => void;
  /** Shows progress and problems. */
  readonly screen: { readonly write: (text: string) => void };
  /** Aborted when the run is to be given up. */
  readonly interrupted: AbortSignal;
}

/** Where the compiled node that only echoes may be, seen from here: this runs compiled, or from the sources. */
const echoNodes = ['../bench/echo-node.js', '../../dist/maelstrom/bench/echo-node.js'];

/**
 * `eddy bench`: measures one node, or two beside each other. Resolves to the exit code: 0 measured, 1 a node misbehaved
 * or operations failed, 2 not run. No process is left then.
 */
export async function runBench(argv: readonly string[], surroundings: BenchSurroundings): Promise<0 | 1 | 2> {
  const { screen } = surroundings;
  try {
    const options = parseBenchOptions(argv, () => randomInt(2 ** 32));
    checkContestants(options);
    return await measureAll(options, surroundings);
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof BenchError)) throw error;
    screen.write(`eddy bench: ${error.message}\n`);
    if (error instanceof UsageError) return 2;
    if (error.stderrTail.length > 0) screen.write(['last on its stderr:', ...error.stderrTail, ''].join('\n'));
    return error.kind === 'misbehaved' ? 1 : 2;
  }
}

async function measureAll(options: BenchOptions, surroundings: BenchSurroundings): Promise<0 | 1> {
  const { write } = surroundings;
  const entrants = entrantsOf(options);
  heading(options).forEach(write);
  const results: CellResult[] = [];
  for (const nodeCount of options.nodeCounts) {
    const cells = await measureCells({ nodeCount, clientCounts: options.clientCounts }, entrants, options, surroundings);
    results.push(...cells);
    for (const cell of cells) ['', ...cellLines(cell, options.latencyMs)].forEach(write);
  }
  if (results.length > 1) ['', ...summaryLines(results)].forEach(write);
  if (options.jsonFile !== undefined) writeResults(options.jsonFile, options, results);
  const rounds = results.flatMap((result) => result.entrants).flatMap((entrant) => entrant.rounds);
  return rounds.some(({ failed }) => failed > 0) ? 1 : 0;
}

function measureCells(
  clusters: Clusters,
  entrants: readonly Entrant[],
  options: BenchOptions,
  { screen, interrupted }: BenchSurroundings,
): Promise<readonly CellResult[]> {
  const { latencyMs, warmUpMs, measureMs, readShare, keyCount, valueBytes, seed, rounds } = options;
  const load = { latencyMs, warmUpMs, measureMs, mix: { readShare, keyCount, valueBytes, seed } };
  const show = ({ name }: Entrant, round: number, measurements: readonly Measurement[]): void => {
    for (const [at, { operationsPerSecond }] of measurements.entries()) {
      const where = `${clusters.nodeCount} nodes, ${clusters.clientCounts[at]} clients, round ${round + 1} of ${rounds}`;
      screen.write(`${where}: ${name} ${Math.round(operationsPerSecond)} op/s\n`);
    }
  };
  return runRounds(clusters, entrants, rounds, (plan) => measure({ ...plan, ...load }, interrupted), show);
}

function heading(options: BenchOptions): readonly string[] {
  const { readShare, valueBytes, keyCount, latencyMs, rounds, measureMs, warmUpMs, seed } = options;
  const latency = latencyMs === 0 ? '' : `, ${latencyMs} ms between nodes`;
  return [
    `closed loop, ${Math.round(100 * readShare)} % reads, ${valueBytes}-byte values, ${keyCount} keys${latency}`,
    `medians of ${rounds} rounds of ${measureMs / 1000} s after ${warmUpMs / 1000} s, in turn; seed ${seed}`,
  ];
}

function checkContestants({ bin, versus }: BenchOptions): void {
  checkExecutable(bin.bin);
  if (versus !== undefined) checkExecutable(versus.bin);
}

/** Who is measured, each with a name that no other has. */
function entrantsOf({ bin, versus, measuresCeiling }: BenchOptions): readonly Entrant[] {
  const contestants = versus === undefined ? [bin] : [bin, versus];
  const names = contestants.map((contestant) => basename(contestant.bin));
  const areDifferent = new Set(names).size === names.length;
  const entrants = contestants.map((contestant: Contestant, place) => {
    const name = areDifferent ? (names[place] ?? '') : `${'AB'[place]}: ${names[place]}`;
    return { name, bin: resolve(contestant.bin), nodeArguments: contestant.nodeArguments };
  });
  return measuresCeiling ? [...entrants, ceiling()] : entrants;
}

function ceiling(): Entrant {
  const module = echoNodes.map((path) => join(import.meta.dirname, path)).find((path) => existsSync(path));
  if (module === undefined) throw new UsageError('the node that only echoes is not built; try: npm run build');
  return { name: 'ceiling', bin: process.execPath, nodeArguments: [module] };
}

function writeResults(file: string, options: BenchOptions, results: readonly CellResult[]): void {
  writeFileSync(file, `${JSON.stringify({ options, results }, undefined, 2)}\n`);
}

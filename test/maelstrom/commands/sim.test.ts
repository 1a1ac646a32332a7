import { describe, expect, it } from 'vitest';
import { runSim } from '../../../maelstrom/commands/sim.ts';
import { faultNames } from '../../../maelstrom/simulation/plan/plan.ts';
import type { Play } from '../../../maelstrom/simulation/run.ts';
import { playTask } from '../../../maelstrom/simulation/seed-report.ts';
import type { Task } from '../../../maelstrom/simulation/seed-report.ts';
import { defaultBounds, drawPlan } from '../../../maelstrom/simulation/plan/swarm.ts';
import { Tally } from '../../../maelstrom/simulation/record/tally.ts';
import { Violation } from '../../../maelstrom/simulation/checks/violation.ts';

/** Breaks a rule in the seeds from 3 on where messages are lost, whatever else goes wrong. */
const play: Play = (seed, bounds, trace) => {
  const plan = drawPlan(seed, bounds);
  trace?.note({ atMs: 1, nodeId: 'n1', what: 'leads term 7' });
  const isBad = seed >= 3 && plan.faults.has('loss');
  const violation = isBad ? new Violation('election-safety', 'n2', 'leads term 7, as n1 does') : undefined;
  const tally = new Tally();
  tally.add('leaders elected', 2);
  return { plan, virtualMs: 20, events: 99, tally, violation, isUndecided: false };
};

/** Plays in this thread. The higher the seed, the sooner it comes. */
function crewOf(played: Play) {
  return (task: Task) => {
    let isOver = false;
    const later = async (seed: number) => {
      await new Promise((resolve) => setTimeout(resolve, 50 - seed));
      if (isOver) throw new Error('the crew has been sent home');
      return playTask(played, task, seed);
    };
    return { play: later, end: () => void (isOver = true) };
  };
}

async function run(text: string, played: Play = play, interrupted = new AbortController().signal) {
  const lines: string[] = [];
  const said: string[] = [];
  const screen = { isTerminal: false, write: (line: string) => said.push(line) };
  const [write, crew, onPlayed] = [(line: string) => lines.push(line), crewOf(played), () => {}];
  const code = await runSim(text.split(' '), { write, screen, crew, play: played, interrupted, onPlayed, nowMs: () => 0 });
  return { code, lines, said: said.join(''), last: lines.at(-1) };
}

const firstBad = Array.from({ length: 50 }, (_, seed) => seed).find((seed) => play(seed, defaultBounds).violation);

it('seeds that are clean end with 0, a table of what happened, and a line for scripts', async () => {
  const { code, lines, last } = await run('--seeds 1..2');
  expect([code, last]).toEqual([0, 'clean: 2 seeds']);
  expect(lines.find((line) => line.includes('leaders elected'))).toMatch(/leaders elected +4\b/);
});

describe('the first seed that breaks a rule', () => {
  it('ends it with 1, and is told with its rule, its last events and how to play it again', async () => {
    const { code, lines, last } = await run('--seeds 1..50 --no-shrink');
    expect([code, last]).toEqual([1, `violated: seed ${firstBad}, election-safety, after ${firstBad} seeds`]);
    expect(lines).toContain('election-safety: a term has at most one leader (Raft paper, figure 3).');
    expect(lines.some((line) => line.includes('n2 leads term 7, as n1 does'))).toBe(true);
    expect(lines.some((line) => line.includes('0.0010 s  n1   leads term 7'))).toBe(true);
    expect(lines).toContain(`  Again: bin/eddy sim --seeds ${firstBad}`);
  });

  it('is made smaller, to what is needed', async () => {
    const { lines } = await run('--seeds 1..50');
    const again = lines.filter((line) => line.startsWith('  Again: ')).at(-1);
    expect(again).toMatch(/^ {2}Again: bin\/eddy sim --seeds \d+ --nodes 3 --steps 99 --faults loss --clients 0 --service kv$/);
  });

  it('is one line of JSON where that is asked for', async () => {
    const { code, lines } = await run('--seeds 1..50 --json');
    expect(code).toBe(1);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ verdict: 'violated', seed: firstBad, rule: 'election-safety', seeds: firstBad }),
    ]);
  });

  it('does not end it where it is to keep going', async () => {
    const { code, lines } = await run('--seeds 1..50 --json --keep-going');
    const bad = Array.from({ length: 50 }, (_, at) => at + 1).filter((seed) => play(seed, defaultBounds).violation);
    expect(code).toBe(1);
    expect(lines.map((line) => JSON.parse(line).seed)).toEqual([...bad, firstBad]);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ violations: bad.length, seeds: 50 });
  });
});

it('what comes out does not depend on how many play', async () => {
  for (const flags of ['--no-shrink', '--keep-going', '--json']) {
    const alone = await run(`--seeds 1..50 ${flags} --workers 1`);
    expect(await run(`--seeds 1..50 ${flags} --workers 7`)).toEqual(alone);
  }
});

it('where somebody has seen enough it says how far it came, and ends with 2', async () => {
  const controller = new AbortController();
  const { code, lines, last } = await run('--seeds 1..100 --workers 1', (seed, bounds) => {
    if (seed > 20) controller.abort();
    return { ...play(seed, bounds), violation: undefined };
  }, controller.signal);
  const [, count = '', next = ''] = /^interrupted: (\d+) of 100 seeds clean; those that are left: --seeds (\d+)\.\.100$/.exec(last ?? '') ?? [];
  expect([code, Number(next)]).toEqual([2, Number(count) + 1]);
  expect(lines.find((line) => line.includes('leaders elected'))?.trim()).toMatch(new RegExp(` ${2 * Number(count)}\\b`));
});

it('a fault in the simulator itself is none of the node', async () => {
  const broken: Play = () => {
    throw new Error('out of dice');
  };
  await expect(run('--seeds 1..3', broken)).rejects.toThrow('out of dice');
});

it('a history that was too hard to judge ends it with 2', async () => {
  const { code, last } = await run('--seeds 1..2', (seed, bounds) => ({ ...play(seed, bounds), isUndecided: seed === 2 }));
  expect([code, last]).toEqual([2, 'undecided: 2 seeds, and the history of 2 was too hard to judge']);
});

it('two runs of a seed that differ break a rule', async () => {
  let runs = 0;
  const { code, last } = await run('--seeds 1 --twice', (seed, bounds, trace) => {
    runs += 1;
    trace?.note({ atMs: runs, nodeId: undefined, what: 'drifts' });
    return play(seed, bounds, trace);
  });
  expect([code, last]).toEqual([1, 'violated: seed 1, determinism, after 1 seeds']);
});

it('flags say what a run may be', async () => {
  const seen: unknown[] = [];
  await run('--seeds 5 --nodes 3..4 --seconds 2.5 --steps 100 --faults crash,loss --clients 1 --service kv', (seed, bounds) => {
    seen.push({ seed, ...bounds });
    return play(1, bounds);
  });
  const nodes = { minNodes: 3, maxNodes: 4 };
  const what = { durationMs: 2500, maxEvents: 100, faults: ['crash', 'loss'], maxClients: 1, services: ['kv'] };
  expect(seen).toEqual([{ seed: 5, ...nodes, ...what }]);
  await run('--faults none', (seed, bounds) => {
    expect(bounds.faults).toEqual([]);
    return play(seed, bounds);
  });
});

it.each([
  ['--seeds 7..3', '--seeds is a number or a range'],
  ['--seeds x', '--seeds is a number or a range'],
  ['--nodes 0', '--nodes is a number or a range'],
  ['--faults rain', `--faults cannot do "rain"; it can do none, or any of ${faultNames[0]}`],
  ['--seconds -1', 'seconds'],
  ['--sparkle', '--sparkle'],
])('a wrong flag is told: %s', async (text, why) => {
  const { code, said } = await run(text);
  expect(code).toBe(2);
  expect(said).toContain(why);
  expect(said).toContain('Try: eddy sim --help');
});

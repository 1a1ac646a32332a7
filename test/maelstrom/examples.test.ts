import { describe, expect, it } from 'vitest';
import { hasPython, run, runUntilCaught } from './node-runs.ts';

// Small nodes, good and broken, for every workload. They run together, for most of the time is spent waiting.

describe.concurrent('an example', { timeout: 120_000 }, () => {
  it.each([
    ['echo.js', '-w echo', /^Good: every echo that was answered came back as it was sent\.$/m],
    ['unique-ids.js', '-w unique-ids', /^Good: every id that was given out is unique\.$/m],
    ['broadcast.js', '-w broadcast --topology line', /^Good: every message that was known to be taken stayed\.$/m],
  ])('that is sound is good: %s', async (node, flags, said) => {
    const { exitCode, output } = await run(`examples/${node}`, `${flags} --time-limit 1`);
    expect(output).toMatch(said);
    expect(exitCode).toBe(0);
  });

  it.skipIf(!hasPython)('may be in another language: unique-ids.py', async () => {
    expect(await run('examples/unique-ids.py', '-w unique-ids --time-limit 1')).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['echo-that-changes.js', '-w echo --time-limit 1', /^Bad: \d+ of \d+ echoes came back changed\.$/m],
    ['repeating-ids.js', '-w unique-ids --time-limit 1', /^Bad: \d+ ids were given out more than once\.$/m],
    [
      'broadcast-once.js',
      '-w broadcast --time-limit 3 --nemesis partition --nemesis-interval 1 --seed 3',
      /^Bad: \d+ messages were lost: /m,
    ],
  ])('that is broken is caught: %s', async (node, flags, said) => {
    const { exitCode, output } = await runUntilCaught(`examples/${node}`, flags, said);
    expect(output).toMatch(said);
    expect(exitCode).toBe(1);
  });
});

describe.concurrent('a store of values that is lent from node to node', { timeout: 300_000 }, () => {
  const short = '--rate 300 --concurrency 4n --time-limit 4';

  it('is linearizable, while the network is cut as well', async () => {
    const { exitCode, output } = await run('lease/sound.js', `${short} --nemesis partition --nemesis-interval 1`);
    expect(output).toContain('Good: what the clients saw is linearizable.');
    expect(exitCode).toBe(0);
  });

  it.each([
    ['stale-reads-from-followers', ''],
    ['lost-update-on-leader-change', ''],
    ['cas-applied-twice', ''],
    ['acknowledged-before-commit', ''],
    // By this seed one node is alone from 1.1 s to 3.0 s, and the keeper and a primary are not.
    ['read-goes-back-after-a-partition', ' --nemesis partition --nemesis-interval 1.5 --seed 6'],
  ])('is caught where it is broken: %s', async (name, flags) => {
    const said = /^Bad: Not linearizable: key \d+/m;
    const { exitCode, output } = await runUntilCaught(`lease/${name}.js`, `${short}${flags}`, said);
    expect(output).toMatch(said);
    expect(exitCode).toBe(1);
  });
});

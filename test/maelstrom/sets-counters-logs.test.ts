import { describe, expect, it } from 'vitest';
import { checked, hasPerl, hasPython, run, runUntilCaught } from './node-runs.ts';

// Nodes of sets, counters and logs, good and broken. They run together, for most of the time is spent waiting.

const short = '--time-limit 2 --recovery-time 1';

describe.concurrent('a set that only grows', { timeout: 300_000 }, () => {
  it.skipIf(!hasPython)('is good where it is sound: sound.py', async () => {
    const { exitCode, output } = await run('g-set/sound.py', `-w g-set ${short}`);
    expect(output).toMatch(/^Good: every element that was known to be added stayed\.$/m);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['keeps-to-itself.js', /^Bad: Lost: \d+ elements were added and then not there: /m],
    ['forgets-adds.js', /^Bad: Lost: \d+ elements? (was|were) added and then not there: /m],
    ['keeps-twice.js', /^Bad: Duplicated: \d+ elements were more than once in one read: /m],
    ['invents.js', /^Bad: Unexpected: 1 element was read and had not been added: -1\.$/m],
  ])('is caught where it is broken: %s', async (node, said) => {
    const { exitCode, output } = await runUntilCaught(`g-set/${node}`, `-w g-set --rate 200 ${short}`, said);
    expect(output).toMatch(said);
    expect(exitCode).toBe(1);
  });
});

describe.concurrent('a counter', { timeout: 300_000 }, () => {
  it.each([
    ['through-seq-kv.pl', 'g-counter', hasPerl],
    ['through-seq-kv.pl', 'pn-counter', hasPerl],
    ['sound.py', 'pn-counter', hasPython],
    ['sound.py', 'g-counter', hasPython],
  ])('is good where it is sound: %s as %s', async (node, workload, hasLanguage) => {
    if (!hasLanguage) return;
    const { exitCode, output } = await run(`counter/${node}`, `-w ${workload} --latency 1 ${short}`);
    expect(output).toMatch(/^Good: every last read brought the sum of what was added\.$/m);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['keeps-to-itself.js', 'g-counter', 'Adds lost'],
    ['counts-twice.js', 'g-counter', 'Adds counted twice'],
    ['reads-then-writes.js', 'g-counter', 'Adds lost'],
    ['reads-old-states.js', 'g-counter', 'Adds lost'],
    ['trusts-lww-kv.js', 'g-counter', 'Adds lost'],
    ['keeps-to-itself.js', 'pn-counter', 'Too (low|high)'],
    ['sums-what-it-hears.js', 'pn-counter', 'Too (low|high)'],
    ['keeps-the-greater.js', 'pn-counter', 'Too high'],
  ])('is caught where it is broken: %s as %s', async (node, workload, said) => {
    const flags = '--rate 200 --concurrency 8n --latency 2 --seed 1';
    const sentence = new RegExp(`^Bad: ${said}, in \\d+ of 24 last reads: `, 'm');
    const { exitCode, output } = await runUntilCaught(`counter/${node}`, `-w ${workload} ${flags} ${short}`, sentence);
    expect(output).toMatch(sentence);
    expect(exitCode).toBe(1);
  });
});

describe.concurrent('the history of a run', { timeout: 300_000 }, () => {
  it.each([
    ['g-set', 'g-set/forgets-adds.js', /^Bad: Lost: /],
    ['g-counter', 'counter/counts-twice.js', /^Bad: Adds counted twice/],
    ['pn-counter', 'counter/keeps-the-greater.js', /^Bad: Too high/],
    ['kafka', 'kafka/stores-twice.js', /^Bad: Duplicate/],
  ])('is known for what it is, and judged alike in JSON lines and in EDN: %s', async (workload, node, said) => {
    const flags = `-w ${workload} --rate 100 --time-limit 2 --recovery-time 1 --seed 1`;
    const { output, store } = await runUntilCaught(node, flags, new RegExp(said.source, 'm'));
    const [lines = [], edn = []] = await checked(store);
    expect(lines).toEqual(edn);
    const verdict = lines.find((line) => line.startsWith('Bad: ')) ?? '';
    expect(verdict).toMatch(said);
    expect(output).toContain(verdict);
  });
});

describe.concurrent('availability', { timeout: 300_000 }, () => {
  const flags = '-w kafka --rate 200 --time-limit 2 --recovery-time 0 --seed 3';

  it('is enough where every operation succeeds', async () => {
    const { exitCode, output } = await run('kafka/sparse-offsets.js', `${flags} --availability total`);
    expect(output).toMatch(/^availability (\d+) of \1 operations succeeded, 100 %$/m);
    expect(exitCode).toBe(0);
  });

  it('falls short where some fail, and a sentence says so', async () => {
    const { exitCode, output } = await run('kafka/keeps-refused.js', `${flags} --availability 0.99`);
    expect(output).toMatch(/^ +Not available enough: \d+ of \d+ operations succeeded, \d+(\.\d+)? %, and 99 % are to\.$/m);
    expect(exitCode).toBe(1);
  });
});

describe.concurrent('logs', { timeout: 300_000 }, () => {
  const load = '-w kafka --rate 200 --latency 1 --time-limit 3 --recovery-time 0 --seed 3';

  it.each([
    ['through-lin-kv.py', hasPython],
    ['sparse-offsets.js', true],
  ])('are good where they are sound: %s', async (node, hasLanguage) => {
    if (!hasLanguage) return;
    const { exitCode, output } = await run(`kafka/${node}`, load);
    expect(output).toMatch(/^Good: every message that was acknowledged was polled, once and in order\.$/m);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['loses-writes.js', 'Lost write'],
    ['hides-the-end.js', 'Unseen'],
    ['same-offset-twice.js', 'Inconsistent offsets'],
    ['stores-twice.js', 'Duplicate'],
    ['keeps-refused.js', 'Aborted read'],
    ['skips-messages.js', 'Poll skip'],
    ['leaves-holes.js', 'Internal poll skip'],
    ['polls-again.js', 'Nonmonotonic poll'],
    ['unordered-poll.js', 'Internal nonmonotonic poll'],
    ['counts-down.js', 'Nonmonotonic send'],
  ])('are caught where they are broken: %s', async (node, name) => {
    // What else follows from it is told as well.
    const sentence = new RegExp(`^(Bad:|    ) ${name} \\(\\d+\\): .`, 'm');
    const { exitCode, output } = await runUntilCaught(`kafka/${node}`, load, sentence);
    expect(output).toMatch(sentence);
    expect(exitCode).toBe(1);
  });
});

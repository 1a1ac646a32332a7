import { describe, expect, it } from 'vitest';
import { run, runUntilCaught } from './node-runs.ts';

// Small nodes, good and broken, under both workloads of transactions. They run together, for most of the time is spent
// waiting.

/** Few keys and short transactions, so that clients meet often. */
const load = '--concurrency 12 --rate 300 --time-limit 4 --key-count 2 --max-txn-length 3 --max-writes-per-key 4';

const broken: readonly (readonly [node: string, called: RegExp])[] = [
  ['lost-update.js', /^lost-update: transactions read the same state of a key and all of them changed it/m],
  ['fractured-read.js', /^fractured-read: a read saw one write of a transaction and missed another/m],
  ['aborted-read.js', /^G1a: aborted read/m],
  ['intermediate-read.js', /^G1b: intermediate read/m],
  ['stale-read.js', /^G-single-item-(process|realtime): stale read/m],
  ['write-skew.js', /^(Bad: Not strict-serializable|G2-item)/m],
  ['other-steps.js', /answered step \d of a txn, \["(append|w)",\d+,\d+\], with the operation "r"/],
];

describe.concurrent.each(['txn-list-append', 'txn-rw-register'])('under %s', { timeout: 300_000 }, (workload) => {
  it('a node with one map is strict serializable', async () => {
    const { exitCode, output } = await run('transactions/one-map.js', `-w ${workload} ${load}`);
    expect(output).toMatch(/^Good: nothing that the clients saw rules out strict-serializable\.$/m);
    expect(exitCode).toBe(0);
  });

  it.each(broken)('%s is caught, and called by its name', async (node, called) => {
    const { exitCode, output } = await runUntilCaught(`transactions/${node}`, `-w ${workload} ${load}`, called);
    expect(output).toMatch(called);
    expect(exitCode).toBe(1);
  });

  it('a node with snapshots is good where only snapshot isolation is asked for', async () => {
    const flags = `-w ${workload} ${load} --consistency-models snapshot-isolation`;
    const { exitCode, output } = await run('transactions/write-skew.js', flags);
    expect(output).toMatch(/^Good: nothing that the clients saw rules out snapshot-isolation\.$/m);
    expect(exitCode).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { cellLines, summaryLines } from '../../../maelstrom/bench/table.ts';
import { measurement } from './measurement.ts';

const cell = { nodeCount: 3, clientCount: 64 };
const ours = { name: 'raft', rounds: [measurement({ operationsPerSecond: 50_000, p50Ms: 1.234, p99Ms: 12.34 })] };
const theirs = { name: 'peer', rounds: [measurement({ operationsPerSecond: 100_000, p50Ms: 0.4114 })] };

describe('the table of a cell', () => {
  it('has a row for each entrant, and the ratios of the first to the others', () => {
    expect(cellLines({ cell, entrants: [ours, theirs] }, 0)).toEqual([
      '3 nodes, 64 clients',
      '                   op/s   p50 ms   p99 ms   msg/op   bytes/op    cpu    MiB   router busy   share',
      '  raft           50,000     1.23     12.3     1.50        100   50.0     64          25 %    10 %',
      '  peer          100,000    0.411     2.00     1.50        100   50.0     64          25 %    10 %',
      '  raft / peer      0.50     3.00     6.17     1.00       1.00   1.00   1.00',
    ]);
  });

  it('says where a figure is not known', () => {
    const unknown = {
      cpuMsPer1000Operations: undefined,
      peakBytes: undefined,
      routerShare: undefined,
      othersShare: undefined,
    };
    const lines = cellLines({ cell, entrants: [{ name: 'raft', rounds: [measurement(unknown)] }] }, 0);
    expect(lines[2]).toMatch(/100 +- +- +25 % +-$/);
  });

  it('says what failed, in all rounds together', () => {
    const rounds = [
      measurement({ failed: 3, errors: { 11: 2, 13: 1 } }),
      measurement({ failed: 5, errors: { 11: 1 }, timeouts: 4 }),
    ];
    const lines = cellLines({ cell: { nodeCount: 1, clientCount: 1 }, entrants: [{ name: 'raft', rounds }] }, 0);
    expect(lines[0]).toBe('1 node, 1 client');
    expect(lines.at(-1)).toBe('raft: 8 operations failed (error 11: 3, error 13: 1, no answer: 4)');
  });

  it('says that the machine had more to do', () => {
    const rounds = [0.2, 0.5, 0.3].map((othersShare) => measurement({ othersShare }));
    const lines = cellLines({ cell, entrants: [{ name: 'raft', rounds }] }, 0);
    expect(lines.at(-1)).toMatch(/^other programs took 30 % of the machine/);
  });

  it('tells in delays what operations cost at each node, where there are delays: first at who led', () => {
    const nodes = [
      { readP50Ms: 21, writeP50Ms: 44 },
      { readP50Ms: 22, writeP50Ms: 23 },
      { readP50Ms: NaN, writeP50Ms: 45 },
    ];
    const lines = cellLines({ cell, entrants: [{ name: 'raft', rounds: [measurement({ nodes })] }] }, 10);
    expect(lines.at(-1)).toBe(
      '  raft, medians at each node in delays, quickest first: write 2.3 4.4 4.5, read 2.2 2.1 -',
    );
  });
});

it('the summary shows the throughput of all cells side by side', () => {
  const small = { cell: { nodeCount: 5, clientCount: 1 }, entrants: [theirs, ours] };
  expect(summaryLines([{ cell, entrants: [ours, theirs] }, small])).toEqual([
    '  op/s           3n 64c     5n 1c',
    '  raft           50,000   100,000',
    '  peer          100,000    50,000',
    '  raft / peer      0.50      2.00',
  ]);
});

import { describe, expect, test } from 'vitest';
import { anomalies, report, written } from './written.ts';

interface Pair {
  readonly anomaly: string;
  /** The smallest history that shows it ... */
  readonly shown: readonly string[];
  /** ... and the nearest one that shows nothing at all. */
  readonly sound: readonly string[];
}

const lists: readonly Pair[] = [
  {
    anomaly: 'G0',
    shown: ['0-9 client 0: append 1 1; append 2 1', '0-9 client 1: append 1 2; append 2 2', '10-11 client 2: r 1 [1,2]; r 2 [2,1]'],
    sound: ['0-9 client 0: append 1 1; append 2 1', '0-9 client 1: append 1 2; append 2 2', '10-11 client 2: r 1 [1,2]; r 2 [1,2]'],
  },
  {
    anomaly: 'G0-process',
    shown: ['0-1 client 0: append 1 1', '2-9 client 0: append 1 2', '10-11 client 2: r 1 [2,1]'],
    sound: ['0-1 client 0: append 1 1', '2-9 client 0: append 1 2', '10-11 client 2: r 1 [1,2]'],
  },
  {
    anomaly: 'G0-realtime',
    shown: ['0-1 client 0: append 1 1', '2-9 client 1: append 1 2', '10-11 client 2: r 1 [2,1]'],
    sound: ['0-3 client 0: append 1 1', '2-9 client 1: append 1 2', '10-11 client 2: r 1 [2,1]'],
  },
  {
    anomaly: 'G1a',
    shown: ['0-1 client 0 failed: append 1 1', '2-3 client 1: r 1 [1]'],
    sound: ['0-1 client 0 open: append 1 1', '2-3 client 1: r 1 [1]'],
  },
  {
    anomaly: 'G1b',
    shown: ['0-9 client 0: append 1 1; append 1 2', '2-3 client 1: r 1 [1]'],
    sound: ['0-9 client 0: append 1 1; append 1 2', '2-3 client 1: r 1 [1,2]'],
  },
  {
    anomaly: 'G1c',
    shown: ['0-9 client 0: append 1 1; r 2 [1]', '0-9 client 1: append 2 1; r 1 [1]'],
    sound: ['0-9 client 0: append 1 1; r 2 []', '0-9 client 1: append 2 1; r 1 [1]'],
  },
  {
    anomaly: 'G1c-process',
    shown: ['0-1 client 0: r 1 [1]', '2-3 client 0: append 1 1'],
    sound: ['0-1 client 0: r 1 []', '2-3 client 0: append 1 1'],
  },
  {
    anomaly: 'G1c-realtime',
    shown: ['0-1 client 0: r 1 [1]', '2-3 client 1: append 1 1'],
    sound: ['0-3 client 0: r 1 [1]', '2-3 client 1: append 1 1'],
  },
  {
    anomaly: 'G-single-item',
    shown: ['0-9 client 0: append 1 1; append 2 1', '0-9 client 1: r 1 [1]; r 2 []'],
    sound: ['0-9 client 0: append 1 1; append 2 1', '0-9 client 1: r 1 []; r 2 []'],
  },
  {
    anomaly: 'G-single-item-process',
    shown: ['0-1 client 0: append 1 1', '2-3 client 0: r 1 []'],
    sound: ['0-1 client 0: append 1 1', '2-3 client 0: r 1 [1]'],
  },
  {
    anomaly: 'G-single-item-realtime',
    shown: ['0-1 client 0: append 1 1', '2-3 client 1: r 1 []'],
    sound: ['0-3 client 0: append 1 1', '2-3 client 1: r 1 []'],
  },
  {
    anomaly: 'G-nonadjacent-item',
    shown: ['0-9 client 0: append 1 1', '0-9 client 1: append 2 1', '0-9 client 2: r 1 [1]; r 2 []', '0-9 client 3: r 1 []; r 2 [1]'],
    sound: ['0-9 client 0: append 1 1', '0-9 client 1: append 2 1', '0-9 client 2: r 1 [1]; r 2 []', '0-9 client 3: r 1 []; r 2 []'],
  },
  {
    anomaly: 'G-nonadjacent-item-process',
    shown: ['0-1 client 0: append 1 1', '2-9 client 0: r 2 []', '0-1 client 1: append 2 1', '2-9 client 1: r 1 []'],
    sound: ['0-1 client 0: append 1 1', '2-9 client 0: r 2 [1]', '0-1 client 1: append 2 1', '2-9 client 1: r 1 [1]'],
  },
  {
    anomaly: 'G-nonadjacent-item-realtime',
    shown: ['0-9 client 0: r 1 []; r 2 [1]', '0-1 client 1: append 1 1', '2-9 client 2: r 2 []', '0-9 client 3: append 2 1'],
    sound: ['0-9 client 0: r 1 []; r 2 [1]', '0-1 client 1: append 1 1', '2-9 client 2: r 2 [1]', '0-9 client 3: append 2 1'],
  },
  {
    anomaly: 'G2-item',
    shown: ['0-9 client 0: r 1 []; append 2 1', '0-9 client 1: r 2 []; append 1 1'],
    sound: ['0-9 client 0: r 1 []; append 2 1', '0-9 client 1: r 2 [1]; append 1 1'],
  },
  {
    anomaly: 'G2-item-process',
    shown: ['0-1 client 0: append 2 1', '4-9 client 0: r 1 []', '0-9 client 1: r 2 []; append 1 1'],
    sound: ['0-1 client 0: append 2 1', '4-9 client 0: r 1 [1]', '0-9 client 1: r 2 []; append 1 1'],
  },
  {
    anomaly: 'G2-item-realtime',
    shown: ['0-1 client 0: append 2 1', '4-9 client 2: r 1 []', '0-9 client 1: r 2 []; append 1 1'],
    sound: ['0-1 client 0: append 2 1', '4-9 client 2: r 1 [1]', '0-9 client 1: r 2 []; append 1 1'],
  },
  {
    anomaly: 'internal',
    shown: ['0-1 client 0: append 1 1; r 1 []'],
    sound: ['0-1 client 0: append 1 1; r 1 [1]'],
  },
  {
    anomaly: 'future-read',
    shown: ['0-1 client 0: r 1 [1]; append 1 1'],
    sound: ['0-1 client 0: r 1 []; append 1 1'],
  },
  {
    anomaly: 'lost-update',
    shown: ['0-9 client 0: r 1 []; append 1 1', '0-9 client 1: r 1 []; append 1 2'],
    sound: ['0-9 client 0: r 1 []; append 1 1', '0-9 client 1: r 1 [1]; append 1 2'],
  },
  {
    anomaly: 'dirty-update',
    shown: ['0-1 client 0 failed: append 1 1', '2-3 client 1: append 1 2', '4-5 client 1: r 1 [1,2]'],
    sound: ['0-1 client 0 failed: append 1 1', '2-3 client 1: append 1 2', '4-5 client 1: r 1 [2]'],
  },
  {
    anomaly: 'duplicate-elements',
    shown: ['0-1 client 0: append 1 1', '2-3 client 1: r 1 [1,1]'],
    sound: ['0-1 client 0: append 1 1', '2-3 client 1: r 1 [1]'],
  },
  {
    anomaly: 'incompatible-order',
    shown: ['0-9 client 0: append 1 1', '0-9 client 1: append 1 2', '0-9 client 2: r 1 [1]', '0-9 client 3: r 1 [2]'],
    sound: ['0-9 client 0: append 1 1', '0-9 client 1: append 1 2', '0-9 client 2: r 1 [1]', '0-9 client 3: r 1 [1,2]'],
  },
  {
    anomaly: 'garbage-read',
    shown: ['0-1 client 0: append 1 1', '2-3 client 1: r 1 [1,9]'],
    sound: ['0-1 client 0: append 1 1', '2-3 client 1: r 1 [1]'],
  },
  {
    anomaly: 'fractured-read',
    shown: ['0-9 client 0: append 1 1; append 2 1', '0-9 client 1: r 1 [1]; r 2 []'],
    sound: ['0-9 client 0: append 1 1; append 2 1', '0-9 client 1: r 1 [1]; r 2 [1]'],
  },
  {
    anomaly: 'PL-SI-cycle-exists',
    shown: ['0-9 client 0: r 1 []; append 2 1; append 3 1', '0-9 client 1: r 2 []; append 1 1; append 3 2'],
    sound: ['0-9 client 0: r 1 []; append 2 1; append 3 1', '0-9 client 1: r 2 [1]; append 1 1; append 3 2'],
  },
];

const registers: readonly Pair[] = [
  {
    anomaly: 'G1a',
    shown: ['0-1 client 0 failed: w 1 1', '2-3 client 1: r 1 1'],
    sound: ['0-1 client 0 open: w 1 1', '2-3 client 1: r 1 1'],
  },
  {
    anomaly: 'G1b',
    shown: ['0-9 client 0: w 1 1; w 1 2', '2-3 client 1: r 1 1'],
    sound: ['0-9 client 0: w 1 1; w 1 2', '2-3 client 1: r 1 2'],
  },
  {
    anomaly: 'G1c',
    shown: ['0-9 client 0: w 1 1; r 2 1', '0-9 client 1: w 2 1; r 1 1'],
    sound: ['0-9 client 0: w 1 1; r 2 null', '0-9 client 1: w 2 1; r 1 1'],
  },
  {
    anomaly: 'G1c-process',
    shown: ['0-1 client 0: r 1 1', '2-3 client 0: w 1 1'],
    sound: ['0-1 client 0: r 1 null', '2-3 client 0: w 1 1'],
  },
  {
    anomaly: 'G1c-realtime',
    shown: ['0-1 client 0: r 1 1', '2-3 client 1: w 1 1'],
    sound: ['0-3 client 0: r 1 1', '2-3 client 1: w 1 1'],
  },
  {
    anomaly: 'G-single-item',
    shown: ['0-9 client 0: w 1 1; w 2 1', '0-9 client 1: r 1 1; r 2 null'],
    sound: ['0-9 client 0: w 1 1; w 2 1', '0-9 client 1: r 1 1; r 2 1'],
  },
  {
    anomaly: 'G-single-item-process',
    shown: ['0-1 client 0: w 1 1', '2-3 client 0: r 1 null'],
    sound: ['0-1 client 0: w 1 1', '2-3 client 0: r 1 1'],
  },
  {
    anomaly: 'G-single-item-realtime',
    shown: ['0-1 client 0: w 1 1', '2-3 client 1: w 1 2', '4-5 client 2: r 1 1'],
    sound: ['0-1 client 0: w 1 1', '2-5 client 1: w 1 2', '4-5 client 2: r 1 1'],
  },
  {
    anomaly: 'G-nonadjacent-item',
    shown: ['0-9 client 0: w 1 1', '0-9 client 1: w 2 1', '0-9 client 2: r 1 1; r 2 null', '0-9 client 3: r 1 null; r 2 1'],
    sound: ['0-9 client 0: w 1 1', '0-9 client 1: w 2 1', '0-9 client 2: r 1 1; r 2 null', '0-9 client 3: r 1 1; r 2 1'],
  },
  {
    anomaly: 'G2-item',
    shown: ['0-9 client 0: r 1 null; w 2 1', '0-9 client 1: r 2 null; w 1 1'],
    sound: ['0-9 client 0: r 1 null; w 2 1', '0-9 client 1: r 2 1; w 1 1'],
  },
  {
    anomaly: 'internal',
    shown: ['0-1 client 0: w 1 1; r 1 null'],
    sound: ['0-1 client 0: w 1 1; r 1 1'],
  },
  {
    anomaly: 'future-read',
    shown: ['0-1 client 0: r 1 1; w 1 1'],
    sound: ['0-1 client 0: r 1 null; w 1 1'],
  },
  {
    anomaly: 'lost-update',
    shown: ['0-9 client 0: r 1 null; w 1 1', '0-9 client 1: r 1 null; w 1 2'],
    sound: ['0-9 client 0: r 1 null; w 1 1', '0-9 client 1: r 1 1; w 1 2'],
  },
  {
    anomaly: 'cyclic-versions',
    shown: ['0-9 client 0: r 1 2; w 1 1', '0-9 client 1: r 1 1; w 1 2'],
    sound: ['0-9 client 0: r 1 null; w 1 1', '0-9 client 1: r 1 1; w 1 2'],
  },
  {
    anomaly: 'garbage-read',
    shown: ['0-1 client 0: w 1 1', '2-3 client 1: r 1 9'],
    sound: ['0-1 client 0: w 1 1', '2-3 client 1: r 1 1'],
  },
  {
    anomaly: 'fractured-read',
    shown: ['0-9 client 0: w 1 1; w 2 1', '0-9 client 1: r 1 1; r 2 null'],
    sound: ['0-9 client 0: w 1 1; w 2 1', '0-9 client 1: r 1 null; r 2 null'],
  },
  {
    // Whichever of the two writes of key 1 came first, a reader of it missed the other one's write of key 2 or 3.
    anomaly: 'PL-3-cycle-exists',
    shown: ['0-9 client 0: r 1 2; w 2 1', '0-9 client 1: r 2 3; w 1 1; w 2 2', '0-9 client 2: w 1 2; w 2 3'],
    sound: ['0-9 client 0: r 1 2; w 2 1', '0-9 client 1: r 2 1; w 1 1; w 2 2', '0-9 client 2: w 1 2; w 2 3'],
  },
];

describe.each([
  ['list-append', lists],
  ['rw-register', registers],
] as const)('in a history of %s', (type, pairs) => {
  test.each(pairs)('$anomaly is found where it is', ({ anomaly, shown }) => {
    expect(anomalies(written(...shown), type)).toContain(anomaly);
  });

  test.each(pairs)('nothing is found in the nearest history without $anomaly', ({ sound }) => {
    const { forbidden, allowed, violated, undecided } = report(written(...sound), type);
    expect([...forbidden, ...allowed].map(({ anomaly, cases }) => [anomaly, cases[0]?.sentences])).toEqual([]);
    expect([violated, undecided]).toEqual([[], []]);
  });
});

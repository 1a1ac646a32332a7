import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../../../maelstrom/checkers/register/check.ts';
import type { Report } from '../../../../maelstrom/checkers/register/check.ts';
import { describe as words } from '../../../../maelstrom/checkers/register/describe.ts';
import { explain } from '../../../../maelstrom/checkers/register/explain.ts';
import { parseEvent } from '../../../../maelstrom/history/history.ts';
import { operationsOf } from '../../../../maelstrom/history/operations.ts';

const budget = { nowMs: () => 0, timeMs: 1, cacheBytes: 1024 * 1024 };

/** Of each history that is wrong, the operation at whose completion it became so. */
const culprits: Readonly<Record<string, string>> = {
  'acknowledged-write-is-gone': 'process 2: read 3, invoked at 0.050 s, ok at 0.060 s',
  'cas-applied-again-later': 'process 2: read 1, invoked at 0.070 s, ok at 0.080 s',
  'cas-applied-twice': 'process 2: read 1, invoked at 0.070 s, ok at 0.080 s',
  'cas-from-a-value-never-there': 'process 1: cas from 3 to 4, invoked at 0.030 s, ok at 0.040 s',
  'double-is-not-the-whole-number': 'process 1: read 1.0, invoked at 0.030 s, ok at 0.040 s',
  'failed-write-seen': 'process 2: read 2, invoked at 0.050 s, ok at 0.060 s',
  'key-is-gone-for-a-cas': 'process 1: cas from 1 to 2, error 20, invoked at 0.030 s, fail at 0.040 s',
  'lost-update': 'process 1: cas from 0 to 2, invoked at 0.040 s, ok at 0.060 s',
  'lost-write-happens-twice': 'process 2: read 2, invoked at 0.070 s, ok at 0.080 s',
  'lost-write-seen-then-unseen': 'process 2: read 1, invoked at 0.090 s, ok at 0.100 s',
  'one-key-of-two': 'process 1: read null, invoked at 0.042 s, ok at 0.052 s',
  'read-goes-back-in-time': 'process 3: read 1, invoked at 0.060 s, ok at 0.070 s',
  'readers-disagree-on-the-order': 'process 2: read 1, invoked at 0.060 s, ok at 0.070 s',
  'refused-although-it-fits': 'process 1: cas from 1 to 2, error 22, invoked at 0.030 s, fail at 0.040 s',
  'stale-read': 'process 1: read 1, invoked at 0.050 s, ok at 0.060 s',
  'string-is-not-the-number': 'process 1: read "1", invoked at 0.030 s, ok at 0.040 s',
  'write-seen-before-it-was-invoked': 'process 0: read 1, invoked at 0.010 s, ok at 0.020 s',
};

describe('these histories are linearizable', () => {
  test.each(namesIn('linearizable'))('%s', (name) => {
    expect(judge('linearizable', name).verdict).toBe('linearizable');
  });
});

describe('these histories are not linearizable', () => {
  test.each(namesIn('not-linearizable'))('%s', (name) => {
    const report = judge('not-linearizable', name);
    expect(report.verdict).toBe('not-linearizable');
    const unplaced = report.keys.flatMap((key) => (key.verdict === 'not-linearizable' ? key.unplaced : []));
    expect(unplaced.map(words)).toEqual([culprits[name]]);
  });

  // What a person is told of them. UPDATE_GOLDEN=1 writes the texts anew.
  test.each(namesIn('not-linearizable'))('%s is explained', (name) => {
    const golden = new URL(`${name}.txt`, folder('explained'));
    const text = `${explain(judge('not-linearizable', name)).join('\n')}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, 'utf8'));
  });
});

function folder(verdict: string): URL {
  return new URL(`../../histories/${verdict}/`, import.meta.url);
}

function namesIn(verdict: string): readonly string[] {
  return readdirSync(folder(verdict)).map((name) => name.replace('.jsonl', ''));
}

function judge(verdict: string, name: string): Report {
  const lines = readFileSync(new URL(`${name}.jsonl`, folder(verdict)), 'utf8').split('\n');
  const events = lines.flatMap((line, index) => (line === '' ? [] : [parseEvent(line, index + 1)]));
  return checkHistory(operationsOf(events), { budget });
}

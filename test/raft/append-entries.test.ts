import { describe, expect, test } from 'vitest';
import { faultOfAppendEntries, judgeAppendEntries } from '../../src/raft/append-entries.ts';
import { RaftLog } from '../../src/raft/log.ts';
import { appendEntries, entriesOf } from './driver.ts';

function logOf(...terms: readonly number[]): RaftLog {
  return new RaftLog(entriesOf(terms));
}

describe('the previous entry', () => {
  test('that is missing is a conflict past the end', () => {
    const request = appendEntries({ term: 3, prev: [5, 2], log: [3] });
    expect(judgeAppendEntries(logOf(1, 1), 0, request)).toEqual({ kind: 'conflict', conflict: { conflict_index: 3 } });
  });

  test('of another term is a conflict over that whole term', () => {
    const request = appendEntries({ term: 4, prev: [3, 3] });
    const conflict = { conflict_index: 2, conflict_term: 2 };
    expect(judgeAppendEntries(logOf(1, 2, 2, 2), 0, request)).toEqual({ kind: 'conflict', conflict });
  });

  test('before the first is always there', () => {
    const verdict = judgeAppendEntries(logOf(), 0, appendEntries({ term: 1 }));
    expect(verdict).toEqual({ kind: 'match', missing: [], matchIndex: 0 });
  });
});

describe('a match', () => {
  test('reaches as far as the request, not as the log', () => {
    const request = appendEntries({ term: 2, prev: [1, 1], log: [1] });
    expect(judgeAppendEntries(logOf(1, 1, 1, 1), 0, request)).toEqual({ kind: 'match', missing: [], matchIndex: 2 });
  });

  test('lacks only what is not there', () => {
    const request = appendEntries({ term: 2, prev: [1, 1], log: [1, 2, 2] });
    const missing = entriesOf([2, 2], 3);
    expect(judgeAppendEntries(logOf(1, 1), 0, request)).toEqual({ kind: 'match', missing, matchIndex: 4 });
  });

  test('replaces from the first entry of another term on', () => {
    const request = appendEntries({ term: 3, prev: [1, 1], log: [1, 3] });
    const missing = entriesOf([3], 3);
    expect(judgeAppendEntries(logOf(1, 1, 2, 2), 2, request)).toEqual({ kind: 'match', missing, matchIndex: 3 });
  });
});

describe('what is committed', () => {
  test('is contradicted by no correct leader, neither by the previous entry nor by a new one', () => {
    const log = logOf(1, 1, 2);
    expect(judgeAppendEntries(log, 2, appendEntries({ term: 3, prev: [2, 3] })).kind).toBe('impossible');
    expect(judgeAppendEntries(log, 2, appendEntries({ term: 3, prev: [1, 1], log: [3] })).kind).toBe('impossible');
    expect(judgeAppendEntries(log, 2, appendEntries({ term: 3, prev: [2, 1], log: [3] })).kind).toBe('match');
    expect(judgeAppendEntries(log, 2, appendEntries({ term: 3, prev: [3, 3] })).kind).toBe('conflict');
  });
});

describe('a request is at fault by itself', () => {
  const sound = appendEntries({ term: 3, prev: [2, 1], log: [1, 2, 3] });
  const [first, second, third] = sound.entries;

  test('never when a correct leader may have sent it', () => {
    expect(faultOfAppendEntries('n2', sound)).toBeUndefined();
    expect(faultOfAppendEntries('n2', appendEntries({ term: 1 }))).toBeUndefined();
  });

  test.each([
    ['its leader is not its sender', { ...sound, leader_id: 'n3' }],
    ['it has no term', { ...sound, term: 0, prev_log_index: 0, prev_log_term: 0, entries: [] }],
    ['a term stands before the first entry', { ...sound, prev_log_index: 0, prev_log_term: 1, entries: [] }],
    ['the entry before has no term', { ...sound, prev_log_term: 0 }],
    ['its entries leave a gap before them', { ...sound, entries: [second, third] }],
    ['its entries have a gap', { ...sound, entries: [first, third] }],
    ['its entries come twice', { ...sound, entries: [first, first] }],
    ['terms fall from the entry before', { ...sound, prev_log_term: 2 }],
    ['terms fall along its entries', appendEntries({ term: 3, prev: [2, 1], log: [2, 1] })],
    ['its first entry has no term', appendEntries({ term: 3, log: [0, 1] })],
    ['an entry is of a later term than it', appendEntries({ term: 3, prev: [2, 1], log: [4] })],
    ['the entry before is of a later term than it', appendEntries({ term: 3, prev: [2, 4] })],
  ])('when %s', (_, request) => {
    const entries = request.entries.filter((entry) => entry !== undefined);
    expect(faultOfAppendEntries('n2', { ...request, entries })).toBeTypeOf('string');
  });
});

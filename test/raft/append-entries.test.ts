import { describe, expect, test } from 'vitest';
import { faultOfAppendEntries, judgeAppendEntries } from '../../src/raft/append-entries.ts';
import { RaftLog } from '../../src/raft/log.ts';
import type { AppendEntries, Entry } from '../../src/raft/messages.ts';
import { Random } from '../../src/raft/random.ts';
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

describe('across the point where a snapshot ends', () => {
  /** Entries 1 to 4, of terms 1, 1, 2, 2, are compacted; 5 is of term 3. */
  function compacted(): RaftLog {
    const log = logOf(1, 1, 2, 2, 3);
    log.compactTo(4);
    return log;
  }

  test.each([
    ['all entries, the last compacted one included', appendEntries({ term: 3, log: [1, 1, 2, 2, 3] }), []],
    ['only what is compacted', appendEntries({ term: 3, prev: [1, 1], log: [1, 2] }), []],
    ['nothing behind a compacted entry', appendEntries({ term: 3, prev: [3, 2] }), []],
    ['more than is here', appendEntries({ term: 3, prev: [2, 1], log: [2, 2, 3, 3] }), entriesOf([3], 6)],
  ])('a request with %s matches', (_what, request, missing) => {
    const matchIndex = request.prev_log_index + request.entries.length;
    expect(judgeAppendEntries(compacted(), 4, request)).toEqual({ kind: 'match', missing, matchIndex });
  });

  test.each([
    ['another term at the last compacted entry', appendEntries({ term: 3, prev: [2, 1], log: [1, 1, 1] }), 4],
    ['another term there, and nothing behind', appendEntries({ term: 3, prev: [2, 1], log: [1, 3] }), 4],
    ['a later term before it', appendEntries({ term: 3, prev: [1, 1], log: [1, 3] }), 3],
    ['a later term in the entry before', appendEntries({ term: 3, prev: [2, 3] }), 2],
    ['another term at the last compacted entry, as the entry before', appendEntries({ term: 3, prev: [4, 3] }), 4],
    ['an earlier term behind it', appendEntries({ term: 3, prev: [7, 1] }), 7],
  ])('a request with %s is impossible', (_what, request, index) => {
    const why = `entry ${index} contradicts one that is committed here`;
    expect(judgeAppendEntries(compacted(), 4, request)).toEqual({ kind: 'impossible', why });
  });

  test('whatever a request is made of, the log stays one whose terms never fall', () => {
    const random = new Random(1);
    const verdicts = { impossible: 0, conflict: 0, match: 0 };
    for (let trial = 0; trial < 20_000; trial += 1) {
      const log = logOf(1, 1, 2, 2, 3, 3);
      const commitIndex = 3 + random.integer(3);
      log.compactTo(random.integer(commitIndex + 1));
      const prevIndex = random.integer(8);
      const terms = Array.from({ length: random.integer(6) }, () => 1 + random.integer(4)).sort();
      const prevTerm = prevIndex === 0 ? 0 : 1 + random.integer(terms[0] ?? 4);
      const request = appendEntries({ term: 4, prev: [prevIndex, prevTerm], log: terms });
      if (faultOfAppendEntries('n2', request) !== undefined) continue;
      const verdict = judgeAppendEntries(log, commitIndex, request);
      verdicts[verdict.kind] += 1;
      const [first] = verdict.kind === 'match' ? verdict.missing : [];
      if (first === undefined || verdict.kind !== 'match') continue;
      expect(first.index).toBeGreaterThan(commitIndex);
      if (first.index <= log.lastIndex) log.truncateFrom(first.index);
      log.append(verdict.missing);
    }
    for (const count of Object.values(verdicts)) expect(count).toBeGreaterThan(500);
  });
});

describe('an entry that is held with the same index and term', () => {
  const log = logOf(1, 1, 2);

  function saying(index: number, term: number, command: unknown): AppendEntries {
    const request = appendEntries({ term: 3, prev: [index - 1, 1] });
    return { ...request, entries: [{ term, index, command }] };
  }

  test('says the same, or something has lied: the request is neither taken nor acknowledged', () => {
    const why = 'entry 2 of term 1 says something else here';
    expect(judgeAppendEntries(log, 0, saying(2, 1, 'another'))).toEqual({ kind: 'impossible', why });
    expect(judgeAppendEntries(log, 2, saying(2, 1, 'another'))).toEqual({ kind: 'impossible', why });
    expect(judgeAppendEntries(log, 0, saying(2, 1, '2 of 1')).kind).toBe('match');
  });

  test('is compared before anything behind it is taken', () => {
    const request = appendEntries({ term: 3, prev: [1, 1], log: [1, 3] });
    const [first, second] = request.entries;
    const entries = [{ ...first!, command: 'another' }, second!] as readonly Entry[];
    expect(judgeAppendEntries(log, 0, { ...request, entries }).kind).toBe('impossible');
  });

  test('is not made a configuration, nor the other way round', () => {
    const members = { voters: ['n1'], learners: [] };
    const request = saying(2, 1, members);
    const entries: readonly Entry[] = [{ kind: 'configuration', term: 1, index: 2, command: members }];
    const own = new RaftLog([...entriesOf([1]), ...request.entries]);
    expect(judgeAppendEntries(own, 0, { ...request, entries }).kind).toBe('impossible');
    expect(judgeAppendEntries(new RaftLog([...entriesOf([1]), ...entries]), 0, request).kind).toBe('impossible');
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

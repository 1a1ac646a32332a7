import { beforeEach, describe, expect, test } from 'vitest';
import { RaftLog } from '../../src/raft/log.ts';
import type { InstallSnapshot } from '../../src/raft/messages.ts';
import { faultOfInstallSnapshot, SnapshotIntake } from '../../src/raft/snapshot-intake.ts';
import type { Intake } from '../../src/raft/snapshot-intake.ts';
import { entriesOf, ListeningReader, piece } from './driver.ts';

let intake: SnapshotIntake;

const log = new RaftLog(entriesOf([1, 1]));

function take(request: InstallSnapshot): Intake {
  return intake.take(request, log, 1);
}

beforeEach(() => {
  intake = new SnapshotIntake((description) => new ListeningReader(description));
});

describe('a snapshot', () => {
  test('is whole when its pieces have come in order', () => {
    expect(take(piece('hello ', 0, 11))).toEqual({ kind: 'more', offset: 6 });
    const whole = take(piece('world', 6, 11));
    expect(whole).toMatchObject({
      kind: 'whole',
      snapshot: { description: { lastIncludedIndex: 8, lastIncludedTerm: 2, totalBytes: 11 }, pieces: ['hello ', 'world'] },
      reader: { text: 'hello world' },
    });
  });

  test('is told how far it has come when a piece comes twice, or too early', () => {
    take(piece('hello ', 0, 11));
    expect(take(piece('hello ', 0, 11))).toEqual({ kind: 'more', offset: 6 });
    expect(take(piece('ld', 9, 11))).toEqual({ kind: 'more', offset: 6 });
    expect(take(piece('world', 6, 11))).toMatchObject({ kind: 'whole', reader: { text: 'hello world' } });
  });

  test('begins anew after it was dropped, and after it was whole', () => {
    take(piece('hello ', 0, 11));
    intake.drop();
    expect(take(piece('world', 6, 11))).toEqual({ kind: 'more', offset: 0 });
    take(piece('hello world', 0, 11));
    expect(take(piece('world', 6, 11))).toEqual({ kind: 'more', offset: 0 });
  });

  test.each([
    ['leader', { leader_id: 'n3' }],
    ['term', { term: 4 }],
    ['last included index', { last_included_index: 9 }],
    ['last included term', { last_included_term: 1 }],
    ['checksum', { checksum: '00000001' }],
    ['length', { total_bytes: 12 }],
  ])('never mixes with one of another %s', (_what, other) => {
    take(piece('hello ', 0, 11));
    const { done: _done, ...second } = piece('world', 6, 11);
    expect(take({ ...second, done: false, ...other })).toEqual({ kind: 'more', offset: 0 });
  });

  test.each([
    ['in the middle', 'bad', '!'],
    ['at its end', 'good', '!'],
  ])('is dropped as a whole where something is wrong with it %s', (_where, first, second) => {
    const total = first.length + second.length;
    const intakes = [take(piece(first, 0, total)), take(piece(second, first.length, total))];
    expect(intakes).toContainEqual({ kind: 'bad', why: expect.any(String) });
    expect(take(piece(second, first.length, total))).toEqual({ kind: 'more', offset: 0 });
  });
});

describe('a snapshot is not needed', () => {
  test.each([
    ['where the commit index covers it', { last_included_index: 1, last_included_term: 9 }],
    ['where the log holds its last included entry', { last_included_index: 2, last_included_term: 1 }],
  ])('%s', (_what, covered) => {
    expect(take({ ...piece('hello ', 0, 11), ...covered })).toEqual({ kind: 'covered' });
  });

  test('and what has come of another is dropped', () => {
    take(piece('hello ', 0, 11));
    expect(take({ ...piece('hello ', 0, 11), last_included_index: 1 })).toEqual({ kind: 'covered' });
    expect(take(piece('world', 6, 11))).toEqual({ kind: 'more', offset: 0 });
  });
});

describe('no correct leader sends a piece', () => {
  test.each([
    ['of another leader', { leader_id: 'n3' }],
    ['that covers nothing', { last_included_index: 0 }],
    ['of an entry of term 0', { last_included_term: 0 }],
    ['of an entry of a later term than its own', { last_included_term: 4 }],
    ['of more than this node takes', { total_bytes: 1001, done: false }],
    ['without text', { data: '' }],
    ['whose text is not ASCII', { data: 'wörld' }],
    ['that goes beyond the end', { total_bytes: 10 }],
    ['that is the last and says it is not', { done: false }],
    ['that is not the last and says it is', { total_bytes: 12 }],
  ])('%s', (_what, wrong) => {
    expect(faultOfInstallSnapshot('n2', piece('world', 6, 11), 1000)).toBeUndefined();
    expect(faultOfInstallSnapshot('n2', { ...piece('world', 6, 11), ...wrong }, 1000)).toEqual(expect.any(String));
  });
});

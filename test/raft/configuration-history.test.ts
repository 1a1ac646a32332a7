import { beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationHistory } from '../../src/raft/configuration-history.ts';
import type { Entry, Members } from '../../src/raft/messages.ts';
import { entriesOf } from './driver.ts';

const founders: Members = { voters: ['n1', 'n2', 'n3'], learners: [] };

function change(index: number, ...voters: readonly string[]): Entry {
  return { kind: 'configuration', term: 1, index, command: { voters, learners: [] } };
}

let history: ConfigurationHistory;

function votersAsOf(index: number): readonly string[] {
  return history.asOf(index).voters;
}

beforeEach(() => {
  history = new ConfigurationHistory(founders, 0, []);
});

describe('a configuration is in force', () => {
  test('from the start, as long as the log has none', () => {
    history.appended(entriesOf([1, 1]));
    expect(history.current.members).toEqual(founders);
  });

  test('as soon as its entry is in the log', () => {
    history.appended([...entriesOf([1, 1]), change(3, 'n1', 'n2'), ...entriesOf([1], 4), change(5, 'n1')]);
    expect(history.current.voters).toEqual(['n1']);
    expect([2, 3, 4, 5].map(votersAsOf)).toEqual([founders.voters, ['n1', 'n2'], ['n1', 'n2'], ['n1']]);
  });

  test('no longer once its entry is truncated: the one before is in force again', () => {
    history.appended([change(3, 'n1', 'n2'), change(5, 'n1')]);
    history.truncatedFrom(5);
    expect(history.current.voters).toEqual(['n1', 'n2']);
    history.truncatedFrom(2);
    expect(history.current.voters).toEqual(founders.voters);
  });

  test('still where what is truncated lies behind it', () => {
    history.appended([change(3, 'n1', 'n2')]);
    history.truncatedFrom(4);
    expect(history.current.voters).toEqual(['n1', 'n2']);
  });

  test('after a compaction, though its entry is gone', () => {
    history.appended([change(3, 'n1', 'n2'), change(5, 'n1')]);
    history.compactedTo(4);
    expect([4, 5].map(votersAsOf)).toEqual([['n1', 'n2'], ['n1']]);
    history.truncatedFrom(5);
    expect(history.current.voters).toEqual(['n1', 'n2']);
    history.compactedTo(2);
    expect(history.current.voters).toEqual(['n1', 'n2']);
  });

  test('once a snapshot has brought it, whatever the log said before', () => {
    history.appended([change(3, 'n1', 'n2'), change(9, 'n1')]);
    history.replaced({ voters: ['n7'], learners: ['n8'] }, 6);
    expect(history.current.members).toEqual({ voters: ['n7'], learners: ['n8'] });
    history.appended([change(7, 'n7', 'n8')]);
    history.truncatedFrom(7);
    expect(history.current.voters).toEqual(['n7']);
  });
});

test('a history that starts at a snapshot knows what the log adds to it, and counts nothing twice', () => {
  history = new ConfigurationHistory({ voters: ['n4'], learners: [] }, 3, [change(2, 'n1', 'n2'), change(5, 'n1')]);
  expect([3, 4, 5].map(votersAsOf)).toEqual([['n4'], ['n4'], ['n1']]);
});

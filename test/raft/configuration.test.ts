import { describe, expect, test } from 'vitest';
import { Configuration, faultOfMembers } from '../../src/raft/configuration.ts';

const configuration = new Configuration({ voters: ['n1', 'n2', 'n3'], learners: ['n4', 'n5'] });

test('voters decide; learners are not counted', () => {
  expect(configuration.quorum.isWon((node) => ['n1', 'n4', 'n5'].includes(node))).toBe(false);
  expect(configuration.quorum.isWon((node) => ['n1', 'n3'].includes(node))).toBe(true);
  expect([configuration.isVoter('n3'), configuration.isVoter('n4')]).toEqual([true, false]);
});

test('a candidate asks the other voters, a leader replicates to all others', () => {
  expect(configuration.votersBeside('n2')).toEqual(['n1', 'n3']);
  expect(configuration.membersBeside('n2')).toEqual(['n1', 'n3', 'n4', 'n5']);
  expect(configuration.membersBeside('n4')).toEqual(['n1', 'n2', 'n3', 'n5']);
});

describe('members are refused', () => {
  test.each([
    [{ voters: [], learners: ['n1'] }, 'it has no voter'],
    [{ voters: ['n1', 'n2', 'n1'], learners: [] }, 'it has n1 twice'],
    [{ voters: ['n1'], learners: ['n2', 'n1'] }, 'it has n1 twice'],
    [{ voters: [''], learners: [] }, 'it has a member without a name'],
  ])('%j: %s', (members, fault) => {
    expect(faultOfMembers(members)).toBe(fault);
  });

  test('not where nothing is wrong', () => {
    expect(faultOfMembers(configuration.members)).toBeUndefined();
  });
});

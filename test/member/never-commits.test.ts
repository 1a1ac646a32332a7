import { expect, test } from 'vitest';
import { neverCommits } from '../../src/member/never-commits.ts';

const applied = { term: 5, index: 10, command: null };

test.each([
  ['proposed in an earlier term at this place', { term: 4, index: 10 }, true],
  ['proposed in a later term at this place', { term: 6, index: 10 }, true],
  ['proposed in an earlier term further on: terms never fall', { term: 4, index: 11 }, true],
  ['proposed in an earlier term, nobody knows where', { term: 4 }, true],
  ['proposed in this term at this place: it is the entry', { term: 5, index: 10 }, false],
  ['proposed in this term further on', { term: 5, index: 11 }, false],
  ['proposed in this term, nobody knows where', { term: 5 }, false],
  ['proposed in a later term further on', { term: 6, index: 11 }, false],
  ['proposed in a later term, nobody knows where', { term: 6 }, false],
])('%s', (_, proposal, isProved) => {
  expect(neverCommits(proposal, applied)).toBe(isProved);
});

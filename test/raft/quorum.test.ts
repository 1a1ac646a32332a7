import { describe, expect, test } from 'vitest';
import { JointQuorum, majority, MajorityQuorum } from '../../src/raft/quorum.ts';
import type { Quorum } from '../../src/raft/quorum.ts';
import { Random } from '../../src/raft/random.ts';

/** Voters n1, n2 and so on have reached these. */
function reached(...values: readonly number[]): number {
  const voters = values.map((_, place) => `n${place + 1}`);
  return new MajorityQuorum(voters).reached((voter) => values[voters.indexOf(voter)] ?? NaN);
}

function grantedBy(...nodes: readonly string[]): (voter: string) => boolean {
  return (voter) => nodes.includes(voter);
}

test('a majority is more than half', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map(majority)).toEqual([1, 2, 2, 3, 3, 4, 4]);
});

describe('a majority of voters', () => {
  test('has reached the largest number that so many have', () => {
    expect(reached(7)).toBe(7);
    expect(reached(7, 3)).toBe(3);
    expect(reached(1, 9, 5)).toBe(5);
    expect(reached(9, 8, 2, 1)).toBe(2);
    expect(reached(9, 0, 0, 8, 4)).toBe(4);
  });

  test('compares numbers, not texts', () => {
    expect(reached(9, 10, 100)).toBe(10);
  });

  test('knows moments that have never been', () => {
    expect(reached(5, -Infinity, -Infinity)).toBe(-Infinity);
  });

  test('has won with more than half, each voter counted once, and nobody else', () => {
    const quorum = new MajorityQuorum(['n1', 'n2', 'n3', 'n4']);
    expect(quorum.isWon(grantedBy('n1', 'n4'))).toBe(false);
    expect(quorum.isWon(grantedBy('n1', 'n4', 'n2'))).toBe(true);
    expect(quorum.isWon(grantedBy('n1', 'n4', 'n9'))).toBe(false);
  });

  test('is of somebody', () => {
    expect(() => new MajorityQuorum([])).toThrow('a quorum has a voter');
  });
});

describe('a joint quorum', () => {
  const joint = new JointQuorum(new MajorityQuorum(['n1', 'n2', 'n3']), new MajorityQuorum(['n3', 'n4', 'n5']));

  test('has reached what both halves have', () => {
    const values = new Map([['n1', 9], ['n2', 8], ['n3', 7], ['n4', 3], ['n5', 2]]);
    expect(joint.reached((voter) => values.get(voter) ?? NaN)).toBe(3);
    values.set('n5', 100).set('n4', 100);
    expect(joint.reached((voter) => values.get(voter) ?? NaN)).toBe(8);
  });

  test('has won where both halves have', () => {
    expect(joint.isWon(grantedBy('n1', 'n2'))).toBe(false);
    expect(joint.isWon(grantedBy('n4', 'n5', 'n3'))).toBe(false);
    expect(joint.isWon(grantedBy('n1', 'n2', 'n4', 'n5'))).toBe(true);
  });

  test('counts a voter of both halves in both', () => {
    expect(joint.isWon(grantedBy('n1', 'n3', 'n5'))).toBe(true);
  });

  test('may have halves that are joint themselves', () => {
    const three = new JointQuorum(joint, new MajorityQuorum(['n6']));
    expect(three.isWon(grantedBy('n1', 'n3', 'n5'))).toBe(false);
    expect(three.isWon(grantedBy('n1', 'n3', 'n5', 'n6'))).toBe(true);
  });
});

describe('whatever the quorum', () => {
  const voters = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'];

  function randomQuorum(random: Random): Quorum {
    const half = (): Quorum => {
      const chosen = voters.filter(() => random.fraction() < 0.5);
      return new MajorityQuorum(chosen.length > 0 ? chosen : ['n1']);
    };
    return random.fraction() < 0.5 ? half() : new JointQuorum(half(), half());
  }

  test('what it has reached is what it would grant by, and nothing higher', () => {
    const random = new Random(1);
    for (let round = 0; round < 500; round += 1) {
      const quorum = randomQuorum(random);
      const values = new Map(voters.map((voter) => [voter, random.integer(5)]));
      const valueOf = (voter: string): number => values.get(voter) ?? NaN;
      const highest = quorum.reached(valueOf);
      expect(quorum.isWon((voter) => valueOf(voter) >= highest)).toBe(true);
      expect(quorum.isWon((voter) => valueOf(voter) > highest)).toBe(false);
    }
  });

  test('any two sets that win share a voter', () => {
    const random = new Random(2);
    for (let round = 0; round < 500; round += 1) {
      const quorum = randomQuorum(random);
      const granted = new Set(voters.filter(() => random.fraction() < 0.6));
      const others = (voter: string): boolean => !granted.has(voter);
      expect(quorum.isWon((voter) => granted.has(voter)) && quorum.isWon(others)).toBe(false);
    }
  });
});

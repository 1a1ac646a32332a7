import { describe, expect, test } from 'vitest';
import { MajorityQuorum } from '../../src/raft/quorum.ts';
import { ReadRounds } from '../../src/raft/reads.ts';
import type { WaitingRead } from '../../src/raft/reads.ts';

function here(id: number): WaitingRead {
  return { from: 'here', id };
}

function fromFollower(follower: string, ticket = 1): WaitingRead {
  return { from: 'follower', follower, ticket };
}

type IsConfirmed = Parameters<ReadRounds['takeConfirmed']>[1];

/** n1 leads, and n2, n3 and so on have answered these. */
function answered(...numbers: readonly number[]): IsConfirmed {
  const voters = ['n1', ...numbers.map((_, place) => `n${place + 2}`)];
  const quorum = new MajorityQuorum(voters);
  return (firstNumber, asker) => {
    return quorum.isWon((voter) => voter === 'n1' || voter === asker || (numbers[voters.indexOf(voter) - 1] ?? 0) >= firstNumber);
  };
}

describe('a round', () => {
  test('is confirmed when the leader and who has answered its first number or a later one are a majority', () => {
    const rounds = new ReadRounds(8);
    rounds.add(here(1));
    rounds.openRound(10, 4);
    expect(rounds.takeConfirmed(4, answered(9, 10, 9, 9))).toEqual([]);
    expect(rounds.takeConfirmed(4, answered(9, 10, 9, 11))).toEqual([{ read: here(1), index: 4 }]);
    expect(rounds.size).toBe(0);
  });

  test('needs no answer where the leader alone is the majority', () => {
    const rounds = new ReadRounds(8);
    rounds.add(here(1));
    rounds.openRound(10, 4);
    expect(rounds.takeConfirmed(4, answered())).toEqual([{ read: here(1), index: 4 }]);
  });

  test('counts the follower that asked for itself, and for nobody else', () => {
    const rounds = new ReadRounds(8);
    rounds.add(fromFollower('n2'));
    rounds.add(here(1));
    rounds.openRound(10, 4);
    expect(rounds.takeConfirmed(4, answered(0, 0))).toEqual([{ read: fromFollower('n2'), index: 4 }]);
    expect(rounds.size).toBe(1);
  });

  test('counts the follower that asked once', () => {
    const rounds = new ReadRounds(8);
    rounds.add(fromFollower('n2'));
    rounds.openRound(10, 4);
    expect(rounds.takeConfirmed(4, answered(12, 0, 0, 0))).toEqual([]);
  });

  test('sees what was committed when it was opened, though more is committed by now', () => {
    const rounds = new ReadRounds(8);
    rounds.add(here(1));
    rounds.openRound(10, 4);
    expect(rounds.takeConfirmed(9, answered(10, 0))).toEqual([{ read: here(1), index: 4 }]);
  });

  test('opened before the leader knew what is committed waits for that, and sees all of it', () => {
    const rounds = new ReadRounds(8);
    rounds.add(here(1));
    rounds.openRound(10, undefined);
    expect(rounds.takeConfirmed(undefined, answered(10, 10))).toEqual([]);
    expect(rounds.takeConfirmed(9, answered(10, 10))).toEqual([{ read: here(1), index: 9 }]);
  });

  test('takes all reads since the one before, so that many reads cost one message', () => {
    const rounds = new ReadRounds(8);
    rounds.add(here(1));
    rounds.add(here(2));
    rounds.openRound(10, 4);
    rounds.openRound(20, 4);
    expect(rounds.newestNumber).toBe(10);
    expect(rounds.takeConfirmed(4, answered(10, 0))).toHaveLength(2);
    expect(rounds.newestNumber).toBe(0);
  });
});

test('past the bound of rounds, reads wait and share the next', () => {
  const rounds = new ReadRounds(2);
  for (let id = 1; id <= 4; id += 1) {
    rounds.add(here(id));
    rounds.openRound(10 * id, 4);
  }
  expect([rounds.newestNumber, rounds.size]).toEqual([20, 4]);
  expect(rounds.takeConfirmed(4, answered(99, 99))).toEqual([
    { read: here(1), index: 4 },
    { read: here(2), index: 4 },
  ]);
  rounds.openRound(50, 5);
  expect(rounds.takeConfirmed(5, answered(49, 49))).toEqual([]);
  expect(rounds.takeConfirmed(5, answered(50, 50))).toEqual([
    { read: here(3), index: 5 },
    { read: here(4), index: 5 },
  ]);
});

test('what is given up leaves its round, and a round without reads makes room for another', () => {
  const rounds = new ReadRounds(1);
  rounds.add(here(1));
  rounds.openRound(10, 4);
  rounds.add(here(2));
  rounds.add(here(3));
  rounds.add(fromFollower('n2', 1));
  rounds.forget(new Set([1, 2]));
  expect([rounds.size, rounds.newestNumber]).toEqual([2, 0]);
  rounds.openRound(20, 4);
  expect(rounds.takeConfirmed(4, answered(20, 20))).toEqual([
    { read: here(3), index: 4 },
    { read: fromFollower('n2', 1), index: 4 },
  ]);
});

test('all that waits can be taken back, in a round or before one', () => {
  const rounds = new ReadRounds(8);
  rounds.add(here(1));
  rounds.openRound(10, 4);
  rounds.add(fromFollower('n2'));
  expect(rounds.takeAll()).toEqual([here(1), fromFollower('n2')]);
  expect([rounds.size, rounds.newestNumber]).toEqual([0, 0]);
});

import { expect, test } from 'vitest';
import { Backlog } from '../../src/stdio/backlog.ts';

type Lane = 'peer' | 'client';

interface Effect {
  readonly lane: Lane;
  readonly name: string;
  readonly length: number;
}

function effect(lane: Lane, name: string, length: number): Effect {
  return { lane, name, length };
}

/** Says what there is room for, and returns the names. */
function say(backlog: Backlog<Effect, Lane>, ...fresh: readonly Effect[]): readonly string[] {
  const said: string[] = [];
  backlog.say(fresh, ({ name, length }) => {
    said.push(name);
    return length;
  });
  return said;
}

function backlogOf(limits: Readonly<Record<Lane, number>>): Backlog<Effect, Lane> {
  return new Backlog(({ lane }) => lane, limits);
}

test('what there is room for is said at once, in the order in which it was decided', () => {
  const backlog = backlogOf({ peer: 100, client: 100 });
  expect(say(backlog, effect('client', 'a', 10), effect('peer', 'b', 10), effect('client', 'c', 10))).toEqual(['a', 'b', 'c']);
  expect(backlog.size).toBe(0);
});

test('the rest waits, and goes before what is new', () => {
  const backlog = backlogOf({ peer: 100, client: 100 });
  const four = ['a', 'b', 'c', 'd'].map((name) => effect('client', name, 60));
  expect(say(backlog, ...four)).toEqual(['a', 'b']);
  expect(backlog.size).toBe(2);
  expect(say(backlog, effect('client', 'e', 1))).toEqual(['c', 'd']);
  expect(say(backlog)).toEqual(['e']);
  expect(backlog.size).toBe(0);
});

test('one that is larger than all the room goes alone', () => {
  const backlog = backlogOf({ peer: 100, client: 100 });
  expect(say(backlog, effect('client', 'a', 5000), effect('client', 'b', 1))).toEqual(['a']);
  expect(say(backlog)).toEqual(['b']);
});

test('large answers to clients do not hold up messages to peers', () => {
  const backlog = backlogOf({ peer: 100, client: 100 });
  const large = Array.from({ length: 1000 }, (_, at) => effect('client', `answer ${at}`, 100));
  expect(say(backlog, ...large, effect('peer', 'heartbeat', 10))).toEqual(['answer 0', 'heartbeat']);
  expect(say(backlog, effect('peer', 'heartbeat', 10))).toEqual(['answer 1', 'heartbeat']);
});

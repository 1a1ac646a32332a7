import { defaultRaftConfig, Member } from '../../src/index.ts';
import type { Effect, MemberOptions, Outcome, PeerMessage, Storage } from '../../src/index.ts';
import { listOfCommands } from '../list-of-commands.ts';
import { threeNodes } from '../raft/driver.ts';

/** A member whose state is the list of what was applied, and whose callers are names. */
export type ListMember = Member<string, unknown, string>;

export function memberOn(
  storage: Storage,
  nodeId = 'n1',
  voters: readonly string[] = threeNodes,
  options: Partial<MemberOptions<string, unknown>> = {},
): ListMember {
  const bounds = { config: defaultRaftConfig, maxPending: 100, seed: 1, lifeSeed: 1, nowMs: 0 };
  return new Member({ nodeId, voters, storage, stateMachine: listOfCommands(), ...bounds, ...options });
}

type Effects = readonly Effect<string, unknown>[];

/** What of the effects goes to peers. */
export function messagesIn(effects: Effects): readonly PeerMessage[] {
  return effects.flatMap((effect) => (effect.kind === 'outcome' ? [] : [effect]));
}

/** What of the effects is told to callers. */
export function toldIn(effects: Effects): readonly (readonly [caller: string, outcome: Outcome<unknown>])[] {
  return effects.flatMap((effect) => (effect.kind === 'outcome' ? [[effect.caller, effect.outcome] as const] : []));
}

/** The results among them. */
export function resultsIn(effects: Effects): readonly unknown[] {
  return toldIn(effects).flatMap(([, outcome]) => (outcome.kind === 'done' ? [outcome.result] : []));
}

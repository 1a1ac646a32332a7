import { electionTimeoutMs } from './actor.ts';
import type { Actor } from './actor.ts';
import type { Stage } from './stage.ts';
import { typeOf } from './wire.ts';

/** Of one node, until it is elected: it learns of a later term by the first. */
const maxCampaigns = 4;

/** Turns that a node may take until it campaigns, and votes that may travel then. */
const maxSteps = 1000;

/** This node's clock goes on until it asks for votes. */
export function campaign(stage: Stage, nodeId: string): void {
  const asked = (): number => {
    return stage.wire.inFlight.filter((message) => message.from === nodeId && isVote(typeOf(message))).length;
  };
  const before = asked();
  for (let steps = 0; stage.actor(nodeId).isUp && asked() === before; steps += 1) {
    if (steps > maxSteps) throw new Error(`${nodeId} does not campaign`);
    stage.wait([nodeId], stage.actor(nodeId).untilDeadlineMs);
  }
}

/**
 * An election, told in short: the voters have not heard from a leader for nearly as long as they can bear, the
 * candidate campaigns, as often as it must, and the votes travel. What else is in flight stays where it is.
 */
export function elect(stage: Stage, candidate: string, voters: readonly string[]): void {
  if (leads(stage, candidate)) throw new Error(`${candidate} leads already`);
  const told = stage.takeTold();
  for (const voter of voters) bringToDoubt(stage.actor(voter));
  for (let campaigns = 0; campaigns < maxCampaigns && !leads(stage, candidate); campaigns += 1) {
    campaign(stage, candidate);
    deliverVotes(stage, [candidate, ...voters]);
  }
  const rest = stage.takeTold().filter((line) => !isVoteLine(line));
  stage.tell(...told, ...rest);
  if (!leads(stage, candidate)) stage.tell(`${candidate} is not elected`);
}

/** Until it believes in no leader any more, and has not yet acted on that. */
function bringToDoubt(voter: Actor): void {
  const isLeader = voter.seen.role === 'leader';
  voter.machine.clock.jump(isLeader ? electionTimeoutMs : Math.max(0, voter.untilDeadlineMs - 1));
}

function leads(stage: Stage, nodeId: string): boolean {
  const { isUp, seen } = stage.actor(nodeId);
  return isUp && seen.role === 'leader';
}

function deliverVotes(stage: Stage, among: readonly string[]): void {
  for (let steps = 0; steps <= maxSteps; steps += 1) {
    const next = stage.wire.inFlight.find((message) => isVote(typeOf(message)));
    if (next === undefined) return;
    stage.wire.remove(next);
    if (among.includes(next.from) && among.includes(next.to)) stage.deliver(next);
  }
}

function isVote(type: string): boolean {
  return /^(pre_vote|request_vote)(_ok)?$/.test(type);
}

function isVoteLine(line: string): boolean {
  return /^\S+ -> \S+ (pre_vote|request_vote)|candidate in term/.test(line);
}

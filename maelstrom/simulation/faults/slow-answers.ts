import { majority } from '../../../src/index.ts';
import type { Random } from '../../../src/index.ts';
import { shuffle } from '../../faults/fault.ts';
import { between, chance, logarithmic, pickAny } from '../world/draw.ts';
import { drawVictim } from './fault.ts';
import type { Fault, Surroundings, Victim } from './fault.ts';

/**
 * What a leader has asked is answered, but the answers are long on their way, and most do not hear it meanwhile. When
 * they arrive it believes to be in office still, while the others may long have another leader. Sometimes a few, no
 * majority with it, hear it on; their answers come at once, or last of all, when it may have lost its office and won it
 * again.
 */
export const slowAnswers: Fault = (surroundings, random) => {
  const { plan, time, machines, network, tally, note } = surroundings;
  const leader = machines.find(({ isLeader }) => isLeader) ?? drawVictim(surroundings, random);
  const others = shuffle(plan.nodeIds.filter((other) => other !== leader.nodeId), random);
  const companionCount = chance(random, 3 / 4) ? Math.max(0, majority(plan.nodeIds.length) - 2) : 0;
  const [companions, peers] = [others.slice(0, companionCount), others.slice(companionCount)];
  const [lossMs, answerMs] = [0.1, 1].map((longest) => plan.electionTimeoutMs * longest * random.fraction());
  tally.add('slow answers');
  note?.(`answers to ${leader.nodeId} are slow`);
  const lateMends = (chance(random, 1 / 2) ? companions : []).map((peer) => holdAnswers(surroundings, peer, leader));
  let isHeard = true;
  const mends = peers.map((peer) => holdAnswers(surroundings, peer, leader));
  const unhear = time.after(lossMs ?? 0, () => {
    isHeard = false;
    for (const peer of peers) network.cut(leader.nodeId, peer, false);
  });
  // One after the other, so that it is kept in its belief for long.
  mends.forEach((mend, place) => time.after((answerMs ?? 0) * (place + 1), mend));
  const mendAll = (): void => {
    note?.(`answers to ${leader.nodeId} are quick again`);
    unhear();
    for (const mend of mends) mend();
    for (const mend of lateMends) time.after(plan.electionTimeoutMs * logarithmic(random, 0.5, 8), mend);
    if (!isHeard) for (const peer of peers) network.mend(leader.nodeId, peer, false);
  };
  // With companions it lasts until the others have a leader of their own.
  const untilMs = companions.length === 0 ? 0 : time.nowMs + plan.electionTimeoutMs * between(random, 2, 4);
  return () => void time.after(Math.max(0, untilMs - time.nowMs), mendAll);
};

/** The share of new leaders to whom one follower's answers are slow from the beginning. */
const shareOfLeaderships = 1 / 4;

/** A node has won an election: it may take long until it learns what one of its followers has. */
export function slowFollower(surroundings: Surroundings, random: Random, leader: Victim): void {
  const { plan, time, machines, tally, note } = surroundings;
  if (!plan.faults.has('slow-answers') || !chance(random, shareOfLeaderships)) return;
  const follower = pickAny(random, machines.filter((machine) => machine !== leader));
  if (follower === undefined) return;
  tally.add('slow answers');
  note?.(`answers of ${follower.nodeId} to ${leader.nodeId} are slow`);
  const mend = holdAnswers(surroundings, follower.nodeId, leader);
  time.after(plan.electionTimeoutMs * logarithmic(random, 0.2, 8), mend);
}

/** Returns how to let them go, of which only the first time counts. */
function holdAnswers({ network }: Surroundings, from: string, { nodeId }: Victim): () => void {
  let isHeld = true;
  network.cut(from, nodeId, true);
  return () => {
    if (isHeld) network.mend(from, nodeId, true);
    isHeld = false;
  };
}

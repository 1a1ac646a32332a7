import type { Members, Random } from '../../../src/index.ts';
import { shuffle } from '../../faults/fault.ts';
import { chance, pickAny } from '../world/draw.ts';
import type { Fault, Victim } from './fault.ts';

/** Who asks for changes of the members, among the clients. */
export const operatorId = 'operator';

/** Asks a node that takes itself for the leader for other members: one more, one less, or all drawn anew. */
export const membership: Fault = ({ plan, machines, tally, note }, random) => {
  const leader = pickAny(random, machines.filter(({ isLeader }) => isLeader));
  const { members } = leader ?? {};
  if (leader === undefined || members === undefined) return () => {};
  const target = drawTarget(members, plan.nodeIds, random);
  tally.add('changes of members');
  note?.(`${leader.nodeId} is asked for the voters ${target.voters.join(', ')}, learners ${target.learners.join(', ')}`);
  askForMembers(leader, target);
  return () => {};
};

/** Asks a node to make these the members. */
export function askForMembers({ nodeId, deliver }: Pick<Victim, 'nodeId' | 'deliver'>, { voters, learners }: Members): void {
  const body = { type: 'raft_reconfigure', msg_id: 0, voters, learners };
  deliver(JSON.stringify({ src: operatorId, dest: nodeId, body }));
}

function drawTarget({ voters }: Members, nodeIds: readonly string[], random: Random): Members {
  const others = nodeIds.filter((node) => !voters.includes(node));
  const [added] = shuffle(others, random);
  const [removed] = shuffle(voters, random);
  if (added !== undefined && chance(random, 1 / 3)) return { voters: [...voters, added], learners: [] };
  if (voters.length > 1 && chance(random, 1 / 2)) return { voters: voters.filter((node) => node !== removed), learners: [] };
  const count = 1 + random.integer(nodeIds.length);
  const drawn = shuffle(nodeIds, random);
  return { voters: drawn.slice(0, count), learners: chance(random, 1 / 2) ? drawn.slice(count) : [] };
}

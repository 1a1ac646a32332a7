import type { Members, NodeId } from './messages.ts';
import { MajorityQuorum } from './quorum.ts';
import type { Quorum } from './quorum.ts';

/** Who takes part in the cluster: a value, made of what an entry or a snapshot says. It never changes. */
export class Configuration {
  readonly members: Members;
  /** What decides in this configuration. Learners are not counted. */
  readonly quorum: Quorum;

  /** @param members in which {@link faultOfMembers} finds nothing */
  constructor(members: Members) {
    this.members = members;
    this.quorum = new MajorityQuorum(members.voters);
  }

  get voters(): readonly NodeId[] {
    return this.members.voters;
  }

  isVoter(node: NodeId): boolean {
    return this.voters.includes(node);
  }

  /** The other voters: those that a candidate asks. */
  votersBeside(node: NodeId): readonly NodeId[] {
    return this.voters.filter((voter) => voter !== node);
  }

  /** Everybody else: those that a leader replicates to. */
  membersBeside(node: NodeId): readonly NodeId[] {
    return [...this.voters, ...this.members.learners].filter((member) => member !== node);
  }
}

/** Why these cannot be the members of a cluster, as a clause; undefined where they can. */
export function faultOfMembers({ voters, learners }: Members): string | undefined {
  if (voters.length === 0) return 'it has no voter';
  const seen = new Set<NodeId>();
  for (const node of [...voters, ...learners]) {
    if (node === '') return 'it has a member without a name';
    if (seen.has(node)) return `it has ${node} twice`;
    seen.add(node);
  }
  return undefined;
}

/** Whether a value from a disk or from another node is the members of a cluster, and nothing is wrong with them. */
export function isMembers(value: unknown): value is Members {
  if (typeof value !== 'object' || value === null || !('voters' in value) || !('learners' in value)) return false;
  const { voters, learners } = value;
  return isNames(voters) && isNames(learners) && faultOfMembers({ voters, learners }) === undefined;
}

function isNames(value: unknown): value is readonly NodeId[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

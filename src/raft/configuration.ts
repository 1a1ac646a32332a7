import type { Members, NodeId } from './messages.ts';
import { JointQuorum, MajorityQuorum } from './quorum.ts';
import type { Quorum } from './quorum.ts';

/** Who takes part in the cluster: a value, made of what an entry or a snapshot says. It never changes. */
export class Configuration {
  readonly members: Members;
  /** What decides in this configuration: of a joint one both halves. Learners are not counted. */
  readonly quorum: Quorum;
  /** All that vote, those of both halves. */
  readonly voters: readonly NodeId[];
  /** All that are sent the log. */
  readonly #all: readonly NodeId[];

  /** @param members in which {@link faultOfMembers} finds nothing */
  constructor(members: Members) {
    const { voters, learners, outgoing } = members;
    const incoming = new MajorityQuorum(voters);
    this.members = members;
    this.quorum = outgoing === undefined ? incoming : new JointQuorum(new MajorityQuorum(outgoing), incoming);
    this.voters = outgoing === undefined ? voters : [...new Set([...outgoing, ...voters])];
    this.#all = [...new Set([...this.voters, ...learners])];
  }

  /** Whether the members are being replaced: it is left for that of `members.voters` alone once it is committed. */
  get isJoint(): boolean {
    return this.members.outgoing !== undefined;
  }

  has(node: NodeId): boolean {
    return this.#all.includes(node);
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
    return this.#all.filter((member) => member !== node);
  }
}

/** Why these cannot be the members of a cluster, as a clause; undefined where they can. */
export function faultOfMembers({ voters, learners, outgoing }: Members): string | undefined {
  if (voters.length === 0) return 'it has no voter';
  if (outgoing?.length === 0) return 'it has no outgoing voter';
  // An outgoing voter may be a voter or a learner afterwards.
  return faultOfNames([...voters, ...learners]) ?? faultOfNames(outgoing ?? []);
}

function faultOfNames(nodes: readonly NodeId[]): string | undefined {
  const seen = new Set<NodeId>();
  for (const node of nodes) {
    if (node === '') return 'it has a member without a name';
    if (seen.has(node)) return `it has ${node} twice`;
    seen.add(node);
  }
  return undefined;
}

/** Whether two configurations say the same; the order of names says nothing. */
export function isSameMembers(one: Members, other: Members): boolean {
  return (
    isSameSet(one.voters, other.voters) &&
    isSameSet(one.learners, other.learners) &&
    (one.outgoing === undefined) === (other.outgoing === undefined) &&
    isSameSet(one.outgoing ?? [], other.outgoing ?? [])
  );
}

/** Of two lists without doubles. */
function isSameSet(one: readonly NodeId[], other: readonly NodeId[]): boolean {
  return one.length === other.length && one.every((node) => other.includes(node));
}

/** Whether a value from a disk or from another node is the members of a cluster, and nothing is wrong with them. */
export function isMembers(value: unknown): value is Members {
  if (typeof value !== 'object' || value === null || !('voters' in value) || !('learners' in value)) return false;
  const { voters, learners } = value;
  if (!isNames(voters) || !isNames(learners)) return false;
  if (!('outgoing' in value)) return faultOfMembers({ voters, learners }) === undefined;
  return isNames(value.outgoing) && faultOfMembers({ voters, learners, outgoing: value.outgoing }) === undefined;
}

function isNames(value: unknown): value is readonly NodeId[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

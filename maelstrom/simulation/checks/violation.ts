/** Every rule that a simulation watches, and what it says. The names are stable: scripts may depend on them. */
export const rules = {
  'election-safety': 'a term has at most one leader (Raft paper, figure 3)',
  'elected-by-quorum': 'a leader has the votes of a majority of its voters, of both halves of a joint configuration (6)',
  'election-restriction': 'no node votes for a candidate whose log is less complete than its own (5.4.1)',
  stickiness: 'a node that may have heard from a leader within P does not help to replace it (thesis, 4.2.3)',
  'one-vote': 'a node votes for at most one candidate a term, whatever it forgets in a crash (Raft paper, 5.2)',
  'term-order': 'a node never goes back to an earlier term than it has shown to others',
  'own-boot-count': 'each incarnation that says anything has a boot count of its own',
  'log-matching': 'entries with the same index and term are equal, and so is everything before them (figure 3)',
  'leader-append-only': 'a leader never overwrites or removes entries of its log (figure 3)',
  'only-conflicts-truncate': 'a log loses entries only to others, or to a snapshot that it contradicts (figures 2 and 13)',
  'match-index': 'what a leader takes for stored on a follower of its term or an earlier one is on its disk (figure 2)',
  'leader-completeness': 'the leader of a later term has what was committed before (figure 3)',
  'state-machine-safety': 'what is committed or applied at an index is the same everywhere, and so is the state (figure 3)',
  'commit-order': 'commit index and applied index of a running node never go back, and nothing uncommitted is applied',
  'current-term-commit': 'a leader commits by counting only what is of its own term (5.4.2)',
  'majority-of-disks': 'a committed entry is on the disks of a majority, always',
  durability: 'what a storage has reported as persisted is there after a crash, with at most the write in flight besides',
  recovery: 'a node starts on whatever a crash has left',
  'no-refusal': 'no node sends another one what a correct peer cannot send',
  assertion: 'no node trips over an assertion of its own',
  'truthful-success': 'an operation that is answered with success has been committed',
  'truthful-error': 'an operation that is answered with a definite error never takes effect',
  'fresh-reads': 'a read sees all that was committed when it was asked; a leader that was replaced by then serves none (thesis, 6.4)',
  'once-only': 'an operation is committed at most once',
  linearizability: 'what the clients saw has an order that explains it (Herlihy and Wing)',
  liveness: 'once the faults are over and a majority is up, writes succeed and the nodes agree',
  determinism: 'a seed gives the same run twice',
} as const;

export type Rule = keyof typeof rules;

/** Thrown where a rule is broken, and ends the simulation. */
export class Violation extends Error {
  readonly rule: Rule;
  /** The node at which it shows; undefined where it is the cluster's as a whole. */
  readonly nodeId: string | undefined;

  /** @param what a sentence without its full stop */
  constructor(rule: Rule, nodeId: string | undefined, what: string) {
    super(what);
    this.name = 'Violation';
    this.rule = rule;
    this.nodeId = nodeId;
  }
}

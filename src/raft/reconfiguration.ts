import { Configuration, isSameMembers } from './configuration.ts';
import type { ConfigurationHistory } from './configuration-history.ts';
import type { Members, NodeId } from './messages.ts';
import type { Progress } from './progress.ts';
import { MajorityQuorum } from './quorum.ts';

/** How many members of each kind a change may ask for. */
export const maxVoters = 9;
export const maxLearners = 9;

/** A learner that has not come on for so many election timeouts is dropped, so that it blocks no change. */
const patienceInElectionTimeouts = 10;

/** Rounds in which a new voter may catch up (Ongaro's thesis, section 4.2.1). */
const maxCatchUpRounds = 10;

/** What came of a change. */
export type ChangeOutcome =
  | { readonly kind: 'changed' }
  /** The voters are what they were, and this change will never make them anything else. `why` is a clause. */
  | { readonly kind: 'given-up'; readonly why: string };

/** Why a change was not begun. */
export type ChangeRefusal = 'not-leader' | 'change-in-progress' | 'not-ready' | 'transferring';

/** What a leader knows of its cluster when it decides. */
export interface Situation {
  readonly commitIndex: number;
  readonly lastIndex: number;
  /** Whether an entry of its own term is committed, or none of an earlier term can be open. */
  readonly hasCommittedOwnTerm: boolean;
  /** Whether the entry of the configuration in force is of its own term. */
  readonly isOfOwnTerm: boolean;
  readonly nowMs: number;
}

/** How far a new voter has come: what it has to have at the end of this round, and since when. */
interface CatchUp {
  goal: number;
  beganAtMs: number;
  round: number;
  isClose: boolean;
}

/** A change that somebody has asked for. */
interface Change {
  readonly target: Members;
  /** The learners before it. */
  readonly learners: readonly NodeId[];
  readonly catchUps: Map<NodeId, CatchUp>;
  /** Since when the new voters are close. */
  readyAtMs: number | undefined;
  /** Why it is undone; it is over when that is committed. */
  givenUp: string | undefined;
}

/**
 * How a leader changes who takes part, one committed step after the other (Raft paper, section 6; Ongaro's thesis,
 * chapter 4): new voters are learners first; adding or removing one voter is one step; all else goes through a joint
 * configuration, which the leader leaves by itself, whoever has begun it.
 */
export class Reconfiguration {
  readonly #leaderId: NodeId;
  readonly #configurations: ConfigurationHistory;
  readonly #progressOf: (node: NodeId) => Progress | undefined;
  readonly #electionTimeoutMs: number;
  #change: Change | undefined;
  #outcome: ChangeOutcome | undefined;

  constructor(
    leaderId: NodeId,
    configurations: ConfigurationHistory,
    progressOf: (node: NodeId) => Progress | undefined,
    electionTimeoutMs: number,
  ) {
    this.#leaderId = leaderId;
    this.#configurations = configurations;
    this.#progressOf = progressOf;
    this.#electionTimeoutMs = electionTimeoutMs;
  }

  /** Whether a change was asked for and is not over. */
  get isUnderWay(): boolean {
    return this.#change !== undefined;
  }

  /** Whether there is nothing to decide until somebody asks for a change. */
  get isIdle(): boolean {
    const { isJoint, members } = this.#configurations.current;
    return this.#change === undefined && !isJoint && members.learners.length === 0;
  }

  /** Begins a change to these voters and learners. Returns why not. */
  begin(target: Members, situation: Situation): ChangeRefusal | undefined {
    const { current, currentIndex } = this.#configurations;
    const isOpen = current.isJoint || currentIndex > situation.commitIndex;
    if (isOpen || this.#change !== undefined) return 'change-in-progress';
    // Or two leaders might each commit a change that the other knows nothing of.
    if (!situation.hasCommittedOwnTerm) return 'not-ready';
    const { learners } = current.members;
    this.#change = { target, learners, catchUps: new Map(), readyAtMs: undefined, givenUp: undefined };
    return undefined;
  }

  /** What has come of the change since this was asked last. */
  takeOutcome(): ChangeOutcome | undefined {
    const outcome = this.#outcome;
    this.#outcome = undefined;
    return outcome;
  }

  /** The configuration to append now; undefined where there is none. One follows another only once that is committed. */
  next(situation: Situation): Members | undefined {
    const { current, currentIndex } = this.#configurations;
    const isCommitted = currentIndex <= situation.commitIndex && situation.hasCommittedOwnTerm;
    if (current.isJoint) return isCommitted ? incomingOf(current.members) : this.#backwards(current, situation);
    if (!isCommitted) return undefined;
    const change = this.#change;
    if (change === undefined) return this.#withoutStuck(current, situation.nowMs);
    if (change.givenUp !== undefined) return this.#end({ kind: 'given-up', why: change.givenUp });
    if (isSameMembers(current.members, change.target)) return this.#end({ kind: 'changed' });
    change.givenUp = this.#reasonToGiveUp(change, current, situation);
    if (change.givenUp !== undefined) return this.#undone(change, change.givenUp, current);
    return this.#step(change, current, situation);
  }

  #step(change: Change, current: Configuration, { lastIndex, nowMs }: Situation): Members | undefined {
    const { target } = change;
    const { voters, learners } = current.members;
    const newVoters = target.voters.filter((node) => !voters.includes(node));
    const unknown = newVoters.filter((node) => !learners.includes(node));
    if (unknown.length > 0) return { voters, learners: [...learners, ...unknown] };
    for (const node of newVoters) this.#watch(change, node, lastIndex, nowMs);
    if (!newVoters.every((node) => change.catchUps.get(node)?.isClose === true)) return undefined;
    change.readyAtMs ??= nowMs;
    if (!this.#isLive(target.voters, nowMs)) return undefined;
    const removed = voters.filter((node) => !target.voters.includes(node));
    // Any majority of the old voters shares one with any majority of the new ones only so (Ongaro's thesis, 4.1).
    if (newVoters.length + removed.length <= 1) return target;
    return { ...target, outgoing: voters };
  }

  /** A round is over when the learner has what the log held at its beginning. After a short one it is close. */
  #watch(change: Change, node: NodeId, lastIndex: number, nowMs: number): void {
    const known = change.catchUps.get(node);
    const catchUp = known ?? { goal: lastIndex, beganAtMs: nowMs, round: 1, isClose: false };
    change.catchUps.set(node, catchUp);
    const progress = this.#progressOf(node);
    if (catchUp.isClose || progress === undefined || progress.isSilent || progress.matchIndex < catchUp.goal) return;
    if (nowMs < catchUp.beganAtMs + this.#electionTimeoutMs) {
      catchUp.isClose = true;
      return;
    }
    catchUp.goal = lastIndex;
    catchUp.beganAtMs = nowMs;
    catchUp.round += 1;
  }

  #reasonToGiveUp(change: Change, current: Configuration, { nowMs }: Situation): string | undefined {
    const { learners } = current.members;
    const stuck = change.target.voters.find((node) => learners.includes(node) && this.#isStuck(node, nowMs));
    if (stuck !== undefined) return `${stuck} does not catch up`;
    const slow = [...change.catchUps].find(([, { round, isClose }]) => !isClose && round > maxCatchUpRounds);
    if (slow !== undefined) return `${slow[0]} is too slow to catch up`;
    const patienceMs = patienceInElectionTimeouts * this.#electionTimeoutMs;
    const waitsTooLong = change.readyAtMs !== undefined && nowMs >= change.readyAtMs + patienceMs;
    return waitsTooLong ? 'a majority of the new voters does not answer' : undefined;
  }

  /** The learners that the change has brought go again, and those that are stuck. */
  #undone(change: Change, why: string, current: Configuration): Members | undefined {
    const { voters, learners } = current.members;
    const kept = learners.filter((node) => change.learners.includes(node));
    if (kept.length === learners.length) return this.#end({ kind: 'given-up', why });
    return { voters, learners: kept };
  }

  /**
   * A joint configuration whose new half has fallen silent cannot be committed, and no leader is elected in it. While it
   * is open, this leader goes back to the old voters: each quorum that may decide holds a majority of them. It does so
   * only in the term in which the joint entry was appended. A leader of a later term cannot know that the new half has
   * not gone on alone.
   */
  #backwards({ members }: Configuration, { commitIndex, isOfOwnTerm, nowMs }: Situation): Members | undefined {
    const isOpen = this.#configurations.currentIndex > commitIndex;
    const { outgoing, voters } = members;
    if (!isOpen || !isOfOwnTerm || outgoing === undefined) return undefined;
    if (this.#isLive(voters, nowMs) || !this.#isLive(outgoing, nowMs)) return undefined;
    const learners = this.#change?.learners ?? [];
    if (this.#change !== undefined) this.#change.givenUp = 'a majority of the new voters no longer answers';
    return { voters: outgoing, learners };
  }

  #withoutStuck({ members }: Configuration, nowMs: number): Members | undefined {
    const learners = members.learners.filter((node) => !this.#isStuck(node, nowMs));
    return learners.length === members.learners.length ? undefined : { voters: members.voters, learners };
  }

  #isStuck(node: NodeId, nowMs: number): boolean {
    const progress = this.#progressOf(node);
    const patienceMs = patienceInElectionTimeouts * this.#electionTimeoutMs;
    return progress !== undefined && nowMs >= progress.cameOnAtMs + patienceMs;
  }

  /** Whether a majority of these answered within the election timeout, this leader included. */
  #isLive(voters: readonly NodeId[], nowMs: number): boolean {
    return new MajorityQuorum(voters).isWon((node) => {
      if (node === this.#leaderId) return true;
      return nowMs < (this.#progressOf(node)?.heardAtMs ?? -Infinity) + this.#electionTimeoutMs;
    });
  }

  #end(outcome: ChangeOutcome): undefined {
    this.#change = undefined;
    this.#outcome = outcome;
  }
}

/** What a joint configuration is left for. */
function incomingOf({ voters, learners }: Members): Members {
  return { voters, learners };
}

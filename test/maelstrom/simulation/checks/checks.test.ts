import { describe, expect, it } from 'vitest';
import { Checks } from '../../../../maelstrom/simulation/checks/checks.ts';
import type { View } from '../../../../maelstrom/simulation/checks/running-node.ts';
import { Tally } from '../../../../maelstrom/simulation/record/tally.ts';
import { playedKv } from '../../../../maelstrom/simulation/services/kv.ts';
import { Violation } from '../../../../maelstrom/simulation/checks/violation.ts';
import type { Rule } from '../../../../maelstrom/simulation/checks/violation.ts';
import type { Body } from '../../../../maelstrom/cluster/cluster.ts';
import type { Entry, HardState } from '../../../../src/index.ts';

const nodeIds = ['n1', 'n2', 'n3'];

function entry(index: number, term: number, command: unknown = null): Entry {
  return { index, term, command };
}

/** Terms of the entries of a log, from index 1 on. */
function logOf(...terms: readonly number[]): readonly Entry[] {
  return terms.map((term, place) => entry(place + 1, term));
}

const statusOfLeader: View['status'] = {
  role: 'leader',
  term: 1,
  leader: 'n1',
  commitIndex: 3,
  firstIndex: 1,
  lastIndex: 3,
  lastApplied: 3,
};

interface Seen extends Partial<View['status']> {
  /** The message that it has taken just then, by its own clock. */
  readonly takes?: { readonly src: string; readonly dest: string; readonly body: Body };
  readonly atMs?: number;
  readonly matches?: Readonly<Record<string, number>>;
}

/** A cluster whose nodes do what they are told, all of them up, with empty logs. */
class Puppets {
  readonly checks = new Checks(nodeIds, {
    electionTimeoutMs: 100,
    operationOf: playedKv.operationOf,
    tally: new Tally(),
    onLeader() {},
    onLeaderCommit() {},
    note: undefined,
  });
  readonly #views = new Map<string, View>();
  readonly #batches = new Map<string, number>();
  readonly #votes = new Set<string>();

  constructor() {
    for (const nodeId of nodeIds) this.restart(nodeId, undefined, []);
  }

  /** It starts on what it finds. */
  restart(nodeId: string, hardState: Partial<HardState> | undefined, entries: readonly Entry[], nowMs = 0): void {
    this.checks.starts(nodeId);
    this.#batches.set(nodeId, 0);
    const found = { nodeId, voters: nodeIds, bootCount: 0, term: 0, votedFor: null, ...hardState };
    this.checks.recovers(nodeId, hardState && { hardState: found, entries }, nowMs);
    this.#views.delete(nodeId);
  }

  /** The node is seen to be so. The same entry objects mean that they have not been replaced. */
  see(nodeId: string, seen: Seen, log: readonly Entry[] = []): void {
    const empty = { role: 'follower', term: 1, leader: null, commitIndex: 0, firstIndex: 1, lastApplied: 0 } as const;
    const before = this.#views.get(nodeId)?.status ?? empty;
    const { takes, atMs = 0, matches = {}, ...changed } = seen;
    const status = { ...before, ...changed, lastIndex: log.length };
    const entries = (from: number, to: number) => log.slice(Math.max(from, status.firstIndex) - 1, to);
    const members = { voters: nodeIds, learners: [] };
    const view = { bootCount: 0, status, members, entries, matchIndexes: new Map(Object.entries(matches)) };
    this.#views.set(nodeId, view);
    if (status.role === 'leader' && status.term > Math.max(1, before.role === 'leader' ? before.term : 0)) {
      this.#vote(nodeId, status.term);
    }
    this.checks.look(nodeId, view, atMs, takes && JSON.stringify(takes));
  }

  /** All that have not voted in the term tell it that they vote for it. */
  #vote(candidate: string, term: number): void {
    for (const voter of nodeIds) {
      if (voter === candidate || this.#votes.has(`${voter} ${term}`)) continue;
      this.#votes.add(`${voter} ${term}`);
      const head = { src: voter, dest: candidate, type: 'request_vote_ok' };
      const body = { type: head.type, in_reply_to: 0, term, vote_granted: true };
      this.checks.tells(voter, undefined, head, JSON.stringify({ src: voter, dest: candidate, body }));
    }
  }

  /** Its disk has this. */
  persist(nodeId: string, entries: readonly Entry[], state: Partial<HardState> = {}): void {
    this.write(nodeId, entries, state);
    this.checks.progressed(nodeId, { persistedBatch: this.#batches.get(nodeId) ?? 0, snapshot: undefined });
  }

  write(nodeId: string, entries: readonly Entry[], state: Partial<HardState> = {}): void {
    const hardState = { nodeId, voters: nodeIds, bootCount: 0, term: 1, votedFor: null, ...state };
    const number = (this.#batches.get(nodeId) ?? 0) + 1;
    this.#batches.set(nodeId, number);
    this.checks.writes(nodeId, { number, hardState, entries });
  }

  say(nodeId: string, dest: string, body: Body): void {
    const line = JSON.stringify({ src: nodeId, dest, body });
    this.checks.tells(nodeId, this.#views.get(nodeId), { src: nodeId, dest, type: body.type }, line);
  }

  /** All of them have this log, on their disks too. */
  shareLog(log: readonly Entry[]): void {
    for (const nodeId of nodeIds) {
      this.persist(nodeId, log);
      this.see(nodeId, {}, log);
    }
  }
}

function brokenBy(act: (puppets: Puppets) => void): Rule | undefined {
  try {
    act(new Puppets());
    return undefined;
  } catch (error) {
    if (error instanceof Violation) return error.rule;
    throw error;
  }
}

const vote = { type: 'request_vote_ok', term: 2, vote_granted: true };
const votedFor2 = { type: 'request_vote_ok', in_reply_to: 5, term: 2, vote_granted: true };

/** The second node asks for a vote in term 2, and says where its log ends. */
function candidacy(last_log_index = 0, last_log_term = 0) {
  const fields = { term: 2, candidate_id: 'n2', last_log_index, last_log_term };
  return { src: 'n2', dest: 'n1', body: { type: 'request_vote', msg_id: 5, ...fields } };
}

/** The third node leads a term. */
const heartbeat = { src: 'n3', dest: 'n1', body: { type: 'append_entries', msg_id: 4, term: 1 } };

const broken: readonly (readonly [Rule, string, (puppets: Puppets) => void])[] = [
  ['election-safety', 'two nodes lead one term', (puppets) => {
    puppets.see('n1', { role: 'leader', term: 2 });
    puppets.see('n2', { role: 'leader', term: 2 });
  }],
  ['one-vote', 'a node votes for two in one term', (puppets) => {
    puppets.say('n1', 'n2', vote);
    puppets.say('n1', 'n3', vote);
  }],
  ['one-vote', 'a candidate votes for another one', (puppets) => {
    puppets.say('n1', 'n2', { type: 'request_vote', term: 2 });
    puppets.say('n1', 'n3', vote);
  }],
  ['one-vote', 'a vote that was given is forgotten in a crash', (puppets) => {
    puppets.persist('n1', [], { term: 2 });
    puppets.say('n1', 'n2', vote);
    puppets.restart('n1', { term: 2 }, []);
  }],
  ['term-order', 'a node goes back to an earlier term', (puppets) => {
    puppets.see('n1', { term: 3 });
    puppets.see('n1', { term: 2 });
  }],
  ['term-order', 'a term that others were told of is forgotten in a crash', (puppets) => {
    puppets.say('n1', 'n2', { type: 'append_entries', term: 2 });
    puppets.restart('n1', undefined, []);
  }],
  ['own-boot-count', 'two incarnations say something with one boot count', (puppets) => {
    puppets.see('n1', {});
    puppets.say('n1', 'n2', { type: 'pre_vote', term: 2 });
    puppets.restart('n1', undefined, []);
    puppets.see('n1', {});
    puppets.say('n1', 'n2', { type: 'pre_vote', term: 2 });
  }],
  ['election-restriction', 'a vote goes to a candidate whose log is shorter', (puppets) => {
    puppets.see('n1', {}, logOf(1));
    puppets.see('n1', { term: 2, takes: candidacy() }, logOf(1));
    puppets.say('n1', 'n2', votedFor2);
  }],
  ['stickiness', 'who has just heard from a leader takes up the term of a candidate', (puppets) => {
    puppets.see('n1', { leader: 'n3', takes: heartbeat });
    puppets.see('n1', { term: 2, takes: candidacy(), atMs: 99 });
  }],
  ['stickiness', 'who has just heard from a leader votes', (puppets) => {
    puppets.see('n1', { leader: 'n3', takes: heartbeat });
    puppets.see('n1', { takes: candidacy(), atMs: 99 });
    puppets.say('n1', 'n2', votedFor2);
  }],
  ['stickiness', 'a leader that has just been elected takes up the term of a candidate', (puppets) => {
    puppets.see('n1', { role: 'leader' });
    puppets.see('n1', { role: 'follower', term: 2, takes: candidacy(), atMs: 99 });
  }],
  ['stickiness', 'who has just started again takes up the term of a candidate', (puppets) => {
    puppets.persist('n1', []);
    puppets.restart('n1', { term: 1 }, []);
    puppets.see('n1', { term: 2, takes: candidacy(), atMs: 99 });
  }],
  ['only-conflicts-truncate', 'a log gets shorter, and nothing comes in the place', (puppets) => {
    const log = logOf(1, 1);
    puppets.see('n1', {}, log);
    puppets.see('n1', {}, log.slice(0, 1));
  }],
  ['match-index', 'a leader believes that a follower has what is not on its disk', (puppets) => {
    puppets.persist('n2', logOf(1));
    puppets.see('n1', { role: 'leader', matches: { n2: 1, n3: 1 } }, logOf(1));
  }],
  ['log-matching', 'one place has two entries', (puppets) => {
    puppets.see('n1', {}, [entry(1, 1, 'a')]);
    puppets.see('n2', {}, [entry(1, 1, 'b')]);
  }],
  ['log-matching', 'logs part before an entry that they share', (puppets) => {
    puppets.see('n1', {}, logOf(1, 3));
    puppets.see('n2', {}, logOf(2, 3));
  }],
  ['leader-append-only', 'a leader removes an entry of its log', (puppets) => {
    const log = logOf(1, 2);
    puppets.see('n1', { role: 'leader', term: 2 }, log);
    puppets.see('n1', {}, log.slice(0, 1));
  }],
  ['leader-completeness', 'a later leader lacks what was committed', (puppets) => {
    puppets.shareLog(logOf(1));
    puppets.see('n1', { commitIndex: 1 }, logOf(1));
    puppets.see('n2', { role: 'leader', term: 2 }, logOf(2));
  }],
  ['leader-completeness', 'something is committed that a leader of a later term lacks', (puppets) => {
    puppets.shareLog(logOf(1));
    puppets.see('n2', { role: 'leader', term: 2 }, logOf(2));
    puppets.see('n1', { commitIndex: 1 }, logOf(1));
  }],
  ['state-machine-safety', 'two nodes commit different entries at one place', (puppets) => {
    puppets.shareLog(logOf(1));
    puppets.see('n1', { commitIndex: 1 }, logOf(1));
    puppets.see('n2', { term: 2, commitIndex: 1 }, logOf(2));
  }],
  ['state-machine-safety', 'one command has different effects on two nodes', (puppets) => {
    puppets.shareLog(logOf(1));
    for (const nodeId of ['n1', 'n2']) {
      puppets.see(nodeId, { commitIndex: 1, lastApplied: 1 }, logOf(1));
      puppets.checks.stateChanged(nodeId, [{ kind: 'applied', effect: { result: 'ok', key: '1', value: nodeId } }]);
    }
  }],
  ['state-machine-safety', 'a state from a snapshot is not what was applied up to there', (puppets) => {
    puppets.shareLog(logOf(1));
    puppets.see('n1', { commitIndex: 1, lastApplied: 1 }, logOf(1));
    puppets.checks.stateChanged('n1', [{ kind: 'applied', effect: { result: 'ok', key: '1', value: '7' } }]);
    puppets.see('n2', { commitIndex: 1, lastApplied: 1 }, logOf(1));
    puppets.checks.stateChanged('n2', [{ kind: 'adopted', state: new Map([['1', '6']]) }]);
  }],
  ['commit-order', 'a commit index goes back', (puppets) => {
    puppets.shareLog(logOf(1));
    puppets.see('n1', { commitIndex: 1 }, logOf(1));
    puppets.see('n1', { commitIndex: 0 }, logOf(1));
  }],
  ['commit-order', 'what is not committed is applied', (puppets) => {
    puppets.see('n1', { lastApplied: 1 }, logOf(1));
  }],
  ['commit-order', 'what is committed is removed from the log', (puppets) => {
    puppets.shareLog(logOf(1));
    puppets.see('n1', { commitIndex: 1 }, logOf(1));
    puppets.see('n1', {}, []);
  }],
  ['current-term-commit', 'a leader commits an entry of an earlier term by counting', (puppets) => {
    const log = logOf(1, 2);
    puppets.shareLog(log);
    puppets.see('n1', { role: 'leader', term: 2 }, log);
    puppets.see('n1', { commitIndex: 1 }, log);
  }],
  ['majority-of-disks', 'something is committed that one disk has', (puppets) => {
    puppets.persist('n1', logOf(1));
    puppets.see('n1', { commitIndex: 1 }, logOf(1));
  }],
  ['majority-of-disks', 'a disk drops what is committed, and a majority no longer has it', (puppets) => {
    for (const nodeId of ['n1', 'n2']) puppets.persist(nodeId, logOf(1));
    puppets.see('n1', { commitIndex: 1 }, logOf(1));
    puppets.persist('n2', logOf(2));
  }],
  ['durability', 'an entry that was persisted is gone after a crash', (puppets) => {
    puppets.persist('n1', logOf(1, 1));
    puppets.restart('n1', { term: 1 }, logOf(1));
  }],
  ['durability', 'a vote that was persisted is gone after a crash', (puppets) => {
    puppets.persist('n1', [], { votedFor: 'n2' });
    puppets.restart('n1', { term: 1 }, []);
  }],
  ['durability', 'an entry is found after a crash that was never written', (puppets) => {
    puppets.persist('n1', logOf(1));
    puppets.restart('n1', { term: 1 }, logOf(1, 1));
  }],
  ['no-refusal', 'a node refuses what another one has sent', (puppets) => {
    puppets.say('n1', 'n2', { type: 'error', in_reply_to: 1, msg_id: 1, code: 12, text: 'no' });
  }],
  ['once-only', 'an operation is committed twice', (puppets) => {
    const log = [1, 2].map((index) => entry(index, 1, { op: 'put', key: 1, value: 7 }));
    puppets.shareLog(log);
    puppets.see('n1', { commitIndex: 2 }, log);
  }],
  ['truthful-success', 'an operation is answered that is not committed', ({ checks }) => {
    checks.answers.carriedOut('n1', 7);
  }],
  ['truthful-error', 'an operation is committed that was answered with a definite error', (puppets) => {
    const log = [entry(1, 1, { op: 'cas', key: 1, from: 0, to: 7 })];
    puppets.checks.answers.refused('n1', 7, '14');
    puppets.shareLog(log);
    puppets.see('n1', { commitIndex: 1 }, log);
  }],
  ['truthful-error', 'an operation that is committed is answered with a definite error', (puppets) => {
    const log = [entry(1, 1, { op: 'put', key: 1, value: 7 })];
    puppets.shareLog(log);
    puppets.see('n1', { commitIndex: 1 }, log);
    puppets.checks.answers.refused('n1', 7, '11');
  }],
  ['fresh-reads', 'a read does not see what was committed before it was asked', ({ checks }) => {
    checks.answers.read('n1', 7, { committedIndex: 3, ledTerm: 1 }, { ...statusOfLeader, lastApplied: 2 });
  }],
  ['fresh-reads', 'a leader serves a read that was asked when it had been replaced', ({ checks }) => {
    checks.answers.read('n1', 7, { committedIndex: 3, ledTerm: 2 }, statusOfLeader);
  }],
];

describe('a rule is broken', () => {
  it.each(broken)('%s: %s', (rule, _, act) => {
    expect(brokenBy(act)).toBe(rule);
  });
});

const kept: readonly (readonly [string, (puppets: Puppets) => void])[] = [
  ['who has heard from a leader votes an election timeout later, for a log as complete as its own', (puppets) => {
    puppets.see('n1', { leader: 'n3', takes: heartbeat }, logOf(1));
    puppets.see('n1', { term: 2, takes: candidacy(1, 1), atMs: 100 }, logOf(1));
    puppets.say('n1', 'n2', votedFor2);
  }],
  ['a vote waits for the disk while its request comes once more, which is refused', (puppets) => {
    puppets.see('n1', { term: 2, takes: candidacy() });
    puppets.see('n1', { leader: 'n2', takes: { ...heartbeat, src: 'n2', body: { ...heartbeat.body, term: 2 } } });
    puppets.see('n1', { takes: candidacy() });
    puppets.say('n1', 'n2', votedFor2);
  }],
  ['a leader does not know that a follower has another log in a later term', (puppets) => {
    const log = logOf(1);
    puppets.persist('n2', log);
    puppets.see('n1', { role: 'leader', matches: { n2: 1 } }, log);
    puppets.persist('n2', logOf(2), { term: 2 });
    puppets.see('n1', { matches: { n2: 1 } }, log);
  }],
  ['a node replaces a tail that is not committed', (puppets) => {
    puppets.see('n1', {}, logOf(1, 1));
    puppets.see('n1', { term: 2 }, logOf(1, 2));
  }],
  ['a write that was in flight is found after a crash, or is not', (puppets) => {
    for (const nodeId of ['n1', 'n2']) {
      puppets.persist(nodeId, logOf(1));
      puppets.write(nodeId, [entry(2, 1)]);
    }
    puppets.restart('n1', { term: 1 }, logOf(1, 1));
    puppets.restart('n2', { term: 1 }, logOf(1));
  }],
  ['a leader of an earlier term, elected late, lacks what a later term has committed', (puppets) => {
    puppets.shareLog(logOf(3));
    puppets.see('n1', { term: 3, commitIndex: 1 }, logOf(3));
    puppets.see('n2', { term: 2, role: 'leader' }, logOf(2));
  }],
  ['the first node forgets that it led term 1, of which nobody has heard', (puppets) => {
    puppets.see('n1', { role: 'leader' }, [entry(1, 1, 'a')]);
    puppets.restart('n1', undefined, []);
    puppets.see('n1', { role: 'leader' }, [entry(1, 1, 'b')]);
  }],
  ['the first node forgets a term 1 that a later leader had already taken from its log', (puppets) => {
    puppets.see('n1', { role: 'leader' }, [entry(1, 1, 'a')]);
    puppets.see('n1', { term: 2 }, logOf(2));
    puppets.restart('n1', undefined, []);
    puppets.see('n1', { role: 'leader' }, [entry(1, 1, 'b')]);
  }],
  ['the first node forgets what it had of a later leader, who finds it all again', (puppets) => {
    puppets.see('n2', { term: 2 }, logOf(2, 2));
    puppets.persist('n2', logOf(2, 2), { term: 2 });
    puppets.see('n1', { term: 2 }, logOf(2));
    puppets.restart('n1', undefined, []);
    puppets.restart('n2', { term: 2 }, logOf(2, 2));
  }],
  ['a node starts again with its log in a snapshot', (puppets) => {
    puppets.shareLog(logOf(1, 1));
    puppets.see('n1', { commitIndex: 2 }, logOf(1, 1));
    puppets.restart('n1', { term: 1 }, logOf(1, 1));
    puppets.see('n1', { firstIndex: 3, commitIndex: 2, lastApplied: 2 }, logOf(1, 1));
    puppets.see('n1', {}, logOf(1, 1, 1));
  }],
];

describe('no rule is broken', () => {
  it.each(kept)('%s', (_, act) => {
    expect(brokenBy(act)).toBeUndefined();
  });
});

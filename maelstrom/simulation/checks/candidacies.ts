import { isUpToDate } from '../../../src/raft/election.ts';
import type { LogEnd } from '../../../src/raft/election.ts';
import { termIn } from './wire.ts';
import type { Head } from '../world/wire.ts';
import { Violation } from './violation.ts';
import type { Rule } from './violation.ts';
import type { View } from './running-node.ts';

type Status = View['status'];

/** A line from another node, taken in at a time by the receiver's own clock. */
export interface Taken {
  readonly head: Head;
  readonly line: string;
  readonly nowMs: number;
}

/** An incarnation, as far as it matters to who asks for its vote. */
interface Voter {
  /** Until when it stands by a leader that it has heard from, or by what it may have heard before it started. */
  standsByLeaderUntilMs: number;
  /** The same, for a leader that has just been elected: all count as having answered it then. */
  leadsUntilMs: number;
  /** Requests for votes, by who asked under which number: why it has to refuse, undefined where it may vote. */
  readonly refusals: Map<string, Refusal | undefined>;
}

interface Refusal {
  readonly rule: Rule;
  readonly why: string;
}

/** Nothing binds it to a leader. */
const free = { standsByLeaderUntilMs: -Infinity, leadsUntilMs: -Infinity };

/** Requests that are remembered: no vote waits for its disk while so many others are asked for. */
const maxRemembered = 64;

/**
 * What becomes of a request for a vote: who has heard from a leader does not even take up its term, and who has the more
 * complete log does not grant it. Whether any harm comes of it when they do is a matter of chance.
 */
export class Candidacies {
  readonly #electionTimeoutMs: number;
  readonly #voters = new Map<string, Voter>();

  constructor(electionTimeoutMs: number) {
    this.#electionTimeoutMs = electionTimeoutMs;
  }

  /** An incarnation begins; one that recovers anything may have heard from a leader before. */
  starts(nodeId: string, isRecovered: boolean, nowMs: number): void {
    const standsByLeaderUntilMs = isRecovered ? nowMs + this.#electionTimeoutMs : -Infinity;
    this.#voters.set(nodeId, { standsByLeaderUntilMs, leadsUntilMs: -Infinity, refusals: new Map() });
  }

  /** The node has been elected. */
  leads(nodeId: string, nowMs: number): void {
    const voter = this.#voters.get(nodeId);
    if (voter !== undefined) voter.leadsUntilMs = nowMs + this.#electionTimeoutMs;
  }

  /** The node has taken a line, and by that has come from one status to another; `ownEnd` is where its log ended. */
  took(nodeId: string, taken: Taken, before: Status, now: Status, ownEnd: LogEnd): void {
    const { head: { src, type }, line, nowMs } = taken;
    const voter = this.#voters.get(nodeId);
    if (voter === undefined) return;
    if (type === 'request_vote') this.#wasAsked(nodeId, voter, taken, before, now, ownEnd);
    if (type !== 'append_entries' && type !== 'install_snapshot') return;
    if (now.leader !== src || now.term !== termIn(line)) return;
    voter.standsByLeaderUntilMs = Math.max(voter.standsByLeaderUntilMs, nowMs + this.#electionTimeoutMs);
  }

  /** The node says to `dest` that it votes for it. */
  grants(nodeId: string, dest: string, line: string): void {
    const broken = this.#voters.get(nodeId)?.refusals.get(`${dest} ${JSON.parse(line).body.in_reply_to}`);
    if (broken !== undefined) throw new Violation(broken.rule, nodeId, `votes for ${dest}, though ${broken.why}`);
  }

  #wasAsked(nodeId: string, voter: Voter, { line, nowMs }: Taken, before: Status, now: Status, ownEnd: LogEnd): void {
    const { src, body } = JSON.parse(line);
    const end = { lastIndex: body.last_log_index, lastTerm: body.last_log_term };
    // The leader has ordered the campaign itself.
    const isOrdered = body.transfer !== undefined && body.transfer === before.leader;
    const refusal = refusalOf(isOrdered ? free : voter, before, nowMs, end, ownEnd);
    if (refusal?.rule === 'stickiness' && now.term > before.term) {
      throw new Violation('stickiness', nodeId, `takes up term ${now.term} for ${src}, though ${refusal.why}`);
    }
    const request = `${src} ${body.msg_id}`;
    // A request may come twice: it is enough that one of the two may be granted.
    if (refusal === undefined || !voter.refusals.has(request)) voter.refusals.set(request, refusal);
    const [oldest] = voter.refusals.keys();
    if (voter.refusals.size > maxRemembered && oldest !== undefined) voter.refusals.delete(oldest);
  }
}

/** Why the vote must not be given. */
function refusalOf(
  voter: Pick<Voter, 'standsByLeaderUntilMs' | 'leadsUntilMs'>,
  { role }: Status,
  nowMs: number,
  end: LogEnd,
  ownEnd: LogEnd,
): Refusal | undefined {
  const leadsUntilMs = role === 'leader' ? voter.leadsUntilMs : -Infinity;
  const remainingMs = Math.max(voter.standsByLeaderUntilMs, leadsUntilMs) - nowMs;
  if (remainingMs > 0) {
    return { rule: 'stickiness', why: `it has to stand by a leader for ${remainingMs.toFixed(1)} ms more` };
  }
  if (isUpToDate(end, ownEnd)) return undefined;
  const why = `its own log ends with ${nameOf(ownEnd)}, and that of the candidate with ${nameOf(end)}`;
  return { rule: 'election-restriction', why };
}

function nameOf({ lastIndex, lastTerm }: LogEnd): string {
  return lastIndex === 0 ? 'nothing' : `entry ${lastIndex} of term ${lastTerm}`;
}

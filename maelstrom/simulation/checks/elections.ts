import { Configuration } from '../../../src/index.ts';
import type { Members, Recovered } from '../../../src/index.ts';
import { isVote, termIn } from './wire.ts';
import type { Head } from '../world/wire.ts';
import { Violation } from './violation.ts';

/** What a node has told others, over all its incarnations: none of it may be forgotten. */
interface Told {
  /** The latest term that it has shown. */
  term: number;
  /** Term -> for whom it has voted. */
  readonly votes: Map<number, string>;
  readonly bootCounts: Set<number>;
}

/** Leaders, votes and terms, by what is seen of nodes and by what they tell each other. */
export class Elections {
  readonly #leaders = new Map<number, string>();
  #ledTerm = 0;
  readonly #told: ReadonlyMap<string, Told>;

  constructor(nodeIds: readonly string[]) {
    this.#told = new Map(nodeIds.map((nodeId) => [nodeId, { term: 0, votes: new Map(), bootCounts: new Set() }]));
  }

  /** The latest term that has had a leader; 0 before there was any. */
  get ledTerm(): number {
    return this.#ledTerm;
  }

  leads(nodeId: string, term: number): void {
    const known = this.#leaders.get(term) ?? nodeId;
    if (known !== nodeId) throw new Violation('election-safety', nodeId, `leads term ${term}, as ${known} does or did`);
    this.#leaders.set(term, nodeId);
    this.#ledTerm = Math.max(this.#ledTerm, term);
  }

  /** The node has come to lead a term, with this configuration in force: its voters have said that they vote for it. */
  isElected(nodeId: string, term: number, members: Members): void {
    // Everybody counts as having voted in term 1.
    if (term === 1) return;
    const isGrantedBy = (voter: string): boolean => voter === nodeId || this.#told.get(voter)?.votes.get(term) === nodeId;
    if (new Configuration(members).quorum.isWon(isGrantedBy)) return;
    const voters = [...this.#told.keys()].filter(isGrantedBy).join(', ');
    throw new Violation('elected-by-quorum', nodeId, `leads term ${term} by the votes of ${voters}, no quorum of its voters`);
  }

  /** An incarnation speaks for the first time. */
  speaks(nodeId: string, bootCount: number): void {
    const { bootCounts } = this.#toldBy(nodeId);
    if (bootCounts.has(bootCount)) {
      throw new Violation('own-boot-count', nodeId, `speaks with boot count ${bootCount}, as an earlier incarnation did`);
    }
    bootCounts.add(bootCount);
  }

  /** A line leaves the node, for another one. */
  tells(nodeId: string, head: Head, line: string): void {
    switch (head.type) {
      case 'append_entries':
        return this.#shows(nodeId, termIn(line));
      case 'request_vote':
        this.#shows(nodeId, termIn(line));
        return this.#votes(nodeId, termIn(line), nodeId);
      case 'request_vote_ok':
        this.#shows(nodeId, termIn(line));
        return isVote(head, line) ? this.#votes(nodeId, termIn(line), head.dest) : undefined;
      case 'error':
        if (!line.includes('"code":12,') && !line.includes('"code":10,')) return undefined;
        throw new Violation('no-refusal', nodeId, `refuses what a correct peer cannot have sent: ${line}`);
      default:
        return undefined;
    }
  }

  /** A node starts on what it finds on its disk. */
  recovers(nodeId: string, recovered: Recovered | undefined): void {
    const told = this.#toldBy(nodeId);
    const { term, votedFor } = recovered?.hardState ?? { term: 0, votedFor: null };
    if (term < told.term) {
      throw new Violation('term-order', nodeId, `starts in term ${term}, after it has told others of term ${told.term}`);
    }
    const vote = told.votes.get(term) ?? votedFor;
    if (vote !== votedFor) {
      const what = `starts in term ${term} with a vote for ${votedFor ?? 'nobody'}, after it has voted for ${vote}`;
      throw new Violation('one-vote', nodeId, what);
    }
  }

  #shows(nodeId: string, term: number): void {
    const told = this.#toldBy(nodeId);
    told.term = Math.max(told.term, term);
  }

  #votes(nodeId: string, term: number, candidate: string): void {
    const { votes } = this.#toldBy(nodeId);
    const known = votes.get(term) ?? candidate;
    if (known !== candidate) {
      throw new Violation('one-vote', nodeId, `votes for ${candidate} in term ${term}, after it has voted for ${known}`);
    }
    votes.set(term, candidate);
  }

  #toldBy(nodeId: string): Told {
    const told = this.#told.get(nodeId);
    if (told === undefined) throw new Error(`there is no node ${nodeId}`);
    return told;
  }
}

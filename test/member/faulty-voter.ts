/**
 * One member, n1, and a voter that breaks every rule, n2. The third voter is silent. Whatever n2 sends, n1 must not
 * throw, must not replace what it holds as committed, must not vote twice in a term, and must not say of anything that
 * it is on its disk which is not.
 */
import { defaultRaftConfig, MemoryStorage } from '../../src/index.ts';
import type { Batch, Entry, Member, MemoryContents, RaftReply, RaftRequest, StateMachine, Storage } from '../../src/index.ts';
import { SnapshotEncoder } from '../../src/member/snapshot-text.ts';
import type { PeerMessage, Sent } from '../../src/member/messages.ts';
import type { Members } from '../../src/raft/messages.ts';
import { Random } from '../../src/raft/random.ts';
import { crc32c } from '../../src/storage/crc32c.ts';
import { threeNodes } from '../raft/driver.ts';
import { memberOn, messagesIn } from './members.ts';

export interface FaultyVoterRun {
  readonly seed: number;
  readonly messages: number;
  /** A slow disk finishes a write when the run says so, and crashes lose what it has not finished. */
  readonly disk: 'at once' | 'slow';
}

/** How often things happened: a run in which nothing is taken shows nothing. */
export interface Tally {
  accepted: number;
  refused: number;
  votes: number;
  snapshots: number;
  leaderships: number;
  restarts: number;
}

type Counter = Member<string, unknown, string>;

/** Counts what was applied. */
function counter(): StateMachine<string, unknown> {
  let count = 0;
  return {
    apply: () => (count += 1),
    read: () => count,
    capture: () => {
      const parts = [count];
      return { next: () => parts.shift(), end: () => {} };
    },
    restore: () => {
      let restored = 0;
      return {
        add: (part) => {
          if (typeof part !== 'number') return 'it is no number';
          restored = part;
          return undefined;
        },
        adopt: () => {
          count = restored;
        },
      };
    },
  };
}

/** A disk on which a batch is written when it is told so. */
class SlowStorage extends MemoryStorage {
  readonly #isSlow: boolean;
  #batch: Batch | undefined;

  constructor(contents: MemoryContents | undefined, isSlow: boolean) {
    super(contents);
    this.#isSlow = isSlow;
  }

  override write(batch: Batch): void {
    if (this.#isSlow) this.#batch = batch;
    else super.write(batch);
  }

  finishWrite(): void {
    const batch = this.#batch;
    this.#batch = undefined;
    if (batch !== undefined) super.write(batch);
  }
}

const config = {
  ...defaultRaftConfig,
  maxInFlight: 3,
  maxAppliedPerTurn: 5,
  maxUncommittedEntries: 20,
  maxBatchBytes: 200,
  maxSnapshotChunkBytes: 40,
  maxSnapshotBytes: 1000,
  maxHeldBackEntries: 5,
};
const snapshots = { snapshotEntries: 5, snapshotBytes: 10_000, keepEntries: 2, keepBytes: 1000 };

/** Plays the run. Throws where n1 does, or breaks a rule. */
export function playFaultyVoter(run: FaultyVoterRun): Tally {
  const play = new Play(run);
  for (let sent = 0; sent < run.messages; sent += 1) play.step();
  return play.tally;
}

class Play {
  readonly tally: Tally = { accepted: 0, refused: 0, votes: 0, snapshots: 0, leaderships: 0, restarts: 0 };
  readonly #random: Random;
  readonly #isSlow: boolean;
  #storage: SlowStorage;
  #member: Counter;
  #nowMs = 0;
  #quietSteps = 0;
  #lastRole = '';
  #ticket = 0;
  #requests = new Map<number, RaftRequest>();
  /** What n1 has asked n2, newest last. */
  #asked: { readonly sent: Sent; readonly message: RaftRequest | undefined }[] = [];
  readonly #votes = new Map<number, string | null>();
  /** What n1 has held as committed in this life, by index: the entries that it may not replace. */
  #committed = new Map<number, string>();
  #checkedCommit = 0;

  constructor({ seed, disk }: FaultyVoterRun) {
    this.#random = new Random(seed);
    this.#isSlow = disk === 'slow';
    this.#storage = new SlowStorage(undefined, this.#isSlow);
    this.#member = this.#start(this.#storage);
  }

  step(): void {
    const dice = this.#random.integer(1000);
    if (this.#random.fraction() < 0.005) this.#quietSteps = 20;
    if (dice < 3) this.#restart();
    if (dice < 40) this.#nowMs += this.#random.integer(1200);
    else this.#nowMs += this.#random.integer(3);
    if (dice < 100) this.#member.write('client', `write ${dice}`, this.#nowMs);
    else if (dice < 130) this.#member.read('client', 'count', this.#nowMs);
    this.#quietSteps -= 1;
    // Now and then n2 only answers, so that n1 may be elected.
    if (this.#quietSteps > 0 || this.#random.fraction() < 0.3) this.#reply();
    else this.#request();
    if (this.#quietSteps === 19) this.#nowMs += 1000;
    if (this.#isSlow && this.#random.fraction() < 0.5) this.#storage.finishWrite();
    if (this.#random.fraction() < 0.7) this.#turn();
  }

  #start(storage: Storage): Counter {
    const seeds = { seed: this.#random.integer(1000), lifeSeed: this.#random.integer(1000) };
    return memberOn(storage, 'n1', threeNodes, { config, snapshots, stateMachine: counter(), nowMs: this.#nowMs, ...seeds });
  }

  #restart(): void {
    const { contents } = this.#storage;
    this.#storage = new SlowStorage(contents, this.#isSlow);
    this.#member = this.#start(this.#storage);
    this.#requests.clear();
    this.#asked = [];
    this.#committed.clear();
    this.#checkedCommit = this.#member.status.commitIndex;
    this.tally.restarts += 1;
  }

  #turn(): void {
    const { effects } = this.#member.turn(this.#nowMs);
    for (const message of messagesIn(effects)) this.#check(message);
    const { role } = this.#member.status;
    if (role === 'leader' && this.#lastRole !== role) this.tally.leaderships += 1;
    this.#lastRole = role;
    this.#checkCommitted();
  }

  // The rules ---------------------------------------------------------------------------------------------------------

  #check(message: PeerMessage): void {
    if (message.kind === 'request' && message.to === 'n2') {
      this.#asked.push({ sent: { kind: 'request', number: message.number, term: message.term }, message: message.message });
      if (this.#asked.length > 50) this.#asked.shift();
    }
    if (message.kind === 'refusal') this.tally.refused += 1;
    if (message.kind !== 'reply') return;
    const request = this.#requests.get(message.ticket);
    this.#requests.delete(message.ticket);
    if (request !== undefined) this.#checkReply(request, message.message);
  }

  #checkReply(request: RaftRequest, reply: RaftReply): void {
    if (request.type === 'append_entries' && reply.type === 'append_entries_ok' && reply.success) {
      this.tally.accepted += 1;
      const last = request.prev_log_index + request.entries.length;
      must(reply.match_index === last, `match_index is ${reply.match_index}, and the request ends at ${last}`);
      // What was acknowledged to the leader of a term that is over may have been replaced by another's since.
      if (request.term !== this.#member.status.term) return;
      for (const entry of request.entries) this.#mustBeOnDisk(entry);
    }
    if (reply.type === 'install_snapshot_ok' && request.type === 'install_snapshot' && reply.offset === request.total_bytes) {
      if (reply.offset === 0 || request.term !== this.#member.status.term) return;
      this.tally.snapshots += 1;
      const { last_included_index: index } = request;
      must(index <= this.#diskEnd, `a snapshot of entry ${index} was acknowledged, and the disk ends at ${this.#diskEnd}`);
    }
    if (reply.type === 'request_vote_ok' && reply.vote_granted) {
      this.tally.votes += 1;
      const voted = this.#votes.get(reply.term);
      must(voted === undefined || voted === 'n2', `n2 got the vote of term ${reply.term}, and ${voted} before`);
      this.#votes.set(reply.term, 'n2');
      const hardState = this.#storage.contents?.hardState;
      const isSaved = hardState !== undefined && hardState.term >= reply.term;
      must(isSaved && (hardState.term > reply.term || hardState.votedFor === 'n2'), 'a vote was given that is not on the disk');
    }
  }

  #mustBeOnDisk({ index, term, command }: Entry): void {
    const contents = this.#storage.contents;
    if (contents === undefined) throw new Error('broken rule: nothing is on the disk');
    if (index <= (contents.snapshot?.lastIncludedIndex ?? 0)) return;
    const [first] = contents.entries;
    const own = first === undefined ? undefined : contents.entries[index - first.index];
    const isThere = own?.term === term && JSON.stringify(own.command) === JSON.stringify(command);
    must(isThere, `entry ${index} of term ${term} was acknowledged, and the disk has ${JSON.stringify(own)}`);
  }

  get #diskEnd(): number {
    const contents = this.#storage.contents;
    return Math.max(contents?.entries.at(-1)?.index ?? 0, contents?.snapshot?.lastIncludedIndex ?? 0);
  }

  /** What is new is noted, and some of what was noted is looked at again. */
  #checkCommitted(): void {
    const { commitIndex, firstIndex, lastIndex } = this.#member.status;
    must(commitIndex >= this.#checkedCommit, 'the commit index went back');
    must(commitIndex <= lastIndex, 'the commit index is beyond the log');
    for (const entry of this.#member.entries(Math.max(this.#checkedCommit, firstIndex), commitIndex)) {
      const known = this.#committed.get(entry.index);
      const text = JSON.stringify(entry);
      must(known === undefined || known === text, `entry ${entry.index} was committed as ${known}, and is now ${text}`);
      this.#committed.set(entry.index, text);
    }
    this.#checkedCommit = commitIndex;
    const from = Math.max(firstIndex, commitIndex - 6);
    let term = 0;
    for (const entry of this.#member.entries(from, lastIndex)) {
      must(entry.term >= term, `terms fall at entry ${entry.index}`);
      term = entry.term;
      const known = this.#committed.get(entry.index);
      if (known !== undefined && entry.index <= commitIndex) must(known === JSON.stringify(entry), `entry ${entry.index} changed`);
    }
    this.#committed.delete(commitIndex - 200);
  }

  // What n2 sends -----------------------------------------------------------------------------------------------------

  #request(): void {
    const request = this.#anyRequest();
    this.#ticket += 1;
    this.#requests.set(this.#ticket, request);
    this.#requests.delete(this.#ticket - 1000);
    this.#member.receiveRequest('n2', request, this.#ticket, this.#nowMs);
  }

  #anyRequest(): RaftRequest {
    const leader_id = this.#random.fraction() < 0.98 ? 'n2' : 'n3';
    const term = this.#term();
    switch (this.#random.integer(10)) {
      case 0:
      case 1: {
        const [last_log_index, last_log_term] = [this.#index(), this.#term()];
        const type = this.#random.fraction() < 0.5 ? 'request_vote' : 'pre_vote';
        return { type, term, candidate_id: leader_id, last_log_index, last_log_term };
      }
      case 2:
        return { type: 'read_index', term };
      case 3:
      case 4:
        return this.#snapshotPiece(leader_id, term);
      default:
        return this.#appendEntries(leader_id, term);
    }
  }

  #appendEntries(leader_id: string, term: number): RaftRequest {
    const isHonest = this.#random.fraction() < 0.6;
    const { firstIndex, lastIndex } = this.#member.status;
    const prev_log_index = isHonest ? Math.max(0, lastIndex - this.#random.integer(4)) : this.#index();
    const own = this.#member.entries(prev_log_index, prev_log_index)[0];
    const known = own?.term ?? (prev_log_index === 0 ? 0 : undefined);
    const prev_log_term = isHonest && known !== undefined ? known : this.#term();
    const entries: Entry[] = [];
    let lastTerm = prev_log_term;
    const count = this.#random.integer(5);
    for (let index = prev_log_index + 1; index <= prev_log_index + count; index += 1) {
      const held = index >= firstIndex ? this.#member.entries(index, index)[0] : undefined;
      if (held !== undefined && this.#random.fraction() < 0.8) entries.push(held);
      else if (isHonest) entries.push(this.#entry(index, Math.max(1, lastTerm, term - this.#random.integer(2))));
      else entries.push(this.#entry(this.#random.fraction() < 0.95 ? index : this.#index(), this.#term()));
      lastTerm = entries.at(-1)?.term ?? 0;
    }
    return { type: 'append_entries', term, leader_id, prev_log_index, prev_log_term, entries, leader_commit: this.#index() };
  }

  #entry(index: number, term: number): Entry {
    if (this.#random.fraction() < 0.02) return { kind: 'configuration', term, index, command: this.#members() };
    return { term, index, command: this.#random.fraction() < 0.1 ? null : `command ${this.#random.integer(4)}` };
  }

  #members(): Members {
    if (this.#random.fraction() < 0.7) return { voters: ['n1', 'n2'], learners: [] };
    const some = (): string[] => ['n1', 'n2', 'n3', 'n4'].filter(() => this.#random.fraction() < 0.6);
    return { voters: some(), learners: this.#random.fraction() < 0.8 ? [] : some() };
  }

  /** Mostly a piece of a sound text, at the place where it belongs. */
  #snapshotPiece(leader_id: string, term: number): RaftRequest {
    const [last_included_index, last_included_term] = [this.#index(), this.#term()];
    const founded = { voters: threeNodes, learners: [] };
    const capture = { next: parts([this.#random.fraction() < 0.9 ? 1 : 'no number']), end: () => {} };
    const encoder = new SnapshotEncoder(last_included_index, last_included_term, threeNodes, founded, capture);
    const text = encoder.nextPiece() ?? '';
    const place = this.#random.fraction();
    const half = Math.floor(text.length / 2);
    let [offset, data] = [0, text];
    if (place > 0.9) [offset, data] = [this.#random.integer(50), 'x'.repeat(this.#random.integer(5))];
    else if (place > 0.8) [offset, data] = [half, text.slice(half)];
    else if (place > 0.7) data = text.slice(0, half);
    const checksum = this.#random.fraction() < 0.9 ? crc32c(Buffer.from(text)).toString(16).padStart(8, '0') : '00000000';
    const total_bytes = this.#random.fraction() < 0.95 ? text.length : this.#random.integer(2000);
    const done = this.#random.fraction() < 0.95 ? offset + data.length === total_bytes : this.#random.fraction() < 0.5;
    const piece = { last_included_index, last_included_term, offset, data, total_bytes, checksum, done };
    return { type: 'install_snapshot', term, leader_id, ...piece };
  }

  /** An answer to something that n1 asked, or a refusal of it; fitting or not. */
  #reply(): void {
    const asked = this.#asked.at(-1 - this.#random.integer(this.#quietSteps > 0 ? 2 : this.#asked.length + 1));
    if (asked === undefined) return;
    if (this.#random.fraction() < 0.1) return this.#member.receiveRefusal('n2', {}, asked.sent, this.#nowMs);
    return this.#member.receiveReply('n2', this.#anyReply(asked.message), asked.sent, this.#nowMs);
  }

  #anyReply(request: RaftRequest | undefined): RaftReply {
    const fits = this.#random.fraction() < 0.8;
    const kind = fits ? request?.type : pickOne(this.#random, ['append_entries', 'request_vote', 'pre_vote', 'read_index', 'install_snapshot']);
    const term = fits && request !== undefined && this.#random.fraction() < 0.9 ? request.term : this.#term();
    switch (kind) {
      case 'request_vote':
      case 'pre_vote':
        return { type: `${kind}_ok`, term, vote_granted: this.#random.fraction() < 0.8 };
      case 'read_index':
        return { type: 'read_index_ok', term, index: this.#index() };
      case 'install_snapshot': {
        const total = request?.type === 'install_snapshot' ? request.total_bytes : 10;
        return { type: 'install_snapshot_ok', term, offset: this.#random.fraction() < 0.5 ? total : this.#random.integer(2 * total) };
      }
      default: {
        if (this.#random.fraction() < 0.3) {
          const conflict = this.#random.fraction() < 0.8 ? { conflict_index: this.#index() } : {};
          const ofTerm = this.#random.fraction() < 0.5 ? { conflict_term: this.#term() } : {};
          return { type: 'append_entries_ok', success: false, term, ...conflict, ...ofTerm };
        }
        const sound = request?.type === 'append_entries' ? request.prev_log_index + request.entries.length : this.#index();
        return { type: 'append_entries_ok', success: true, match_index: this.#random.fraction() < 0.8 ? sound : this.#index() };
      }
    }
  }

  /** Near the member's own, now and then far away. */
  #term(): number {
    const dice = this.#random.fraction();
    if (dice < 0.002) return this.#random.integer(2 ** 21);
    if (dice < 0.05) return this.#random.integer(5);
    return Math.max(0, this.#member.status.term + (dice < 0.8 ? 0 : this.#random.integer(4) - 1));
  }

  /** Near one of the places at which something may go wrong. */
  #index(): number {
    const { firstIndex, commitIndex, lastIndex } = this.#member.status;
    const near = pickOne(this.#random, [0, firstIndex, commitIndex, lastIndex, lastIndex]);
    const index = this.#random.fraction() < 0.01 ? Number.MAX_SAFE_INTEGER - 10 : near + this.#random.integer(7) - 3;
    return Math.max(0, index);
  }
}

function parts(values: readonly (string | number)[]): () => string | number | undefined {
  const left = [...values];
  return () => left.shift();
}

function pickOne<Value>(random: Random, values: readonly [Value, ...Value[]]): Value {
  return values[random.integer(values.length)] ?? values[0];
}

function must(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`broken rule: ${rule}`);
}

import { isPeerRequest } from '../../src/stdio/bodies.ts';
import type { RequestBody } from '../../src/stdio/bodies.ts';
import { parseMessage } from '../../src/stdio/message.ts';
import type { HardState, MemoryContents } from '../../src/index.ts';
import { defaultSnapshotPolicy } from '../../src/index.ts';
import { Actor, electionTimeoutMs } from './actor.ts';
import type { Bounds, Outcome } from './actor.ts';
import { Requests } from './requests.ts';
import { sentOf, Wire } from './wire.ts';
import type { Sent } from './wire.ts';
import { entriesWords } from './words.ts';

/** Turns and deliveries that one command may cause. */
const maxSteps = 1000;

/** Of one node, until it is elected: it learns of a later term by the first. */
const maxCampaigns = 4;

/** Of messages that a script makes up: the nodes use no such numbers. */
const firstMadeUpId = 2 ** 50;

/** What a node finds on its disk, as far as a script says. */
export interface Past {
  readonly term: number;
  readonly votedFor: string | null;
  readonly entries: MemoryContents['entries'];
}

/**
 * A small cluster of real nodes in which nothing happens by itself: messages stay in flight, clocks stand and slow
 * disks do not finish until the script says so. Everything that happens is told, in the order in which it does.
 */
export class Stage {
  readonly wire = new Wire();
  readonly requests = new Requests();
  readonly #actors = new Map<string, Actor>();
  #voters: readonly string[] = [];
  #bounds: Bounds = { raft: {}, snapshots: defaultSnapshotPolicy };
  #told: string[] = [];
  #starts = 0;
  #madeUpId = firstMadeUpId;

  /** What has happened since this was asked last. */
  takeTold(): readonly string[] {
    return this.#told.splice(0);
  }

  tell(...lines: readonly string[]): void {
    this.#told.push(...lines);
  }

  get nodeIds(): readonly string[] {
    return this.#voters;
  }

  actor(nodeId: string): Actor {
    const found = this.#actors.get(nodeId);
    if (found === undefined) throw new Error(`there is no node ${nodeId}`);
    return found;
  }

  // Nodes -------------------------------------------------------------------------------------------------------------

  /** Fresh nodes, each told who they are. */
  start(voters: readonly string[], bounds: Bounds): void {
    this.#voters = voters;
    this.#bounds = bounds;
    for (const nodeId of voters) this.#startNode(nodeId, 0, false, undefined);
  }

  /** A node whose disk was filled in earlier terms, and which starts now. */
  startWithPast(nodeId: string, { term, votedFor, entries }: Past): void {
    const hardState: HardState = { nodeId, voters: this.#voters, bootCount: 0, term, votedFor };
    const { nowMs, isDiskSlow } = this.actor(nodeId);
    this.tell(`${nodeId} finds term ${term}, vote ${votedFor ?? 'none'}; ${entriesWords(entries)}`);
    this.#startNode(nodeId, nowMs, isDiskSlow, { hardState, entries });
  }

  /** What its disk has not finished is lost, or is there although the node never heard of it. */
  crash(nodeId: string, keepsWrite: boolean): void {
    const crashed = this.actor(nodeId);
    if (crashed.isWriting && keepsWrite) crashed.finishWrite();
    crashed.isUp = false;
    this.#tellDisk(nodeId, 'has on its disk', crashed.contents);
  }

  restart(nodeId: string): void {
    const { isUp, nowMs, isDiskSlow, contents } = this.actor(nodeId);
    if (isUp) throw new Error(`${nodeId} has not crashed`);
    this.#startNode(nodeId, nowMs, isDiskSlow, contents);
  }

  #startNode(nodeId: string, nowMs: number, isDiskSlow: boolean, found: MemoryContents | undefined): void {
    this.#starts += 1;
    this.#actors.set(nodeId, new Actor(nodeId, this.#starts, nowMs, isDiskSlow, this.#bounds, found));
    this.ask(nodeId, 'c0', { type: 'init', node_id: nodeId, node_ids: this.#voters }, 1);
  }

  #tellDisk(nodeId: string, what: string, contents: MemoryContents | undefined): void {
    if (contents === undefined) return this.tell(`${nodeId} ${what}: nothing`);
    const { hardState, snapshot, entries } = contents;
    const snapshotWords = snapshot && `; snapshot up to ${snapshot.lastIncludedIndex}/${snapshot.lastIncludedTerm}`;
    const votes = `term ${hardState.term}, vote ${hardState.votedFor ?? 'none'}`;
    return this.tell(`${nodeId} ${what}: ${votes}${snapshotWords ?? ''}; ${entriesWords(entries)}`);
  }

  showDisk(nodeId: string): void {
    this.#tellDisk(nodeId, 'has on its disk', this.actor(nodeId).contents);
  }

  // Clients -----------------------------------------------------------------------------------------------------------

  /** Hands a client's request to a node. */
  ask(nodeId: string, client: string, body: RequestBody, msgId: number): void {
    this.#receive(nodeId, JSON.stringify({ src: client, dest: nodeId, body: { ...body, msg_id: msgId } }));
  }

  // Messages ----------------------------------------------------------------------------------------------------------

  /** A message that the script makes up: what some other node might have sent. */
  send(from: string, to: string, body: Readonly<Record<string, unknown>>): void {
    this.#madeUpId += 1;
    this.#receive(to, JSON.stringify({ src: from, dest: to, body: { msg_id: this.#madeUpId, ...body } }));
  }

  deliver({ from, to, line, text }: Sent): void {
    if (this.wire.isCut(from, to)) return this.tell(`lost: ${text}`);
    if (!this.actor(to).isUp) return this.tell(`${to} is down: ${text}`);
    return this.#receive(to, line);
  }

  /** Delivers whatever is in flight, and whatever that leads to. */
  settle(): void {
    for (let steps = 0; ; steps += 1) {
      if (steps > maxSteps) throw new Error('it does not settle');
      const [next] = this.wire.take(['first']);
      if (next === undefined) return;
      this.deliver(next);
    }
  }

  #receive(nodeId: string, line: string): void {
    const receiver = this.actor(nodeId);
    if (receiver.isUp) this.#tellOutcome(nodeId, receiver.receive(line));
  }

  #tellOutcome(nodeId: string, { events, lines }: Outcome): void {
    this.tell(...events);
    for (const line of lines) this.#route(nodeId, line);
  }

  #route(nodeId: string, line: string): void {
    const message = parseMessage(line);
    if (message.kind === 'unanswerable' || message.kind === 'refused') return this.tell(`${nodeId} says ${line}`);
    const { dest } = message;
    if (message.kind === 'reply' && !this.#actors.has(dest)) {
      return this.tell(dest === 'c0' ? `${nodeId} is ready` : this.requests.answered(message.body));
    }
    if (message.kind === 'request' && !isPeerRequest(message.body)) return this.tell(`${nodeId} says ${line}`);
    const sent = sentOf(nodeId, dest, line);
    this.tell(sent.text);
    return this.wire.add(sent);
  }

  // Time and disks ----------------------------------------------------------------------------------------------------

  /** The clocks of these nodes go on; whichever wants a turn meanwhile takes it, in the order of time. */
  wait(nodeIds: readonly string[], durationMs: number): void {
    let passedMs = 0;
    for (let steps = 0; ; steps += 1) {
      if (steps > maxSteps) throw new Error('a node wants one turn after another');
      const next = this.#nextDue(nodeIds);
      if (next === undefined || passedMs + next.untilDeadlineMs > durationMs) break;
      const untilMs = next.untilDeadlineMs;
      passedMs += untilMs;
      for (const nodeId of nodeIds) this.actor(nodeId).nowMs += untilMs;
      this.#tellOutcome(next.nodeId, next.turn());
    }
    for (const nodeId of nodeIds) this.actor(nodeId).nowMs += durationMs - passedMs;
  }

  #nextDue(nodeIds: readonly string[]): Actor | undefined {
    const up = nodeIds.map((nodeId) => this.actor(nodeId)).filter(({ isUp }) => isUp);
    return up.sort((left, right) => left.untilDeadlineMs - right.untilDeadlineMs)[0];
  }

  /** This node's clock goes on until it asks for votes. */
  campaign(nodeId: string): void {
    const asked = (): number => this.wire.inFlight.filter(({ from, type }) => from === nodeId && isVote(type)).length;
    const before = asked();
    for (let steps = 0; this.actor(nodeId).isUp && asked() === before; steps += 1) {
      if (steps > maxSteps) throw new Error(`${nodeId} does not campaign`);
      this.wait([nodeId], this.actor(nodeId).untilDeadlineMs);
    }
  }

  /**
   * An election, told in short: the voters have not heard from a leader for nearly as long as they can bear, the
   * candidate campaigns, as often as it must, and the votes travel. What else is in flight stays where it is.
   */
  elect(candidate: string, voters: readonly string[]): void {
    if (this.#leads(candidate)) throw new Error(`${candidate} leads already`);
    const told = this.#told.splice(0);
    for (const voter of voters) this.#bringToDoubt(this.actor(voter));
    for (let campaigns = 0; campaigns < maxCampaigns && !this.#leads(candidate); campaigns += 1) {
      this.campaign(candidate);
      this.#deliverVotes([candidate, ...voters]);
    }
    const rest = this.#told.splice(0).filter((line) => !isVoteLine(line));
    this.tell(...told, ...rest);
    if (!this.#leads(candidate)) this.tell(`${candidate} is not elected`);
  }

  /** Until it believes in no leader any more, and has not yet acted on that. */
  #bringToDoubt(voter: Actor): void {
    voter.nowMs += voter.seen.role === 'leader' ? electionTimeoutMs : Math.max(0, voter.untilDeadlineMs - 1);
  }

  #leads(nodeId: string): boolean {
    const { isUp, seen } = this.actor(nodeId);
    return isUp && seen.role === 'leader';
  }

  #deliverVotes(among: readonly string[]): void {
    for (let steps = 0; steps <= maxSteps; steps += 1) {
      const next = this.wire.inFlight.find(({ type }) => isVote(type));
      if (next === undefined) return;
      this.wire.remove(next);
      if (among.includes(next.from) && among.includes(next.to)) this.deliver(next);
    }
  }

  sync(nodeId: string): void {
    const actor = this.actor(nodeId);
    if (!actor.isWriting) return this.tell(`${nodeId} is writing nothing`);
    actor.finishWrite();
    return this.#tellOutcome(nodeId, actor.turn());
  }
}

function isVote(type: string): boolean {
  return /^(pre_vote|request_vote)(_ok)?$/.test(type);
}

function isVoteLine(line: string): boolean {
  return /^\S+ -> \S+ (pre_vote|request_vote)|candidate in term/.test(line);
}

import { defaultSnapshotPolicy, Random } from '../../src/index.ts';
import type { HardState, MemoryContents } from '../../src/index.ts';
import { isEnvelope } from '../../src/wire/hot-messages.ts';
import { parseMessage } from '../../src/wire/message.ts';
import type { Node } from '../../src/stdio/node.ts';
import type { InFlight } from '../simulation/world/network.ts';
import { VirtualTime } from '../simulation/world/virtual-time.ts';
import { World } from '../simulation/world/world.ts';
import { Actor } from './actor.ts';
import type { Bounds } from './actor.ts';
import { Requests } from './requests.ts';
import { Wire, wordsOf } from './wire.ts';
import { entriesWords } from './words.ts';

/** Turns and deliveries that one command may cause. */
const maxSteps = 1000;

/** Of messages that a script makes up: the nodes use no such numbers. */
const firstMadeUpId = 2 ** 50;

/** What a node finds on its disk, as far as a script says. */
export interface Past {
  readonly term: number;
  readonly votedFor: string | null;
  readonly entries: MemoryContents['entries'];
}

/** A client's request without its number, or whatever a script makes up. */
export type RequestBody = Readonly<Record<string, unknown>>;

const defaultBounds: Bounds = { raft: {}, snapshots: defaultSnapshotPolicy };

/**
 * A world in which nothing happens by itself: messages stay in flight, clocks stand and slow disks do not finish until
 * the script says so. Everything that happens is told, in the order in which it does.
 */
export class Stage {
  readonly requests = new Requests();
  #actors = new Map<string, Actor>();
  #world = this.#newWorld([], defaultBounds);
  #wire = new Wire(this.#world.network);
  #nodeIds: readonly string[] = [];
  #founders: readonly string[] = [];
  #told: string[] = [];
  #starts = 0;
  #madeUpId = firstMadeUpId;

  get wire(): Wire {
    return this.#wire;
  }

  get nodeIds(): readonly string[] {
    return this.#nodeIds;
  }

  /** What has happened since this was asked last. */
  takeTold(): readonly string[] {
    return this.#told.splice(0);
  }

  tell(...lines: readonly string[]): void {
    this.#told.push(...lines);
  }

  actor(nodeId: string): Actor {
    const found = this.#actors.get(nodeId);
    if (found === undefined) throw new Error(`there is no node ${nodeId}`);
    return found;
  }

  // Nodes -------------------------------------------------------------------------------------------------------------

  /** Fresh nodes, each told who they are: the first so many found the cluster, the others wait to be taken in. */
  start(nodeIds: readonly string[], founders: number, bounds: Bounds): void {
    this.#nodeIds = nodeIds;
    this.#founders = nodeIds.slice(0, founders);
    this.#world = this.#newWorld(nodeIds, bounds);
    this.#wire = new Wire(this.#world.network);
    for (const nodeId of nodeIds) {
      this.actor(nodeId).start();
      this.#init(nodeId);
    }
  }

  /** A node whose disk was filled in earlier terms, and which starts now. */
  startWithPast(nodeId: string, { term, votedFor, entries }: Past): void {
    const hardState: HardState = { nodeId, voters: this.#founders, bootCount: 0, term, votedFor };
    this.tell(`${nodeId} finds term ${term}, vote ${votedFor ?? 'none'}; ${entriesWords(entries)}`);
    this.actor(nodeId).startOn({ hardState, entries });
    this.#init(nodeId);
  }

  /** What its disk has not finished is lost, or is there although the node never heard of it. */
  crash(nodeId: string, keepsWrite: boolean): void {
    const crashed = this.actor(nodeId);
    if (crashed.isWriting && keepsWrite) crashed.finishWrite();
    crashed.crash();
    this.showDisk(nodeId);
  }

  restart(nodeId: string): void {
    if (this.actor(nodeId).isUp) throw new Error(`${nodeId} has not crashed`);
    this.actor(nodeId).start();
    this.#init(nodeId);
  }

  showDisk(nodeId: string): void {
    const { contents } = this.actor(nodeId);
    if (contents === undefined) return this.tell(`${nodeId} has on its disk: nothing`);
    const { hardState, snapshot, entries } = contents;
    const snapshotWords = snapshot && `; snapshot up to ${snapshot.lastIncludedIndex}/${snapshot.lastIncludedTerm}`;
    const votes = `term ${hardState.term}, vote ${hardState.votedFor ?? 'none'}`;
    return this.tell(`${nodeId} has on its disk: ${votes}${snapshotWords ?? ''}; ${entriesWords(entries)}`);
  }

  #newWorld(nodeIds: readonly string[], bounds: Bounds): World<Node> {
    const time = new VirtualTime();
    const takeSeed = (): number => {
      this.#starts += 1;
      return this.#starts;
    };
    this.#actors = new Map();
    return new World({
      time,
      nodeIds,
      network: { random: new Random(0), traffic: 'by hand' },
      newMachine: (nodeId, onLine) => {
        const joins = !this.#founders.includes(nodeId);
        const actor = new Actor({ nodeId, time, bounds, joins, takeSeed, onLine });
        this.#actors.set(nodeId, actor);
        return actor.machine;
      },
      events: {
        onSend: (from, { dest }, line) => this.#sends(from, dest, line),
        onAnswer: (from, line) => this.#answers(from, line),
      },
    });
  }

  #init(nodeId: string): void {
    this.ask(nodeId, 'c0', { type: 'init', node_id: nodeId, node_ids: [...new Set([...this.#founders, nodeId])] }, 1);
  }

  // Messages ----------------------------------------------------------------------------------------------------------

  /** Hands a client's request to a node. */
  ask(nodeId: string, client: string, body: RequestBody, msgId: number): void {
    this.#receive(nodeId, JSON.stringify({ src: client, dest: nodeId, body: { ...body, msg_id: msgId } }));
  }

  /** A message that the script makes up: what some other node might have sent. */
  send(from: string, to: string, body: Readonly<Record<string, unknown>>): void {
    this.#madeUpId += 1;
    this.#receive(to, JSON.stringify({ src: from, dest: to, body: { msg_id: this.#madeUpId, ...body } }));
  }

  deliver(message: InFlight): void {
    if (this.wire.isCut(message)) return this.tell(`lost: ${wordsOf(message)}`);
    if (!this.actor(message.to).isUp) return this.tell(`${message.to} is down: ${wordsOf(message)}`);
    this.#world.network.arrive(message);
    return this.#act(message.to);
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
    if (!this.actor(nodeId).isUp) return;
    this.#world.deliver(nodeId, line);
    this.#act(nodeId);
  }

  #act(nodeId: string): void {
    this.actor(nodeId).act((events) => this.tell(...events));
  }

  /** Tells of a message between nodes. What is none is told too, and goes nowhere. */
  #sends(from: string, to: string, line: string): readonly string[] | undefined {
    const message = parseMessage(line);
    if (message.kind === 'unanswerable' || message.kind === 'refused' || message.kind === 'unread') {
      this.tell(`${from} says ${line}`);
      return [];
    }
    this.tell(wordsOf({ from, to, line }));
    return undefined;
  }

  #answers(from: string, line: string): void {
    const answer: unknown = JSON.parse(line);
    if (!isEnvelope(answer)) return this.tell(`${from} says ${line}`);
    return this.tell(answer.dest === 'c0' ? `${from} is ready` : this.requests.answered(answer.body));
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
      this.#pass(nodeIds, untilMs);
      next.machine.planTurn();
      this.#act(next.nodeId);
    }
    this.#pass(nodeIds, durationMs - passedMs);
  }

  #pass(nodeIds: readonly string[], durationMs: number): void {
    for (const nodeId of nodeIds) this.actor(nodeId).machine.clock.jump(durationMs);
  }

  #nextDue(nodeIds: readonly string[]): Actor | undefined {
    const up = nodeIds.map((nodeId) => this.actor(nodeId)).filter(({ isUp }) => isUp);
    return up.sort((left, right) => left.untilDeadlineMs - right.untilDeadlineMs)[0];
  }

  sync(nodeId: string): void {
    const actor = this.actor(nodeId);
    if (!actor.isWriting) return this.tell(`${nodeId} is writing nothing`);
    actor.finishWrite();
    actor.machine.planTurn();
    return this.#act(nodeId);
  }
}

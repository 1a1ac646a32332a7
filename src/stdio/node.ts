import type { RaftConfig } from '../raft/config.ts';
import { defaultRaftConfig } from '../raft/config.ts';
import type { NodeId } from '../raft/messages.ts';
import { identityFault } from '../member/identity.ts';
import { Member } from '../member/member.ts';
import type { Refusal } from '../member/outcome.ts';
import type { SnapshotPolicy } from '../member/snapshots.ts';
import type { Effect } from '../member/turn.ts';
import type { Json } from '../services/json.ts';
import type { Result, Service } from '../services/service.ts';
import type { Storage } from '../storage/storage.ts';
import { encodeLine, encodeOwnReply, entrySizeBytes } from '../wire/encode.ts';
import type { UnreadRequest } from '../wire/hot-messages.ts';
import { maxEntriesBytes, maxLineBytes } from '../wire/limits.ts';
import { LineSplitter } from '../wire/lines.ts';
import type { Line } from '../wire/lines.ts';
import { parseMessage } from '../wire/message.ts';
import type { RefusedMessage, SingleMessage } from '../wire/message.ts';
import type { Addressed } from '../wire/packing.ts';
import { PeerTraffic } from '../wire/peer-traffic.ts';
import { Backlog } from './backlog.ts';
import type { ClientRequest } from './client-bodies.ts';
import { ClientDoor } from './client-door.ts';
import type { ClientAsks } from './client-door.ts';
import { refusal, replyTo } from './outcomes.ts';
import type { Client, ClientReply } from './outcomes.ts';
import { TurnLog } from './turn-log.ts';

export interface NodeOptions {
  /** The election timeout P. It must be equal on all nodes. */
  readonly electionTimeoutMs: number;
  readonly heartbeatMs: number;
  /**
   * The most writes, and the most reads, of clients that may be pending at a time. More are refused at once, with error
   * 11.
   */
  readonly maxPending: number;
  readonly snapshots: SnapshotPolicy;
  /** Further changes to the defaults of the core. */
  readonly raft?: Partial<RaftConfig>;
  /** Whether it joins a cluster that runs already: the other nodes that `init` names are its founders. */
  readonly joins?: boolean;
  /** Called once, when `init` says who this node is. What it throws is not caught here. */
  readonly openStorage: (nodeId: NodeId) => Storage;
  readonly service: Service;
  /** The seed of the election timeouts. */
  readonly seed: number;
  /**
   * A seed that differs in each incarnation: a node without a disk draws its first request id from it. Default: `seed`.
   */
  readonly lifeSeed?: number;
}

/** The output of a turn: lines for stdout, without line breaks, and lines for the log. */
export interface NodeOutput {
  readonly lines: readonly string[];
  readonly log: readonly string[];
}

/** A member at this edge: the service works on JSON, and outcomes are for clients. */
export type StdioMember = Member<Json, Result, Client>;

/** What a node has after `init`. */
interface Started {
  readonly member: StdioMember;
  readonly traffic: PeerTraffic;
}

/** A request to inspect the node. */
interface Look {
  readonly client: Client;
  readonly body: Extract<ClientRequest, { type: 'raft_status' | 'raft_log' }>;
}

/**
 * The most text that a turn writes to peers and to clients, in UTF-16 units; see {@link Backlog}. The two
 * limits are separate, so that large answers to clients do not delay messages to peers.
 */
const saidPerTurn = { peers: 8 * 1024 * 1024, clients: 2 * 1024 * 1024 };
/**
 * How many inspections are answered in a turn, and only when no other output waits: the answer to one can be a
 * megabyte.
 */
const maxLooksPerTurn = 64;
/** With more messages than this waiting for a later turn, the node reads no input. */
const maxUnsaid = 32_768;

/** How many message ids one incarnation has. The next incarnation starts above them. */
const messageIdsPerBoot = 2 ** 32;

/**
 * A member at the Maelstrom edge. It takes lines and gives lines, and decides which message goes to which part of the
 * node. Bytes and time come in as calls, lines go out as values. In a turn, first all bytes that have arrived are
 * passed to `receive`, and then `turn` is called once.
 */
export class Node {
  readonly #options: NodeOptions;
  readonly #splitter = new LineSplitter(maxLineBytes);
  readonly #door: ClientDoor;
  readonly #log = new TurnLog();
  readonly #backlog = new Backlog<Effect<Client, Result>, keyof typeof saidPerTurn>(
    ({ kind }) => (kind === 'outcome' ? 'clients' : 'peers'),
    saidPerTurn,
  );
  #looks: Look[] = [];
  #storage: Storage | undefined;
  #started: Started | undefined;
  /**
   * Answers from before `init`. They are refusals only. Their count is kept, because later message ids start above it.
   */
  #early: string[] = [];
  #earlyMessages = 0;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.#door = new ClientDoor(options.service);
  }

  /** The member as it is inside, for observers; undefined before `init`. */
  get member(): Pick<StdioMember, 'bootCount' | 'status' | 'members' | 'entries' | 'matchIndexes'> | undefined {
    return this.#started?.member;
  }

  /** Whether some output was left for a later turn. */
  get hasMore(): boolean {
    return this.#backlog.size + this.#looks.length > 0;
  }

  /** Whether so much output is left that no input should be passed in before the next turn. */
  get isBehind(): boolean {
    return this.#backlog.size + this.#looks.length > maxUnsaid;
  }

  /** Begins to let another node lead, where this one does. False where there is nothing to wait for. */
  yieldLeadership(nowMs: number): boolean {
    return this.#started?.member.yieldLeadership(nowMs) ?? false;
  }

  /** Whether this leader lets another node lead. */
  get isYielding(): boolean {
    return this.#started?.member.isYielding ?? false;
  }

  /** Bytes from stdin. The time is that of their being taken from there, or later. */
  receive(bytes: Buffer, nowMs: number): void {
    for (const line of this.#splitter.push(bytes)) this.#receiveLine(line, nowMs);
  }

  /** The input has ended. A last line without a line break counts too. */
  endInput(nowMs: number): void {
    for (const line of this.#splitter.end()) this.#receiveLine(line, nowMs);
  }

  /** Ends a turn: advances time, writes to the disk, sends, applies, answers. */
  turn(nowMs: number): NodeOutput {
    const early = this.#early;
    this.#early = [];
    const own = this.#started === undefined ? [] : this.#linesOf(this.#started, nowMs);
    const lines = early.length === 0 ? own : [...early, ...own];
    return { lines, log: this.#log.take() };
  }

  /** When the next turn is due if nothing arrives. A time that is not in the future means at once. */
  nextDeadlineMs(nowMs: number): number {
    if (this.hasMore) return nowMs;
    return this.#started?.member.nextDeadlineMs(nowMs) ?? Infinity;
  }

  // Input -------------------------------------------------------------------------------------------------------------

  #receiveLine(line: Line, nowMs: number): void {
    if (line.kind !== 'text') return this.#log.add(`ignored a line of ${line.sizeBytes} bytes: ${line.kind}`);
    const message = parseMessage(line.text);
    if (message.kind === 'unanswerable') return this.#log.add(`ignored a line: ${message.reason}: ${line.text}`);
    if (this.#started !== undefined && message.dest !== this.#started.member.nodeId) {
      return this.#log.add(`ignored a message for ${message.dest}: ${line.text}`);
    }
    if (message.kind !== 'batch') return this.#receiveMessage(message, nowMs);
    this.#started?.traffic.hasSentBatch(message);
    for (const single of message.messages) this.#receiveMessage(single, nowMs);
    return undefined;
  }

  #receiveMessage(message: SingleMessage, nowMs: number): void {
    switch (message.kind) {
      case 'unread':
        return this.#receiveFromClient(message, nowMs);
      case 'request': {
        const { src, body } = message;
        if (this.#started === undefined) return this.#log.add(`ignored ${body.type} from ${src} before init`);
        return this.#started.traffic.receiveRequest(message, nowMs);
      }
      case 'reply': {
        const complaint = this.#started?.traffic.receiveReply(message, nowMs);
        if (complaint !== undefined) this.#log.add(complaint);
        return undefined;
      }
      case 'refused':
        return this.#refuseMessage(message);
      case 'unanswerable':
        return this.#log.add(`ignored a message: ${message.reason}`);
    }
  }

  /** Answers a malformed message, also before `init`: the answer depends on nothing that `init` says. */
  #refuseMessage({ src, dest, inReplyTo, text }: RefusedMessage): void {
    this.#log.add(`refused a message from ${src}: ${text}`);
    this.#refuse(dest, { src, msgId: inReplyTo, type: '' }, { kind: 'malformed', text });
  }

  #receiveFromClient(request: UnreadRequest, nowMs: number): void {
    const { src, dest, msgId, type } = request;
    const asked = this.#door.read(request);
    const client: Client = { src, msgId, type, operation: asked.kind === 'operation' ? asked.operation : undefined };
    if (asked.kind === 'refused') {
      this.#log.add(`refused a message from ${src}: ${asked.why.text}`);
      return this.#refuse(dest, client, asked.why);
    }
    if (asked.kind === 'request' && asked.body.type === 'init') return this.#onInit(client, dest, asked.body, nowMs);
    if (this.#started === undefined) return this.#refuse(dest, client, { kind: 'not-started' });
    return this.#pass(this.#started.member, client, asked, nowMs);
  }

  /** Passes a client's request to the member, or keeps it for the end of the turn. */
  #pass(member: StdioMember, client: Client, asked: Exclude<ClientAsks, { kind: 'refused' }>, nowMs: number): void {
    if (asked.kind === 'operation') {
      if (asked.operation.kind === 'read') return member.read(client, asked.demand, nowMs);
      return member.write(client, asked.demand, nowMs);
    }
    const { body } = asked;
    switch (body.type) {
      case 'init':
        return undefined;
      case 'raft_append':
        return member.append(client, body.entry.command, body.entry.term, nowMs);
      case 'raft_reconfigure':
        return member.reconfigure(client, { voters: body.voters, learners: body.learners ?? [] }, nowMs);
      case 'raft_transfer':
        return member.transfer(client, body.to, nowMs);
      case 'raft_status':
      case 'raft_log':
        this.#looks.push({ client, body });
        return undefined;
    }
  }

  #onInit(client: Client, dest: string, init: Extract<ClientRequest, { type: 'init' }>, nowMs: number): void {
    const { node_id: nodeId } = init;
    const voters = this.#options.joins === true ? init.node_ids.filter((name) => name !== nodeId) : init.node_ids;
    const refuse = (text: string): void => this.#refuse(dest, client, { kind: 'malformed', text });
    if (nodeId !== dest) return refuse(`body.node_id: the message is for ${dest}`);
    if (voters.length === 0) return refuse('body.node_ids: expected the founders of the cluster to join');
    this.#storage ??= this.#options.openStorage(nodeId);
    const fault = identityFault(this.#started?.member ?? this.#storage.recovered?.hardState, nodeId, voters);
    if (fault !== undefined) return refuse(`body.${fault}`);
    this.#started ??= this.#start(nodeId, voters, this.#storage, nowMs);
    return this.#started.member.confirm(client);
  }

  #start(nodeId: NodeId, voters: readonly NodeId[], storage: Storage, nowMs: number): Started {
    const { electionTimeoutMs, heartbeatMs, maxPending, snapshots, raft, service } = this.#options;
    const sizes = { maxAppendBytes: maxEntriesBytes, sizeBytesOf: entrySizeBytes };
    const seed = this.#options.seed + voters.indexOf(nodeId);
    const member: StdioMember = new Member({
      nodeId,
      voters,
      config: { ...defaultRaftConfig, electionTimeoutMs, heartbeatMs, ...sizes, ...raft },
      storage,
      stateMachine: service.createStateMachine(),
      service: service.name,
      snapshots,
      maxPending,
      seed,
      lifeSeed: this.#options.lifeSeed ?? seed,
      nowMs,
    });
    // Before `init` the node has sent refusals only, numbered from 0. They are never answered: only their count matters.
    const firstMessageId = Math.max(this.#earlyMessages, member.bootCount * messageIdsPerBoot);
    return { member, traffic: new PeerTraffic(nodeId, member, firstMessageId) };
  }

  /** @param self the node that the message was sent to */
  #refuse(self: string, client: Client, why: Refusal): void {
    if (this.#started !== undefined) return this.#started.member.refuse(client, why);
    const reply = refusal(why);
    this.#early.push(encodeLine(self, client.src, bodyOf(client, reply, this.#earlyMessages)));
    this.#earlyMessages += 1;
    return undefined;
  }

  // Output ------------------------------------------------------------------------------------------------------------

  #linesOf(started: Started, nowMs: number): readonly string[] {
    const { member, traffic } = started;
    traffic.expire(nowMs);
    if (this.#backlog.size === 0) for (const look of this.#looks.splice(0, maxLooksPerTurn)) show(member, look, nowMs);
    const { effects, faults } = member.turn(nowMs);
    for (const fault of faults) this.#log.add(fault);
    const said: Addressed[] = [];
    this.#backlog.say(effects, (effect) => {
      const message = encode(started, effect, nowMs);
      said.push(message);
      return message.body.length;
    });
    if (said.length > 1 && member.isLeader) said.push(...traffic.offers(recipientsOf(effects)));
    return traffic.lines(said);
  }
}

function show(member: StdioMember, { client, body }: Look, nowMs: number): void {
  if (body.type === 'raft_status') member.showStatus(client, nowMs);
  else member.showLog(client, nowMs, body.from, body.limit);
}

function encode({ member, traffic }: Started, effect: Effect<Client, Result>, nowMs: number): Addressed {
  if (effect.kind !== 'outcome') return traffic.encode(effect, nowMs);
  const { caller, outcome } = effect;
  const body = bodyOf(caller, replyTo(caller, outcome), traffic.takeMessageId());
  return { src: member.nodeId, dest: caller.src, body };
}

function bodyOf({ msgId }: Client, { type, fields }: ClientReply, ownId: number): string {
  return encodeOwnReply(msgId, ownId, type, fields);
}

/** The peers that receive messages in a turn, each as often as it does. */
function recipientsOf(effects: readonly Effect<Client, Result>[]): readonly NodeId[] {
  const recipients: NodeId[] = [];
  for (const effect of effects) if (effect.kind !== 'outcome') recipients.push(effect.to);
  return recipients;
}

import type { ReceivedClientRequest, ReceivedPeerRequest, ReplyBody, RequestBody } from './bodies.ts';
import { isPeerRequest } from './bodies.ts';
import { Callbacks } from './callbacks.ts';
import { commandOf } from './door.ts';
import { encodeReply, encodeRequest, entrySizeBytes } from './encode.ts';
import { errorCode } from './errors.ts';
import { maxEntriesBytes, maxLineBytes } from './limits.ts';
import { LineSplitter } from './lines.ts';
import type { Line } from './lines.ts';
import { parseMessage } from './message.ts';
import type {
  BatchMessage,
  RefusedMessage,
  ReplyMessage,
  RequestMessage,
  SingleMessage,
} from './message.ts';
import { encodeBatch, Packing } from './packing.ts';
import type { Addressed } from './packing.ts';
import type { Json } from '../services/json.ts';
import type { Result } from '../services/kv/store.ts';
import { defaultRaftConfig } from '../raft/config.ts';
import type { RaftConfig } from '../raft/config.ts';
import type { NodeId } from '../raft/messages.ts';
import { Random } from '../raft/random.ts';
import type { Outgoing } from '../raft/ready.ts';
import { identityFault, Replica } from '../member/replica.ts';
import { error, unavailable } from '../member/answers.ts';
import type { Client } from '../member/client.ts';
import { ClientRequests } from '../member/client-requests.ts';
import { fitting, handOverSizeBytes, SeenHandOvers } from '../member/hand-over.ts';
import { logOf, statusOf } from '../member/inspection.ts';
import type { SnapshotPolicy } from '../member/snapshots.ts';
import type { StateMachine } from '../services/state-machine.ts';
import type { Storage } from '../storage/storage.ts';

export interface NodeOptions {
  /** P of the design; equal on all nodes. */
  readonly electionTimeoutMs: number;
  readonly heartbeatMs: number;
  /** Client writes that may be pending at a time, and reads; past it the answer is 11, at once. */
  readonly maxPending: number;
  readonly snapshots: SnapshotPolicy;
  /** What else of the core is to differ from its defaults. */
  readonly raft?: Partial<RaftConfig>;
  /** Called once, when `init` says who this node is. What it throws is not caught here. */
  readonly openStorage: (nodeId: NodeId) => Storage;
  /** Empty: what the storage has is put into it. */
  readonly stateMachine: StateMachine<Json, Result>;
  readonly seed: number;
}

/** What a turn has to say: lines for stdout, without line breaks, and lines for the log. */
export interface NodeOutput {
  readonly lines: readonly string[];
  readonly log: readonly string[];
}

/** By which the core knows a request when its answer comes. */
interface SentRequest {
  readonly number: number;
  readonly term: number;
}

/** A message that leaves once the disk has the batch. */
interface WaitingMessage extends Addressed {
  readonly afterBatch: number;
}

/** What a node is once `init` has told it who it is. */
interface Member {
  readonly nodeId: NodeId;
  readonly voters: readonly NodeId[];
  readonly storage: Storage;
  readonly replica: Replica<Json, Result>;
  readonly requests: ClientRequests;
  readonly handOvers: SeenHandOvers;
}

type Inspection = Extract<ReceivedClientRequest, { type: 'raft_status' | 'raft_log' }>;

/** Message ids of one incarnation; the next starts above them. */
const messageIdsPerBoot = 2 ** 32;
/** Requests to peers that may await an answer; past it the oldest are forgotten, as if lost. */
const maxCallbacks = 65_536;
/** An answer that takes longer is as good as lost: Raft has sent again long before. */
const callbackLimitMs = 10_000;
/** Lines for the log in one turn; what is beyond is counted. */
const maxLogLines = 100;
const maxLogLineLength = 500;

/**
 * A Raft node that speaks the Maelstrom protocol: the message loop, which knows which message goes to whom. Bytes and
 * time come in as calls, lines go out as values. A turn is: take all bytes that are there, then call `turn` once.
 */
export class Node {
  readonly #options: NodeOptions;
  readonly #splitter = new LineSplitter(maxLineBytes);
  readonly #packing = new Packing();
  readonly #callbacks = new Callbacks<SentRequest>(maxCallbacks);
  #nextMessageId = 0;
  #storage: Storage | undefined;
  #member: Member | undefined;
  /** In the order in which they were decided. */
  #waiting: WaitingMessage[] = [];
  /** Who asked for a look inside in this turn; they see what the turn has brought. */
  #inspections: { readonly client: Client; readonly body: Inspection }[] = [];
  #log: string[] = [];
  #unloggedLines = 0;

  constructor(options: NodeOptions) {
    this.#options = options;
  }

  /** The node as it is inside, for who watches it; undefined before `init`. */
  get replica(): Pick<Replica<Json, Result>, 'bootCount' | 'status' | 'entries' | 'matchIndexes'> | undefined {
    return this.#member?.replica;
  }

  /** Bytes from stdin. The time is that of their being taken from there, or later. */
  receive(bytes: Buffer, nowMs: number): void {
    for (const line of this.#splitter.push(bytes)) this.#receiveLine(line, nowMs);
  }

  /** There will be no more bytes: a last line counts without its line break too. */
  endInput(nowMs: number): void {
    for (const line of this.#splitter.end()) this.#receiveLine(line, nowMs);
  }

  /** Ends a turn: lets time pass, persists, sends, applies, answers. */
  turn(nowMs: number): NodeOutput {
    this.#callbacks.expire(nowMs);
    if (this.#member !== undefined) this.#turnOf(this.#member, nowMs);
    const log = this.#unloggedLines > 0 ? [...this.#log, `and ${this.#unloggedLines} lines more`] : this.#log;
    this.#log = [];
    this.#unloggedLines = 0;
    return { lines: this.#takeLines(), log };
  }

  /** When the next turn is due if nothing arrives; a time that is not in the future means at once. */
  nextDeadlineMs(nowMs: number): number {
    if (this.#member === undefined) return Infinity;
    const { replica, requests } = this.#member;
    if (requests.hasWaiting && replica.status.leader !== null) return nowMs;
    return Math.min(replica.nextDeadlineMs(nowMs), requests.nextDeadlineMs());
  }

  // Input -------------------------------------------------------------------------------------------------------------

  #receiveLine(line: Line, nowMs: number): void {
    if (line.kind !== 'text') return this.#complain(`ignored a line of ${line.sizeBytes} bytes: ${line.kind}`);
    const message = parseMessage(line.text);
    if (message.kind === 'unanswerable') return this.#complain(`ignored a line: ${message.reason}: ${line.text}`);
    if (this.#member !== undefined && message.dest !== this.#member.nodeId) {
      return this.#complain(`ignored a message for ${message.dest}: ${line.text}`);
    }
    return message.kind === 'batch' ? this.#receiveBatch(message, nowMs) : this.#receiveMessage(message, nowMs);
  }

  #receiveBatch({ src, messages }: BatchMessage, nowMs: number): void {
    if (this.#isVoter(src)) this.#packing.hasSentBatch(src);
    for (const message of messages) this.#receiveMessage(message, nowMs);
  }

  /** What is remembered of peers is bounded by their number: anybody may call itself anything. */
  #isVoter(src: string): boolean {
    return this.#member?.voters.includes(src) ?? false;
  }

  #receiveMessage(message: SingleMessage, nowMs: number): void {
    switch (message.kind) {
      case 'request':
        return this.#receiveRequest(message, nowMs);
      case 'reply':
        return this.#receiveReply(message, nowMs);
      case 'refused':
        return this.#refuse(message);
      case 'unanswerable':
        return this.#complain(`ignored a message: ${message.reason}`);
    }
  }

  #receiveRequest(message: RequestMessage, nowMs: number): void {
    const { src, dest, body } = message;
    if (body.type === 'init') return this.#onInit(src, dest, body, nowMs);
    if (isPeerRequest(body)) return this.#receiveFromPeer(src, body, nowMs);
    const client = { src, msgId: body.msg_id };
    if (this.#member === undefined) return this.#answerFrom(dest, client, unavailable('not initialized yet'));
    return this.#receiveFromClient(this.#member, client, body, nowMs);
  }

  /** What was malformed is answered, before `init` too: nothing has to be known for that. */
  #refuse({ src, dest, inReplyTo, code, text }: RefusedMessage): void {
    this.#complain(`refused a message from ${src}: ${text}`);
    this.#answerFrom(dest, { src, msgId: inReplyTo }, error(code, text));
  }

  #onInit(src: string, dest: string, init: Extract<ReceivedClientRequest, { type: 'init' }>, nowMs: number): void {
    const { node_id: nodeId, node_ids: voters } = init;
    const client = { src, msgId: init.msg_id };
    const refuse = (text: string): void => this.#answerFrom(dest, client, error(errorCode.malformedRequest, text));
    if (nodeId !== dest) return refuse(`body.node_id: the message is for ${dest}`);
    this.#storage ??= this.#options.openStorage(nodeId);
    const fault = identityFault(this.#member ?? this.#storage.recovered?.hardState, nodeId, voters);
    if (fault !== undefined) return refuse(`body.${fault}`);
    this.#member ??= this.#join(nodeId, voters, this.#storage, nowMs);
    return this.#answerDurably(this.#member, client, { type: 'init_ok' });
  }

  #join(nodeId: NodeId, voters: readonly NodeId[], storage: Storage, nowMs: number): Member {
    const { electionTimeoutMs, heartbeatMs, maxPending, snapshots, raft, stateMachine, seed } = this.#options;
    const sizes = { maxAppendBytes: maxEntriesBytes, sizeBytesOf: entrySizeBytes };
    const config = { ...defaultRaftConfig, electionTimeoutMs, heartbeatMs, ...sizes, ...raft };
    const random = new Random(seed + voters.indexOf(nodeId));
    const replica = new Replica({ nodeId, voters, config, storage, stateMachine, snapshots, random, nowMs });
    const firstId = replica.bootCount * messageIdsPerBoot;
    // What was answered before is errors only, and nobody answers those.
    this.#nextMessageId = Math.max(this.#nextMessageId, firstId);
    const requests = new ClientRequests({ nodeId, firstId, leaderlessLimitMs: electionTimeoutMs, maxPending });
    return { nodeId, voters, storage, replica, requests, handOvers: new SeenHandOvers() };
  }

  #receiveFromPeer(src: NodeId, body: ReceivedPeerRequest, nowMs: number): void {
    if (this.#member === undefined) return this.#complain(`ignored ${body.type} from ${src} before init`);
    const { nodeId, voters, replica } = this.#member;
    const peer = { src, msgId: body.msg_id };
    if (src === nodeId || !voters.includes(src)) {
      this.#complain(`refused ${body.type} from ${src}, who is no peer`);
      return this.#answer(peer, error(errorCode.malformedRequest, `src: ${src} is not a peer of ${nodeId}`));
    }
    switch (body.type) {
      case 'propose':
        return this.#onHandOver(this.#member, peer, body);
      default:
        return replica.receiveRequest(src, body, body.msg_id, nowMs);
    }
  }

  /** Only the leader of exactly the named term takes a hand-over, and takes it once. Its entries are its reply. */
  #onHandOver(member: Member, peer: Client, body: Extract<RequestBody, { type: 'propose' }>): void {
    const { storage, replica, handOvers } = member;
    if (!handOvers.isFirst(peer.src, peer.msgId)) return;
    if (storage.isNearlyFull) return this.#answer(peer, unavailable(`hand-over refused: ${nearlyFull}`));
    const proposals = body.requests.map(({ id, command }) => ({ command, origin: { node: peer.src, id } }));
    const proposed = replica.propose(proposals, body.term);
    if (proposed.kind === 'refused') this.#answer(peer, unavailable(`hand-over refused: ${proposed.why}`));
  }

  #receiveReply({ src, body }: ReplyMessage, nowMs: number): void {
    const isNotUnderstood = body.type === 'error' && body.code === errorCode.notSupported;
    if (isNotUnderstood && this.#isVoter(src)) this.#packing.hasNotUnderstood(src);
    const sent = this.#callbacks.take(body.in_reply_to, src);
    if (sent === undefined || this.#member === undefined) return;
    switch (body.type) {
      case 'append_entries_ok':
      case 'request_vote_ok':
      case 'pre_vote_ok':
      case 'read_index_ok':
      case 'install_snapshot_ok':
        return this.#member.replica.receiveReply(src, body, sent.number, sent.term, nowMs);
      case 'error':
        return this.#complain(`${src} refused a message: ${body.code} ${body.text ?? ''}`);
      default:
        return this.#complain(`ignored ${body.type} from ${src}, which nobody asked for`);
    }
  }

  #receiveFromClient(
    member: Member,
    client: Client,
    body: Exclude<ReceivedClientRequest, { type: 'init' }>,
    nowMs: number,
  ): void {
    const { storage, replica, requests } = member;
    replica.bootstrap(nowMs);
    if (storage.isNearlyFull && isWrite(body)) return this.#answer(client, unavailable(nearlyFull));
    switch (body.type) {
      case 'read':
        return requests.read(client, body.key, nowMs);
      case 'write':
      case 'cas':
      case 'delete':
        return requests.write(client, body.type, commandOf(body), nowMs);
      case 'raft_append':
        return this.#onRaftAppend(member, client, body.entry);
      case 'raft_status':
      case 'raft_log':
        this.#inspections.push({ client, body });
    }
  }

  /** The raw door to the log: answered when the leader's disk has the entry, which says no more. */
  #onRaftAppend(member: Member, client: Client, entry: { readonly term?: number; readonly command: Json }): void {
    const { leader, term } = member.replica.status;
    if (leader !== member.nodeId) {
      return this.#answer(client, unavailable(leader === null ? 'no leader is known' : `the leader is ${leader}`));
    }
    if (entry.term !== undefined && entry.term !== term) {
      const text = `body.entry.term: the leader's term is ${term}, not ${entry.term}`;
      return this.#answer(client, error(errorCode.preconditionFailed, text));
    }
    const proposed = member.replica.propose([{ command: entry.command }]);
    if (proposed.kind === 'refused') return this.#answer(client, unavailable('too many entries are uncommitted'));
    return this.#answerDurably(member, client, { type: 'raft_append_ok', index: proposed.firstIndex });
  }

  // Output ------------------------------------------------------------------------------------------------------------

  #turnOf(member: Member, nowMs: number): void {
    const { replica, requests } = member;
    const givenUp = requests.tick(nowMs);
    if (givenUp.length > 0) replica.forgetReads(givenUp);
    this.#forward(member);
    const { messages, installedIndex, applied, reads, faults } = replica.turn(nowMs);
    for (const fault of faults) this.#complain(fault);
    for (const message of messages) this.#send(member, message, nowMs);
    if (messages.length > 1 && replica.status.role === 'leader') this.#offerBatches(member, messages);
    if (installedIndex !== undefined) requests.installed(installedIndex);
    for (const { entry, result } of applied) requests.applied(entry, result);
    for (const { id, result } of reads) requests.served(id, result);
    for (const { client, body } of requests.takeAnswers()) this.#answer(client, body);
    for (const { client, body } of this.#inspections.splice(0)) {
      this.#answer(client, body.type === 'raft_status' ? statusOf(replica) : logOf(replica, body.from, body.limit));
    }
  }

  /** What waits for a leader goes to it: proposed and asked here, or handed over in one message. */
  #forward({ nodeId, replica, requests }: Member): void {
    const { leader, term } = replica.status;
    if (leader === null || !requests.hasWaiting) return;
    for (const { id, key } of requests.readsToAsk()) replica.read(id, key);
    const writes = requests.waitingWrites();
    if (writes.length === 0) return;
    if (leader !== nodeId) {
      const batch = fitting(writes, maxEntriesBytes, handOverSizeBytes);
      const body: RequestBody = { type: 'propose', term, requests: batch.map(({ id, command }) => ({ id, command })) };
      this.#say(nodeId, leader, encodeRequest(this.#takeMessageId(), body), replica.batchOfHardState);
      return requests.proposed(batch, { term });
    }
    const proposed = replica.propose(writes.map(({ id, command }) => ({ command, origin: { node: nodeId, id } })));
    if (proposed.kind === 'refused') return requests.refused(writes, 'too many entries are uncommitted');
    return requests.proposed(writes, { term, index: proposed.firstIndex });
  }

  #send({ nodeId }: Member, outgoing: Outgoing, nowMs: number): void {
    if (outgoing.kind === 'request') {
      const { to, message, number, term } = outgoing;
      const msgId = this.#takeMessageId();
      this.#callbacks.add(msgId, to, { number, term }, nowMs + callbackLimitMs);
      this.#say(nodeId, to, encodeRequest(msgId, message));
    } else {
      const { to, ticket } = outgoing;
      this.#answer({ src: to, msgId: ticket }, outgoing.kind === 'reply' ? outgoing.message : refusalOf(outgoing));
    }
  }

  #offerBatches({ nodeId }: Member, messages: readonly Outgoing[]): void {
    for (const peer of this.#packing.peersToOffer(messages.map(({ to }) => to))) {
      this.#say(nodeId, peer, encodeBatch(this.#takeMessageId(), []));
    }
  }

  /** Answers now, as who this node is. */
  #answer(to: Client, body: ReplyBody): void {
    if (this.#member !== undefined) this.#answerFrom(this.#member.nodeId, to, body);
  }

  #answerFrom(self: string, { src, msgId }: Client, body: ReplyBody): void {
    this.#say(self, src, encodeReply(msgId, this.#takeMessageId(), body));
  }

  /** Answers once everything decided so far is on the disk. */
  #answerDurably({ nodeId, replica }: Member, { src, msgId }: Client, body: ReplyBody): void {
    this.#say(nodeId, src, encodeReply(msgId, this.#takeMessageId(), body), replica.batchOfEverything);
  }

  #say(src: string, dest: string, body: string, afterBatch: number = 0): void {
    this.#waiting.push({ src, dest, body, afterBatch });
  }

  /** What may be written now. Nothing leaves before the boot count, which makes message ids new, is on the disk. */
  #takeLines(): readonly string[] {
    const replica = this.#member?.replica;
    const mayLeave = (afterBatch: number): boolean => {
      return replica === undefined || replica.hasPersisted(Math.max(afterBatch, 1));
    };
    const leaving: Addressed[] = [];
    const waiting: WaitingMessage[] = [];
    for (const message of this.#waiting) (mayLeave(message.afterBatch) ? leaving : waiting).push(message);
    this.#waiting = waiting;
    return this.#packing.lines(leaving, () => this.#takeMessageId());
  }

  #takeMessageId(): number {
    this.#nextMessageId += 1;
    return this.#nextMessageId - 1;
  }

  #complain(text: string): void {
    if (this.#log.length < maxLogLines) this.#log.push(text.slice(0, maxLogLineLength));
    else this.#unloggedLines += 1;
  }
}

const nearlyFull = 'the disk is nearly full';

/** Whether it would add an entry to a log. */
function isWrite({ type }: ReceivedClientRequest): boolean {
  return type === 'write' || type === 'cas' || type === 'delete' || type === 'raft_append';
}

function refusalOf({ reason, text }: Extract<Outgoing, { kind: 'refusal' }>): ReplyBody {
  return reason === 'unavailable' ? unavailable(text) : error(errorCode.malformedRequest, text);
}

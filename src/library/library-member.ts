import { uptime } from 'node:os';
import { identityFault } from '../member/identity.ts';
import { Member } from '../member/member.ts';
import type { Outcome } from '../member/outcome.ts';
import type { MemberStatus } from '../member/status.ts';
import type { Effect } from '../member/turn.ts';
import { createClock } from '../process/clock.ts';
import type { openDisk } from '../process/open-disk.ts';
import { defaultRaftConfig } from '../raft/config.ts';
import { assert } from '../raft/assert.ts';
import type { Members, NodeId } from '../raft/messages.ts';
import { encodedBytes, jsonFault, pathText } from '../services/json.ts';
import type { Json } from '../services/json.ts';
import { maxCommandBytes } from '../services/state-machine.ts';
import type { DiskStorage } from '../storage/disk-storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { encodeReply, entrySizeBytes } from '../wire/encode.ts';
import { errorCode } from '../wire/errors.ts';
import { maxEntriesBytes } from '../wire/limits.ts';
import { parseMessage, unknownType } from '../wire/message.ts';
import type { SingleMessage } from '../wire/message.ts';
import type { Addressed } from '../wire/packing.ts';
import { PeerTraffic } from '../wire/peer-traffic.ts';
import { errorOf, InDoubtError, RefusedError } from './errors.ts';
import type { CreateMemberOptions, RunningMember } from './options.ts';
import { Turns } from '../process/turns.ts';

/** Who gets the result of a request. */
type Caller<Result> =
  | { readonly kind: 'call'; readonly resolve: (result: Result) => void; readonly reject: (error: Error) => void }
  /** An order to the cluster: its members, or who leads. */
  | { readonly kind: 'order'; readonly resolve: (leader: NodeId | undefined) => void; readonly reject: (error: Error) => void }
  /** Another member, which has sent a request that no member of this release understands. */
  | { readonly kind: 'peer'; readonly name: string; readonly msgId: number; readonly text: string };

type Call<Result> = Extract<Caller<Result>, { kind: 'call' }>;
type Waiting<Result> = Extract<Caller<Result>, { kind: 'call' | 'order' }>;

const defaultMaxPending = 16_384;
const defaultDiskReserveBytes = 64 * 1024 * 1024;

/** How many message ids one incarnation has. The next incarnation starts above them. */
const messageIdsPerBoot = 2 ** 32;

/** How often `close` checks whether the disk has finished. */
const closePollMs = 5;

/** A member at the library's edge. Each request is a promise. Timers make time pass. */
export class LibraryMember<Query extends Json, Result> implements RunningMember<Query, Result> {
  readonly #options: CreateMemberOptions<Query, Result>;
  readonly #nowMs: () => number;
  readonly #member: Member<Query, Result, Caller<Result>>;
  readonly #traffic: PeerTraffic;
  readonly #turns: Turns;
  #disk: DiskStorage | undefined;
  /** Of calls that have not been answered. */
  readonly #pending = new Set<Waiting<Result>>();
  #hasEnded = false;

  /** To be called by `createMember` only. */
  constructor(options: CreateMemberOptions<Query, Result>, open: typeof openDisk | undefined) {
    const { id, voters, stateMachine, transport, config, snapshots, maxPending = defaultMaxPending } = options;
    this.#options = options;
    this.#nowMs = createClock({
      monotonicMs: () => performance.now(),
      wallMs: () => Date.now(),
      uptimeMs: () => 1000 * uptime(),
    });
    this.#turns = new Turns({ nowMs: this.#nowMs, turn: (nowMs) => this.#turn(nowMs) });
    const storage = this.#openStorage(open);
    const lifeSeed = Math.floor(Math.random() * 2 ** 32);
    try {
      const fault = identityFault(storage.recovered?.hardState, id, voters);
      if (fault !== undefined) throw new Error(`${options.dataDirectory}: ${fault}`);
      this.#member = new Member({
        nodeId: id,
        voters,
        config: { ...defaultRaftConfig, maxAppendBytes: maxEntriesBytes, sizeBytesOf: entrySizeBytes, ...config },
        storage,
        stateMachine,
        ...(snapshots && { snapshots }),
        maxPending,
        seed: lifeSeed,
        lifeSeed,
        nowMs: this.#nowMs(),
      });
    } catch (error) {
      this.#disk?.close();
      throw error;
    }
    this.#traffic = new PeerTraffic(id, this.#member, this.#member.bootCount * messageIdsPerBoot);
    transport.onReceive((line) => this.#receive(line));
    this.#turns.plan();
  }

  propose(command: Json): Promise<Result> {
    const fault = faultOfCommand(command);
    if (fault !== undefined) return Promise.reject(new RefusedError({ kind: 'malformed', text: fault }));
    const own = copyOf(command);
    return this.#call((caller) => this.#member.write(caller, own, this.#nowMs()));
  }

  read(query: Query): Promise<Result> {
    return this.#call((caller) => this.#member.read(caller, query, this.#nowMs()));
  }

  async reconfigure({ voters, learners = [] }: Pick<Members, 'voters'> & Partial<Pick<Members, 'learners'>>): Promise<void> {
    const target = { voters: [...voters], learners: [...learners] };
    await this.#order((caller) => this.#member.reconfigure(caller, target, this.#nowMs()));
  }

  async transfer(to?: NodeId): Promise<NodeId> {
    const leader = await this.#order((caller) => this.#member.transfer(caller, to, this.#nowMs()));
    assert(leader !== undefined, 'a transfer ends with a leader');
    return leader;
  }

  get status(): MemberStatus {
    return this.#member.status;
  }

  async close(): Promise<void> {
    if (this.#hasEnded) return;
    this.#end('the member has been closed');
    while (this.#disk?.isWriting) await new Promise((resolve) => setTimeout(resolve, closePollMs));
    this.#disk?.close();
  }

  #openStorage(open: typeof openDisk | undefined): Storage {
    const { id, dataDirectory, diskReserveBytes: reserveBytes = defaultDiskReserveBytes } = this.#options;
    if (dataDirectory === undefined || open === undefined) return new MemoryStorage();
    const onProgress = (): void => this.#turns.plan();
    const onFailure = (error: Error): void => this.#fail(error);
    this.#disk = open(dataDirectory, id, { reserveBytes, onProgress, onFailure });
    for (const note of this.#disk.notes) this.#options.log?.(note);
    return this.#disk;
  }

  #call(ask: (caller: Call<Result>) => void): Promise<Result> {
    if (this.#hasEnded) return Promise.reject(new RefusedError({ kind: 'not-started' }));
    return new Promise((resolve, reject) => {
      const caller: Call<Result> = { kind: 'call', resolve, reject };
      this.#pending.add(caller);
      ask(caller);
      this.#turns.plan();
    });
  }

  #order(ask: (caller: Waiting<Result>) => void): Promise<NodeId | undefined> {
    if (this.#hasEnded) return Promise.reject(new RefusedError({ kind: 'not-started' }));
    return new Promise((resolve, reject) => {
      const caller: Waiting<Result> = { kind: 'order', resolve, reject };
      this.#pending.add(caller);
      ask(caller);
      this.#turns.plan();
    });
  }

  // Messages ----------------------------------------------------------------------------------------------------------

  #receive(line: string): void {
    if (this.#hasEnded) return;
    const message = parseMessage(line);
    if (message.kind === 'unanswerable') return this.#options.log?.(`ignored a line: ${message.reason}`);
    if (message.dest !== this.#options.id) return this.#options.log?.(`ignored a message for ${message.dest}`);
    this.#turns.plan();
    if (message.kind !== 'batch') return this.#receiveMessage(message);
    this.#traffic.hasSentBatch(message);
    for (const single of message.messages) this.#receiveMessage(single);
    return undefined;
  }

  #receiveMessage(message: SingleMessage): void {
    switch (message.kind) {
      case 'request':
        return this.#traffic.receiveRequest(message, this.#nowMs());
      case 'reply': {
        const complaint = this.#traffic.receiveReply(message, this.#nowMs());
        if (complaint !== undefined) this.#options.log?.(complaint);
        return undefined;
      }
      case 'unread':
        return this.#refuse(message.src, message.msgId, 'unknown-operation', unknownType(message.type));
      case 'refused':
        return this.#refuse(message.src, message.inReplyTo, 'malformed', message.text);
      case 'unanswerable':
        return this.#options.log?.(`ignored a message: ${message.reason}`);
    }
  }

  #refuse(name: string, msgId: number, kind: 'unknown-operation' | 'malformed', text: string): void {
    this.#options.log?.(`refused a message from ${name}: ${text}`);
    this.#member.refuse({ kind: 'peer', name, msgId, text }, { kind, text });
  }

  // Turns -------------------------------------------------------------------------------------------------------------

  /** Takes a turn, and returns when the next one is due. */
  #turn(nowMs: number): number {
    try {
      this.#traffic.expire(nowMs);
      const { effects, faults } = this.#member.turn(nowMs);
      for (const fault of faults) this.#options.log?.(fault);
      this.#send(effects, nowMs);
      for (const effect of effects) if (effect.kind === 'outcome') this.#tell(effect.caller, effect.outcome);
      return this.#member.nextDeadlineMs(nowMs);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      return Infinity;
    }
  }

  /** Sends messages: in one line for a receiver that takes several in one, and otherwise in a line each. */
  #send(effects: readonly Effect<Caller<Result>, Result>[], nowMs: number): void {
    const said = new Map<NodeId, Addressed[]>();
    const say = (message: Addressed): void => {
      const before = said.get(message.dest);
      if (before === undefined) said.set(message.dest, [message]);
      else before.push(message);
    };
    for (const effect of effects) {
      if (effect.kind !== 'outcome') say(this.#traffic.encode(effect, nowMs));
      else if (effect.caller.kind === 'peer') say(this.#refusalOf(effect.caller, effect.outcome));
    }
    const recipients = effects.flatMap((effect) => (effect.kind === 'outcome' ? [] : [effect.to]));
    if (this.#member.status.role === 'leader') for (const offer of this.#traffic.offers(recipients)) say(offer);
    for (const [to, messages] of said) {
      for (const line of this.#traffic.lines(messages)) this.#options.transport.send(to, line);
    }
  }

  #refusalOf({ name, msgId, text }: Extract<Caller<Result>, { kind: 'peer' }>, outcome: Outcome<Result>): Addressed {
    const isUnknown = outcome.kind === 'refused' && outcome.why.kind === 'unknown-operation';
    const code = isUnknown ? errorCode.notSupported : errorCode.malformedRequest;
    const body = encodeReply(msgId, this.#traffic.takeMessageId(), { type: 'error', code, text });
    return { src: this.#options.id, dest: name, body };
  }

  #tell(caller: Caller<Result>, outcome: Outcome<Result>): void {
    if (caller.kind === 'peer') return;
    this.#pending.delete(caller);
    if (caller.kind === 'call' && outcome.kind === 'done') caller.resolve(outcome.result);
    else if (caller.kind === 'order' && outcome.kind === 'reconfigured') caller.resolve(undefined);
    else if (caller.kind === 'order' && outcome.kind === 'transferred') caller.resolve(outcome.leader);
    else if (outcome.kind !== 'done') caller.reject(errorOf(outcome));
  }

  #fail(error: Error): void {
    if (this.#hasEnded) return;
    this.#end(`the member has stopped: ${error.message}`);
    this.#options.onFailure(error);
  }

  #end(why: string): void {
    this.#hasEnded = true;
    this.#turns.end();
    for (const { reject } of this.#pending) reject(new InDoubtError(why));
    this.#pending.clear();
  }
}

/**
 * The command as the other members will read it. Its caller may change it later, or it may be no plain JSON, such as a
 * date. Without a copy it would be carried out here in another form than there.
 */
function copyOf(command: Json): Json {
  return typeof command === 'object' ? JSON.parse(JSON.stringify(command)) : command;
}

/** Why a command is refused, as a clause. Undefined if it is taken. */
function faultOfCommand(command: Json): string | undefined {
  if (command === null) return 'command: null is the no-op of a new leader';
  const fault = jsonFault(command);
  if (fault !== undefined) return `${pathText(['command', ...fault.path])}: ${fault.reason}`;
  return encodedBytes(command) > maxCommandBytes
    ? `command: longer than ${maxCommandBytes} bytes`
    : undefined;
}

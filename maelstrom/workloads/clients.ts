import type { Random } from '../../src/index.ts';
import type { Cluster, Message } from '../cluster/cluster.ts';
import type { OperationEvent } from '../history/history.ts';
import type { Unstamped } from '../history/recorder.ts';
import type { Ask, BadReply, ClientSide, Generator, Invocation, Outcome, Workload } from './workload.ts';

export interface ClientsOptions {
  readonly concurrency: number;
  /** Operations a second that all threads together begin, on average. */
  readonly ratePerSecond: number;
  readonly random: Random;
}

/** What a thread did or came to know, before the history gives it its index and time. */
export type ClientEvent = Unstamped<OperationEvent>;

/** One worker. It has at most one operation in flight. */
interface Thread {
  readonly index: number;
  readonly nodeId: string;
  /** Its process in the history. After an `info` it continues as a new process: that operation may still be running. */
  process: number;
  /** Of the process; undefined where clients of the workload remember nothing. */
  client: ClientSide | undefined;
  pending: Pending | undefined;
}

interface Pending {
  readonly invocation: Invocation;
  /** Of the latest request; 0 before there was one. */
  messageId: number;
  cancelTimeout: () => void;
}

/** How long the last questions may take, where the generator has more than one: as under Maelstrom. */
const maxLastMs = 10_000;
/** What a client waits between two of them: polls that follow each other at once would keep nodes from catching up. */
const lastPauseMs = 50;

/**
 * The threads that ask. Each is bound to one node, and free threads begin operations at random moments, `rate` a second
 * on average. An operation that has no answer in time is given up, by Jepsen's rules: the outcome of a read is then
 * `fail`, that of anything else `info`, and after an `info` the thread goes on as a new process, with a new client name
 * (so that a late answer finds nobody).
 */
export class Clients {
  readonly #cluster: Cluster;
  readonly #workload: Workload;
  readonly #generator: Generator;
  readonly #record: (event: ClientEvent) => void;
  readonly #onBadReply: (nodeId: string, what: string, reply: Message) => void;
  readonly #options: ClientsOptions;
  readonly #timeoutMs: number;
  readonly #threads: readonly Thread[];
  readonly #byClientId = new Map<string, Thread>();
  /** Threads without an operation in flight, in no order that means anything. */
  readonly #free: Thread[];
  #nextMessageId = 1;
  /** When the next operation is to begin; it begins later if no thread is free then. */
  #dueAtMs = 0;
  #isWaitingForThread = false;
  #cancelTick: () => void = () => {};
  #onIdle: (() => void) | undefined;
  /** Until when the last questions may begin; undefined before it is their turn. */
  #lastUntilMs: number | undefined;

  constructor(
    cluster: Cluster,
    workload: Workload,
    options: ClientsOptions,
    record: (event: ClientEvent) => void,
    onBadReply: (nodeId: string, what: string, reply: Message) => void,
  ) {
    this.#cluster = cluster;
    this.#workload = workload;
    this.#options = options;
    this.#record = record;
    this.#onBadReply = onBadReply;
    this.#timeoutMs = workload.timeoutMs(cluster.network.latency.meanMs);
    const { nodeIds } = cluster;
    this.#generator = workload.generator({ ...options, nodeCount: nodeIds.length });
    this.#threads = Array.from({ length: options.concurrency }, (_, index) => {
      const nodeId = nodeIds[index % nodeIds.length];
      if (nodeId === undefined) throw new Error('a cluster needs a node');
      return { index, nodeId, process: index, client: workload.newClient?.(), pending: undefined };
    });
    for (const thread of this.#threads) this.#byClientId.set(clientId(thread.process), thread);
    this.#free = [...this.#threads];
  }

  /** Operations in flight now. */
  get pendingCount(): number {
    return this.#threads.length - this.#free.length;
  }

  start(): void {
    this.#dueAtMs = this.#cluster.nowMs() + this.#pauseMs();
    this.#tick();
  }

  /** Begins nothing any more, and calls `onIdle` as soon as nothing is in flight: after one time-out at the latest. */
  stop(onIdle: () => void): void {
    this.#cancelTick();
    this.#onIdle = onIdle;
    if (this.pendingCount === 0) onIdle();
  }

  /** Lets every thread ask what the workload wants to know at the end, and calls `onIdle` when all have their answer. */
  askLast(onIdle: () => void): void {
    const { last } = this.#workload;
    this.#onIdle = onIdle;
    if (last === undefined || this.#threads.length === 0) {
      onIdle();
      return;
    }
    this.#free.length = 0;
    this.#lastUntilMs = this.#cluster.nowMs() + maxLastMs;
    for (const thread of this.#threads) {
      if (last === 'generated') this.#askNextLast(thread);
      else this.#begin(thread, last);
    }
  }

  /** Goes on with what the generator asks last. */
  #askNextLast(thread: Thread): void {
    const isOver = this.#cluster.nowMs() >= (this.#lastUntilMs ?? Infinity);
    const next = isOver ? undefined : this.#generator.last?.(thread.index, thread.process);
    if (next === undefined) this.#release(thread);
    else this.#begin(thread, next);
  }

  /** Begins what is due. When every thread is busy it leaves off; the next one to be free goes on. */
  #tick(): void {
    while (this.#dueAtMs <= this.#cluster.nowMs()) {
      const thread = this.#takeFree();
      this.#isWaitingForThread = thread === undefined;
      if (thread === undefined) return;
      this.#invoke(thread);
      this.#dueAtMs += this.#pauseMs();
    }
    this.#cancelTick = this.#cluster.after(this.#dueAtMs - this.#cluster.nowMs(), () => this.#tick());
  }

  /** As Jepsen's `stagger`: anything from nothing to twice the mean. */
  #pauseMs(): number {
    return (2 * 1000 * this.#options.random.fraction()) / this.#options.ratePerSecond;
  }

  #takeFree(): Thread | undefined {
    if (this.#free.length === 0) return undefined;
    const place = this.#options.random.integer(this.#free.length);
    const thread = this.#free[place];
    const last = this.#free.pop();
    if (last !== undefined && last !== thread) this.#free[place] = last;
    return thread;
  }

  #invoke(thread: Thread): void {
    this.#begin(thread, this.#generator.next(thread.index, thread.process));
  }

  #begin(thread: Thread, invocation: Invocation): void {
    const step = thread.client?.begin(invocation) ?? { type: 'ask' as const, body: this.#workload.request(invocation) };
    thread.pending = { invocation, messageId: 0, cancelTimeout: () => {} };
    this.#record({ process: thread.process, type: 'invoke', ...invocation });
    if (step.type === 'ask') this.#ask(thread, thread.pending, step);
    else this.#complete(thread, step);
  }

  /** Makes a request of an operation. Each has as much time as any other. */
  #ask(thread: Thread, pending: Pending, { body: { type, ...fields } }: Ask): void {
    pending.messageId = this.#nextMessageId;
    this.#nextMessageId += 1;
    pending.cancelTimeout = this.#cluster.after(this.#timeoutMs, () => {
      this.#complete(thread, this.#workload.unanswered(pending.invocation, 'timeout'));
    });
    this.#cluster.send({
      src: clientId(thread.process),
      dest: thread.nodeId,
      body: { type, msg_id: pending.messageId, ...fields },
    });
  }

  /** Takes an answer. It counts once, and only where it was asked for; late and repeated ones are ignored. */
  receive(message: Message): void {
    const thread = this.#byClientId.get(message.dest);
    const pending = thread?.pending;
    if (thread === undefined || pending === undefined || pending.messageId !== message.body.in_reply_to) return;
    const step = this.#understand(thread, pending.invocation, message);
    switch (step.type) {
      case 'ask':
        pending.cancelTimeout();
        this.#ask(thread, pending, step);
        return;
      case 'bad-reply':
        this.#onBadReply(message.src, step.what, message);
        this.#complete(thread, this.#workload.unanswered(pending.invocation, 'malformed-reply'));
        return;
      default:
        this.#complete(thread, step);
    }
  }

  #understand({ client }: Thread, invocation: Invocation, { body }: Message): Ask | Outcome | BadReply {
    return client === undefined ? this.#workload.outcome(invocation, body) : client.receive(invocation, body);
  }

  #complete(thread: Thread, outcome: Outcome): void {
    const { pending, process } = thread;
    if (pending === undefined) throw new Error(`thread ${thread.index} has nothing to complete`);
    pending.cancelTimeout();
    thread.pending = undefined;
    this.#record(completion(process, pending.invocation, outcome));
    this.#generator.completed?.(thread.index, outcome);
    if (outcome.type === 'info') this.#becomeNewProcess(thread);
    if (this.#lastUntilMs !== undefined && this.#workload.last === 'generated') {
      this.#cluster.after(lastPauseMs, () => this.#askNextLast(thread));
      return;
    }
    this.#release(thread);
  }

  #release(thread: Thread): void {
    this.#free.push(thread);
    this.#continue();
  }

  #becomeNewProcess(thread: Thread): void {
    this.#byClientId.delete(clientId(thread.process));
    thread.process += this.#options.concurrency;
    this.#byClientId.set(clientId(thread.process), thread);
    thread.client = this.#workload.newClient?.();
  }

  #continue(): void {
    if (this.#onIdle !== undefined) {
      if (this.pendingCount === 0) this.#onIdle();
      return;
    }
    if (!this.#isWaitingForThread) return;
    // What should have begun while all were busy is not made up for: a burst would be a different load.
    this.#dueAtMs = this.#cluster.nowMs();
    this.#tick();
  }
}

/** `c0` is the observer's. */
function clientId(process: number): string {
  return `c${process + 1}`;
}

function completion(process: number, invocation: Invocation, outcome: Outcome): ClientEvent {
  return { process, ...invocation, ...outcome };
}

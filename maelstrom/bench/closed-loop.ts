import type { Operations } from './operations.ts';
import { Tally } from './tally.ts';

/** An operation without an answer is given up after this. */
export const answerLimitMs = 10_000;
/** Who is told an error asks again after this. */
const restMs = 10;
const keyDoesNotExist = 20;

export interface ClosedLoopOptions {
  readonly clientCount: number;
  /** The number in the name of the first client; names below it have been others'. */
  readonly firstClient: number;
  readonly nodeIds: readonly string[];
  readonly operations: Pick<Operations, 'next'>;
  /** Sends a line, its line feed included, to the node at a place. */
  readonly ask: (node: number, line: string) => void;
  /** A node did what no node may do; `what` is a clause that follows its name. */
  readonly onFault: (node: number, what: string) => void;
}

/** Whom a client asks, and how its requests begin, up to the number. */
interface Stop {
  readonly node: number;
  readonly begins: Readonly<Record<'read' | 'write', string>>;
}

interface Client {
  readonly stops: readonly Stop[];
  /** Its latest request has this number; the first has 1. */
  messageId: number;
  node: number;
  type: 'read' | 'write';
  askedAtMs: number;
  /** False from its error to its next request. */
  isWaiting: boolean;
  hasGivenUp: boolean;
}

/**
 * Clients that each ask, wait for the answer and ask again at once. They are spread over the nodes and stay with theirs;
 * where there are fewer clients than nodes, each goes round the nodes instead, so that it does not matter who leads.
 * Every answer is checked: that it is for the latest request of its client, from the node that was asked, and what it
 * says. Time comes in by `nowMs`, once for many answers.
 */
export class ClosedLoop {
  nowMs = 0;
  readonly #options: ClosedLoopOptions;
  readonly #clients: readonly Client[];
  #tally: Tally;
  #isStopped = false;
  #resting: { readonly client: number; readonly untilMs: number }[] = [];

  constructor(options: ClosedLoopOptions) {
    this.#options = options;
    this.#tally = new Tally(options.nodeIds.length);
    const { clientCount, firstClient, nodeIds } = options;
    this.#clients = Array.from({ length: clientCount }, (_, place) => {
      const nodes = clientCount >= nodeIds.length ? [place % nodeIds.length] : [...nodeIds.keys()];
      const stops = nodes.map((node) => ({ node, begins: requestsBegin(`c${firstClient + place}`, nodeIds[node] ?? '') }));
      const asked = { messageId: 0, node: -1, askedAtMs: 0, isWaiting: false, hasGivenUp: false };
      return { stops, type: 'read', ...asked };
    });
  }

  /** What came of the operations that ended since the tally was started. */
  get tally(): Tally {
    return this.#tally;
  }

  /** Forgets what there was, and counts from now on. */
  startTally(): void {
    this.#tally = new Tally(this.#options.nodeIds.length);
  }

  /** Everybody asks for the first time. */
  start(nowMs: number): void {
    this.nowMs = nowMs;
    for (const client of this.#clients) this.#askNext(client);
  }

  /** Clients send no further requests. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Whether no client waits for an answer. */
  get isIdle(): boolean {
    return this.#clients.every(({ isWaiting }) => !isWaiting);
  }

  /** A node says that an operation succeeded. */
  succeeded(node: number, number: number, answer: 'read_ok' | 'write_ok', inReplyTo: number): void {
    const client = this.#answered(node, number, inReplyTo);
    if (client === undefined) return;
    if (answer !== (client.type === 'read' ? 'read_ok' : 'write_ok')) {
      this.#options.onFault(node, `answered a ${client.type} with ${answer}`);
      return;
    }
    this.#tally.addSuccess(node, client.type, this.nowMs - client.askedAtMs);
    this.#askNext(client);
  }

  /** A node says anything else. That a key is not there is a good answer to a read. */
  answeredOtherwise(node: number, number: number, body: Readonly<Record<string, unknown>>): void {
    const { type, code, in_reply_to: inReplyTo } = body;
    if (typeof inReplyTo !== 'number') return this.#options.onFault(node, 'sent a client what answers no request');
    if (type === 'read_ok' || type === 'write_ok') return this.succeeded(node, number, type, inReplyTo);
    const client = this.#answered(node, number, inReplyTo);
    if (client === undefined) return undefined;
    if (type !== 'error' || typeof code !== 'number') {
      return this.#options.onFault(node, `answered a ${client.type} with ${JSON.stringify(body).slice(0, 200)}`);
    }
    if (code === keyDoesNotExist && client.type === 'read') {
      this.#tally.notFound += 1;
      this.#tally.addSuccess(node, 'read', this.nowMs - client.askedAtMs);
      return this.#askNext(client);
    }
    this.#tally.addError(code);
    client.isWaiting = false;
    this.#resting.push({ client: number, untilMs: this.nowMs + restMs });
    return undefined;
  }

  /** Lets time pass: who has rested asks again, and who has waited for too long gives up and does so too. */
  tick(nowMs: number): void {
    this.nowMs = nowMs;
    const rested = this.#resting.filter(({ untilMs }) => untilMs <= nowMs);
    this.#resting = this.#resting.filter(({ untilMs }) => untilMs > nowMs);
    for (const { client } of rested) this.#askNext(this.#client(client));
    for (const client of this.#clients) {
      if (!client.isWaiting || client.askedAtMs + answerLimitMs > nowMs) continue;
      client.hasGivenUp = true;
      this.#tally.timeouts += 1;
      this.#askNext(client);
    }
  }

  #client(number: number): Client | undefined {
    return this.#clients[number - this.#options.firstClient];
  }

  /** Who is answered; undefined where the answer is late, or nobody's, which is a fault. */
  #answered(node: number, number: number, inReplyTo: number): Client | undefined {
    const client = this.#client(number);
    if (client !== undefined && client.isWaiting && client.messageId === inReplyTo && client.node === node) return client;
    if (number < this.#options.firstClient) return undefined; // Those have gone: it comes late.
    if (client === undefined || !client.hasGivenUp || inReplyTo > client.messageId) {
      this.#options.onFault(node, `answered request ${inReplyTo} of c${number}, which does not await that`);
    }
    return undefined;
  }

  #askNext(client: Client | undefined): void {
    const stop = client?.stops[client.messageId % client.stops.length];
    if (client === undefined || stop === undefined) throw new Error('every client has a node to ask');
    client.isWaiting = !this.#isStopped;
    if (this.#isStopped) return;
    const { type, rest } = this.#options.operations.next();
    client.messageId += 1;
    client.node = stop.node;
    client.type = type;
    client.askedAtMs = this.nowMs;
    this.#options.ask(stop.node, stop.begins[type] + client.messageId + rest);
  }
}

function requestsBegin(src: string, dest: string): Stop['begins'] {
  const begin = (type: string): string => `{"src":"${src}","dest":"${dest}","body":{"type":"${type}","msg_id":`;
  return { read: begin('read'), write: begin('write') };
}

import type { Clients } from '../../maelstrom/bench/bench-cluster.ts';
import { Histogram } from '../../maelstrom/bench/histogram.ts';
import type { LoadedCluster } from './load.ts';

const tickMs = 1;
const clientCount = 1024;

export interface PacedPlan {
  readonly operationsPerSecond: number;
  /** The first so many nodes are asked, in turn. */
  readonly askedNodes: number;
  readonly keyCount: number;
}

type Body = Readonly<Record<string, unknown>>;

/**
 * Clients that ask at a steady pace, whether they have been answered or not: half reads, half writes. A latency counts
 * from when the operation was due, so that who is held up cannot hide it by asking less.
 */
export class PacedLoad implements Clients {
  nowMs = 0;
  latencies = new Histogram();
  failed = 0;
  readonly #cluster: LoadedCluster;
  readonly #plan: PacedPlan;
  readonly #firstClient: number;
  readonly #observer: number;
  readonly #free: number[];
  /** When the operation was due that a client waits for. */
  readonly #asked = new Map<number, number>();
  readonly #statuses = new Map<number, (body: Body) => void>();
  readonly #startedAtMs = performance.now();
  readonly #ticking: NodeJS.Timeout;
  #due = 0;
  #messageId = 0;

  constructor(cluster: LoadedCluster, plan: PacedPlan) {
    this.#cluster = cluster;
    this.#plan = plan;
    this.#firstClient = cluster.takeClientNumbers(clientCount + 1);
    this.#observer = this.#firstClient + clientCount;
    this.#free = Array.from({ length: clientCount }, (_, place) => this.#firstClient + place);
    cluster.nodes.serve(this);
    this.#ticking = setInterval(() => this.#tick(performance.now()), tickMs);
  }

  /** Counts from now on. */
  startTally(): void {
    this.latencies = new Histogram();
    this.failed = 0;
  }

  /** What a node says of itself. */
  status(node: number): Promise<Body> {
    this.#messageId += 1;
    const messageId = this.#messageId;
    this.#send(node, this.#observer, messageId, '"type":"raft_status"');
    return new Promise((settle) => this.#statuses.set(messageId, settle));
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticking);
    while (this.#asked.size > 0) await new Promise((settle) => setTimeout(settle, tickMs));
  }

  succeeded(_node: number, client: number): void {
    const dueAtMs = this.#asked.get(client);
    if (dueAtMs === undefined) return;
    this.#asked.delete(client);
    this.#free.push(client);
    this.latencies.add(this.nowMs - dueAtMs);
  }

  answeredOtherwise(node: number, client: number, body: Body): void {
    if (client === this.#observer) {
      const messageId = Number(body['in_reply_to']);
      this.#statuses.get(messageId)?.(body);
      this.#statuses.delete(messageId);
      return;
    }
    // A key that is not there is a good answer to a read.
    const isGood = body['code'] === 20 || body['type'] === 'read_ok' || body['type'] === 'write_ok';
    if (!isGood) this.failed += 1;
    this.succeeded(node, client);
  }

  #tick(nowMs: number): void {
    const { askedNodes, keyCount } = this.#plan;
    for (; this.#dueAtMs <= nowMs; this.#due += 1) {
      const client = this.#free.pop();
      if (client === undefined) return; // It stays due.
      const type = this.#due % 2 === 0 ? 'write' : 'read';
      this.#asked.set(client, this.#dueAtMs);
      this.#messageId += 1;
      const key = (this.#due * 7919) % keyCount;
      const value = type === 'write' ? ',"value":"abcdefgh"' : '';
      const node = (this.#due >> 1) % askedNodes;
      this.#send(node, client, this.#messageId, `"type":"${type}"`, `,"key":${key}${value}`);
    }
  }

  get #dueAtMs(): number {
    return this.#startedAtMs + (1000 * this.#due) / this.#plan.operationsPerSecond;
  }

  #send(node: number, client: number, messageId: number, type: string, rest = ''): void {
    const dest = this.#cluster.nodeIds[node];
    this.#cluster.nodes.ask(node, `{"src":"c${client}","dest":"${dest}","body":{${type},"msg_id":${messageId}${rest}}}\n`);
  }
}

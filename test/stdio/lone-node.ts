import { kv } from '../../src/services/kv/service.ts';
import { Node } from '../../src/stdio/node.ts';
import { MemoryStorage } from '../../src/storage/memory-storage.ts';
import { defaultSnapshotPolicy } from '../../src/member/snapshots.ts';
import type { SnapshotPolicy } from '../../src/member/snapshots.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { PeerReplyBody } from '../../src/wire/peer-bodies.ts';
import type { RequestBody } from '../requests.ts';
import { parsedLines } from '../messages.ts';
import type { Envelope } from '../messages.ts';

export interface LoneNodeOptions {
  readonly nodeId?: string;
  readonly nodeIds?: readonly string[];
  readonly maxPending?: number;
  readonly snapshots?: SnapshotPolicy;
  readonly storage?: Storage;
}

/** P of the nodes here. */
export const electionTimeoutMs = 500;
export const heartbeatMs = 150;

/**
 * One node, its clock in the test's hand; who its peers are and what they say is made up by the test. What it writes
 * gathers until it is taken.
 */
export class LoneNode {
  readonly nodeId: string;
  readonly node: Node;
  readonly log: string[] = [];
  #nowMs = 0;
  #nextMessageId = 100;
  #written: Envelope[] = [];

  constructor({ nodeId = 'n1', nodeIds = ['n1', 'n2', 'n3'], maxPending = 1000, snapshots, storage }: LoneNodeOptions = {}) {
    this.nodeId = nodeId;
    this.node = new Node({
      electionTimeoutMs,
      heartbeatMs,
      maxPending,
      snapshots: snapshots ?? defaultSnapshotPolicy,
      openStorage: () => storage ?? new MemoryStorage(),
      service: kv,
      seed: 1,
    });
    this.send('c0', { type: 'init', node_id: nodeId, node_ids: nodeIds });
  }

  /** A request arrives, and waits for the next turn. Returns its message id. */
  receive(src: string, body: RequestBody, msgId: number = this.#nextMessageId): number {
    this.#nextMessageId = Math.max(this.#nextMessageId, msgId) + 1;
    this.receiveBody(src, { ...body, msg_id: msgId });
    return msgId;
  }

  /** A request arrives, and a turn is taken. Returns its message id. */
  send(src: string, body: RequestBody, msgId?: number): number {
    const sentAs = this.receive(src, body, msgId);
    this.turn();
    return sentAs;
  }

  /** A peer answers the node's message `inReplyTo`, and a turn is taken. */
  reply(src: string, inReplyTo: number, body: PeerReplyBody): void {
    this.receiveBody(src, { ...body, in_reply_to: inReplyTo });
    this.turn();
  }

  receiveBody(src: string, body: object): void {
    this.node.receive(Buffer.from(`${JSON.stringify({ src, dest: this.nodeId, body })}\n`), this.#nowMs);
  }

  turn(): void {
    const { lines, log } = this.node.turn(this.#nowMs);
    this.#written.push(...parsedLines(lines.map((line) => `${line}\n`).join('')));
    this.log.push(...log);
  }

  /** Time passes in small steps, with all the turns that the node asks for, until `durationMs` have gone by. */
  runFor(durationMs: number): void {
    const untilMs = this.#nowMs + durationMs;
    while (this.#nowMs < untilMs) {
      this.#nowMs = Math.min(untilMs, this.#nowMs + 10);
      if (this.node.nextDeadlineMs(this.#nowMs) <= this.#nowMs) this.turn();
    }
  }

  /** What it has written since it was last asked. */
  take(): readonly Envelope[] {
    const written = this.#written;
    this.#written = [];
    return written;
  }

  /** Of that, what goes to one receiver, without message ids of its own. The rest is dropped. */
  takeFor(dest: string): readonly object[] {
    return this.take().flatMap((message) => {
      const { msg_id: _, ...body } = message.body;
      return message.dest === dest ? [body] : [];
    });
  }

  /** The messages of one type that it sent to a peer, with their ids. The rest is dropped. */
  takeSent(dest: string, type: string): readonly { readonly msgId: number; readonly body: Envelope['body'] }[] {
    return this.take().flatMap(({ dest: to, body }) => {
      const { msg_id: msgId, in_reply_to: inReplyTo } = body;
      const isSent = to === dest && body['type'] === type && inReplyTo === undefined && typeof msgId === 'number';
      return isSent ? [{ msgId, body }] : [];
    });
  }
}

/** A heartbeat, or entries after `prev`. */
export function appendEntries(
  leader: string,
  term: number,
  { prev = [0, 0], entries = [], commit = 0 }: {
    readonly prev?: readonly [index: number, term: number];
    readonly entries?: readonly { readonly term: number; readonly index: number; readonly command: unknown }[];
    readonly commit?: number;
  } = {},
): RequestBody {
  const [prev_log_index, prev_log_term] = prev;
  const place = { leader_id: leader, prev_log_index, prev_log_term };
  return { type: 'append_entries', term, ...place, entries, leader_commit: commit };
}

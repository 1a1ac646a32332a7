import type { PeerMessage, PeerReply, PeerRequest, Refused, Sent } from '../member/messages.ts';
import type { NodeId } from '../raft/messages.ts';
import { Callbacks } from './callbacks.ts';
import { encodeReply, encodeRequest } from './encode.ts';
import { errorCode } from './errors.ts';
import type { BatchMessage, PeerReplyMessage, PeerRequestMessage } from './message.ts';
import { encodeBatch, Packing } from './packing.ts';
import type { Addressed } from './packing.ts';
import type { PeerReplyBody } from './peer-bodies.ts';

/** The part of a member that peers use. */
export interface PeerDoor {
  isPeer(name: string): boolean;
  receiveRequest(from: NodeId, request: PeerRequest, ticket: number, nowMs: number): void;
  receiveReply(from: NodeId, reply: PeerReply, sent: Sent, nowMs: number): void;
  receiveRefusal(from: NodeId, refused: Refused, sent: Sent, nowMs: number): void;
}

/**
 * The most requests to peers that wait for an answer. Beyond that the oldest are forgotten, as if their answers were
 * lost.
 */
const maxCallbacks = 65_536;
/** How long an answer is waited for. Raft has sent the request again long before. */
const callbackLimitMs = 10_000;

/**
 * Turns a member's messages to peers into numbered bodies, and back. Each edge that uses JSON lines has one. It also
 * gives the message ids for the edge's other messages.
 */
export class PeerTraffic {
  readonly #self: NodeId;
  readonly #member: PeerDoor;
  readonly #packing = new Packing();
  readonly #callbacks = new Callbacks<Sent>(maxCallbacks);
  #nextMessageId: number;

  /** @param firstMessageId no message id from here on has ever been used by this member */
  constructor(self: NodeId, member: PeerDoor, firstMessageId: number) {
    this.#self = self;
    this.#member = member;
    this.#nextMessageId = firstMessageId;
  }

  takeMessageId(): number {
    this.#nextMessageId += 1;
    return this.#nextMessageId - 1;
  }

  // From peers --------------------------------------------------------------------------------------------------------

  /** Remembers that a peer takes batches. Other senders are ignored: they could use any number of names. */
  hasSentBatch({ src }: BatchMessage): void {
    if (this.#member.isPeer(src)) this.#packing.hasSentBatch(src);
  }

  receiveRequest({ src, body }: PeerRequestMessage, nowMs: number): void {
    this.#member.receiveRequest(src, body, body.msg_id, nowMs);
  }

  /** Passes a reply to the member. Returns a line for the log, if there is something to say. */
  receiveReply({ src, body }: PeerReplyMessage, nowMs: number): string | undefined {
    const isNotUnderstood = body.type === 'error' && body.code === errorCode.notSupported;
    if (isNotUnderstood && this.#member.isPeer(src)) this.#packing.hasNotUnderstood(src);
    const sent = this.#callbacks.take(body.in_reply_to, src);
    if (sent === undefined) return undefined;
    if (body.type !== 'error') {
      this.#member.receiveReply(src, body, sent, nowMs);
      return undefined;
    }
    this.#member.receiveRefusal(src, body, sent, nowMs);
    return sent.kind === 'request' ? `${src} refused a message: ${body.code} ${body.text ?? ''}` : undefined;
  }

  /** Forgets the requests whose answers are too late now. */
  expire(nowMs: number): void {
    this.#callbacks.expire(nowMs);
  }

  // To peers ----------------------------------------------------------------------------------------------------------

  /** The message as a body, with its message id. */
  encode(message: PeerMessage, nowMs: number): Addressed {
    return { src: this.#self, dest: message.to, body: this.#bodyOf(message, nowMs) };
  }

  /** Offers of batches, for peers that receive several of these messages. Only peers are considered. */
  offers(recipients: readonly NodeId[]): readonly Addressed[] {
    const peers = recipients.filter((name) => !this.#packing.isTaker(name) && this.#member.isPeer(name));
    if (peers.length === 0) return [];
    return this.#packing.peersToOffer(peers).map((dest) => {
      return { src: this.#self, dest, body: encodeBatch(this.takeMessageId(), []) };
    });
  }

  /** The lines for these messages. Several may share a line if the receiver takes that. */
  lines(messages: readonly Addressed[]): readonly string[] {
    return this.#packing.lines(messages, () => this.takeMessageId());
  }

  #bodyOf(message: PeerMessage, nowMs: number): string {
    switch (message.kind) {
      case 'request': {
        const { to, kind, number, term, message: body } = message;
        return encodeRequest(this.#await(to, kind, number, term, nowMs), body);
      }
      case 'forward': {
        const { to, kind, number, message: body } = message;
        return encodeRequest(this.#await(to, kind, number, body.term, nowMs), body);
      }
      case 'reply':
        return encodeReply(message.ticket, this.takeMessageId(), message.message);
      case 'refusal':
        return encodeReply(message.ticket, this.takeMessageId(), refusalBody(message));
      case 'forward-refused': {
        const { ticket, text, term, taken } = message;
        const body = { type: 'error', code: errorCode.temporarilyUnavailable, text, term, taken } as const;
        return encodeReply(ticket, this.takeMessageId(), body);
      }
    }
  }

  #await(to: NodeId, kind: Sent['kind'], number: number, term: number, nowMs: number): number {
    const msgId = this.takeMessageId();
    this.#callbacks.add(msgId, to, { kind, number, term }, nowMs + callbackLimitMs);
    return msgId;
  }
}

function refusalBody({ reason, text }: Extract<PeerMessage, { kind: 'refusal' }>): PeerReplyBody {
  const code = reason === 'unavailable' ? errorCode.temporarilyUnavailable : errorCode.malformedRequest;
  return { type: 'error', code, text };
}

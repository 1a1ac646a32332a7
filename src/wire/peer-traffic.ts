import type { PeerMessage, PeerReply, PeerRequest, Refused, Sent } from '../member/messages.ts';
import type { NodeId } from '../raft/messages.ts';
import { Callbacks } from './callbacks.ts';
import { encodeReply, encodeRequest } from './encode.ts';
import { errorCode } from './errors.ts';
import type { BatchMessage, PeerReplyMessage, PeerRequestMessage } from './message.ts';
import { encodeBatch, Packing } from './packing.ts';
import type { Addressed } from './packing.ts';
import type { PeerReplyBody } from './peer-bodies.ts';

/** The part of a member that peers speak to. */
export interface PeerDoor {
  isPeer(name: string): boolean;
  receiveRequest(from: NodeId, request: PeerRequest, ticket: number, nowMs: number): void;
  receiveReply(from: NodeId, reply: PeerReply, sent: Sent, nowMs: number): void;
  receiveRefusal(from: NodeId, refused: Refused, sent: Sent, nowMs: number): void;
}

/** Requests to peers that may await an answer; past it the oldest are forgotten, as if lost. */
const maxCallbacks = 65_536;
/** An answer that takes longer is as good as lost: Raft has sent again long before. */
const callbackLimitMs = 10_000;

/**
 * What a member and its peers say to each other, as bodies with numbers: an edge that speaks JSON lines has one. Message
 * ids are given here, also to what the edge says to others.
 */
export class PeerTraffic {
  readonly #self: NodeId;
  readonly #member: PeerDoor;
  readonly #packing = new Packing();
  readonly #callbacks = new Callbacks<Sent>(maxCallbacks);
  #nextMessageId: number;

  /** @param firstMessageId ids from here on have never been used by this member */
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

  /** What is remembered of peers is bounded by their number: a stranger may call itself anything. */
  hasSentBatch({ src }: BatchMessage): void {
    if (this.#member.isPeer(src)) this.#packing.hasSentBatch(src);
  }

  receiveRequest({ src, body }: PeerRequestMessage, nowMs: number): void {
    this.#member.receiveRequest(src, body, body.msg_id, nowMs);
  }

  /** Returns what is to be logged of it, if anything. */
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

  /** Time has passed: what is too late is not awaited any more. */
  expire(nowMs: number): void {
    this.#callbacks.expire(nowMs);
  }

  // To peers ----------------------------------------------------------------------------------------------------------

  /** The message as a body with its number. */
  encode(message: PeerMessage, nowMs: number): Addressed {
    return { src: this.#self, dest: message.to, body: this.#bodyOf(message, nowMs) };
  }

  /** Offers of batches, to peers to which several of these messages go. Strangers are not counted. */
  offers(recipients: readonly NodeId[]): readonly Addressed[] {
    const peers = recipients.filter((name) => !this.#packing.isTaker(name) && this.#member.isPeer(name));
    if (peers.length === 0) return [];
    return this.#packing.peersToOffer(peers).map((dest) => {
      return { src: this.#self, dest, body: encodeBatch(this.takeMessageId(), []) };
    });
  }

  /** The lines for these messages, several in one where the receiver takes that. */
  lines(messages: readonly Addressed[]): readonly string[] {
    return this.#packing.lines(messages, () => this.takeMessageId());
  }

  #bodyOf(message: PeerMessage, nowMs: number): string {
    switch (message.kind) {
      case 'request':
        return encodeRequest(this.#await(message.to, message.kind, message.number, message.term, nowMs), message.message);
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

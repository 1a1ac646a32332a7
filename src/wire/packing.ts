/**
 * What a node has to say to one peer in a turn goes in one line, where the peer is known to take it:
 * `{"type":"batch","msg_id":7,"bodies":[...]}`, each body as it would stand in a line of its own. A node that has sent
 * one takes them too. So the first is an offer, an empty one; a node that has never heard of batches answers it with
 * error 10, and is spoken to plainly.
 */
import { encodeLine } from './encode.ts';

/** A body, encoded, and who is to have it. */
export interface Addressed {
  readonly src: string;
  readonly dest: string;
  readonly body: string;
}

/** Bodies stop being added to a line past this length, in characters; a longer body goes alone. */
const maxPackedLength = 64 * 1024;

/** An offer is made each time that it would have paid so often. */
const turnsToPay = 8;
/** Any offer may be lost; a peer that says nothing to so many is left in peace. */
const maxOffers = 8;

export class Packing {
  readonly #takers = new Set<string>();
  /** For each peer that is not known to take batches, in how many turns it could have been sent one. */
  readonly #missed = new Map<string, number>();

  /** The peer has sent a batch: it is of a kind that takes them. */
  hasSentBatch(peer: string): void {
    this.#takers.add(peer);
  }

  /** Whether the peer is known to take batches. */
  isTaker(peer: string): boolean {
    return this.#takers.has(peer);
  }

  /** The peer does not understand something. */
  hasNotUnderstood(peer: string): void {
    this.#takers.delete(peer);
    this.#missed.set(peer, turnsToPay * maxOffers);
  }

  /** The peers that are to be offered batches, given whom the messages of a turn go to. */
  peersToOffer(recipients: readonly string[]): readonly string[] {
    const plain = recipients.filter((peer) => !this.#takers.has(peer));
    const crowded = plain.filter((peer, position) => plain.indexOf(peer) < position);
    return [...new Set(crowded)].filter((peer) => this.#missesOne(peer));
  }

  /** Whether that makes it time for an offer. */
  #missesOne(peer: string): boolean {
    const missed = Math.min((this.#missed.get(peer) ?? 0) + 1, turnsToPay * maxOffers + 1);
    this.#missed.set(peer, missed);
    return missed % turnsToPay === 0 && missed <= turnsToPay * maxOffers;
  }

  /** The lines for these messages, each at the place of its first message. */
  lines(messages: readonly Addressed[], takeMessageId: () => number): readonly string[] {
    const lines: (string | Pack)[] = [];
    const open = new Map<string, Pack>();
    for (const message of messages) {
      const { src, dest, body } = message;
      if (!this.#takers.has(dest) || body.length > maxPackedLength) {
        lines.push(encodeLine(src, dest, body));
        continue;
      }
      const pack = open.get(dest);
      if (pack !== undefined && pack.length + body.length <= maxPackedLength) {
        pack.bodies.push(body);
        pack.length += body.length;
      } else {
        const opened = { src, dest, bodies: [body], length: body.length };
        open.set(dest, opened);
        lines.push(opened);
      }
    }
    return lines.map((line) => (typeof line === 'string' ? line : packLine(line, takeMessageId)));
  }
}

interface Pack {
  readonly src: string;
  readonly dest: string;
  readonly bodies: string[];
  length: number;
}

function packLine({ src, dest, bodies }: Pack, takeMessageId: () => number): string {
  const [first = ''] = bodies;
  return encodeLine(src, dest, bodies.length === 1 ? first : encodeBatch(takeMessageId(), bodies));
}

/** @param bodies none in an offer */
export function encodeBatch(msgId: number, bodies: readonly string[]): string {
  return `{"type":"batch","msg_id":${msgId},"bodies":[${bodies.join(',')}]}`;
}

/**
 * Packs all that a node sends to one peer in a turn into one line, if the peer takes that:
 * `{"type":"batch","msg_id":7,"bodies":[...]}`. Each body is as it would be in a line of its own.
 *
 * A node that sends a batch also takes batches. So a node offers them by sending an empty batch. A node that does not
 * know batches answers with error 10, and is sent single messages.
 */
import { encodeLine } from './encode.ts';
import { maxPackedLength } from './limits.ts';

/** An encoded body, with its sender and its receiver. */
export interface Addressed {
  readonly src: string;
  readonly dest: string;
  readonly body: string;
}

/** An offer is made after this many turns in which a batch would have saved a line. */
const turnsToPay = 8;
/** How many offers a peer gets, since each may be lost. A peer that never answers gets no more. */
const maxOffers = 8;

export class Packing {
  readonly #takers = new Set<string>();
  /** For each peer that is not known to take batches: in how many turns a batch to it would have saved a line. */
  readonly #missed = new Map<string, number>();

  /** The peer has sent a batch, so it takes them. */
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

  /** The peers that should be offered batches. `recipients` has the receiver of each message of the turn. */
  peersToOffer(recipients: readonly string[]): readonly string[] {
    const plain = recipients.filter((peer) => !this.#takers.has(peer));
    const crowded = plain.filter((peer, position) => plain.indexOf(peer) < position);
    return [...new Set(crowded)].filter((peer) => this.#missesOne(peer));
  }

  /** Counts a turn in which a batch would have saved a line. Returns whether an offer is due. */
  #missesOne(peer: string): boolean {
    const missed = Math.min((this.#missed.get(peer) ?? 0) + 1, turnsToPay * maxOffers + 1);
    this.#missed.set(peer, missed);
    return missed % turnsToPay === 0 && missed <= turnsToPay * maxOffers;
  }

  /** The lines for these messages. Each line has the place of its first message. */
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

/** @param bodies none for an offer */
export function encodeBatch(msgId: number, bodies: readonly string[]): string {
  return `{"type":"batch","msg_id":${msgId},"bodies":[${bodies.join(',')}]}`;
}

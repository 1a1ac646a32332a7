import type { ReceivedReply } from '../../src/stdio/bodies.ts';
import { replyWords } from './words.ts';

/** What clients have asked, each under a letter, and what they are told. */
export class Requests {
  readonly #names: string[] = [];

  /** Names the next request. Returns its `msg_id`. */
  add(what: string): number {
    const msgId = this.#names.length;
    this.#names.push(`${String.fromCharCode('A'.charCodeAt(0) + msgId)} (${what})`);
    return msgId;
  }

  answered(body: ReceivedReply): string {
    const name = this.#names[body.in_reply_to] ?? `request ${body.in_reply_to}`;
    return `${name} is told: ${`${body.type} ${replyWords(body)}`.trimEnd()}`;
  }
}

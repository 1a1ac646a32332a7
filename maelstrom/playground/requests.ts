import { answerWords } from './words.ts';

/** What clients have asked, each under a letter, and what they are told. */
export class Requests {
  readonly #names: string[] = [];

  /** Names the next request. Returns its `msg_id`. */
  add(what: string): number {
    const msgId = this.#names.length;
    this.#names.push(`${String.fromCharCode('A'.charCodeAt(0) + msgId)} (${what})`);
    return msgId;
  }

  answered(body: Readonly<Record<string, unknown>>): string {
    const { in_reply_to: msgId } = body;
    const name = (typeof msgId === 'number' ? this.#names[msgId] : undefined) ?? `request ${String(msgId)}`;
    return `${name} is told: ${`${String(body['type'])} ${answerWords(body)}`.trimEnd()}`;
  }
}

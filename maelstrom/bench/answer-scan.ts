import { Pattern } from './pattern.ts';

const bodyBegins = new Pattern('","body":{"type":"');
const readOk = new Pattern('read_ok"');
const writeOk = new Pattern('write_ok"');
const inReplyTo = new Pattern(',"in_reply_to":');
const zero = 0x30;
const closingBrace = 0x7d;
/** Numbers of more digits are left to who reads JSON. */
const maxDigits = 15;

/**
 * Reads a success that a node tells a client, without making an object of it. It knows two shapes, in which nodes
 * nearly always write: `type` comes first in the body, and `in_reply_to` next or last of all. Whatever looks otherwise
 * is not known here, which says nothing about it. What it has read stands in its fields until it reads again.
 */
export class AnswerScan {
  client = 0;
  answer: 'read_ok' | 'write_ok' = 'read_ok';
  inReplyTo = 0;
  /** Where the number ended that was read last. */
  #numberEnd = 0;

  /** @param at where the client's number begins; `end`: where the line ends, its line feed not included */
  read(view: DataView, at: number, end: number): boolean {
    this.client = this.#number(view, at, end);
    if (this.client === -1 || !bodyBegins.matches(view, this.#numberEnd)) return false;
    const type = this.#numberEnd + bodyBegins.length;
    if (readOk.matches(view, type)) this.answer = 'read_ok';
    else if (writeOk.matches(view, type)) this.answer = 'write_ok';
    else return false;
    if (end - 2 <= type || view.getUint8(end - 1) !== closingBrace || view.getUint8(end - 2) !== closingBrace) {
      return false;
    }
    const typeEnd = type + (this.answer === 'read_ok' ? readOk.length : writeOk.length);
    const comesNext = inReplyTo.matches(view, typeEnd);
    this.inReplyTo = comesNext ? this.#number(view, typeEnd + inReplyTo.length, end) : lastNumber(view, end - 2);
    return this.inReplyTo !== -1;
  }

  /** -1 where there is none. */
  #number(view: DataView, start: number, end: number): number {
    let number = 0;
    let at = start;
    for (; at < end && at - start <= maxDigits; at += 1) {
      const digit = view.getUint8(at) - zero;
      if (digit < 0 || digit > 9) break;
      number = 10 * number + digit;
    }
    this.#numberEnd = at;
    return at === start || at - start > maxDigits ? -1 : number;
  }
}

/** The `in_reply_to` whose last digit stands before `end`; -1 where what stands there is something else. */
function lastNumber(view: DataView, end: number): number {
  let number = 0;
  let place = 1;
  let at = end - 1;
  for (; at > 0 && end - at <= maxDigits; at -= 1) {
    const digit = view.getUint8(at) - zero;
    if (digit < 0 || digit > 9) break;
    number += place * digit;
    place *= 10;
  }
  const start = at + 1;
  return start < end && inReplyTo.matches(view, start - inReplyTo.length) ? number : -1;
}

import type { Pair } from '../../history/pairs.ts';
import type { Found } from './found.ts';
import type { Log, Message } from './log.ts';
import type { Operation } from './read-history.ts';
import { keyText, messageText, who } from './words.ts';

/** What was polled must have been sent, before that, and not by a send that failed. */
export function findUntrueReads(log: Log, found: Found): void {
  for (const message of log.messages) {
    const { reader, sender, sending } = message;
    if (reader === undefined) continue;
    if (sender === undefined) {
      found.add('never-sent', () => told(log, message, `${read(log, message, reader)}, and it was never sent`));
    } else if (sending === 'fail') {
      const failed = `its send had failed, for ${who(sender)}`;
      found.add('G1a', () => told(log, message, `${read(log, message, reader)}, and ${failed}`));
    } else if (reader.completion !== undefined && reader.completion.index < sender.invocation.index) {
      const begun = `its send began at ${(sender.invocation.time / 1e9).toFixed(3)} s`;
      found.add('read-before-sent', () => told(log, message, `${read(log, message, reader)}, and ${begun}`));
    }
  }
}

/** A transaction polls nothing that it sent itself: only what is committed is polled. */
export function findPrecommittedReads({ pair, sent, polled }: Operation, found: Found): void {
  if (sent.length === 0 || polled.length === 0) return;
  const own = new Set(sent.map(({ message }) => message));
  for (const { log, places } of polled) {
    for (const { message } of places) {
      if (!own.has(message)) continue;
      found.add('precommitted-read', () => told(log, message, `${read(log, message, pair)}, in the transaction that sent it`));
    }
  }
}

function read(log: Log, { value }: Message, reader: Pair): string {
  return `${who(reader)} polled ${messageText(value)} from ${keyText(log)}`;
}

function told(log: Log, { value }: Message, text: string) {
  return { text, facts: { key: log.key, value } };
}

import { kv } from '../../src/services/kv/service.ts';
import { ClientDoor } from '../../src/stdio/client-door.ts';
import { refusal } from '../../src/stdio/outcomes.ts';
import { parseMessage } from '../../src/wire/message.ts';
import type { Message } from '../../src/wire/message.ts';

const door = new ClientDoor(kv);

interface Read {
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** A line as a node of the key-value service reads it. */
export function readLine(line: string): Read {
  return readMessage(parseMessage(line));
}

function readMessage(message: Message): Read {
  if (message.kind === 'batch') return { ...message, messages: message.messages.map(readMessage) };
  if (message.kind !== 'unread') return { ...message };
  const { src, dest, msgId, type } = message;
  const asked = door.read(message);
  switch (asked.kind) {
    case 'refused':
      return { kind: 'refused', src, dest, inReplyTo: msgId, ...refusal(asked.why).fields };
    case 'request':
      return { kind: 'request', src, dest, body: asked.body };
    case 'operation':
      return { kind: 'operation', src, dest, msgId, type, demand: asked.demand };
  }
}

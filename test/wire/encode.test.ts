import { describe, expect, test, vi } from 'vitest';
import type { PeerReplyBody, PeerRequestBody } from '../../src/wire/peer-bodies.ts';
import {
  encodedBytesKept,
  encodeEntry,
  encodeLine,
  encodeOwnReply,
  encodeReply,
  encodeRequest,
  entrySizeBytes,
  maxKeptBytes,
} from '../../src/wire/encode.ts';
import { parseMessage } from '../../src/wire/message.ts';
import type { Entry } from '../../src/raft/messages.ts';
import { Random } from '../../src/raft/random.ts';
import { randomJson } from '../random-json.ts';
import { allReplies, allRequests } from './examples.ts';

function requestLine(src: string, dest: string, msgId: number, body: PeerRequestBody): string {
  return encodeLine(src, dest, encodeRequest(msgId, body));
}

function replyLine(src: string, dest: string, inReplyTo: number, msgId: number, body: PeerReplyBody): string {
  return encodeLine(src, dest, encodeReply(inReplyTo, msgId, body));
}

function ownReplyLine(src: string, dest: string, inReplyTo: number, msgId: number, type: string, fields: object): string {
  return encodeLine(src, dest, encodeOwnReply(inReplyTo, msgId, type, { ...fields }));
}

test("the design's sample comes out byte for byte", () => {
  expect(ownReplyLine('n1', 'c0', 1, 0, 'init_ok', {})).toBe(
    '{"src":"n1","dest":"c0","body":{"type":"init_ok","in_reply_to":1,"msg_id":0}}',
  );
  expect(ownReplyLine('n1', 'c1', 2, 1, 'raft_append_ok', { index: 1 })).toBe(
    '{"src":"n1","dest":"c1","body":{"type":"raft_append_ok","in_reply_to":2,"msg_id":1,"index":1}}',
  );
});

test('an error says code and text', () => {
  expect(replyLine('n1', 'c1', 2, 1, { type: 'error', code: 11, text: 'no leader' })).toBe(
    '{"src":"n1","dest":"c1","body":{"type":"error","in_reply_to":2,"msg_id":1,"code":11,"text":"no leader"}}',
  );
});

test('names are escaped like any text', () => {
  const message = parseMessage(replyLine('n"1', 'c\n1', 2, 1, { type: 'error', code: 1 }));
  expect(message).toMatchObject({ kind: 'reply', src: 'n"1', dest: 'c\n1' });
});

describe('every request', () => {
  test.each(allRequests)('of type $type is read as it was sent', (body) => {
    expect(parseMessage(requestLine('n1', 'n2', 7, body))).toEqual({
      kind: 'request',
      src: 'n1',
      dest: 'n2',
      body: { ...body, msg_id: 7 },
    });
  });

  test.each(allRequests)('of type $type goes out in the order of the wire', (body) => {
    const { type, ...fields } = body;
    const line = JSON.stringify({ src: 'n1', dest: 'n2', body: { type, msg_id: 7, ...fields } });
    expect(requestLine('n1', 'n2', 7, body)).toBe(line);
    expect(requestLine('n1', 'n2', 7, reversed(body))).toBe(line);
  });
});

describe('every reply', () => {
  test.each(allReplies)('of type $type is read as it was sent', (body) => {
    expect(parseMessage(replyLine('n1', 'n2', 5, 7, body))).toEqual({
      kind: 'reply',
      src: 'n1',
      dest: 'n2',
      body: { ...body, in_reply_to: 5, msg_id: 7 },
    });
  });

  test.each(allReplies)('of type $type goes out in the order of the wire', (body) => {
    const { type, ...fields } = body;
    const line = JSON.stringify({ src: 'n1', dest: 'n2', body: { type, in_reply_to: 5, msg_id: 7, ...fields } });
    expect(replyLine('n1', 'n2', 5, 7, body)).toBe(line);
    expect(replyLine('n1', 'n2', 5, 7, reversed(body))).toBe(line);
  });

  test('carries no field that is not in the table', () => {
    const body = { type: 'error', code: 1, note: 'for no receiver' } as const;
    expect(replyLine('n1', 'c1', 5, 7, body)).not.toContain('note');
  });
});

describe('an entry', () => {
  const entry: Entry = {
    term: 1,
    index: 2,
    command: { op: 'put', key: 'é', value: '€' },
    origin: { node: 'n1', id: 3 },
  };

  test('has its fields in the order of the wire', () => {
    const { term, index, command, origin } = entry;
    expect(encodeEntry({ ...(origin === undefined ? {} : { origin }), command, index, term })).toBe(
      JSON.stringify(entry),
    );
    expect(encodeEntry({ command: null, index: 1, term: 1 })).toBe('{"term":1,"index":1,"command":null}');
  });

  test('says its kind where it is a configuration, and only there', () => {
    const command = { voters: ['n1'], learners: ['n2'] };
    expect(encodeEntry({ kind: 'configuration', term: 1, index: 1, command })).toBe(
      '{"kind":"configuration","term":1,"index":1,"command":{"voters":["n1"],"learners":["n2"]}}',
    );
  });

  test('is kept for a while, but never more text than the bound, whatever the size of the entries', () => {
    const value = 'x'.repeat(1_000_000);
    for (let index = 1; index <= 100; index += 1) {
      expect(encodeEntry({ term: 1, index, command: { op: 'put', key: index, value } })).toContain(value);
      expect(encodedBytesKept()).toBeLessThanOrEqual(maxKeptBytes);
    }
    const longest = { term: 1, index: 101, command: 'x'.repeat(maxKeptBytes) };
    expect(encodeEntry(longest)).toHaveLength(entrySizeBytes(longest) - 1);
    expect(encodedBytesKept()).toBe(0);
    encodeEntry({ term: 1, index: 102, command: 'x' });
    expect(encodedBytesKept()).toBeGreaterThan(0);
  });

  test('is stringified once, to however many followers it goes', () => {
    let times = 0;
    const command = {
      toJSON: () => {
        times += 1;
        return 'SET x 1';
      },
    };
    const counted: Entry = { term: 1, index: 1, command };
    for (const follower of ['n2', 'n3', 'n4']) {
      const line = requestLine('n1', follower, 1, {
        type: 'append_entries',
        term: 1,
        leader_id: 'n1',
        prev_log_index: 0,
        prev_log_term: 0,
        entries: [counted],
        leader_commit: 0,
      });
      expect(line).toContain('"entries":[{"term":1,"index":1,"command":"SET x 1"}]');
    }
    ownReplyLine('n1', 'c1', 1, 1, 'raft_log_ok', { entries: [counted] });
    expect(times).toBe(1);
  });

  test('has a size: its bytes in a line, with the comma', () => {
    expect(entrySizeBytes(entry)).toBe(Buffer.byteLength(JSON.stringify(entry)) + 1);
    const empty = {
      type: 'append_entries',
      term: 1,
      leader_id: 'n1',
      prev_log_index: 0,
      prev_log_term: 0,
      leader_commit: 0,
    } as const;
    const lineBytes = (entries: readonly Entry[]): number =>
      Buffer.byteLength(requestLine('n1', 'n2', 1, { ...empty, entries }));
    expect(lineBytes([entry, entry, entry]) - lineBytes([])).toBe(3 * entrySizeBytes(entry) - 1);
  });
});

test('any command comes through as it was', () => {
  const random = new Random(13);
  for (let round = 0; round < 1_000; round += 1) {
    const command = randomJson(random);
    const message = parseMessage(requestLine('n2', 'n1', round, { type: 'propose', term: 1, requests: [{ id: 1, command }] }));
    if (message.kind !== 'request' || message.body.type !== 'propose') throw new Error(JSON.stringify(message));
    expect(message.body.requests).toHaveLength(1);
    for (const { command: read } of message.body.requests) expect(JSON.stringify(read)).toBe(JSON.stringify(command));
  }
});

test('a line is read with one JSON.parse', () => {
  const parse = vi.spyOn(JSON, 'parse');
  try {
    for (const body of allRequests) {
      const line = requestLine('n1', 'n2', 7, body);
      parse.mockClear();
      parseMessage(line);
      expect(parse).toHaveBeenCalledTimes(1);
    }
  } finally {
    parse.mockRestore();
  }
});

function reversed<Body extends object>(body: Body): Body {
  const copy = { ...body };
  for (const [name, value] of Object.entries(body).reverse()) {
    Reflect.deleteProperty(copy, name);
    Reflect.set(copy, name, value);
  }
  return copy;
}

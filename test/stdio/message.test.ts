import { describe, expect, test } from 'vitest';
import { maxCommandBytes, maxEntriesBytes, maxLineBytes } from '../../src/wire/limits.ts';
import type { RequestBody } from '../requests.ts';
import { allReplies, allRequests as allPeerRequests, replyExamples, requestExamples } from '../wire/examples.ts';
import { allClientRequests, clientExamples } from './examples.ts';
import { readLine } from './read-line.ts';

const allRequests: readonly RequestBody[] = [...allClientRequests, ...allPeerRequests];
const operations: readonly string[] = ['read', 'write', 'cas', 'delete'];

function lineOf(body: object): string {
  return JSON.stringify({ src: 'c1', dest: 'n1', body });
}

function parseBody(body: object): ReturnType<typeof readLine> {
  return readLine(lineOf(body));
}

function refused(code: number, text: string): object {
  return { kind: 'refused', src: 'c1', dest: 'n1', inReplyTo: 7, code, text };
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

function without(body: object, field: string): object {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== field));
}

function textOf(message: object): string {
  return 'text' in message ? String(message.text) : '';
}

/** Fields that a body may leave out, as `type.field`. */
const optional = new Set([
  'raft_log.from',
  'raft_log.limit',
  'raft_reconfigure.learners',
  'raft_transfer.to',
  'append_entries.founders',
  'request_vote.transfer',
  'request_vote.founders',
  'read_index.founders',
  'append_entries_ok.conflict_index',
  'append_entries_ok.conflict_term',
  'error.text',
  'error.term',
  'error.taken',
  'cas.create_if_not_exists',
]);

function fieldsOf(body: { readonly type: string }): string[] {
  return Object.keys(body).filter((name) => name !== 'type');
}

describe('a request', () => {
  test.each(allRequests)('of type $type is read with its number', (body) => {
    const { type } = body;
    const read = parseBody({ ...body, msg_id: 7 });
    if (operations.includes(type)) expect(read).toMatchObject({ kind: 'operation', src: 'c1', dest: 'n1', msgId: 7, type });
    else expect(read).toEqual({ kind: 'request', src: 'c1', dest: 'n1', body: { ...body, msg_id: 7 } });
  });

  test('may carry fields that we do not know, which are ignored', () => {
    const line =
      '{"id":9,"src":"c1","dest":"n1","body":{"type":"read","msg_id":7,"key":1,"extra":[],"__proto__":{"a":1}}}';
    expect(readLine(line)).toEqual({
      kind: 'operation',
      src: 'c1',
      dest: 'n1',
      msgId: 7,
      type: 'read',
      demand: 1,
    });
  });

  const required = allRequests.flatMap((body) =>
    fieldsOf(body)
      .filter((field) => !optional.has(`${body.type}.${field}`))
      .map((field) => ({ body, field })),
  );
  test.each(required)('$body.type without $field is malformed', ({ body, field }) => {
    expect(parseBody({ ...without(body, field), msg_id: 7 })).toEqual(refused(12, `body.${field}: missing`));
  });

  test('may leave optional fields out', () => {
    expect(parseBody({ type: 'raft_log', msg_id: 7, limit: 3 })).toMatchObject({ kind: 'request' });
    expect(parseBody({ type: 'raft_append', msg_id: 7, entry: { command: 'DELETE x' } })).toMatchObject({
      kind: 'request',
    });
  });

  const wrongValues: readonly unknown[] = [null, true, -1, 1.5, 2 ** 53, 1e300, 'x', '', [], [null], {}, { a: 1 }];
  test.each([...Object.values(clientExamples), ...Object.values(requestExamples)].map(([body]): RequestBody => body))(
    '$type of any wrong shape is refused by name',
    (body) => {
      for (const field of fieldsOf(body)) {
        for (const value of wrongValues) {
          const message = parseBody({ ...body, msg_id: 7, [field]: value });
          if (message.kind === 'refused') {
            expect(message).toMatchObject({ code: 12, inReplyTo: 7 });
            expect(textOf(message)).toMatch(new RegExp(`^body\\.${field}[^:]*: [a-z]`));
          }
        }
      }
    },
  );

  test.each([
    [
      { type: 'raft_append', entry: { term: -1, command: 'SET x 1' } },
      'body.entry.term: expected a non-negative integer',
    ],
    [
      { type: 'raft_append', entry: { term: 'x', command: 'SET x 1' } },
      'body.entry.term: expected a non-negative integer',
    ],
    [{ type: 'raft_append', entry: 5 }, 'body.entry: expected an object'],
    [{ type: 'raft_append', entry: {} }, 'body.entry.command: missing'],
    [{ type: 'raft_append', entry: { command: null } }, 'body.entry.command: expected a command, an object or a text'],
    [
      { type: 'raft_append', entry: { command: 'GET x' } },
      'body.entry.command: expected a text that begins with SET, PUT or DELETE',
    ],
    [{ type: 'raft_append', entry: { command: { op: 'put', key: 1 } } }, 'body.entry.command.value: missing'],
    [{ type: 'init', node_id: '', node_ids: ['n1'] }, 'body.node_id: expected a non-empty string'],
    [{ type: 'init', node_id: 'n1', node_ids: [] }, 'body.node_ids: expected node_id to be among them'],
    [{ type: 'init', node_id: 'n1', node_ids: ['n2'] }, 'body.node_ids: expected node_id to be among them'],
    [{ type: 'init', node_id: 'n1', node_ids: ['n1', 'n1'] }, 'body.node_ids: expected every node once'],
    [{ type: 'init', node_id: 'n1', node_ids: ['n1', 2] }, 'body.node_ids[1]: expected a non-empty string'],
    [{ type: 'init', node_id: 'n'.repeat(257), node_ids: [] }, 'body.node_id: expected at most 256 characters'],
    [
      {
        ...requestExamples.append_entries[0],
        entries: [
          { term: 1, index: 1, command: 1 },
          { term: 1, index: 2 },
        ],
      },
      'body.entries[1].command: missing',
    ],
    [
      { ...requestExamples.append_entries[0], entries: [{ term: 1, index: 1, command: 1, origin: { node: 'n1' } }] },
      'body.entries[0].origin.id: missing',
    ],
    [
      { ...requestExamples.propose[0], requests: [{ id: -1, command: 1 }] },
      'body.requests[0].id: expected a non-negative integer',
    ],
  ])('that is malformed is told where and why: %j', (body, text) => {
    expect(parseBody({ ...body, msg_id: 7 })).toEqual(refused(12, text));
  });

  test('from a peer may carry commands that this node does not know', () => {
    const entries = [{ term: 1, index: 1, command: { op: 'from the future' } }];
    expect(parseBody({ ...requestExamples.append_entries[0], msg_id: 7, entries })).toMatchObject({ kind: 'request' });
    expect(parseBody({ type: 'propose', msg_id: 7, term: 1, requests: [{ id: 1, command: [] }] })).toMatchObject({
      kind: 'request',
    });
  });

  test.each(['echo', 'constructor', '__proto__', 'read_ok', ''])('of the unknown type %j is not supported', (type) => {
    expect(parseBody({ type, msg_id: 7 })).toEqual(refused(10, `body.type: unknown type ${JSON.stringify(type)}`));
  });

  test('without a type, or with one that is no string, is malformed', () => {
    expect(parseBody({ msg_id: 7 })).toEqual(refused(12, 'body.type: missing'));
    expect(parseBody({ msg_id: 7, type: 5 })).toEqual(refused(12, 'body.type: expected a string'));
  });

  test('gets no long text back, whatever it sent', () => {
    const message = parseBody({ type: 'x'.repeat(100_000), msg_id: 7 });
    expect(textOf(message).length).toBeLessThan(100);
  });
});

describe('a reply', () => {
  test.each(allReplies)('of type $type is read with the number that it answers', (body) => {
    const numbered = { ...body, in_reply_to: 7, msg_id: 8 };
    expect(parseBody(numbered)).toEqual({ kind: 'reply', src: 'c1', dest: 'n1', body: numbered });
    expect(parseBody({ ...body, in_reply_to: 7 })).toMatchObject({ kind: 'reply', body: { in_reply_to: 7 } });
  });

  const required = allReplies.flatMap((body) =>
    fieldsOf(body)
      .filter((field) => !optional.has(`${body.type}.${field}`))
      .map((field) => ({ body, field })),
  );
  test.each(required)('$body.type without $field is of no use, and cannot be answered', ({ body, field }) => {
    expect(parseBody({ ...without(body, field), in_reply_to: 7, msg_id: 7 })).toMatchObject({ kind: 'unanswerable' });
  });

  test('of an unknown type cannot be answered', () => {
    expect(parseBody({ type: 'read', key: 1, in_reply_to: 7, msg_id: 8 })).toEqual({
      kind: 'unanswerable',
      reason: 'body.type: unknown type "read"',
    });
  });

  test('that is wrong names the field', () => {
    expect(parseBody({ ...replyExamples.request_vote_ok[0], in_reply_to: 7, term: -1 })).toEqual({
      kind: 'unanswerable',
      reason: 'body.term: expected a non-negative integer',
    });
  });
});

describe('a line that nobody can be told about', () => {
  test.each([
    ['', 'not JSON'],
    ['{"src":"c1"', 'not JSON'],
    ['\u0000\u0001', 'not JSON'],
    ['null', 'expected an object'],
    ['[]', 'expected an object'],
    ['"text"', 'expected an object'],
    ['{}', 'src: missing'],
    ['{"src":"c1","body":{"type":"read","msg_id":1,"key":1}}', 'dest: missing'],
    ['{"src":"","dest":"n1","body":{}}', 'src: expected a non-empty string'],
    ['{"src":"c1","dest":1,"body":{}}', 'dest: expected a non-empty string'],
    ['{"src":"c1","dest":"n1"}', 'body: missing'],
    ['{"src":"c1","dest":"n1","body":[]}', 'body: expected an object'],
    ['{"src":"c1","dest":"n1","body":{"type":"read","key":1}}', 'body.msg_id: missing'],
    [
      '{"src":"c1","dest":"n1","body":{"type":"read","key":1,"msg_id":-1}}',
      'body.msg_id: expected a non-negative integer',
    ],
    [
      '{"src":"c1","dest":"n1","body":{"type":"init_ok","in_reply_to":"1"}}',
      'body.in_reply_to: expected a non-negative integer',
    ],
  ])('%j: %s', (line, reason) => {
    expect(readLine(line)).toEqual({ kind: 'unanswerable', reason });
  });

  test('may be nested so deeply that a stack would not hold it', () => {
    expect(readLine(nested(500_000))).toMatchObject({ kind: 'unanswerable' });
    expect(readLine(`{"src":"c1","dest":"n1","body":${nested(500_000)}}`)).toMatchObject({ kind: 'unanswerable' });
  });
});

describe('the limits at the door', () => {
  function write(value: string): string {
    return `{"src":"c1","dest":"n1","body":{"type":"write","msg_id":7,"key":1,"value":${value}}}`;
  }

  test('a command nests 64 deep, itself included, by whichever door it comes', () => {
    const append = (value: string): string =>
      lineOf({ type: 'raft_append', msg_id: 7, entry: { command: { op: 'put', key: 1, value: '?' } } }).replace(
        '"?"',
        value,
      );
    expect(readLine(write(nested(63)))).toMatchObject({ kind: 'operation' });
    expect(readLine(append(nested(63)))).toMatchObject({ kind: 'request' });
    expect(readLine(write(nested(64)))).toMatchObject({
      code: 12,
      text: expect.stringMatching(/^body\.value\S*: nested too deeply$/),
    });
    expect(readLine(append(nested(64)))).toMatchObject({
      code: 12,
      text: expect.stringContaining(': nested too deeply'),
    });
    expect(readLine(write(nested(500_000)))).toMatchObject({ code: 12 });
  });

  test("so does a command among a peer's entries, which this node may have to send on", () => {
    const line = (command: string): string =>
      lineOf({
        ...requestExamples.append_entries[1],
        msg_id: 7,
        entries: [{ term: 1, index: 1, command: '?' }],
      }).replace('"?"', command);
    expect(readLine(line(nested(64)))).toMatchObject({ kind: 'request' });
    expect(readLine(line(nested(65)))).toMatchObject({ code: 12 });
    expect(readLine(line(nested(100_000)))).toMatchObject({ code: 12 });
  });

  test.each(['9007199254740992', '-9007199254740992', '1e400', '[{"a":1e17}]'])(
    '%s is not taken as a value',
    (value) => {
      expect(readLine(write(value))).toMatchObject({ kind: 'refused', code: 12 });
    },
  );

  test('an encoded command has at most 1 MiB', () => {
    const overhead = Buffer.byteLength(JSON.stringify({ op: 'put', key: 1, value: '' }));
    expect(readLine(write(`"${'x'.repeat(maxCommandBytes - overhead)}"`))).toMatchObject({ kind: 'operation' });
    expect(readLine(write(`"${'x'.repeat(maxCommandBytes - overhead + 1)}"`))).toEqual(
      refused(12, 'body: a command longer than 1048576 bytes'),
    );
  });

  test('the size counts bytes of UTF-8 as this node will encode them, not characters as they came', () => {
    expect(readLine(write(`"${'€'.repeat(maxCommandBytes / 3)}"`))).toMatchObject({ code: 12 });
    expect(readLine(write(`[${'1e15,'.repeat(70_000)}0]`))).toMatchObject({ code: 12 });
    expect(readLine(write(`"${'\\u0061'.repeat(maxCommandBytes / 6)}"`))).toMatchObject({ kind: 'operation' });
  });

  test('every client operation that logs something is measured', () => {
    const long = 'x'.repeat(maxCommandBytes);
    const bodies = [
      { type: 'write', key: long, value: 1 },
      { type: 'cas', key: 1, from: long, to: 1 },
      { type: 'delete', key: long },
      { type: 'raft_append', entry: { command: `SET x ${long}` } },
    ];
    for (const body of bodies) {
      expect(parseBody({ ...body, msg_id: 7 })).toMatchObject({ kind: 'refused', code: 12 });
    }
    expect(parseBody({ type: 'read', key: long, msg_id: 7 })).toMatchObject({ kind: 'operation' });
  });

  test('the longest line leaves room for the longest AppendEntries and one more command', () => {
    expect(maxLineBytes).toBeGreaterThan(Math.max(maxEntriesBytes, maxCommandBytes) + maxCommandBytes);
  });
});

import { expect, expectTypeOf, test } from 'vitest';
import type { Json } from '../../src/services/json.ts';
import type { ReceivedRequest, ReplyBody, RequestBody } from '../../src/stdio/bodies.ts';
import { describeReply, describeRequest } from '../../src/stdio/bodies.ts';
import type { Entry, RaftReply, RaftRequest } from '../../src/raft/messages.ts';
import { allReplies, allRequests } from './examples.ts';

/** Whether two types take each other's values, and, optional fields included, have the same fields. */
type Agree<Left, Right> = [Left, Right, Required<Left>, Required<Right>] extends [
  Right,
  Left,
  Required<Right>,
  Required<Left>,
]
  ? true
  : false;

type AgreeByType<Wire extends { readonly type: string }, Core extends { readonly type: string }> = {
  [Type in Core['type']]: Agree<Extract<Wire, { type: Type }>, Extract<Core, { type: Type }>>;
};

type WireEntry = Extract<RequestBody, { type: 'append_entries' }>['entries'][number];

/** Judged by the type checker, which runs before the tests. */
test("the wire's Raft messages are those of the core, in both directions", () => {
  expectTypeOf<AgreeByType<RequestBody, RaftRequest>>().toEqualTypeOf<{
    append_entries: true;
    request_vote: true;
    pre_vote: true;
    read_index: true;
    install_snapshot: true;
  }>();
  expectTypeOf<AgreeByType<ReplyBody, RaftReply>>().toEqualTypeOf<{
    append_entries_ok: true;
    request_vote_ok: true;
    pre_vote_ok: true;
    read_index_ok: true;
    install_snapshot_ok: true;
  }>();
  expectTypeOf<Agree<WireEntry, Entry>>().toEqualTypeOf<true>();
});

test('the types of bodies are precise', () => {
  expectTypeOf<Extract<ReceivedRequest, { type: 'read' }>>().toEqualTypeOf<{
    readonly type: 'read';
    readonly msg_id: number;
    readonly key: Json;
  }>();
  expectTypeOf<Extract<RequestBody, { type: 'raft_log' }>>().toEqualTypeOf<{
    readonly type: 'raft_log';
    readonly from?: number;
    readonly limit?: number;
  }>();
});

test('fields, behind type and numbers, stand in the order of the table', () => {
  for (const body of allRequests) {
    const { type, ...fields } = body;
    const names = describeRequest(type)?.fieldNames ?? [];
    expect(names.filter((name) => name in fields)).toEqual(Object.keys(fields));
  }
  for (const body of allReplies) {
    const { type, ...fields } = body;
    const names = describeReply(type)?.fieldNames ?? [];
    expect(names.filter((name) => name in fields)).toEqual(Object.keys(fields));
  }
});

test.each(['', 'echo', 'constructor', '__proto__', 'toString', 'Read'])('%j is no type of ours', (type) => {
  expect(describeRequest(type)).toBeUndefined();
  expect(describeReply(type)).toBeUndefined();
});

test('a type is described once: building a schema costs far more than using it', () => {
  expect(describeRequest('read')).toBe(describeRequest('read'));
  expect(describeReply('read_ok')).toBe(describeReply('read_ok'));
});

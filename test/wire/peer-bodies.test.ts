import { expect, expectTypeOf, test } from 'vitest';
import { describePeerReply, describePeerRequest } from '../../src/wire/peer-bodies.ts';
import type { PeerReplyBody, PeerRequestBody, ReceivedPeerRequest } from '../../src/wire/peer-bodies.ts';
import type { PeerReply, PeerRequest } from '../../src/member/messages.ts';
import type { Entry } from '../../src/raft/messages.ts';
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

type WireEntry = Extract<PeerRequestBody, { type: 'append_entries' }>['entries'][number];

/** Judged by the type checker, which runs before the tests. */
test("the wire's messages are those of members, in both directions", () => {
  expectTypeOf<AgreeByType<PeerRequestBody, PeerRequest>>().toEqualTypeOf<{
    append_entries: true;
    request_vote: true;
    pre_vote: true;
    propose: true;
    read_index: true;
    install_snapshot: true;
    timeout_now: true;
  }>();
  expectTypeOf<AgreeByType<PeerReplyBody, PeerReply>>().toEqualTypeOf<{
    append_entries_ok: true;
    request_vote_ok: true;
    pre_vote_ok: true;
    read_index_ok: true;
    install_snapshot_ok: true;
  }>();
  expectTypeOf<Agree<WireEntry, Entry>>().toEqualTypeOf<true>();
});

test('the types of bodies are precise', () => {
  expectTypeOf<Extract<ReceivedPeerRequest, { type: 'read_index' }>>().toEqualTypeOf<{
    readonly type: 'read_index';
    readonly msg_id: number;
    readonly term: number;
    readonly founders?: readonly string[];
  }>();
  expectTypeOf<Extract<PeerReplyBody, { type: 'error' }>>().toEqualTypeOf<{
    readonly type: 'error';
    readonly code: number;
    readonly text?: string;
    readonly term?: number;
    readonly taken?: number;
  }>();
});

test('fields, behind type and numbers, stand in the order of the table', () => {
  for (const body of allRequests) {
    const { type, ...fields } = body;
    const names = describePeerRequest(type)?.fieldNames ?? [];
    expect(names.filter((name) => name in fields)).toEqual(Object.keys(fields));
  }
  for (const body of allReplies) {
    const { type, ...fields } = body;
    const names = describePeerReply(type)?.fieldNames ?? [];
    expect(names.filter((name) => name in fields)).toEqual(Object.keys(fields));
  }
});

test.each(['', 'echo', 'constructor', '__proto__', 'toString', 'Read'])('%j is no type of ours', (type) => {
  expect(describePeerRequest(type)).toBeUndefined();
  expect(describePeerReply(type)).toBeUndefined();
});

test('a type is described once: building a schema costs far more than using it', () => {
  expect(describePeerRequest('propose')).toBe(describePeerRequest('propose'));
  expect(describePeerReply('error')).toBe(describePeerReply('error'));
});

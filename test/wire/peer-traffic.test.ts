import { describe, expect, test } from 'vitest';
import type { PeerMessage } from '../../src/index.ts';
import { parseMessage } from '../../src/wire/message.ts';
import type { PeerReplyMessage } from '../../src/wire/message.ts';
import { PeerTraffic } from '../../src/wire/peer-traffic.ts';
import type { PeerDoor } from '../../src/wire/peer-traffic.ts';

/** A member whose peer is n2, and what it has been handed. */
function door(): PeerDoor & { readonly taken: unknown[] } {
  const taken: unknown[] = [];
  return {
    taken,
    isPeer: (name) => name === 'n2',
    receiveRequest: (from, request) => taken.push([from, request.type]),
    receiveReply: (from, reply, sent) => taken.push([from, reply.type, sent]),
    receiveRefusal: (from, { term, taken: first }, sent) => taken.push([from, { term, taken: first }, sent]),
  };
}

function replyFrom(src: string, inReplyTo: number, body: object): PeerReplyMessage {
  const message = parseMessage(JSON.stringify({ src, dest: 'n1', body: { ...body, in_reply_to: inReplyTo } }));
  return message.kind === 'reply' ? message : expect.unreachable();
}

const readIndex: PeerMessage = { kind: 'request', to: 'n2', afterBatch: 0, number: 7, term: 3, message: { type: 'read_index', term: 3 } };
const forward: PeerMessage = {
  kind: 'forward',
  to: 'n2',
  afterBatch: 0,
  number: 5,
  message: { type: 'propose', term: 3, requests: [] },
};

describe('an answer', () => {
  test('goes to the member with what its request was, once', () => {
    const member = door();
    const traffic = new PeerTraffic('n1', member, 40);
    traffic.encode(readIndex, 0);
    const answer = replyFrom('n2', 40, { type: 'read_index_ok', term: 3, index: 9 });
    expect([traffic.receiveReply(answer, 0), traffic.receiveReply(answer, 0)]).toEqual([undefined, undefined]);
    expect(member.taken).toEqual([['n2', 'read_index_ok', { kind: 'request', number: 7, term: 3 }]]);
  });

  test('by another than the one that was asked, or too late, goes nowhere', () => {
    const member = door();
    const traffic = new PeerTraffic('n1', member, 40);
    traffic.encode(readIndex, 0);
    traffic.receiveReply(replyFrom('n3', 40, { type: 'read_index_ok', term: 3, index: 9 }), 0);
    traffic.expire(10_000);
    traffic.receiveReply(replyFrom('n2', 40, { type: 'read_index_ok', term: 3, index: 9 }), 10_000);
    expect(member.taken).toEqual([]);
  });

  test('that refuses a forward says how many were taken, and in which term', () => {
    const member = door();
    const traffic = new PeerTraffic('n1', member, 40);
    traffic.encode(forward, 0);
    traffic.receiveReply(replyFrom('n2', 40, { type: 'error', code: 11, text: 'full', term: 3, taken: 2 }), 0);
    expect(member.taken).toEqual([['n2', { term: 3, taken: 2 }, { kind: 'forward', number: 5, term: 3 }]]);
  });
});

describe('of strangers nothing is remembered', () => {
  const offersAfter = (recipients: readonly string[], turns: number): number => {
    const traffic = new PeerTraffic('n1', door(), 0);
    let offers = 0;
    for (let turn = 0; turn < turns; turn += 1) offers += traffic.offers(recipients).length;
    return offers;
  };

  test('they are offered no batches, however much they are told', () => {
    expect(offersAfter(['c1', 'c1', 'zz', 'zz'], 1000)).toBe(0);
    expect(offersAfter(['n2', 'n2'], 1000)).toBeGreaterThan(0);
  });

  test('their errors and batches change nothing', () => {
    const traffic = new PeerTraffic('n1', door(), 0);
    traffic.hasSentBatch({ kind: 'batch', src: 'c1', dest: 'n1', messages: [] });
    const said = { src: 'n1', dest: 'c1', body: '{"type":"x"}' };
    expect(traffic.lines([said, said])).toHaveLength(2);
    traffic.hasSentBatch({ kind: 'batch', src: 'n2', dest: 'n1', messages: [] });
    for (let stranger = 0; stranger < 1000; stranger += 1) {
      traffic.receiveReply(replyFrom(`c${stranger}`, 1, { type: 'error', code: 10 }), 0);
    }
    expect(traffic.lines([{ ...said, dest: 'n2' }, { ...said, dest: 'n2' }])).toHaveLength(1);
  });
});

import { describe, expect, test } from 'vitest';
import { parseMessage } from '../../src/wire/message.ts';
import { encodeBatch, Packing } from '../../src/wire/packing.ts';
import type { Addressed } from '../../src/wire/packing.ts';

const nextId = (): number => 99;

function said(dest: string, msgId: number, padding = ''): Addressed {
  return { src: 'n1', dest, body: `{"type":"read_index","msg_id":${msgId},"term":1${padding}}` };
}

/** The numbers of the messages in each line, as the receiver reads it. */
function idsOf(lines: readonly string[]): readonly (readonly number[])[] {
  return lines.map((line) => {
    const message = parseMessage(line);
    const messages = message.kind === 'batch' ? message.messages : [message];
    return messages.map((one) => (one.kind === 'request' ? one.body.msg_id : -1));
  });
}

describe('a turn', () => {
  test('says to each peer that takes batches all that it has to say in one line, in order', () => {
    const packing = new Packing();
    packing.hasSentBatch('n2');
    const lines = packing.lines([said('n2', 1), said('n3', 2), said('n2', 3), said('c1', 4), said('n3', 5)], nextId);
    expect(idsOf(lines)).toEqual([[1, 3], [2], [4], [5]]);
  });

  test('leaves a lone message as it is', () => {
    const packing = new Packing();
    packing.hasSentBatch('n2');
    expect(packing.lines([said('n2', 1)], nextId)).toEqual(new Packing().lines([said('n2', 1)], nextId));
  });

  test('begins another line where one is long enough, and gives what is longer a line of its own', () => {
    const packing = new Packing();
    packing.hasSentBatch('n2');
    const half = `,"x":"${'x'.repeat(30_000)}"`;
    const messages = [said('n2', 1, half), said('n2', 2, half), said('n2', 3, half), said('n2', 4, half.repeat(3))];
    expect(idsOf(packing.lines([...messages, said('n2', 5)], nextId))).toEqual([[1, 2], [3, 5], [4]]);
  });

  test('speaks plainly again to a peer that does not understand', () => {
    const packing = new Packing();
    packing.hasSentBatch('n2');
    packing.hasNotUnderstood('n2');
    expect(idsOf(packing.lines([said('n2', 1), said('n2', 2)], nextId))).toEqual([[1], [2]]);
  });
});

describe('batches are offered', () => {
  const turnsWithTwo = (packing: Packing, turns: number): number => {
    return Array.from({ length: turns }, () => packing.peersToOffer(['n2', 'n3', 'n2'])).flat().length;
  };

  test('only to who would have been spared some lines by then', () => {
    const packing = new Packing();
    expect(turnsWithTwo(packing, 7)).toBe(0);
    expect(packing.peersToOffer(['n2', 'n3', 'n2'])).toEqual(['n2']);
    for (let turn = 0; turn < 100; turn += 1) expect(packing.peersToOffer(['n2', 'n3'])).toEqual([]);
  });

  test('so many times and no more', () => {
    expect(turnsWithTwo(new Packing(), 10_000)).toBe(8);
  });

  test('neither to who takes them nor to who has said that it does not understand', () => {
    const packing = new Packing();
    packing.hasSentBatch('n2');
    expect(turnsWithTwo(packing, 100)).toBe(0);
    packing.hasNotUnderstood('n2');
    expect(turnsWithTwo(packing, 100)).toBe(0);
  });
});

describe('a batch that is received', () => {
  const parse = (body: unknown): unknown => parseMessage(JSON.stringify({ src: 'n2', dest: 'n1', body }));

  test('without any message is an offer', () => {
    const offer = parseMessage(`{"src":"n2","dest":"n1","body":${encodeBatch(7, [])}}`);
    expect(offer).toEqual({ kind: 'batch', src: 'n2', dest: 'n1', messages: [] });
  });

  test('holds each message as it would be by itself, right or wrong', () => {
    const bodies = [{ type: 'read_index', msg_id: 1, term: -1 }, { type: 'read_index', msg_id: 2, term: 1 }, 5, {}];
    const alone = bodies.map(parse);
    expect(alone).toMatchObject([{ kind: 'refused' }, { kind: 'request' }, { kind: 'unanswerable' }, { kind: 'unanswerable' }]);
    expect(parse({ type: 'batch', msg_id: 7, bodies })).toMatchObject({ kind: 'batch', messages: alone });
  });

  test('holds no other batch, so that nothing is nested', () => {
    const inner = { type: 'batch', msg_id: 1, bodies: [] };
    expect(parse({ type: 'batch', msg_id: 7, bodies: [inner] })).toMatchObject({
      messages: [{ kind: 'unread', type: 'batch', msgId: 1 }],
    });
  });

  test('is refused where its bodies are no list', () => {
    expect(parse({ type: 'batch', msg_id: 7, bodies: 'x' })).toMatchObject({
      kind: 'refused', code: 12, inReplyTo: 7, text: 'body.bodies: expected an array',
    });
    expect(parse({ type: 'batch', bodies: [] })).toMatchObject({ kind: 'unanswerable', reason: 'body.msg_id: missing' });
  });
});

import { describe, expect, test } from 'vitest';
import { maxBodiesPerBatch, maxNodeIdLength } from '../../src/wire/limits.ts';
import { parseMessage } from '../../src/wire/message.ts';
import type { Message } from '../../src/wire/message.ts';

function read(body: object, src: string = 'c1'): Message {
  return parseMessage(JSON.stringify({ src, dest: 'n1', body: { msg_id: 1, ...body } }));
}

describe('of very many wrong elements only the first is told of', () => {
  const many = new Array<number>(300_000).fill(0);
  const place = { prev_log_index: 0, prev_log_term: 0, leader_commit: 0 };

  test.each([
    [{ type: 'append_entries', term: 1, leader_id: 'n1', ...place, entries: many }, 'body.entries[0]: expected an object'],
    [{ type: 'propose', term: 1, requests: [{ id: 1, command: 2 }, ...many] }, 'body.requests[1]: expected an object'],
  ])('%#', (body, text) => {
    expect(read(body)).toMatchObject({ kind: 'refused', code: 12, text });
  });

  test('in a configuration too', () => {
    const entry = { kind: 'configuration', term: 1, index: 1, command: { voters: ['n1', ...many], learners: [] } };
    const body = { type: 'append_entries', term: 1, leader_id: 'n1', ...place, entries: [entry] };
    expect(read(body)).toMatchObject({ text: 'body.entries[0].command.voters[1]: expected a non-empty string' });
  });
});

describe('a batch', () => {
  test('holds as many bodies as a line that a node packs may', () => {
    const bodies = new Array<object>(maxBodiesPerBatch).fill({ type: 'read', msg_id: 1, key: 1 });
    expect(read({ type: 'batch', bodies })).toMatchObject({ kind: 'batch' });
    const text = `body.bodies: expected at most ${maxBodiesPerBatch} bodies`;
    expect(read({ type: 'batch', bodies: [...bodies, 1] })).toMatchObject({ kind: 'refused', code: 12, text });
  });
});

describe('a name', () => {
  test('is of bounded length: it stands in every answer', () => {
    const longest = 'c'.repeat(maxNodeIdLength);
    expect(read({ type: 'read', key: 1 }, longest)).toMatchObject({ kind: 'unread', src: longest });
    const reason = `src: expected at most ${maxNodeIdLength} characters`;
    expect(read({ type: 'read', key: 1 }, `${longest}c`)).toEqual({ kind: 'unanswerable', reason });
  });
});

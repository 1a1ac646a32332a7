import { describe, expect, it } from 'vitest';
import { KafkaClient } from '../../../maelstrom/workloads/kafka-client.ts';
import type { KafkaInvocation } from '../../../maelstrom/workloads/kafka-client.ts';
import type { Body } from '../../../maelstrom/cluster/cluster.ts';

const poll: KafkaInvocation = { f: 'poll', value: [['poll']] };
const send: KafkaInvocation = { f: 'send', value: [['send', '4', 7]] };
const assign = (...keys: readonly string[]): KafkaInvocation => ({ f: 'assign', value: keys });

/** Plays an operation to its end; `answers` are what the node says to each request in turn. */
function play(client: KafkaClient, invocation: KafkaInvocation, ...answers: readonly Body[]) {
  const asked: Body[] = [];
  let step: ReturnType<KafkaClient['receive']> = client.begin(invocation);
  for (const answer of answers) {
    if (step.type !== 'ask') throw new Error('it was done already');
    asked.push(step.body);
    step = client.receive(invocation, answer);
  }
  return { asked, step };
}

const committed = (offsets: object): Body => ({ type: 'list_committed_offsets_ok', offsets });
const polled = (msgs: object): Body => ({ type: 'poll_ok', msgs });
const commitOk: Body = { type: 'commit_offsets_ok' };
const busy: Body = { type: 'error', code: 11 };

function assigned(offsets: object): KafkaClient {
  const client = new KafkaClient();
  play(client, assign('4', '5'), committed(offsets));
  return client;
}

describe('a client of logs', () => {
  it('sends a message and records its offset', () => {
    const { asked, step } = play(new KafkaClient(), send, { type: 'send_ok', offset: 3 });
    expect(asked).toEqual([{ type: 'send', key: '4', msg: 7 }]);
    expect(step).toEqual({ type: 'ok', value: [['send', '4', [3, 7]]] });
  });

  it('begins where offsets were committed, or at 0, once it has assigned', () => {
    expect(play(new KafkaClient(), poll, polled({})).asked).toEqual([{ type: 'poll', offsets: {} }]);
    const client = new KafkaClient();
    const { asked, step } = play(client, assign('4', '5'), committed({ '5': 9 }));
    expect(asked).toEqual([{ type: 'list_committed_offsets', keys: ['4', '5'] }]);
    expect(step).toEqual({ type: 'ok', value: ['4', '5'] });
    expect(play(client, poll, polled({})).asked).toEqual([{ type: 'poll', offsets: { '4': 0, '5': 9 } }]);
  });

  it('commits what it polled, and goes on behind it', () => {
    const client = assigned({});
    const { asked, step } = play(client, poll, polled({ '4': [[2, 'a'], [5, 'b']], '5': [] }), commitOk);
    expect(asked).toEqual([{ type: 'poll', offsets: { '4': 0, '5': 0 } }, { type: 'commit_offsets', offsets: { '4': 5 } }]);
    expect(step).toEqual({ type: 'ok', value: [['poll', { '4': [[2, 'a'], [5, 'b']], '5': [] }]] });
    expect(play(client, poll, polled({})).asked).toEqual([{ type: 'poll', offsets: { '4': 6, '5': 0 } }]);
  });

  it('commits nothing where there was nothing', () => {
    expect(play(assigned({}), poll, polled({ '5': [] })).step).toEqual({ type: 'ok', value: [['poll', { '5': [] }]] });
  });

  it('polls again what could not be committed', () => {
    const client = assigned({});
    const { step } = play(client, poll, polled({ '4': [[2, 'a']] }), busy);
    expect(step).toEqual({ type: 'fail', error: [11, 'temporarily-unavailable'] });
    expect(play(client, poll, polled({})).asked).toEqual([{ type: 'poll', offsets: { '4': 0, '5': 0 } }]);
  });

  it('keeps its places for keys that it assigns again, but for the last time', () => {
    const client = assigned({});
    play(client, poll, polled({ '4': [[2, 'a']] }), commitOk);
    play(client, assign('4', '6'), committed({ '4': 0, '6': 1 }));
    expect(play(client, poll, polled({})).asked).toEqual([{ type: 'poll', offsets: { '4': 3, '6': 1 } }]);
    expect(play(client, { f: 'assign', value: ['4', '6'], final: true })).toEqual({
      asked: [],
      step: { type: 'ok', value: ['4', '6'] },
    });
    expect(play(client, poll, polled({})).asked).toEqual([{ type: 'poll', offsets: { '4': 0, '6': 0 } }]);
  });

  it('crashes without asking, and is in doubt then', () => {
    expect(play(new KafkaClient(), { f: 'crash', value: null })).toEqual({ asked: [], step: { type: 'info', error: 'crash' } });
  });

  it('is certain that nothing happened only where the error says so, or nothing could', () => {
    const crash: Body = { type: 'error', code: 13 };
    expect(play(new KafkaClient(), send, crash).step.type).toBe('info');
    expect(play(new KafkaClient(), send, busy).step.type).toBe('fail');
    expect(play(assigned({}), poll, crash).step.type).toBe('info');
    expect(play(new KafkaClient(), assign('4'), crash).step.type).toBe('fail');
  });

  it.each<[string, KafkaInvocation, readonly Body[]]>([
    ['a send without an offset', send, [{ type: 'send_ok' }]],
    ['a send with an offset that is no whole number', send, [{ type: 'send_ok', offset: '3' }]],
    ['a poll without messages', poll, [{ type: 'poll_ok' }]],
    ['a poll whose messages are a list', poll, [polled([])]],
    ['a poll of a key that was not asked for', poll, [polled({ '6': [] })]],
    ['a poll with a message that has no offset', poll, [polled({ '4': ['a'] })]],
    ['a poll with an offset that is no whole number', poll, [polled({ '4': [[1.5, 'a']] })]],
    ['a commit with more than its type', poll, [polled({ '4': [[1, 'a']] }), { ...commitOk, offsets: {} }]],
    ['committed offsets of a key that was not asked for', assign('4'), [committed({ '5': 1 })]],
    ['committed offsets that are no whole numbers', assign('4'), [committed({ '4': null })]],
  ])('takes for a bad reply %s', (_, invocation, answers) => {
    expect(play(assigned({}), invocation, ...answers).step.type).toBe('bad-reply');
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Router } from '../../../maelstrom/bench/router.ts';
import { maxLineBytes } from '../../../src/wire/limits.ts';

/** A router between three nodes, and what it told. */
function start(latencyMs = 0) {
  const told: string[] = [];
  const router = new Router(['n0', 'n1', 'n2'], latencyMs, {
    onSuccess: (node, client, answer, inReplyTo) => told.push(`n${node} c${client} ${answer} ${inReplyTo}`),
    onOtherAnswer: (node, client, body) => told.push(`n${node} c${client} ${JSON.stringify(body)}`),
    onFault: (node, what) => told.push(`fault: n${node} ${what}`),
    onWaiting: () => told.push('waiting'),
  });
  const receive = (node: number, ...lines: string[]) => router.receive(node, Buffer.from(lines.join('\n') + '\n'));
  const outbox = (node: number) => router.outbox(node).take().toString();
  return { router, told, receive, outbox };
}

function message(src: string, dest: string, body: object = { type: 'vote', term: 1 }): string {
  return JSON.stringify({ src, dest, body });
}

describe('the lean router', () => {
  it('carries lines from node to node as they are, each to its receiver, in order', () => {
    const { receive, outbox } = start();
    const [first, second, third] = [1, 2, 3].map((term) => message('n0', 'n1', { type: 'vote', term }));
    receive(0, `${first}`, `${second}`, message('n0', 'n2'), `${third}`);
    expect(outbox(1)).toBe(`${first}\n${second}\n${third}\n`);
    expect(outbox(2)).toBe(`${message('n0', 'n2')}\n`);
    expect(outbox(0)).toBe('');
  });

  it('carries lines of every other shape too', () => {
    const { receive, outbox, told } = start();
    const turned = '{"body":{"type":"vote","value":"{\\"src\\":\\"n0\\""},"dest":"n2","src":"n0"}';
    const spaced = '{"src": "n0", "dest": "n2", "body": {"type": "vote"}}';
    const numbered = '{"src":"n0","dest":"n2","id":4,"body":{"type":"vote"}}';
    receive(0, turned, spaced, message('n0', 'n2'), numbered, '');
    expect(outbox(2)).toBe([turned, spaced, message('n0', 'n2'), numbered, ''].join('\n'));
    expect(told).toEqual(['waiting']);
  });

  it('forgets a node that is started anew: half of a line that it wrote, and what was to be written to it', () => {
    const { router, receive, outbox, told } = start();
    router.receive(1, Buffer.from('{"src":"n1","dest":'));
    receive(0, message('n0', 'n1'));
    router.forget(1);
    receive(1, message('n1', 'n2'));
    expect([outbox(1), outbox(2)]).toEqual(['', `${message('n1', 'n2')}\n`]);
    expect(told).toEqual(['waiting']);
  });

  it('counts what nodes send each other, and nothing else', () => {
    const { router, receive } = start();
    receive(0, message('n0', 'n1'), message('n0', 'c1', { type: 'read_ok', in_reply_to: 1, value: 1 }));
    receive(1, '{"dest":"n0","src":"n1","body":{"type":"ack"}}');
    router.ask(0, `${message('c1', 'n0', { type: 'read' })}\n`);
    const bytes = message('n0', 'n1').length + '{"dest":"n0","src":"n1","body":{"type":"ack"}}'.length + 2;
    expect(router.traffic).toEqual({ messages: 2, bytes });
  });

  it('tells of successes by their bytes, and of all other answers parsed', () => {
    const { receive, told } = start();
    receive(
      1,
      message('n1', 'c3', { type: 'read_ok', in_reply_to: 5, value: 'x' }),
      message('n1', 'c4', { type: 'error', in_reply_to: 6, code: 11 }),
      message('n1', 'c5', { value: 1, type: 'read_ok', in_reply_to: 7 }),
    );
    expect(told).toEqual([
      'n1 c3 read_ok 5',
      'n1 c4 {"type":"error","in_reply_to":6,"code":11}',
      'n1 c5 {"value":1,"type":"read_ok","in_reply_to":7}',
    ]);
  });

  it('says once that something waits, until it is told that it was taken', () => {
    const { router, receive, told, outbox } = start();
    receive(0, message('n0', 'n1'), message('n0', 'n2'), message('n0', 'n1'));
    router.ask(1, 'a request\n');
    expect(told).toEqual(['waiting']);
    expect(outbox(1)).toBe(`${message('n0', 'n1')}\n${message('n0', 'n1')}\na request\n`);
    router.emptied();
    router.ask(1, 'another\n');
    expect(told).toEqual(['waiting', 'waiting']);
  });

  it.each([
    ['is not JSON', 'ready to serve', /stdout that is not JSON.*: ready to serve/],
    ['names a sender that is not there', message('n9', 'n1'), /whose src is "n9"/],
    ['is for a node that is not there', message('n0', 'n7'), /no such node/],
    ['has no body', '{"src":"n0","dest":"n1"}', /body is not an object/],
  ])('tells of a line that %s', (_, line, said) => {
    const { receive, told } = start();
    receive(0, line);
    expect(told[0]).toMatch(/^fault: n0/);
    expect(told[0]).toMatch(said);
  });

  it('tells of a line without an end', () => {
    const { router, told } = start();
    router.receive(0, Buffer.alloc(maxLineBytes + 1, 'x'));
    expect(told).toEqual([`fault: n0 wrote a line longer than ${maxLineBytes} bytes to stdout`]);
  });
});

describe('the lean router with latency', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('delays what nodes send each other, and not what clients ask or are told', () => {
    const { router, receive, told, outbox } = start(10);
    receive(0, message('n0', 'n1'), message('n0', 'c1', { type: 'write_ok', in_reply_to: 1 }));
    router.ask(1, 'a request\n');
    expect(told).toEqual(['n0 c1 write_ok 1', 'waiting']);
    expect(outbox(1)).toBe('a request\n');
    router.emptied();
    vi.advanceTimersByTime(9);
    expect(outbox(1)).toBe('');
    vi.advanceTimersByTime(1);
    expect(outbox(1)).toBe(`${message('n0', 'n1')}\n`);
    expect(told).toEqual(['n0 c1 write_ok 1', 'waiting', 'waiting']);
  });

  it('tells of a flood', () => {
    const { router, told } = start(10);
    const line = Buffer.from(`{"src":"n0","dest":"n1","body":{"type":"x","value":"${'x'.repeat(2_000_000)}"}}\n`);
    for (let count = 0; count < 140 && told.length === 0; count += 1) router.receive(0, line);
    expect(told[0]).toBe('fault: n1 is sent more than 256 MiB in the time of a delay');
    router.stop();
  });
});

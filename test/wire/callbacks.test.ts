import { describe, expect, test } from 'vitest';
import { Callbacks } from '../../src/wire/callbacks.ts';
import { Random } from '../../src/raft/random.ts';

describe('an answer', () => {
  test('finds the context of its request', () => {
    const callbacks = new Callbacks<string>(10);
    callbacks.add(1, 'n2', 'first', 100);
    callbacks.add(2, 'n3', 'second', 100);
    expect(callbacks.take(2, 'n3')).toBe('second');
    expect(callbacks.take(1, 'n2')).toBe('first');
  });

  test('counts once', () => {
    const callbacks = new Callbacks<string>(10);
    callbacks.add(1, 'n2', 'context', 100);
    callbacks.take(1, 'n2');
    expect(callbacks.take(1, 'n2')).toBeUndefined();
  });

  test('to nothing that was asked finds nothing', () => {
    expect(new Callbacks<string>(10).take(1, 'n2')).toBeUndefined();
  });

  test('from a node that was not asked finds nothing, and leaves the request to the one that was', () => {
    const callbacks = new Callbacks<string>(10);
    callbacks.add(1, 'n2', 'context', 100);
    expect(callbacks.take(1, 'n3')).toBeUndefined();
    expect(callbacks.take(1, 'n2')).toBe('context');
  });

  test('after the deadline finds nothing', () => {
    const callbacks = new Callbacks<string>(10);
    callbacks.add(1, 'n2', 'context', 100);
    callbacks.expire(100);
    expect(callbacks.take(1, 'n2')).toBeUndefined();
  });
});

describe('deadlines', () => {
  test('expire what is due, oldest first, and only that', () => {
    const callbacks = new Callbacks<string>(10);
    callbacks.add(1, 'n2', 'a', 100);
    callbacks.add(2, 'n2', 'b', 100);
    callbacks.add(3, 'n2', 'c', 101);
    expect(callbacks.expire(99)).toEqual([]);
    expect(callbacks.expire(100)).toEqual(['a', 'b']);
    expect(callbacks.expire(100)).toEqual([]);
    expect(callbacks.take(3, 'n2')).toBe('c');
  });

  test('do not expire what was answered', () => {
    const callbacks = new Callbacks<string>(10);
    callbacks.add(1, 'n2', 'a', 100);
    callbacks.add(2, 'n2', 'b', 100);
    callbacks.take(1, 'n2');
    expect(callbacks.expire(1_000)).toEqual(['b']);
    expect(callbacks.size).toBe(0);
  });
});

describe('the bound', () => {
  test('forgets the oldest', () => {
    const callbacks = new Callbacks<number>(3);
    for (let id = 1; id <= 5; id += 1) {
      callbacks.add(id, 'n2', id, 100);
    }
    expect(callbacks.size).toBe(3);
    expect([1, 2, 3, 4, 5].map((id) => callbacks.take(id, 'n2'))).toEqual([undefined, undefined, 3, 4, 5]);
  });

  test('holds for the memory too, where every request is answered and none expires', () => {
    const callbacks = new Callbacks<ArrayBuffer>(4);
    for (let id = 0; id < 1_000; id += 1) {
      callbacks.add(id, 'n2', new ArrayBuffer(1024 * 1024), 100);
      callbacks.take(id, 'n2');
    }
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(500 * 1024 * 1024);
  });

  test.each([0, -1, 1.5, Number.NaN])('cannot be %d', (bound) => {
    expect(() => new Callbacks(bound)).toThrow(RangeError);
  });
});

test('a number that already awaits an answer is a mistake of this node', () => {
  const callbacks = new Callbacks<string>(10);
  callbacks.add(1, 'n2', 'a', 100);
  expect(() => callbacks.add(1, 'n3', 'b', 100)).toThrow('msg_id 1');
});

test('any sequence of calls does what a plain list does', () => {
  const random = new Random(7);
  const bound = 8;
  const callbacks = new Callbacks<number>(bound);
  let awaited: { readonly id: number; readonly deadlineMs: number }[] = [];
  let nowMs = 0;
  for (let id = 0; id < 20_000; id += 1) {
    switch (random.integer(4)) {
      case 0: {
        const asked = id - random.integer(12);
        const known = awaited.some((callback) => callback.id === asked);
        expect(callbacks.take(asked, 'n2')).toBe(known ? asked : undefined);
        awaited = awaited.filter((callback) => callback.id !== asked);
        break;
      }
      case 1: {
        nowMs += random.integer(4);
        const due = awaited.filter(({ deadlineMs }) => deadlineMs <= nowMs);
        expect(callbacks.expire(nowMs)).toEqual(due.map((callback) => callback.id));
        awaited = awaited.filter(({ deadlineMs }) => deadlineMs > nowMs);
        break;
      }
      default:
        callbacks.add(id, 'n2', id, nowMs + 5);
        awaited = [...awaited, { id, deadlineMs: nowMs + 5 }].slice(-bound);
    }
    expect(callbacks.size).toBe(awaited.length);
  }
});

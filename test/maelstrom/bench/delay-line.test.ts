import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DelayLine } from '../../../maelstrom/bench/delay-line.ts';

const arrived: string[] = [];
let line: DelayLine;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  arrived.length = 0;
  line = new DelayLine(10, (dest, lines) => arrived.push(`${dest}: ${lines}`));
});

afterEach(() => {
  vi.useRealTimers();
});

function send(dest: number, text: string): void {
  line.add(dest, Buffer.from(text));
}

it('delivers everything after the delay, in order', () => {
  const beganAt = performance.now();
  const times: number[] = [];
  line = new DelayLine(10, (_, lines) => times.push(performance.now() - beganAt, lines.length));
  send(1, 'a');
  vi.advanceTimersByTime(4);
  send(2, 'bc');
  send(1, 'def');
  vi.advanceTimersByTime(100);
  expect(times).toEqual([10, 1, 14, 2, 14, 3]);
});

it('knows how much is on its way', () => {
  send(1, 'abc');
  send(2, 'de');
  expect(line.sizeBytes).toBe(5);
  vi.advanceTimersByTime(10);
  expect(line.sizeBytes).toBe(0);
  expect(arrived).toEqual(['1: abc', '2: de']);
});

it('delivers nothing after it was stopped', () => {
  send(1, 'abc');
  line.stop();
  vi.advanceTimersByTime(100);
  expect(arrived).toEqual([]);
});

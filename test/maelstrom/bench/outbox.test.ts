import { expect, it } from 'vitest';
import { Outbox } from '../../../maelstrom/bench/outbox.ts';

it('gives all that was put in, once', () => {
  const outbox = new Outbox();
  expect(outbox.isEmpty).toBe(true);
  outbox.addBytes(Buffer.from('one\ntwo\nthree\n'), 4, 8);
  outbox.addText('a\n');
  outbox.addText('b\n');
  expect(outbox.isEmpty).toBe(false);
  expect(outbox.take().toString()).toBe('two\na\nb\n');
  expect(outbox.isEmpty).toBe(true);
});

it('grows with what is put in', () => {
  const outbox = new Outbox();
  const line = Buffer.from(`${'x'.repeat(99_999)}\n`);
  for (let count = 0; count < 5; count += 1) outbox.addBytes(line, 0, line.length);
  outbox.addText('y'.repeat(1_000_000));
  const taken = outbox.take().toString();
  expect(taken.length).toBe(1_500_000);
  expect(taken).toBe(`${line.toString().repeat(5)}${'y'.repeat(1_000_000)}`);
});

it('leaves alone what is still being written', () => {
  const outbox = new Outbox();
  outbox.addText('first\n');
  const taken = outbox.take();
  outbox.giveBack(false);
  outbox.addText('other\n');
  outbox.take();
  expect(taken.toString()).toBe('first\n');
});

it('uses its memory again once that is free', () => {
  const outbox = new Outbox();
  outbox.addText('first\n');
  const taken = outbox.take();
  outbox.giveBack(true);
  outbox.addText('other\n');
  expect(outbox.take().buffer).toBe(taken.buffer);
});

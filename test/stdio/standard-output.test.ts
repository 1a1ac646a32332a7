import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { StandardOutput } from '../../src/stdio/standard-output.ts';

/** A reader who takes a piece when told to. */
class Reader extends Writable {
  readonly pieces: string[] = [];
  #taken: (() => void) | undefined;

  constructor() {
    super({ decodeStrings: false, highWaterMark: 1 });
  }

  override _write(piece: unknown, _encoding: string, taken: () => void): void {
    this.pieces.push(String(piece));
    this.#taken = taken;
  }

  /** Takes all there is, piece by piece. */
  async takeAll(): Promise<void> {
    while (this.#taken !== undefined) {
      const taken = this.#taken;
      this.#taken = undefined;
      taken();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const long = (letter: string): string => letter.repeat(50_000);

test('lines go out whole, in order, in pieces that each wait for the reader', async () => {
  const reader = new Reader();
  let timesRoom = 0;
  const output = new StandardOutput(reader, () => {
    timesRoom += 1;
  });
  const lines = [long('a'), 'b', long('c'), long('d'), 'e', '€', long('f')];
  output.write(lines);
  expect(reader.pieces.length).toBe(1);
  expect(output.isFull).toBe(true);
  await reader.takeAll();
  expect([output.isFull, timesRoom]).toEqual([false, 1]);
  expect(reader.pieces.join('')).toBe(`${lines.join('\n')}\n`);
  expect(reader.pieces.every((piece) => piece.endsWith('\n'))).toBe(true);
  expect(Math.max(...reader.pieces.map((piece) => piece.length))).toBeLessThan(64 * 1024 + 50_002);
});

test('what is written while the reader is behind comes after what waits', async () => {
  const reader = new Reader();
  const output = new StandardOutput(reader, () => {});
  output.write([long('a'), long('b'), long('c')]);
  output.write(['d']);
  await reader.takeAll();
  expect(reader.pieces.join('')).toBe(`${[long('a'), long('b'), long('c'), 'd'].join('\n')}\n`);
});

test('the end comes after all that waits', async () => {
  const reader = new Reader();
  const output = new StandardOutput(reader, () => {});
  output.write([long('a'), long('b'), long('c')]);
  const ended = new Promise<void>((resolve) => {
    output.end(() => resolve());
  });
  await reader.takeAll();
  await ended;
  expect(reader.pieces.join('').length).toBe(150_003);
});

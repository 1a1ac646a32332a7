import { describe, expect, it } from 'vitest';
import { WholeLines } from '../../../maelstrom/bench/whole-lines.ts';
import { Random } from '../../../src/index.ts';

function push(lines: WholeLines, chunk: string): readonly string[] | undefined {
  return lines.push(Buffer.from(chunk))?.map(String);
}

describe('the pieces that a stream is cut into', () => {
  it('end where lines end', () => {
    const lines = new WholeLines(100);
    expect(push(lines, 'one\ntwo\nthr')).toEqual(['one\ntwo\n']);
    expect(push(lines, 'e')).toEqual([]);
    expect(push(lines, 'e\nfour\nfive\nsi')).toEqual(['three\n', 'four\nfive\n']);
    expect(push(lines, 'x\n')).toEqual(['six\n']);
    expect(push(lines, 'seven\n')).toEqual(['seven\n']);
  });

  it('are whole lines and hold every byte once, however the stream comes', () => {
    const random = new Random(2);
    for (let trial = 0; trial < 300; trial += 1) {
      const text = Array.from({ length: 40 }, () => 'ab\n'[random.integer(3)]).join('');
      const lines = new WholeLines(100);
      let out = '';
      for (let at = 0; at < text.length; ) {
        const end = at + random.integer(8);
        for (const piece of push(lines, text.slice(at, end)) ?? ['too long']) {
          expect(piece.endsWith('\n')).toBe(true);
          out += piece;
        }
        at = end;
      }
      expect(out).toBe(text.slice(0, text.lastIndexOf('\n') + 1));
    }
  });

  it('have a bound: a line that gets longer is given up', () => {
    const lines = new WholeLines(5);
    expect(push(lines, '12345')).toEqual([]);
    expect(push(lines, '6')).toBeUndefined();
    expect(push(new WholeLines(5), 'a\n123456')).toBeUndefined();
    const ending = new WholeLines(5);
    expect(push(ending, '1234')).toEqual([]);
    expect(push(ending, '56\nb\n')).toBeUndefined();
  });
});

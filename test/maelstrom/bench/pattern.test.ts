import { describe, expect, it } from 'vitest';
import { Pattern } from '../../../maelstrom/bench/pattern.ts';
import { Random } from '../../../src/index.ts';

function found(text: string, pattern: string, at: number): boolean {
  // A slice of a larger memory, as chunks of a pipe are.
  const bytes = Buffer.from(`junk${text}junk`).subarray(4, 4 + text.length);
  return new Pattern(pattern).matches(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at);
}

describe('a pattern', () => {
  it('is found where it stands, whatever its length', () => {
    for (const pattern of ['abcd', 'abcde', 'abcdef', 'abcdefg', 'abcdefgh']) {
      expect(found(`xyz${pattern}`, pattern, 3)).toBe(true);
      expect(found(`xyz${pattern}`, pattern, 2)).toBe(false);
    }
  });

  it('is not found beyond the end, nor before the beginning', () => {
    expect(found('abc', 'abcd', 0)).toBe(false);
    expect(found('xabcd', 'abcd', 2)).toBe(false);
    expect(found('abcd', 'abcd', -1)).toBe(false);
  });

  it('is found exactly where the text has it', () => {
    const random = new Random(1);
    const draw = (length: number) => Array.from({ length }, () => 'ab'[random.integer(2)]).join('');
    for (let trial = 0; trial < 2000; trial += 1) {
      const [text, pattern] = [draw(12), draw(4 + random.integer(4))];
      const at = random.integer(10);
      expect(found(text, pattern, at)).toBe(text.startsWith(pattern, at));
    }
  });

  it('is four characters long or longer', () => {
    expect(() => new Pattern('abc')).toThrow(RangeError);
  });
});

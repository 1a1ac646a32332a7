import { expect, test } from 'vitest';
import { Crc32c, crc32c } from '../../src/storage/crc32c.ts';

// RFC 3720, appendix B.4, where the checksums stand with their bytes in the opposite order.
test.each([
  ['32 bytes of zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 bytes, rising', Buffer.from(Array.from({ length: 32 }, (_, byte) => byte)), 0x46dd794e],
  ['32 bytes, falling', Buffer.from(Array.from({ length: 32 }, (_, byte) => 31 - byte)), 0x113fdb5c],
  ['nothing', Buffer.alloc(0), 0],
])('%s', (_, bytes, checksum) => {
  expect(crc32c(bytes)).toBe(checksum);
});

test('of a part is that of the part alone', () => {
  expect(crc32c(Buffer.from('..123456789.'), 2, 11)).toBe(crc32c(Buffer.from('123456789')));
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

test('of a text with a byte a character is that of its bytes', () => {
  const checksum = new Crc32c();
  for (const piece of ['12345', '', '6789']) checksum.addLatin1(piece);
  expect(checksum.value).toBe(0xe3069283);
  checksum.addLatin1('\u00ff');
  expect(checksum.value).toBe(crc32c(Buffer.from('123456789\u00ff', 'latin1')));
});

/**
 * CRC-32C, with the Castagnoli polynomial in reflected form (RFC 3720, appendix B.4). Node.js offers a CRC-32 only from
 * 20.15 and 22.2 on, and CRC-32C finds more errors in long records.
 */
const polynomial = 0x82f63b78;

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1;
  }
  return remainder;
});

/** The checksum of the bytes from `start` up to, but without, `end`: an integer from 0 to 2^32 - 1. */
export function crc32c(bytes: Uint8Array, start: number = 0, end: number = bytes.length): number {
  return ~remainderAfter(-1, bytes, start, end) >>> 0;
}

/** The checksum of bytes that come in pieces. */
export class Crc32c {
  #remainder = -1;

  add(bytes: Uint8Array): void {
    this.#remainder = remainderAfter(this.#remainder, bytes, 0, bytes.length);
  }

  /** Adds a text in which every character is one byte (latin1). This is faster than converting it to bytes first. */
  addLatin1(text: string): void {
    let remainder = this.#remainder;
    for (let place = 0; place < text.length; place += 1) {
      remainder = (remainder >>> 8) ^ (table[(remainder ^ text.charCodeAt(place)) & 0xff] ?? 0);
    }
    this.#remainder = remainder;
  }

  /** The checksum of all bytes so far, as `crc32c` gives it. */
  get value(): number {
    return ~this.#remainder >>> 0;
  }

  /** The checksum as eight hexadecimal digits. */
  get text(): string {
    return this.value.toString(16).padStart(8, '0');
  }
}

function remainderAfter(before: number, bytes: Uint8Array, start: number, end: number): number {
  let remainder = before;
  for (let place = start; place < end; place += 1) {
    remainder = (remainder >>> 8) ^ (table[(remainder ^ (bytes[place] ?? 0)) & 0xff] ?? 0);
  }
  return remainder;
}

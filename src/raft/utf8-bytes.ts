/** How many bytes of UTF-8 a text takes. Half of a pair of surrogates takes three, as in the character that replaces it. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (isPair(unit, text.charCodeAt(place + 1))) {
      // Four bytes for two units.
      bytes += 2;
      place += 1;
    } else bytes += 2;
  }
  return bytes;
}

function isPair(first: number, second: number): boolean {
  return first >= 0xd800 && first < 0xdc00 && second >= 0xdc00 && second < 0xe000;
}

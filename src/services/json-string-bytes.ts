/** How many bytes of UTF-8 a text takes as JSON, its quotes and escapes included. */
export function jsonStringBytes(text: string): number {
  let bytes = text.length + 2;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x20 && unit < 0x80 && unit !== quote && unit !== backslash) continue;
    if (unit === quote || unit === backslash) bytes += 1;
    else if (unit < 0x20) bytes += hasShortEscape(unit) ? 1 : 5;
    else if (unit < 0x800) bytes += 1;
    else if (isPair(unit, text, at)) [bytes, at] = [bytes + 2, at + 1];
    else bytes += unit >= 0xd800 && unit < 0xe000 ? 5 : 2;
  }
  return bytes;
}

const quote = 0x22;
const backslash = 0x5c;

/** `\b`, `\t`, `\n`, `\f` and `\r`; the others are `\u0000`. */
function hasShortEscape(unit: number): boolean {
  return unit >= 8 && unit <= 13 && unit !== 11;
}

/** Whether a unit begins a surrogate pair. */
function isPair(unit: number, text: string, at: number): boolean {
  if (unit < 0xd800 || unit >= 0xdc00) return false;
  const next = text.charCodeAt(at + 1);
  return next >= 0xdc00 && next < 0xe000;
}

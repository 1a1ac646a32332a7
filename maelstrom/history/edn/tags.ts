/** The two tags that every reader of EDN knows. Values that Clojure calls equal get the same text. */

/** A moment in milliseconds, in UTC; undefined where the text is none (RFC 3339, of which the end may be missing). */
export function instantText(text: string): string | undefined {
  const match = instant.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '1', day = '1', hour = '0', minute = '0', second = '0', fraction = ''] = match;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const local = new Date(0);
  local.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isDay = local.getUTCMonth() === Number(month) - 1 && local.getUTCDate() === Number(day);
  if (!isDay || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  local.setUTCHours(Number(hour), Number(minute), Number(second), milliseconds);
  const [sign, hours, minutes] = [match[8] === '-' ? -1 : 1, Number(match[9] ?? 0), Number(match[10] ?? 0)];
  return new Date(local.getTime() - sign * (60 * hours + minutes) * 60_000).toISOString();
}

const instant =
  /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?)?)?)?)?(?:Z|([+-])([0-9]{2}):([0-9]{2}))?$/;

/** A UUID in small letters; undefined where the text is none. */
export function uuidText(text: string): string | undefined {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : undefined;
}

/**
 * Numbers as Clojure tells them apart, since Maelstrom's checkers do: `2` and `2.0` are two values, and `2.0`, `2.00` and
 * `20e-1` are one. JavaScript has one number for all of them. So a number that is written with a point or an exponent
 * and is whole becomes an object that holds its text, `{"edn":"2.0"}`, as everything does that JSON has no word for
 * (edn/to-json.ts). It equals itself and nothing else, and is written as `2.0` again.
 */
import type { Json, JsonObject } from '../../src/services/json.ts';

/** What holds the text of a value that JSON has no word for. */
export function marked(text: string): JsonObject {
  return { edn: text };
}

/** The text that such an object holds; undefined for any other value. */
export function markedText(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null || !('edn' in value)) return undefined;
  const text = value['edn'];
  return typeof text === 'string' && Object.keys(value).length === 1 ? text : undefined;
}

/** A double that is whole, as text that is the same for equal ones. */
export function wholeDoubleText(number: number): string {
  const text = String(number);
  return text.includes('e') ? text : `${text}.0`;
}

/** `JSON.parse`, but that numbers keep what they are. Throws as that does. */
export function parseExactly(text: string): unknown {
  return exactly(text, JSON.parse(text));
}

/** The same, where it is known what `JSON.parse` makes of the text: it is parsed again only if there is a need. */
export function exactly(text: string, parsed: unknown): unknown {
  return mayHoldDouble(text) ? JSON.parse(withMarks(text)) : parsed;
}

/** A digit, then a point or an exponent, anywhere: most texts hold none, and cost no more than this look. */
export function mayHoldDouble(text: string): boolean {
  return doubleSomewhere.test(text);
}

const doubleSomewhere = /[0-9][.eE]/;
const double = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/g;

/** Goes from string to string: between them are the numbers. */
function withMarks(json: string): string {
  let result = '';
  for (let from = 0; ; ) {
    const opens = json.indexOf('"', from);
    const between = opens === -1 ? json.slice(from) : json.slice(from, opens);
    result += between.replaceAll(double, markWholeDouble);
    if (opens === -1) return result;
    const closes = endOfString(json, opens);
    result += json.slice(opens, closes);
    from = closes;
  }
}

function markWholeDouble(text: string): string {
  const number = Number(text);
  const isDouble = /[.eE]/.test(text);
  return isDouble && Number.isInteger(number) ? JSON.stringify(marked(wholeDoubleText(number))) : text;
}

/** The place behind the quotation mark that closes the string which opens at `opens`. */
function endOfString(json: string, opens: number): number {
  for (let at = opens + 1; ; ) {
    const closes = json.indexOf('"', at);
    if (closes === -1) return json.length;
    let backslashes = 0;
    while (json[closes - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return closes + 1;
    at = closes + 1;
  }
}

const markedDouble = /\{"edn":"(-?[0-9]+(?:\.0|(?:\.[0-9]+)?e\+[0-9]+))"\}/g;
const anyMarked = /\{"edn":("(?:[^"\\]|\\.)*")\}/g;

/** `JSON.stringify` of what `parseExactly` gave: doubles are numbers again. */
export function formatExactly(json: string): string {
  return json.includes('{"edn":"') ? json.replaceAll(markedDouble, '$1') : json;
}

/** A value as people write it: what was marked stands there as it was. */
export function plainText(value: Json): string {
  const json = JSON.stringify(value);
  return json.includes('{"edn":"') ? json.replaceAll(anyMarked, (_, text: string) => String(JSON.parse(text))) : json;
}

/**
 * Numbers as Clojure reads them from EDN. Two are equal there only if they are of one kind: whole numbers and ratios of
 * any size, doubles, or decimals (`1.5M`). What is equal gets the same value here, however it was written.
 */
import { wholeDoubleText } from '../exact.ts';
import type { Edn } from './value.ts';

const startsNumber = /^[+-]?[0-9]/;
const whole = /^([+-]?)(?:0[xX]([0-9A-Fa-f]+)|0([0-7]+)|([1-9][0-9]?)[rR]([0-9A-Za-z]+)|(0|[1-9][0-9]*))N?$/;
const ratio = /^([+-]?[0-9]+)\/([0-9]+)$/;
const double = /^[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?$/;
const decimal = /^([+-]?)([0-9]+)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?M$/;

/** Longer ones are refused: to read one takes the square of its length. */
const maxDigits = 10_000;

/** Whether a token is a number, or a wrong one: nothing else may begin so. */
export function looksLikeNumber(token: string): boolean {
  return startsNumber.test(token);
}

/** The number, or undefined where the token is none. */
export function parseNumber(token: string): Edn | undefined {
  if (token.length > maxDigits) return undefined;
  return parseWhole(token) ?? parseRatio(token) ?? parseDouble(token) ?? parseDecimal(token);
}

function parseWhole(token: string): Edn | undefined {
  const match = whole.exec(token);
  if (match === null) return undefined;
  const [, sign, hex, octal, radix, inRadix, plain] = match;
  const size =
    plain !== undefined ? BigInt(plain)
    : hex !== undefined ? BigInt(`0x${hex}`)
    : octal !== undefined ? BigInt(`0o${octal}`)
    : inBase(Number(radix), inRadix ?? '');
  if (size === undefined) return undefined;
  return ofBigInt(sign === '-' ? -size : size);
}

function inBase(base: number, digits: string): bigint | undefined {
  let value = 0n;
  for (const character of digits.toLowerCase()) {
    const digit = Number.parseInt(character, 36);
    if (!(digit < base) || base < 2 || base > 36) return undefined;
    value = value * BigInt(base) + BigInt(digit);
  }
  return value;
}

function parseRatio(token: string): Edn | undefined {
  const match = ratio.exec(token);
  if (match === null) return undefined;
  const [above, below] = [BigInt((match[1] ?? '').replace('+', '')), BigInt(match[2] ?? '')];
  if (below === 0n) return undefined;
  const divisor = greatestCommon(above < 0n ? -above : above, below);
  const [numerator, denominator] = [above / divisor, below / divisor];
  return denominator === 1n ? ofBigInt(numerator) : { kind: 'number', text: `${numerator}/${denominator}` };
}

function greatestCommon(left: bigint, right: bigint): bigint {
  let [larger, smaller] = [left, right];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

function ofBigInt(value: bigint): Edn {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : { kind: 'number', text: String(value) };
}

function parseDouble(token: string): Edn | undefined {
  if (!double.test(token)) return undefined;
  // A whole number that none of the forms above is: one with a zero in front.
  if (!/[.eE]/.test(token)) return undefined;
  const number = Number(token);
  if (Number.isInteger(number)) return { kind: 'number', text: wholeDoubleText(number) };
  return Number.isFinite(number) ? number : { kind: 'number', text: number > 0 ? '##Inf' : '##-Inf' };
}

/** Decimals are compared by value: `1.0M` equals `1.00M`, and `1M`. */
function parseDecimal(token: string): Edn | undefined {
  const match = decimal.exec(token);
  if (match === null) return undefined;
  const [, sign, before = '', after = '', exponent = '0'] = match;
  const digits = `${before}${after}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return { kind: 'number', text: '0M' };
  const power = Number(exponent) - after.length + (digits.length - significant.length);
  const scale = power === 0 ? '' : `E${power}`;
  return { kind: 'number', text: `${sign === '-' ? '-' : ''}${significant}${scale}M` };
}

import type { Edn } from './value.ts';

/** The deepest nesting that is read: `[]` nests 1 deep. */
export const maxDepth = 128;

/** How much of what is wrong an error shows. */
const maxQuotedLength = 40;

/** A text is not EDN, or goes on where it should end. Lines and columns count from 1. */
export class EdnError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(line: number, column: number, reason: string) {
    super(`line ${line}, column ${column}: ${reason}`);
    this.name = 'EdnError';
    this.line = line;
    this.column = column;
  }
}

const space = /(?:[\s,]+|;[^\n]*)*/y;
/** Up to what ends a symbol, a keyword or a number. */
const token = /[^\s,;"()[\]{}]+/y;
const text = /"([^"\\]*(?:\\[^][^"\\]*)*)"/y;
/** After its backslash a character may be anything, brackets included, and goes on as a token does. */
const character = /\\([^\s](?:[^\s,;"()[\]{}]*))/y;
const integer = /^[+-]?(?:0|[1-9][0-9]*)$/;
const float = /^[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?$/;
const startsNumber = /^[+-]?[0-9]/;
const closers: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' };

/** Reads the values in a text, one after the other. Holds no more of them than the caller does. */
export class EdnReader {
  readonly #text: string;
  #place = 0;
  /** Where the line that is known begins, so that lines are counted once. */
  #lineStart = 0;
  #line = 1;
  #scanned = 0;
  /** How many things are open that are not read to their end. */
  #depth = 0;
  /** Names repeat without end; each is kept once. */
  readonly #keywords = new Map<string, Edn>();

  constructor(source: string) {
    this.#text = source;
  }

  /** The line on which the next thing begins. */
  get line(): number {
    this.#skip();
    return this.#position(this.#place).line;
  }

  /** Whether nothing is left but space and comments. */
  get isAtEnd(): boolean {
    this.#skip();
    return this.#place >= this.#text.length;
  }

  /** Steps over a bracket, if that comes next. */
  take(bracket: string): boolean {
    this.#skip();
    if (this.#text[this.#place] !== bracket) return false;
    this.#place += 1;
    return true;
  }

  /** The next value. Throws an `EdnError` where there is none. */
  next(): Edn {
    return this.#read();
  }

  /** An error at the next thing. */
  error(reason: string): EdnError {
    this.#skip();
    return this.#errorAt(this.#place, reason);
  }

  #read(): Edn {
    this.#skip();
    const start = this.#text[this.#place];
    switch (start) {
      case undefined:
        throw this.error('the text ends where a value should be');
      case '"':
        return this.#string();
      case '\\':
        return { kind: 'character', name: this.#match(character, 'a character', 1) };
      case '[':
        return { kind: 'vector', items: this.#items(start) };
      case '(':
        return { kind: 'list', items: this.#items(start) };
      case '{':
        return this.#map();
      case '#':
        return this.#dispatch();
      case ']':
      case ')':
      case '}':
        throw this.error(`a ${start} that closes nothing`);
      default:
        return this.#atom(this.#match(token, 'a value', 0));
    }
  }

  #items(open: string): readonly Edn[] {
    const at = this.#place;
    this.#goDeeper();
    this.#place += 1;
    const closer = closers[open] ?? '';
    const items: Edn[] = [];
    while (!this.take(closer)) {
      if (this.isAtEnd) throw this.#errorAt(at, `this ${open} is never closed`);
      items.push(this.#read());
    }
    this.#depth -= 1;
    return items;
  }

  #map(): Edn {
    const at = this.#place;
    const items = this.#items('{');
    if (items.length % 2 === 1) throw this.#errorAt(at, 'a map in which a key has no value');
    const entries: (readonly [Edn, Edn])[] = [];
    for (let place = 0; place < items.length; place += 2) {
      entries.push([items[place] ?? null, items[place + 1] ?? null]);
    }
    return { kind: 'map', entries };
  }

  /** What stands after `#`: a set, or a tag with the value that it says something about. */
  #dispatch(): Edn {
    this.#goDeeper();
    this.#place += 1;
    const value = this.#dispatched();
    this.#depth -= 1;
    return value;
  }

  #dispatched(): Edn {
    if (this.#text[this.#place] === '{') return { kind: 'set', items: this.#items('{') };
    const tag = this.#match(token, 'a tag after #', 0);
    if (tag.startsWith('#')) return { kind: 'number', text: `#${tag}` };
    return { kind: 'tagged', tag, value: this.#read() };
  }

  #goDeeper(): void {
    if (this.#depth >= maxDepth) throw this.#errorAt(this.#place, `nested more than ${maxDepth} deep`);
    this.#depth += 1;
  }

  #string(): string {
    const at = this.#place;
    text.lastIndex = at;
    const match = text.exec(this.#text);
    if (match === null) throw this.#errorAt(at, 'this " is never closed');
    this.#place = text.lastIndex;
    const inside = match[1] ?? '';
    return inside.includes('\\') ? unescape(inside, (reason) => this.#errorAt(at, reason)) : inside;
  }

  #atom(name: string): Edn {
    if (name === 'nil') return null;
    if (name === 'true') return true;
    if (name === 'false') return false;
    if (name.startsWith(':')) return this.#keyword(name.slice(1));
    if (!startsNumber.test(name)) return { kind: 'symbol', name };
    if (integer.test(name) && Number.isSafeInteger(Number(name))) return Number(name);
    if (float.test(name) && Number.isFinite(Number(name)) && !Number.isInteger(Number(name))) return Number(name);
    return { kind: 'number', text: name };
  }

  #keyword(name: string): Edn {
    const known = this.#keywords.get(name);
    if (known !== undefined) return known;
    const keyword: Edn = { kind: 'keyword', name };
    this.#keywords.set(name, keyword);
    return keyword;
  }

  #match(pattern: RegExp, what: string, group: number): string {
    pattern.lastIndex = this.#place;
    const match = pattern.exec(this.#text);
    if (match === null) {
      const quoted = JSON.stringify(this.#text.slice(this.#place, this.#place + maxQuotedLength));
      throw this.#errorAt(this.#place, `expected ${what}, not ${quoted}`);
    }
    this.#place = pattern.lastIndex;
    return match[group] ?? '';
  }

  /** Steps over space, comments, and what is marked to be left out (`#_`). */
  #skip(): void {
    for (;;) {
      space.lastIndex = this.#place;
      space.exec(this.#text);
      this.#place = space.lastIndex;
      if (!this.#text.startsWith('#_', this.#place)) return;
      this.#goDeeper();
      this.#place += 2;
      this.#read();
      this.#depth -= 1;
    }
  }

  #errorAt(place: number, reason: string): EdnError {
    const { line, column } = this.#position(place);
    return new EdnError(line, column, reason);
  }

  #position(place: number): { readonly line: number; readonly column: number } {
    if (place < this.#scanned) this.#rewind();
    for (;;) {
      const end = this.#text.indexOf('\n', this.#lineStart);
      if (end === -1 || end >= place) break;
      this.#lineStart = end + 1;
      this.#line += 1;
    }
    this.#scanned = place;
    return { line: this.#line, column: place - this.#lineStart + 1 };
  }

  #rewind(): void {
    this.#lineStart = 0;
    this.#line = 1;
  }
}

const escapes: Readonly<Record<string, string>> = {
  t: '\t',
  r: '\r',
  n: '\n',
  b: '\b',
  f: '\f',
  '\\': '\\',
  '"': '"',
};

function unescape(inside: string, error: (reason: string) => EdnError): string {
  return inside.replaceAll(/\\(u[0-9a-fA-F]{4}|[0-7]{1,3}|[^])/g, (_, escape: string) => {
    if (/^u[0-9a-fA-F]{4}$/.test(escape)) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    if (/^[0-7]+$/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8));
    const known = escapes[escape];
    if (known === undefined) throw error(`a string with \\${escape}, which stands for nothing`);
    return known;
  });
}

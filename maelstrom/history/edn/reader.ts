import { looksLikeNumber, parseNumber } from './number.ts';
import { instantText, uuidText } from './tags.ts';
import { ednText } from './value.ts';
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
/** What nearly all numbers are: read at once. */
const smallInteger = /^(?:0|-?[1-9][0-9]{0,14})$/;
/** Symbols and keywords: a name, or a namespace and a name. */
const named = /^(?:\/|(?![0-9])[^\s/:@^`~\\'][^/@^`~\\]*(?:\/[^@^`~\\]+)?)$/;
/** As Clojure has it, a keyword may also begin with a digit. */
const keywordName = /^[^\s/:@^`~\\][^/@^`~\\]*(?:\/[^@^`~\\]+)?$/;
const characterNames: Readonly<Record<string, string>> = {
  newline: '\n',
  return: '\r',
  space: ' ',
  tab: '\t',
  backspace: '\b',
  formfeed: '\f',
};
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
        return this.#character();
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
        return this.#atom();
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
    if (repeats(entries)) throw this.#errorAt(at, 'a map in which a key stands twice');
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
    const at = this.#place;
    if (this.#text[at] === '{') return this.#set();
    const tag = this.#match(token, 'a tag after #', 0);
    if (tag.startsWith('#')) return this.#special(`#${tag}`, at);
    const value = this.#read();
    return tag.startsWith(':') ? this.#inNamespace(tag.slice(1), value, at) : this.#tagged(tag, value, at);
  }

  #set(): Edn {
    const at = this.#place;
    const items = this.#items('{');
    if (new Set(items.map(ednText)).size < items.length) throw this.#errorAt(at, 'a set in which a member stands twice');
    return { kind: 'set', items };
  }

  #special(text: string, at: number): Edn {
    if (['##Inf', '##-Inf', '##NaN'].includes(text)) return { kind: 'number', text };
    throw this.#errorAt(at, `${text} stands for nothing`);
  }

  /** `#:a{:b 1}` is `{:a/b 1}`. */
  #inNamespace(namespace: string, value: Edn, at: number): Edn {
    if (typeof value !== 'object' || value?.kind !== 'map') throw this.#errorAt(at, `expected a map after #:${namespace}`);
    const entries = value.entries.map(([key, member]): readonly [Edn, Edn] => [this.#qualified(namespace, key), member]);
    return { kind: 'map', entries };
  }

  #qualified(namespace: string, key: Edn): Edn {
    if (typeof key !== 'object' || (key?.kind !== 'keyword' && key?.kind !== 'symbol')) return key;
    const name = key.name.startsWith('_/') ? key.name.slice(2) : key.name.includes('/') ? key.name : `${namespace}/${key.name}`;
    return key.kind === 'keyword' ? this.#keyword(name) : { kind: 'symbol', name };
  }

  /** Of a tag that is known, the value in the one form that it has. */
  #tagged(tag: string, value: Edn, at: number): Edn {
    const read = tag === 'inst' ? instantText : tag === 'uuid' ? uuidText : undefined;
    if (read === undefined) return { kind: 'tagged', tag, value };
    const text = typeof value === 'string' ? read(value) : undefined;
    if (text === undefined) throw this.#errorAt(at, `#${tag} of ${ednText(value)}, which is none`);
    return { kind: 'tagged', tag, value: text };
  }

  #character(): Edn {
    const at = this.#place;
    const text = this.#match(character, 'a character', 1);
    const coded = /^(?:u([0-9a-fA-F]{4})|o([0-3]?[0-7]{1,2}))$/.exec(text);
    const code = coded === null ? NaN : coded[1] === undefined ? Number.parseInt(coded[2] ?? '', 8) : Number.parseInt(coded[1], 16);
    const meant = coded === null ? (characterNames[text] ?? text) : String.fromCharCode(code);
    if (meant.length !== 1) throw this.#errorAt(at, `\\${text}, which is no character`);
    const name = Object.entries(characterNames).find(([, known]) => known === meant)?.[0] ?? meant;
    return { kind: 'character', name };
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

  #atom(): Edn {
    const at = this.#place;
    const name = this.#match(token, 'a value', 0);
    if (name.startsWith(':')) return this.#keyword(name.slice(1));
    if (smallInteger.test(name)) return Number(name);
    if (name === 'nil') return null;
    if (name === 'true') return true;
    if (name === 'false') return false;
    if (looksLikeNumber(name)) {
      const number = parseNumber(name);
      if (number === undefined) throw this.#errorAt(at, `${name} is not a number`);
      return number;
    }
    if (!named.test(name)) throw this.#errorAt(at, `${name} is not a symbol`);
    return { kind: 'symbol', name };
  }

  #keyword(name: string): Edn {
    const known = this.#keywords.get(name);
    if (known !== undefined) return known;
    if (!keywordName.test(name)) throw this.#errorAt(this.#place - name.length, `:${name} is not a keyword`);
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

/** Whether a key stands twice. Keywords are kept once, so that two of them are one where they are equal. */
function repeats(entries: readonly (readonly [Edn, Edn])[]): boolean {
  const others: string[] = [];
  for (let place = 0; place < entries.length; place += 1) {
    const key = entries[place]?.[0] ?? null;
    if (typeof key !== 'object' || key?.kind !== 'keyword') others.push(ednText(key));
    else if (entries.length > 16) others.push(ednText(key));
    else for (let before = 0; before < place; before += 1) if (entries[before]?.[0] === key) return true;
  }
  return new Set(others).size < others.length;
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

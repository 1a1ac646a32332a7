/**
 * Values of EDN, the notation of Clojure's data, as far as histories need them
 * (https://github.com/edn-format/edn describes it).
 */
export type Edn =
  | null
  | boolean
  /** A whole number that a double holds exactly, or a fraction. */
  | number
  | string
  | { readonly kind: 'keyword'; readonly name: string }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'character'; readonly name: string }
  /** A number that is not the same as any of the above: `1.0`, `12N`, `2/3`, what is beyond 2^53, ... */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'vector'; readonly items: readonly Edn[] }
  | { readonly kind: 'list'; readonly items: readonly Edn[] }
  | { readonly kind: 'set'; readonly items: readonly Edn[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Edn, Edn])[] }
  | { readonly kind: 'tagged'; readonly tag: string; readonly value: Edn };

/** A value as text that is the same for equal values: the members of maps and sets are put in order. */
export function ednText(value: Edn): string {
  if (value === null) return 'nil';
  if (typeof value !== 'object') return JSON.stringify(value);
  switch (value.kind) {
    case 'keyword':
      return `:${value.name}`;
    case 'symbol':
      return value.name;
    case 'character':
      return `\\${value.name}`;
    case 'number':
      return value.text;
    case 'vector':
      return `[${value.items.map(ednText).join(' ')}]`;
    case 'list':
      return `(${value.items.map(ednText).join(' ')})`;
    case 'set':
      return `#{${value.items.map(ednText).toSorted().join(' ')}}`;
    case 'map':
      return `{${value.entries.map(([key, member]) => `${ednText(key)} ${ednText(member)}`).toSorted().join(', ')}}`;
    case 'tagged':
      return `#${value.tag} ${ednText(value.value)}`;
  }
}

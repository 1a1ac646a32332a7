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
  /** A number that is not the same as any of the above: `1.0`, `2/3`, `1.5M`, what is beyond 2^53, ... */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'vector'; readonly items: readonly Edn[] }
  | { readonly kind: 'list'; readonly items: readonly Edn[] }
  | { readonly kind: 'set'; readonly items: readonly Edn[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Edn, Edn])[] }
  | { readonly kind: 'tagged'; readonly tag: string; readonly value: Edn };

/**
 * A value as text that is the same for values that Clojure calls equal: the members of maps and sets are put in order,
 * and a list equals a vector.
 */
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
    case 'list':
      return `[${value.items.map(ednText).join(' ')}]`;
    case 'set':
      return `#{${value.items.map(ednText).toSorted().join(' ')}}`;
    case 'map':
      return `{${value.entries.map(([key, member]) => `${ednText(key)} ${ednText(member)}`).toSorted().join(', ')}}`;
    case 'tagged':
      return `#${value.tag} ${ednText(value.value)}`;
  }
}

/** Tags that are part of EDN. Their values are read into one form, so that equal ones are the same. */
export const knownTags: readonly string[] = ['inst', 'uuid'];

/** Why a value cannot be compared: it has an unknown tag, or does not equal itself (NaN). Undefined if it can. */
export function equalityFault(value: Edn): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  switch (value.kind) {
    case 'number':
      return value.text === '##NaN' ? '##NaN is not equal to anything, itself included' : undefined;
    case 'vector':
    case 'list':
    case 'set':
      return faultAmong(value.items);
    case 'map':
      return faultAmong(value.entries.flat());
    case 'tagged':
      return knownTags.includes(value.tag) ? undefined : `the tag #${value.tag} is not known: what is equal to such a value?`;
    default:
      return undefined;
  }
}

function faultAmong(values: readonly Edn[]): string | undefined {
  for (const value of values) {
    const fault = equalityFault(value);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

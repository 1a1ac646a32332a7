import type { Column } from './page-data.ts';

/** Where more than this share of the values is different, a list of them saves nothing. */
const maxDistinctShare = 0.5;
/** Objects nested deeper than this are kept as they are. */
const maxDepth = 6;

/** Writes values in a row so that they take little room as JSON. They must be JSON values. */
export function encodeColumn(values: readonly unknown[], depth = 0): Column {
  const [first] = values;
  if (values.every((value) => isSame(value, first))) return { count: values.length, same: first ?? null };
  if (values.every(isSmallInteger)) return { steps: differences(values) };
  if (depth < maxDepth && values.every(isArray)) {
    const lengths = encodeColumn(values.map(({ length }) => length));
    return { lengths, items: encodeColumn(values.flat(), depth + 1) };
  }
  if (depth < maxDepth && values.every(isPlainObject)) return encodeObjects(values, depth);
  return encodeList(values) ?? { each: values };
}

function encodeList(values: readonly unknown[]): Column | undefined {
  const places = new Map<string, number>();
  const of: unknown[] = [];
  const at: number[] = [];
  for (const value of values) {
    const text = JSON.stringify(value);
    let place = places.get(text);
    if (place === undefined) {
      place = of.length;
      if (place >= maxDistinctShare * values.length) return undefined;
      places.set(text, place);
      of.push(value);
    }
    at.push(place);
  }
  return { of, at: { each: at } };
}

function encodeObjects(values: readonly Readonly<Record<string, unknown>>[], depth: number): Column {
  const shapes = new Map<
    string,
    { readonly place: number; readonly names: readonly string[]; readonly members: unknown[][] }
  >();
  const which = values.map((value) => {
    const names = Object.keys(value);
    const shapeName = JSON.stringify(names);
    const shape = shapes.get(shapeName) ?? { place: shapes.size, names, members: names.map(() => []) };
    shapes.set(shapeName, shape);
    Object.values(value).forEach((member, place) => shape.members[place]?.push(member));
    return shape.place;
  });
  return {
    shapes: [...shapes.values()].map(({ names }) => names),
    which: encodeColumn(which),
    parts: [...shapes.values()].map(({ members }) => members.map((column) => encodeColumn(column, depth + 1))),
  };
}

/** Primitives only: whatever is nested is told apart by its own columns. */
function isSame(value: unknown, first: unknown): boolean {
  return value === first && (typeof value !== 'object' || value === null);
}

/** So small that differences are exact. */
function isSmallInteger(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(Number(value)) <= 2 ** 51;
}

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function differences(values: readonly number[]): readonly number[] {
  return values.map((value, place) => value - (values[place - 1] ?? 0));
}

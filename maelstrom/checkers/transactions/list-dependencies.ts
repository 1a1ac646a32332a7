import { Fan } from './fan.ts';
import { edge } from './graph.ts';
import type { GraphBuilder } from './graph.ts';
import type { Identity } from './identity.ts';
import type { ListFacts } from './list-facts.ts';

/**
 * Adds who depends on whom because of what the lists held. Elements that were never read come after all that were, in
 * an unknown order. A transaction that read the list to its known end missed every one of them.
 */
export function addListDependencies(builder: GraphBuilder, facts: ListFacts): void {
  const versions = facts.orders.map((_, key) => addVersions(builder, facts, key));
  for (const { place, key, list } of facts.reads) {
    const { elements = [] } = facts.orders[key] ?? {};
    const last = writerBefore(facts, key, list, list.length);
    if (last !== undefined) builder.add(last, place, edge.wr, key);
    // What comes after a list that is no beginning of the order is not known.
    if (list.length > elements.length || list.at(-1) !== elements[list.length - 1]) continue;
    const next = versions[key]?.nextWriter[list.length];
    if (next !== undefined) builder.add(place, next, edge.rw, key);
    else versions[key]?.unread.leadFrom(place);
  }
}

interface Versions {
  /** For each length of the list who appended the first element after it; undefined where that was never read. */
  readonly nextWriter: readonly (number | undefined)[];
  readonly unread: Fan;
}

/** Adds which append followed which. */
function addVersions(builder: GraphBuilder, facts: ListFacts, key: number): Versions {
  const { elements = [], positions } = facts.orders[key] ?? {};
  const nextWriter: (number | undefined)[] = [];
  let next: number | undefined;
  let last: number | undefined;
  for (let length = elements.length; length >= 0; length -= 1) {
    const writer = length === elements.length ? undefined : partaker(facts, key, elements[length] ?? null);
    if (writer !== undefined && next !== undefined) builder.add(writer, next, edge.ww, key);
    last ??= writer;
    next = writer ?? next;
    nextWriter[length] = next;
  }
  const unread = new Set<number>();
  for (const [element, { place }] of facts.writers.all(key)) {
    if (facts.takesPart[place] === 1 && positions?.has(element) !== true) unread.add(place);
  }
  const members = [...unread];
  if (last !== undefined) new Fan(builder, members, edge.ww, key).leadFrom(last);
  return { nextWriter, unread: new Fan(builder, members, edge.rw, key) };
}

/** Who appended the last element of the first `length` ones that a transaction that takes part appended. */
function writerBefore(facts: ListFacts, key: number, list: readonly Identity[], length: number): number | undefined {
  for (let position = length - 1; position >= 0; position -= 1) {
    const writer = partaker(facts, key, list[position] ?? null);
    if (writer !== undefined) return writer;
  }
  return undefined;
}

function partaker({ writers, takesPart }: ListFacts, key: number, element: Identity): number | undefined {
  const place = writers.of(key, element)?.place;
  return place !== undefined && takesPart[place] === 1 ? place : undefined;
}

import { Fan } from './fan.ts';
import { edge } from './graph.ts';
import type { GraphBuilder } from './graph.ts';
import type { Identity } from './identity.ts';
import type { RegisterFacts } from './register-facts.ts';
import { addSessionVersions } from './register-sessions.ts';

/**
 * Adds who depends on whom because of what the registers held. Values tell nothing of their order; what is known is
 * that nothing was there first, and that a transaction that read a value and then wrote the key put its own behind it.
 */
export function addRegisterDependencies(builder: GraphBuilder, facts: RegisterFacts): void {
  const readers = readersByVersion(facts);
  const overwritten = facts.history.keys.map(() => new Set<number>());
  for (const [key, ofKey] of readers.entries()) {
    for (const [value, reads] of ofKey) {
      const writer = value === null ? undefined : facts.writers.of(key, value);
      if (writer === undefined || facts.takesPart[writer.place] !== 1) continue;
      for (const { place } of reads) builder.add(writer.place, place, edge.wr, key);
      if (!writer.isLast) for (const { place } of reads) builder.add(place, writer.place, edge.rw, key);
      const next = reads.filter(({ isThenWritten }) => isThenWritten).map(({ place }) => place);
      for (const place of next) overwritten[key]?.add(place);
      const fan = new Fan(builder, next, edge.rw, key);
      for (const { place } of reads) fan.leadFrom(place);
    }
    addFirstReads(builder, facts, key, ofKey.get(null) ?? [], overwritten[key] ?? new Set());
  }
  addSessionVersions(builder, facts);
}

interface Reader {
  readonly place: number;
  readonly isThenWritten: boolean;
}

function readersByVersion({ reads, history }: RegisterFacts): readonly ReadonlyMap<Identity, readonly Reader[]>[] {
  const byKey = history.keys.map(() => new Map<Identity, Reader[]>());
  for (const { place, key, value, isThenWritten } of reads) {
    const ofKey = byKey[key];
    const known = ofKey?.get(value);
    if (known === undefined) ofKey?.set(value, [{ place, isThenWritten }]);
    else known.push({ place, isThenWritten });
  }
  return byKey;
}

/**
 * Who read that nothing was there missed every write. Those that are known to come after another one need no edge of
 * their own.
 */
function addFirstReads(
  builder: GraphBuilder,
  { writers, takesPart }: RegisterFacts,
  key: number,
  reads: readonly Reader[],
  overwriters: ReadonlySet<number>,
): void {
  if (reads.length === 0) return;
  const first = new Set<number>();
  for (const { place } of writers.all(key).values()) {
    if (takesPart[place] === 1 && !overwriters.has(place)) first.add(place);
  }
  const fan = new Fan(builder, [...first], edge.rw, key);
  for (const { place } of reads) fan.leadFrom(place);
}

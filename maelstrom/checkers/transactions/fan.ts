import type { EdgeKind, GraphBuilder } from './graph.ts';

/**
 * Leads from a transaction to all members of a set but itself, with at most two edges. The members are in a row; one
 * chain of junctions leads from each place to all before it, another to all after it.
 */
export class Fan {
  readonly #builder: GraphBuilder;
  readonly #members: readonly number[];
  readonly #kind: EdgeKind;
  readonly #key: number;
  readonly #placeOf = new Map<number, number>();
  readonly #before: number[] = [];
  readonly #after: number[] = [];

  /** `members` are transactions, each once. */
  constructor(builder: GraphBuilder, members: readonly number[], kind: EdgeKind, key: number) {
    this.#builder = builder;
    this.#members = members;
    this.#kind = kind;
    this.#key = key;
    for (const [place, member] of members.entries()) this.#placeOf.set(member, place);
    // A short row needs no chains.
    if (members.length <= 2) return;
    this.#before = this.#chain(members);
    this.#after = this.#chain(members.toReversed()).toReversed();
  }

  /** Adds the edges from a transaction to every member but itself. */
  leadFrom(from: number): void {
    if (this.#members.length <= 2) {
      for (const member of this.#members) this.#add(from, member);
      return;
    }
    const place = this.#placeOf.get(from);
    const last = this.#members.length - 1;
    if (place === undefined) this.#add(from, this.#before[last]);
    else {
      this.#add(from, this.#before[place - 1]);
      this.#add(from, this.#after[place + 1]);
    }
  }

  /** For each place a junction that leads to the member there and to all earlier ones. */
  #chain(members: readonly number[]): number[] {
    const junctions: number[] = [];
    for (const member of members) {
      const junction = this.#builder.junction();
      this.#add(junction, member);
      this.#add(junction, junctions.at(-1));
      junctions.push(junction);
    }
    return junctions;
  }

  #add(from: number, to: number | undefined): void {
    if (to !== undefined) this.#builder.add(from, to, this.#kind, this.#key);
  }
}

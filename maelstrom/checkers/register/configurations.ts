/**
 * The configurations that the search has been in, so that it enters none twice (Lowe, "Testing for linearizability").
 *
 * A configuration is a row of 32-bit words: first its *key*; then its *burden*, a set of bits of which fewer is better;
 * then its *costs*, numbers of which less is better. One that was entered covers every other with the same key and at
 * least its burden and costs: what can be completed from the greater can be completed from the lesser. That is the
 * point of the split, see search.ts.
 */
export class Configurations {
  readonly #keyWords: number;
  readonly #costsAt: number;
  readonly #words: number;
  readonly #maxBytes: number;
  #capacity = 16;
  #count = 0;
  #rows: Int32Array;
  /**
   * By row, its burden and costs folded into one word: a row whose digest has a bit that another lacks covers it not.
   */
  #digests: Int32Array;
  /** By hash, the row (counted from 1) that was added last; 0 where there is none. */
  #heads: Int32Array;
  /** By row, the row (counted from 1) that was added before it under the same hash. */
  #earlier: Int32Array;

  /** `maxBytes` bounds what is kept; while it grows, half as much again is in use. */
  constructor(words: { readonly key: number; readonly burden: number; readonly costs: number }, maxBytes: number) {
    this.#keyWords = words.key;
    this.#costsAt = words.key + words.burden;
    this.#words = words.key + words.burden + words.costs;
    this.#maxBytes = maxBytes;
    this.#rows = new Int32Array(this.#capacity * this.#words);
    this.#digests = new Int32Array(this.#capacity);
    this.#heads = new Int32Array(this.#capacity);
    this.#earlier = new Int32Array(this.#capacity);
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Adds the configuration at the start of `row`, unless one that is here covers it, or it would take more memory than
   * allowed.
   */
  add(row: Int32Array): 'added' | 'covered' | 'full' {
    const hash = this.#hash(row, 0);
    const lacks = ~this.#digest(row);
    for (let at = this.#heads[hash & (this.#capacity - 1)] ?? 0; at !== 0; at = this.#earlier[at - 1] ?? 0) {
      if (((this.#digests[at - 1] ?? 0) & lacks) === 0 && this.#covers((at - 1) * this.#words, row)) return 'covered';
    }
    if (this.#count === this.#capacity && !this.#grow()) return 'full';
    const start = this.#count * this.#words;
    for (let word = 0; word < this.#words; word += 1) {
      this.#rows[start + word] = row[word] ?? 0;
    }
    this.#digests[this.#count] = ~lacks;
    this.#link(this.#count, hash);
    this.#count += 1;
    return 'added';
  }

  #covers(start: number, row: Int32Array): boolean {
    for (let word = 0; word < this.#keyWords; word += 1) {
      if (this.#rows[start + word] !== row[word]) return false;
    }
    for (let word = this.#keyWords; word < this.#costsAt; word += 1) {
      if (((this.#rows[start + word] ?? 0) & ~(row[word] ?? 0)) !== 0) return false;
    }
    for (let word = this.#costsAt; word < this.#words; word += 1) {
      if ((this.#rows[start + word] ?? 0) > (row[word] ?? 0)) return false;
    }
    return true;
  }

  #digest(row: Int32Array): number {
    let digest = 0;
    for (let word = this.#keyWords; word < this.#costsAt; word += 1) {
      const bits = row[word] ?? 0;
      digest |= (bits << (7 * word)) | (bits >>> (32 - ((7 * word) & 31)));
    }
    for (let word = this.#costsAt; word < this.#words; word += 1) {
      if ((row[word] ?? 0) > 0) digest |= 1 << (word & 31);
    }
    return digest;
  }

  #grow(): boolean {
    const capacity = this.#capacity * 2;
    if (capacity * (this.#words + 3) * Int32Array.BYTES_PER_ELEMENT > this.#maxBytes) return false;
    const rows = new Int32Array(capacity * this.#words);
    rows.set(this.#rows);
    this.#capacity = capacity;
    this.#rows = rows;
    const digests = new Int32Array(capacity);
    digests.set(this.#digests);
    this.#digests = digests;
    this.#heads = new Int32Array(capacity);
    this.#earlier = new Int32Array(capacity);
    for (let row = 0; row < this.#count; row += 1) {
      this.#link(row, this.#hash(rows, row * this.#words));
    }
    return true;
  }

  #link(row: number, hash: number): void {
    const bucket = hash & (this.#capacity - 1);
    this.#earlier[row] = this.#heads[bucket] ?? 0;
    this.#heads[bucket] = row + 1;
  }

  #hash(words: Int32Array, start: number): number {
    let hash = 0;
    for (let word = start; word < start + this.#keyWords; word += 1) {
      hash = Math.imul(hash ^ (words[word] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }
}

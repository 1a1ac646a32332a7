/** A list of 32-bit integers that grows: 4 to 8 bytes for each, where an array may take twice as much. */
export class IntegerList {
  #members = new Int32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#members.length) {
      const longer = new Int32Array(2 * this.#members.length);
      longer.set(this.#members);
      this.#members = longer;
    }
    this.#members[this.#length] = value;
    this.#length += 1;
  }

  /** The last one, which is taken away. */
  pop(): number {
    if (this.#length === 0) throw new Error('an empty list has no last member');
    this.#length -= 1;
    return this.#members[this.#length] ?? 0;
  }

  at(place: number): number {
    return this.#members[place] ?? 0;
  }

  set(place: number, value: number): void {
    this.#members[place] = value;
  }

  clear(): void {
    this.#length = 0;
  }
}

/**
 * Numbers that remember what they were: every change is written down, so that the search takes back a move, whatever
 * it did, by taking back its changes.
 */
export class Cells {
  readonly values: Int32Array;
  /** The changes so far: place and former value in turns. */
  #changes = new Int32Array(1024);
  #length = 0;

  constructor(size: number) {
    this.values = new Int32Array(size);
  }

  get(place: number): number {
    return this.values[place] ?? 0;
  }

  set(place: number, value: number): void {
    if (this.#length === this.#changes.length) {
      const longer = new Int32Array(2 * this.#changes.length);
      longer.set(this.#changes);
      this.#changes = longer;
    }
    this.#changes[this.#length] = place;
    this.#changes[this.#length + 1] = this.values[place] ?? 0;
    this.#length += 2;
    this.values[place] = value;
  }

  add(place: number, amount: number): void {
    this.set(place, this.get(place) + amount);
  }

  setBit(start: number, bit: number): void {
    const place = start + (bit >>> 5);
    this.set(place, this.get(place) | (1 << (bit & 31)));
  }

  clearBit(start: number, bit: number): void {
    const place = start + (bit >>> 5);
    const without = this.get(place) & ~(1 << (bit & 31));
    if (without !== this.get(place)) this.set(place, without);
  }

  /** The moment now, to come back to with `takeBack`. */
  get moment(): number {
    return this.#length;
  }

  takeBack(moment: number): void {
    while (this.#length > moment) {
      this.#length -= 2;
      this.values[this.#changes[this.#length] ?? 0] = this.#changes[this.#length + 1] ?? 0;
    }
  }
}

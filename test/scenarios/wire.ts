import { lineWords } from './words.ts';

/** A line from one node to another. */
export interface Sent {
  readonly from: string;
  readonly to: string;
  readonly line: string;
  readonly type: string;
  /** As a scenario shows it. */
  readonly text: string;
}

export function sentOf(from: string, to: string, line: string): Sent {
  const { type, text } = lineWords(line);
  return { from, to, line, type, text: `${from} -> ${to} ${text}` };
}

/** The network of a scenario: every message stays in flight until the script delivers or drops it. */
export class Wire {
  #inFlight: Sent[] = [];
  readonly #held = new Map<string, Sent>();
  /** Who is in which part; undefined where all hear all. */
  #parts: readonly (readonly string[])[] | undefined;

  get inFlight(): readonly Sent[] {
    return this.#inFlight;
  }

  get held(): ReadonlyMap<string, Sent> {
    return this.#held;
  }

  /** From now on messages travel only within each part. What is in flight between two of them is lost at delivery. */
  cut(parts: readonly (readonly string[])[]): void {
    this.#parts = parts;
  }

  heal(): void {
    this.#parts = undefined;
  }

  isCut(from: string, to: string): boolean {
    return this.#parts !== undefined && !this.#parts.some((part) => part.includes(from) && part.includes(to));
  }

  add(sent: Sent): void {
    this.#inFlight.push(sent);
  }

  /** Takes out what the words select: `all`, `n1->n2`, `n1->`, `->n2`, a type, `first`, `last`, in any combination. */
  take(words: readonly string[]): readonly Sent[] {
    const taken = this.select(words);
    this.#inFlight = this.#inFlight.filter((sent) => !taken.includes(sent));
    return taken;
  }

  remove(sent: Sent): void {
    this.#inFlight = this.#inFlight.filter((other) => other !== sent);
  }

  select(words: readonly string[]): readonly Sent[] {
    let selected: readonly Sent[] = this.#inFlight;
    for (const word of words) {
      if (word === 'first') selected = selected.slice(0, 1);
      else if (word === 'last') selected = selected.slice(-1);
      else if (word !== 'all') selected = selected.filter((sent) => isMeant(word, sent));
    }
    return selected;
  }

  /** Keeps a message apart, under a name: it is late. */
  hold(sent: Sent, name: string): void {
    if (this.#held.has(name)) throw new Error(`a message is held as ${name} already`);
    this.#held.set(name, sent);
  }

  takeHeld(name: string): Sent | undefined {
    const sent = this.#held.get(name);
    this.#held.delete(name);
    return sent;
  }
}

function isMeant(word: string, sent: Sent): boolean {
  const arrow = word.indexOf('->');
  if (arrow === -1) return sent.type === word;
  const [from, to] = [word.slice(0, arrow), word.slice(arrow + 2)];
  return (from === '' || from === sent.from) && (to === '' || to === sent.to);
}

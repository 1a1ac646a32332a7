import type { InFlight, SimulatedNetwork } from '../simulation/world/network.ts';
import { lineWords } from './words.ts';

/** A message on its way, as a scenario shows it: `n1 -> n2 request_vote term 2, log ends 1/1`. */
export function wordsOf({ from, to, line }: InFlight): string {
  return `${from} -> ${to} ${lineWords(line).text}`;
}

export function typeOf({ line }: InFlight): string {
  return lineWords(line).type;
}

/** What a script does to the network: it chooses messages by words, keeps some back, and cuts. */
export class Wire {
  readonly #network: SimulatedNetwork;
  readonly #held = new Map<string, InFlight>();
  /** What is cut, in both directions each. */
  #cuts: readonly (readonly [from: string, to: string])[] = [];

  constructor(network: SimulatedNetwork) {
    this.#network = network;
  }

  get inFlight(): readonly InFlight[] {
    return this.#network.inFlight;
  }

  /** What is kept back, by name. */
  get held(): ReadonlyMap<string, InFlight> {
    return this.#held;
  }

  /** From now on messages travel only within each part. What is in flight between two of them is lost at delivery. */
  cut(nodeIds: readonly string[], parts: readonly (readonly string[])[]): void {
    this.heal();
    const areTogether = (from: string, to: string): boolean => {
      return parts.some((part) => part.includes(from) && part.includes(to));
    };
    const links = nodeIds.flatMap((from) => nodeIds.map((to) => [from, to] as const));
    this.#cuts = links.filter(([from, to]) => !areTogether(from, to));
    for (const [from, to] of this.#cuts) this.#network.cut(from, to, false);
  }

  heal(): void {
    for (const [from, to] of this.#cuts) this.#network.mend(from, to, false);
    this.#cuts = [];
  }

  isCut({ from, to }: InFlight): boolean {
    return this.#network.isCut(from, to);
  }

  /** Takes out what the words select: `all`, `n1->n2`, `n1->`, `->n2`, a type, `first`, `last`, in any combination. */
  take(words: readonly string[]): readonly InFlight[] {
    const taken = this.select(words);
    for (const message of taken) this.#network.takeOut(message);
    return taken;
  }

  remove(message: InFlight): void {
    this.#network.takeOut(message);
  }

  select(words: readonly string[]): readonly InFlight[] {
    let selected = this.inFlight;
    for (const word of words) {
      if (word === 'first') selected = selected.slice(0, 1);
      else if (word === 'last') selected = selected.slice(-1);
      else if (word !== 'all') selected = selected.filter((message) => isMeant(word, message));
    }
    return selected;
  }

  /** Keeps a message apart, under a name: it is late. */
  hold(message: InFlight, name: string): void {
    if (this.#held.has(name)) throw new Error(`a message is held as ${name} already`);
    this.#held.set(name, message);
  }

  takeHeld(name: string): InFlight | undefined {
    const message = this.#held.get(name);
    this.#held.delete(name);
    return message;
  }
}

function isMeant(word: string, message: InFlight): boolean {
  const arrow = word.indexOf('->');
  if (arrow === -1) return typeOf(message) === word;
  const [from, to] = [word.slice(0, arrow), word.slice(arrow + 2)];
  return (from === '' || from === message.from) && (to === '' || to === message.to);
}

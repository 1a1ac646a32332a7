import { Configuration } from './configuration.ts';
import type { Entry, Members, NodeId } from './messages.ts';

/** A configuration, and the entry that brought it. */
interface Change {
  readonly index: number;
  readonly configuration: Configuration;
}

/**
 * Knows which configuration is in force: the newest one in the log, committed or not (Ongaro's thesis, section 4.1).
 * It follows the log: an appended configuration entry is in force at once, a truncated one never was.
 */
export class ConfigurationHistory {
  /** As of the start, of a snapshot, or of what has been compacted. It is committed, and never undone. */
  #base: Change;
  /** In the order of the log. */
  #changes: readonly Change[] = [];

  /**
   * @param members as of the entry at `index`, which a snapshot covers; 0 where there is no snapshot
   * @param entries the log. What it holds up to `index` is in `members` already.
   */
  constructor(members: Members, index: number, entries: readonly Entry[]) {
    this.#base = { index, configuration: new Configuration(members) };
    this.appended(entries.filter((entry) => entry.index > index));
  }

  get current(): Configuration {
    return this.#newest.configuration;
  }

  /** The index of the entry that brought the configuration in force; that of the base where none is in the log. */
  get currentIndex(): number {
    return this.#newest.index;
  }

  /** Whether a node takes part in the configuration in force, or in an earlier one that is still known here. */
  knows(node: NodeId): boolean {
    return [this.#base, ...this.#changes].some(({ configuration }) => configuration.has(node));
  }

  /**
   * Whether a node may campaign: a voter of the configuration in force, or of an earlier one as long as this node does
   * not know that it is replaced for good (Ongaro's thesis, section 4.2.2). The log of a voter that is being removed may
   * be the only one that the others' votes allow.
   */
  mayCampaign(node: NodeId, commitIndex: number): boolean {
    const open = this.#changes.filter(({ index }) => index > commitIndex).map(({ configuration }) => configuration);
    return [this.asOf(commitIndex), ...open].some((configuration) => configuration.isVoter(node));
  }

  get #newest(): Change {
    return this.#changes.at(-1) ?? this.#base;
  }

  /** The configuration as of the entry at `index`, which has not been compacted. */
  asOf(index: number): Configuration {
    const change = this.#changes.findLast((one) => one.index <= index) ?? this.#base;
    return change.configuration;
  }

  /** Entries were appended to the log. */
  appended(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind !== 'configuration') continue;
      this.#changes = [...this.#changes, { index: entry.index, configuration: new Configuration(entry.command) }];
    }
  }

  /** The entry at `index` and all behind it are gone from the log: what they changed is undone. */
  truncatedFrom(index: number): void {
    this.#changes = this.#changes.filter((change) => change.index < index);
  }

  /** The entries up to and including `index` are committed, and gone from the beginning of the log. */
  compactedTo(index: number): void {
    if (index <= this.#base.index) return;
    this.#base = { index, configuration: this.asOf(index) };
    this.#changes = this.#changes.filter((change) => change.index > index);
  }

  /** A snapshot that ends at `index` has taken the place of the whole log. */
  replaced(members: Members, index: number): void {
    this.#base = { index, configuration: new Configuration(members) };
    this.#changes = [];
  }
}

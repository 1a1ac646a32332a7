/** One version of a key, by the nodes of the transactions that met it. */
export interface Version {
  /** Where the transaction that wrote it begins, commits, and leads on from to what depends on it. */
  readonly begin: number;
  readonly commit: number;
  readonly leave: number;
  /** Where those lead on from who read it and so missed what was written later. */
  readonly readers: readonly number[];
}

/** That one version of a key comes before another one. */
export interface Decision {
  readonly first: Version;
  readonly second: Version;
}

import type { Measurement, Plan } from './measure.ts';

/** What is measured beside the others, in the order in which it is shown. */
export interface Entrant {
  readonly name: string;
  readonly bin: string;
  readonly nodeArguments: readonly string[];
}

/** The size of a cluster and of its load. */
export interface Cell {
  readonly nodeCount: number;
  readonly clientCount: number;
}

/** All rounds of a cell: for each entrant, in their order, a measurement a round. */
export interface CellResult {
  readonly cell: Cell;
  readonly entrants: readonly { readonly name: string; readonly rounds: readonly Measurement[] }[];
}

/** The clusters that are measured: all of one size, and each with every number of clients. */
export type Clusters = Pick<Plan, 'nodeCount' | 'clientCounts'>;

/**
 * Measures clusters round after round, in each round one of every entrant, one after the other and every time in another
 * order, so that whatever else the machine does in the meantime hits all of them. Resolves to a cell for each number of
 * clients.
 */
export async function runRounds(
  clusters: Clusters,
  entrants: readonly Entrant[],
  roundCount: number,
  measureOne: (plan: Pick<Plan, 'bin' | 'nodeArguments' | keyof Clusters>) => Promise<readonly Measurement[]>,
  onMeasured: (entrant: Entrant, round: number, measurements: readonly Measurement[]) => void,
): Promise<readonly CellResult[]> {
  const measured = entrants.map(() => new Array<readonly Measurement[]>());
  for (let round = 0; round < roundCount; round += 1) {
    for (let turn = 0; turn < entrants.length; turn += 1) {
      const place = (round + turn) % entrants.length;
      const entrant = entrants[place];
      if (entrant === undefined) throw new Error('a turn is an entrant\'s');
      const { bin, nodeArguments } = entrant;
      const measurements = await measureOne({ ...clusters, bin, nodeArguments });
      measured[place]?.push(measurements);
      onMeasured(entrant, round, measurements);
    }
  }
  const { nodeCount, clientCounts } = clusters;
  return clientCounts.map((clientCount, at) => ({
    cell: { nodeCount, clientCount },
    entrants: entrants.map(({ name }, place) => {
      return { name, rounds: (measured[place] ?? []).flatMap((measurements) => measurements[at] ?? []) };
    }),
  }));
}

/** The middle one in size, or the mean of the two in the middle; undefined where any is unknown, or there is none. */
export function median(values: readonly (number | undefined)[]): number | undefined {
  const ascending = values.filter((value) => value !== undefined).sort((left, right) => left - right);
  const [below, above] = [ascending[(ascending.length - 1) >> 1], ascending[ascending.length >> 1]];
  if (below === undefined || above === undefined || ascending.length < values.length) return undefined;
  return (below + above) / 2;
}

/** The median over the rounds of one figure. */
export function medianOf(
  rounds: readonly Measurement[],
  figure: (measurement: Measurement) => number | undefined,
): number | undefined {
  return median(rounds.map(figure));
}

/** The median of the ratios of one figure within each round: what disturbed a round disturbed both. */
export function medianRatio(
  rounds: readonly Measurement[],
  others: readonly Measurement[],
  figure: (measurement: Measurement) => number | undefined,
): number | undefined {
  const ratios = rounds.map((measurement, round) => {
    const other = others[round];
    const [above, below] = [figure(measurement), other && figure(other)];
    return above === undefined || below === undefined || below === 0 ? undefined : above / below;
  });
  return median(ratios);
}

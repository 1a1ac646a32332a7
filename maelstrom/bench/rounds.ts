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

/**
 * Measures a cell round after round, in each of them all entrants, one after the other and every time in another order,
 * so that whatever else the machine does in the meantime hits all of them.
 */
export async function runRounds(
  cell: Cell,
  entrants: readonly Entrant[],
  roundCount: number,
  measureOne: (plan: Pick<Plan, 'bin' | 'nodeArguments' | keyof Cell>) => Promise<Measurement>,
  onMeasured: (entrant: Entrant, round: number, measurement: Measurement) => void,
): Promise<CellResult> {
  const results = entrants.map(({ name }) => ({ name, rounds: new Array<Measurement>() }));
  for (let round = 0; round < roundCount; round += 1) {
    for (let turn = 0; turn < entrants.length; turn += 1) {
      const place = (round + turn) % entrants.length;
      const entrant = entrants[place];
      if (entrant === undefined) throw new Error('a turn is an entrant\'s');
      const { bin, nodeArguments } = entrant;
      const measurement = await measureOne({ ...cell, bin, nodeArguments });
      results[place]?.rounds.push(measurement);
      onMeasured(entrant, round, measurement);
    }
  }
  return { cell, entrants: results };
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

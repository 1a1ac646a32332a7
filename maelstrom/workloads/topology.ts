/** Shapes of a network, as nodes are told of them: who is whose neighbour. Maelstrom's names, and its shapes. */
export const topologies = ['grid', 'line', 'total', 'tree', 'tree2', 'tree3', 'tree4'] as const;
export type Topology = (typeof topologies)[number];

/** Node -> its neighbours. Every node is in it. */
export type Neighbours = Readonly<Record<string, readonly string[]>>;

export function neighboursIn(topology: Topology, nodeIds: readonly string[]): Neighbours {
  const neighbours = placesIn(topology, nodeIds.length);
  return Object.fromEntries(
    nodeIds.map((nodeId, place) => {
      return [nodeId, neighbours(place).flatMap((other) => nodeIds[other] ?? [])];
    }),
  );
}

/** The places that are next to a place, those past the last node included. */
function placesIn(topology: Topology, count: number): (place: number) => readonly number[] {
  switch (topology) {
    case 'grid':
      return grid(Math.ceil(Math.sqrt(count)));
    case 'line':
      return (place) => [place - 1, place + 1].filter((other) => other >= 0);
    case 'total':
      return (place) => Array.from({ length: count }, (_, other) => other).filter((other) => other !== place);
    case 'tree':
    case 'tree2':
      return tree(2);
    case 'tree3':
      return tree(3);
    case 'tree4':
      return tree(4);
  }
}

/** Rows of `side` nodes, the last one perhaps shorter: each node has at most four neighbours. */
function grid(side: number): (place: number) => readonly number[] {
  return (place) => {
    const column = place % side;
    return [
      place + side,
      ...(place >= side ? [place - side] : []),
      ...(column + 1 < side ? [place + 1] : []),
      ...(column > 0 ? [place - 1] : []),
    ];
  };
}

/** Filled tier by tier: the children of a node stand `branches` at a time, in the order of their parents. */
function tree(branches: number): (place: number) => readonly number[] {
  return (place) => {
    const parent = place === 0 ? [] : [Math.floor((place - 1) / branches)];
    return [...parent, ...Array.from({ length: branches }, (_, child) => branches * place + 1 + child)];
  };
}

/** What Maelstrom runs beside the nodes, for them to use (Maelstrom, doc/services.md). */
export const serviceNames = ['lin-kv', 'seq-kv', 'lww-kv', 'lin-tso'] as const;
export type ServiceName = (typeof serviceNames)[number];

export function isServiceName(id: string): id is ServiceName {
  return serviceNames.some((name) => name === id);
}

/**
 * Whether two commands are the same by value: arrays in order, objects whatever the order of their fields. Commands
 * are plain data and opaque otherwise. They come from JSON, or could; one nested thousands deep may exhaust the stack.
 */
export function isSameCommand(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const fields = Object.entries(one);
  const others = new Map<string, unknown>(Object.entries(other));
  if (fields.length !== others.size) return false;
  return fields.every(([name, value]) => others.has(name) && isSameCommand(value, others.get(name)));
}

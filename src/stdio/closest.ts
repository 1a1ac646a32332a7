/** The most letters in which a name may differ from what was meant. */
const maxDistance = 3;

/** The name that a misspelt one most likely stands for; undefined where none is near. */
export function closestOf(misspelt: string, names: readonly string[]): string | undefined {
  let closest: string | undefined;
  let closestDistance = maxDistance + 1;
  for (const name of names) {
    const distance = distanceOf(misspelt, name);
    if (distance < closestDistance) [closest, closestDistance] = [name, distance];
  }
  return closest;
}

/** Levenshtein: how many letters must be put in, taken out or replaced to get from one to the other. */
function distanceOf(left: string, right: string): number {
  // For the part of `left` looked at so far: the distance to each beginning of `right`.
  let distances = Array.from({ length: right.length + 1 }, (_, length) => length);
  for (let at = 0; at < left.length; at += 1) {
    const next = [at + 1];
    for (let length = 1; length <= right.length; length += 1) {
      const replaced = (distances[length - 1] ?? 0) + (left[at] === right[length - 1] ? 0 : 1);
      next.push(Math.min(replaced, (distances[length] ?? 0) + 1, (next[length - 1] ?? 0) + 1));
    }
    distances = next;
  }
  return distances[right.length] ?? 0;
}

/** The most letters in which a name may differ from the misspelt one, so that a suggestion is rarely wrong. */
const maxDistance = 3;

/** The name that a misspelt one most likely means. Undefined if none is close. */
export function closestOf(misspelt: string, names: readonly string[]): string | undefined {
  let closest: string | undefined;
  let closestDistance = maxDistance + 1;
  for (const name of names) {
    const distance = distanceOf(misspelt, name);
    if (distance < closestDistance) [closest, closestDistance] = [name, distance];
  }
  return closest;
}

/** The Levenshtein distance: how many letters must be inserted, removed or replaced to turn one text into the other. */
function distanceOf(left: string, right: string): number {
  // The distances from the part of `left` that has been looked at to each beginning of `right`.
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

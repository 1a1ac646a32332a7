import { seriesColour } from './colours.js';
import { button, checkbox, element } from './elements.js';

/**
 * A box to tick for each of some things, folded away. `onChange` is told the places of those that are ticked.
 *
 * @param {string} title
 * @param {readonly { readonly text: string, readonly series?: number }[]} things
 * @param {(chosen: ReadonlySet<number>) => void} onChange
 */
export function filterBoxes(title, things, onChange) {
  const chosen = new Set(things.keys());
  const boxes = things.map(({ text, series }, place) => {
    const box = checkbox(text, true, (isChecked) => {
      if (isChecked) chosen.add(place);
      else chosen.delete(place);
      onChange(new Set(chosen));
    });
    if (series !== undefined) box.append(swatch(series));
    return box;
  });
  const setAll = (/** @type {boolean} */ isChecked) => {
    for (const box of boxes.flatMap((label) => label.querySelector('input') ?? [])) box.checked = isChecked;
    chosen.clear();
    if (isChecked) for (const place of things.keys()) chosen.add(place);
    onChange(new Set(chosen));
  };
  return element(
    'details',
    {},
    element('summary', {}, `${title} (${things.length})`),
    element(
      'div',
      { class: 'checks', role: 'group', 'aria-label': title },
      ...boxes,
      button('all', () => setAll(true), `all ${title.toLowerCase()}`),
      button('none', () => setAll(false), `no ${title.toLowerCase()}`),
    ),
  );
}

/** @param {number} series */
function swatch(series) {
  const made = element('i', { class: 'swatch', 'aria-hidden': true });
  made.style.background = seriesColour(series);
  return made;
}

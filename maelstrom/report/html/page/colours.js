// Colours are the style sheet's, which knows light, dark and print. They are told apart by people who see few colours
// too, and nothing is said by colour alone.

const seriesCount = 8;
const redraws = /** @type {(() => void)[]} */ ([]);

/**
 * The colour of a series, as CSS: the first ones differ most, and from the last on all are the same.
 *
 * @param {number} place
 */
export function seriesColour(place) {
  return `var(--series-${Math.min(place, seriesCount - 1)})`;
}

/**
 * The same for a canvas, which knows no variables.
 *
 * @param {string} name as in the style sheet, without its dashes
 */
export function canvasColour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** @param {number} place */
export function canvasSeriesColour(place) {
  return canvasColour(`series-${Math.min(place, seriesCount - 1)}`);
}

/**
 * Calls `redraw` whenever colours have changed: by night, by day, and for print.
 *
 * @param {() => void} redraw
 */
export function onColourChange(redraw) {
  redraws.push(redraw);
}

function redrawAll() {
  for (const redraw of redraws) redraw();
}

/** Paper is white. */
export function watchColours() {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll);
  window.addEventListener('beforeprint', () => {
    document.documentElement.dataset['theme'] = 'light';
    redrawAll();
  });
  window.addEventListener('afterprint', () => {
    delete document.documentElement.dataset['theme'];
    redrawAll();
  });
}

export const canvasFont = '11px system-ui, sans-serif';

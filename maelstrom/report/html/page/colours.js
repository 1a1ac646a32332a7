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
 * The series of a type of message: that of the operation that it asks for or answers, and one of the others for what
 * nodes say to each other.
 *
 * @param {string} type
 * @param {number} rank its place among all types
 * @param {readonly string[]} kinds the operations, each of which has the series of its place
 */
export function seriesOfType(type, rank, kinds) {
  const place = kinds.findIndex((kind) => type === kind || type === `${kind}_ok`);
  const others = seriesCount - kinds.length;
  return place >= 0 ? place : others < 2 ? seriesCount - 1 : kinds.length + (rank % others);
}

/**
 * Calls `redraw` whenever colours have changed: by night, by day, and for print, which waits for no frame.
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

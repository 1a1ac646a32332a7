// Elements are made here and nowhere else. Whatever a node or a client has said gets into the page as a text, never as
// markup.

/**
 * @typedef {string | number | Node | undefined} Child
 * @typedef {Readonly<Record<string, string | number | boolean | ((event: any) => void) | undefined>>} Attributes
 */

/**
 * An HTML element. Attributes whose names begin with `on` are listeners.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/**
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[Name]}
 */
export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

/**
 * @template {Element} Made
 * @param {Made} made
 * @param {Attributes} attributes
 * @param {readonly Child[]} children
 */
function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== undefined && value !== false) made.setAttribute(name, String(value));
  }
  for (const child of children) {
    if (child !== undefined) made.append(child instanceof Node ? child : String(child));
  }
  return made;
}

/**
 * A choice with its label.
 *
 * @param {string} label
 * @param {readonly (readonly [value: string, text: string])[]} options
 * @param {(value: string) => void} onChoice
 */
export function choice(label, options, onChoice) {
  const made = element('select', { onchange: () => onChoice(made.value) });
  for (const [value, text] of options) made.append(element('option', { value }, text));
  return { select: made, labelled: element('label', { class: 'choice' }, element('span', {}, label), made) };
}

/**
 * @param {string} text
 * @param {() => void} onPress
 * @param {string} [label] what is read out where the text alone does not say it
 */
export function button(text, onPress, label) {
  return element('button', { type: 'button', onclick: onPress, 'aria-label': label, title: label }, text);
}

/**
 * @param {string} text
 * @param {boolean} isChecked
 * @param {(isChecked: boolean) => void} onChange
 */
export function checkbox(text, isChecked, onChange) {
  const box = element('input', { type: 'checkbox', checked: isChecked, onchange: () => onChange(box.checked) });
  return element('label', { class: 'check' }, box, text);
}

/**
 * A canvas as sharp as the screen, and as large as it is to be shown.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function sharpContext(canvas, width, height) {
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser has no canvas to draw on');
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

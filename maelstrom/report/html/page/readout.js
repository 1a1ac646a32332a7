import { element } from './elements.js';
import { clamp } from './search.js';

/**
 * What is said about the thing under the pointer: in a box beside it, and to those who do not see it. The text may come
 * from nodes.
 */
class Readout {
  #box = element('div', { class: 'readout', hidden: true });
  #spoken = element('div', { class: 'spoken', 'aria-live': 'polite' });

  /** Puts it into the page. */
  attach() {
    document.body.append(this.#box, this.#spoken);
  }

  /**
   * @param {readonly string[]} lines the first is a heading
   * @param {number} clientX beside which it appears
   * @param {number} clientY
   */
  show(lines, clientX, clientY) {
    const [heading = '', ...others] = lines;
    this.#box.replaceChildren(element('strong', {}, heading), ...others.map((line) => element('div', {}, line)));
    this.#box.hidden = false;
    const { width, height } = this.#box.getBoundingClientRect();
    const gap = 14;
    const isLeft = clientX + gap + width > window.innerWidth;
    const left = clamp(isLeft ? clientX - gap - width : clientX + gap, 4, Math.max(4, window.innerWidth - width - 4));
    this.#box.style.left = `${left}px`;
    this.#box.style.top = `${clamp(clientY + gap, 4, Math.max(4, window.innerHeight - height - 4))}px`;
  }

  hide() {
    this.#box.hidden = true;
  }

  /** @param {string} text */
  say(text) {
    this.#spoken.textContent = text;
  }
}

export const readout = new Readout();

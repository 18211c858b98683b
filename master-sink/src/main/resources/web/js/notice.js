// Something said in passing, to eyes and ears; perhaps with something that can be done about it.
import { button, el } from './dom.js';
import { strings as S } from './strings.js';

const READ_MS = 4000;
/** Long enough to read, to think, and to find the key. */
const ACT_MS = 10_000;

/** `say(text, {label, act})`; `act()` does what the latest one offers, where it offers something. */
export function createNotice(root) {
  const text = el('span', { role: 'status' });
  const slot = el('span', { class: 'notice-action' });
  root.append(text, slot);
  let timer = 0;
  let offer = null;

  function hide() {
    offer = null;
    root.dataset.shown = 'false';
    slot.replaceChildren();
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(hide, offer ? ACT_MS : READ_MS);
  }

  function act() {
    const chosen = offer;
    hide();
    chosen?.act();
  }

  // Whoever is at it is not to be hurried.
  for (const type of ['pointerenter', 'focusin'])
    root.addEventListener(type, () => clearTimeout(timer));
  for (const type of ['pointerleave', 'focusout']) root.addEventListener(type, wait);

  return {
    say(words, action = null) {
      offer = action;
      text.textContent = words;
      slot.replaceChildren();
      if (action) {
        const { label, key } = action;
        slot.append(button({ text: label, label, key, 'data-testid': 'notice-action' }, act));
      }
      root.dataset.shown = 'true';
      wait();
    },
    act,
    get offers() {
      return offer !== null;
    },
  };
}

/** What a deleted segment can be had back by. */
export const UNDO = { label: S.undo, key: 'Z' };

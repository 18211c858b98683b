// A dialog over the page with a title and a body; and the question before what cannot be undone.
import { button, el } from './dom.js';
import { strings as S } from './strings.js';

let count = 0;

/** Calls `leave` where a dialog's backdrop is clicked: what is selected in it may end out there. */
export function onBackdrop(dialog, leave) {
  const isOutside = ({ target, clientX: x, clientY: y }) => {
    const box = dialog.getBoundingClientRect();
    return target === dialog && (x < box.left || x > box.right || y < box.top || y > box.bottom);
  };
  let isPressed = false;
  dialog.addEventListener('pointerdown', (event) => {
    isPressed = isOutside(event);
  });
  dialog.addEventListener('click', (event) => isPressed && isOutside(event) && leave());
}

/**
 * `{root, body, open(), close()}`; `shown` is called each time it opens, and what `mayClose` resolves to
 * says whether it closes when a person wants to leave.
 */
export function createSheet(
  title,
  { testid, shown = () => {}, hidden = () => {}, mayClose = () => true },
) {
  const leave = async () => (await mayClose()) && root.close();
  const id = `sheet-${(count += 1)}`;
  const body = el('div', { class: 'sheet-body' });
  const root = el(
    'dialog',
    { class: 'sheet', 'aria-labelledby': id, data: { testid } },
    el(
      'div',
      { class: 'sheet-head' },
      el('h2', { id, text: title }),
      button({ name: 'close', label: S.close, key: 'Esc' }, leave),
    ),
    body,
  );
  onBackdrop(root, leave);
  root.addEventListener('cancel', (event) => {
    if (event.target !== root) return; // of what is asked over it
    event.preventDefault();
    leave();
  });
  root.addEventListener('close', hidden);
  document.body.append(root);
  return {
    root,
    body,
    open() {
      if (root.open) return;
      root.showModal();
      shown();
    },
    close: () => root.close(),
    get isOpen() {
      return root.open;
    },
  };
}

/** Asks before something that cannot be undone; resolves to whether it is to be done. */
export function ask({ title, text, yes }) {
  const id = `ask-${(count += 1)}`;
  return new Promise((resolve) => {
    const cancel = button({ text: S.cancel, label: S.cancel }, () => root.close());
    const act = button(
      { text: yes, label: yes, class: 'button button-danger', 'data-testid': 'ask-yes' },
      () => root.close('yes'),
    );
    const root = el(
      'dialog',
      {
        class: 'ask',
        role: 'alertdialog',
        'aria-labelledby': id,
        'aria-describedby': `${id}-text`,
        'data-testid': 'ask',
      },
      el('h2', { id, text: title }),
      el('p', { id: `${id}-text`, text }),
      el('div', { class: 'ask-buttons' }, cancel, act),
    );
    root.addEventListener('close', () => {
      root.remove();
      resolve(root.returnValue === 'yes');
    });
    document.body.append(root);
    root.showModal();
    cancel.focus(); // a hasty Enter does no harm
  });
}

// Keys that work anywhere on the page, and the dialog that lists them.
import { button, el } from './dom.js';
import { onBackdrop } from './sheet.js';
import { isOwner } from './store.js';
import { strings as S } from './strings.js';

/** Controls that need these keys for themselves. */
const TYPING = 'input:not([type=range]), select, textarea, [contenteditable]';
const PRESSING = 'button, a, summary';

export function createKeyboard({ player, single, help, notice }) {
  const skip = document.querySelector('.skip');
  skip.addEventListener('click', (event) => {
    event.preventDefault(); // the address names what is on show
    document.querySelector(skip.hash).focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.(TYPING) || document.querySelector('dialog[open]')) return;
    const pressing = event.target.closest?.(PRESSING);
    const act =
      event.key === '?'
        ? help
        : notice.offers && 'zZ'.includes(event.key)
          ? notice.act
          : player.isOpen
            ? playerAction(event, player, pressing)
            : single.isOpen
              ? singleAction(event, single, pressing)
              : null;
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function playerAction(event, player, pressing) {
  switch (event.key) {
    case ' ':
      return pressing ? null : player.toggle;
    case 'ArrowLeft':
      return event.shiftKey ? () => player.step(-1) : player.back;
    case 'ArrowRight':
      return event.shiftKey ? () => player.step(1) : player.forward;
    case 's':
    case 'S':
      return isOwner() ? player.toggleSaved : null;
    case 'm':
    case 'M':
      return player.toggleSound;
    case ',':
      return () => player.stepFrame(-1);
    case '.':
      return () => player.stepFrame(1);
    case 'w':
    case 'W':
      return player.toggleTogether;
    case 'i':
    case 'I':
      return () => player.mark('from');
    case 'o':
    case 'O':
      return () => player.mark('to');
    case 'f':
    case 'F':
      return player.toggleFull;
    case 'Delete':
      return isOwner() ? player.remove : null;
    case 'Escape':
      return player.shut;
    default:
      return null;
  }
}

function singleAction(event, single, pressing) {
  switch (event.key) {
    case ' ':
      return pressing ? null : single.toggle;
    case 'ArrowLeft':
      return () => single.step(-1);
    case 'ArrowRight':
      return () => single.step(1);
    case 'p':
    case 'P':
      return single.picture;
    case 'f':
    case 'F':
      return single.toggleFull;
    case 'Escape':
      return single.shut;
    default:
      return null;
  }
}

/** Returns the function that opens the dialog. */
export function createHelp() {
  const dialog = el('dialog', { class: 'help', 'aria-labelledby': 'help-title' });
  const close = button({ name: 'close', label: S.close, key: 'Esc' }, () => dialog.close());
  dialog.append(
    el('div', { class: 'help-head' }, el('h2', { id: 'help-title', text: S.helpTitle }), close),
  );
  for (const section of S.helpKeys) {
    dialog.append(
      el('h3', { text: section.title }),
      el(
        'dl',
        { class: 'help-keys' },
        ...section.keys.flatMap(([keys, text, isFor]) => [
          el('dt', { 'data-for': isFor }, ...keys.map((k) => el('kbd', { text: k }))),
          el('dd', { 'data-for': isFor, text }),
        ]),
      ),
    );
  }
  onBackdrop(dialog, () => dialog.close());
  document.body.append(dialog);
  return () => dialog.showModal();
}

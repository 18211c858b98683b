// The segments that the master's disk has damaged.
import * as api from './api.js';
import { button, el, setText, show } from './dom.js';
import { prepare } from './footage.js';
import { createSegmentList, spoken } from './segment-list.js';
import { createSheet } from './sheet.js';
import { on } from './store.js';
import { strings as S } from './strings.js';

/** Returns the function that opens it; `onPlay(id)` plays one. */
export function createDamage({ onPlay }) {
  const sheet = createSheet(S.damaged, { testid: 'damage', shown: () => refresh() });
  const none = el('p', { class: 'sheet-none', text: S.loading });
  const list = createSegmentList((segment) => ({
    note: S.sentence(segment.damaged),
    buttons: [
      button(
        {
          text: S.play,
          label: S.playThis(spoken(segment)),
          'aria-label': S.playThis(spoken(segment)),
        },
        () => {
          sheet.close();
          onPlay(segment.id);
        },
      ),
    ],
  }));
  sheet.body.append(el('p', { class: 'sheet-about', text: S.damagedAbout }), none, list.root);

  async function refresh() {
    try {
      const damaged = (await api.damage()).map(prepare);
      list.show(damaged);
      setText(none, S.noneDamaged);
      show(none, damaged.length === 0);
    } catch (error) {
      setText(none, S.notDone(error.message));
      show(none, true);
    }
  }

  on('trouble', ({ kind }) => kind === 'damage' && sheet.isOpen && refresh());
  return sheet.open;
}

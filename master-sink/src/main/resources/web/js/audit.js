// What people did, as the master's chained log tells it.
import * as api from './api.js';
import { button, el, setText, show } from './dom.js';
import * as f from './format.js';
import { createSheet } from './sheet.js';
import { strings as S } from './strings.js';

const PAGE = 50;

/** Returns the function that opens it. */
export function createAudit() {
  let last = 0;
  const sheet = createSheet(S.audit, { testid: 'audit', shown: () => load(true) });
  const none = el('p', { class: 'sheet-none', text: S.loading });
  const list = el('ul', { class: 'rows' });
  const more = button({ text: S.older, label: S.older }, () => load(false));
  sheet.body.append(el('p', { class: 'sheet-about', text: S.auditAbout }), none, list, more);

  async function load(anew) {
    try {
      const entries = await api.audit({ before: anew ? undefined : last, limit: PAGE });
      if (anew) list.replaceChildren();
      list.append(...entries.map(row));
      last = entries.at(-1)?.number ?? 0;
      setText(none, S.auditEmpty);
      show(none, !list.children.length);
      show(more, last > 1);
    } catch (error) {
      setText(none, S.notDone(error.message));
      show(none, true);
      show(more, false);
    }
  }

  function row(entry) {
    const words = S.actions[entry.action] ?? entry.action;
    const isBad = entry.action === 'failed-sign-in';
    return el(
      'li',
      { class: 'row', data: { level: isBad ? 'bad' : 'plain' } },
      el(
        'div',
        { class: 'row-text' },
        el('p', { class: 'row-title' }, el('strong', { text: words }), el('span', { text: S.auditDetail(entry) })),
        el('p', {
          class: 'row-facts',
          text: [entry.who || (S.auditNobody[entry.action] ?? S.byLink), entry.address].join(' · '),
        }),
      ),
      el('time', {
        class: 'row-facts',
        datetime: entry.at,
        text: f.moment(Date.parse(entry.at), api.now()),
      }),
    );
  }

  return sheet.open;
}

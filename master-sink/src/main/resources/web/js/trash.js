// What was deleted and can still be had back.
import * as api from './api.js';
import { button, el, setText, show } from './dom.js';
import * as f from './format.js';
import { prepare } from './footage.js';
import { createSegmentList, spoken } from './segment-list.js';
import { ask, createSheet } from './sheet.js';
import { on, state } from './store.js';
import { strings as S } from './strings.js';

const CALM_MS = 250;

/** Returns the function that opens it. */
export function createTrash() {
  let trashed = [];
  let timer = 0;

  const sheet = createSheet(S.trash, { testid: 'trash', shown: () => refresh() });
  const about = el('p', { class: 'sheet-about' });
  const said = el('p', { class: 'sheet-said', role: 'status' });
  const none = el('p', { class: 'sheet-none', text: S.loading });
  const list = createSegmentList((segment) => ({
    note: S.goesForGood(f.until(Date.parse(segment.until), api.now())),
    buttons: [
      button(
        {
          text: S.restore,
          label: S.restoreThis(spoken(segment)),
          'aria-label': S.restoreThis(spoken(segment)),
          'data-testid': 'restore',
        },
        () => attempt(() => api.restore(segment.id), S.restored(spoken(segment))),
      ),
      button(
        {
          text: S.purge,
          label: S.purgeThis(spoken(segment)),
          'aria-label': S.purgeThis(spoken(segment)),
          'data-testid': 'purge',
        },
        () => purge(segment),
      ),
    ],
  }));
  const empty = button(
    {
      text: S.emptyTrash,
      label: S.emptyTrash,
      class: 'button button-danger',
      'data-testid': 'empty-trash',
    },
    emptyAll,
  );
  const foot = el('div', { class: 'sheet-foot' }, said, empty);
  sheet.body.append(about, none, list.root);
  sheet.root.append(foot);

  async function refresh() {
    const days = (state.storage?.trashGraceSeconds ?? 0) / 86_400;
    setText(about, days > 0 ? S.trashAbout(S.days(f.decimal(days))) : S.trashNoGrace);
    try {
      trashed = (await api.trash()).map(prepare);
      list.show(trashed);
      setText(none, S.trashEmpty);
    } catch (error) {
      setText(none, S.notDone(error.message));
    }
    show(none, trashed.length === 0);
    show(empty, trashed.length > 1);
  }

  async function attempt(work, words) {
    try {
      await work();
      setText(said, words);
    } catch (error) {
      setText(said, S.notDone(error.message));
    }
    await refresh();
  }

  async function purge(segment) {
    const isSure = await ask({
      title: S.purgeAsk,
      text: S.purgeText(spoken(segment)),
      yes: S.purge,
    });
    if (isSure) await attempt(() => api.purge(segment.id), S.purged(spoken(segment)));
  }

  async function emptyAll() {
    const until = trashed[0].deletedAt; // the newest comes first
    const size = f.bytes(trashed.reduce((sum, s) => sum + s.bytes, 0));
    const isSure = await ask({
      title: S.emptyAsk,
      text: S.emptyText(trashed.length, size),
      yes: S.purge,
    });
    if (isSure) await attempt(() => api.emptyTrash(until), S.emptied);
  }

  // Each change of the trash changes what is stored.
  on('storage', () => {
    clearTimeout(timer);
    timer = setTimeout(() => sheet.isOpen && refresh(), CALM_MS);
  });

  return sheet.open;
}

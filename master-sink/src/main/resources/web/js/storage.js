// How much is stored of what, how far back it goes, and what goes next.
import * as api from './api.js';
import { button, el, setText, show } from './dom.js';
import * as f from './format.js';
import { createSheet } from './sheet.js';
import { nameOf, on, state } from './store.js';
import { strings as S } from './strings.js';

const CALM_MS = 1000;

/** Room there is for footage: what is allowed, or what the disk has. */
export const roomOf = (s) =>
  s.limitBytes > 0 ? s.limitBytes : s.usedBytes + s.trashBytes + s.freeBytes;

/** Whether that is known; a bucket without a limit has any. */
export const hasRoom = (s) => s.limitBytes > 0 || s.onDisk;

/** What is used of it, in words. */
export const usedWords = (s, used) =>
  hasRoom(s)
    ? S.storageUsed(f.bytes(used), f.bytes(roomOf(s)), s.limitBytes > 0)
    : S.storageInBucket(f.bytes(used));

/** Stretches of a bar: [[class, share of 100]]. */
export function stretches(s) {
  const share = (n) => (roomOf(s) > 0 ? Math.min(100, (n / roomOf(s)) * 100) : 0);
  return [
    ['storage-saved', share(s.savedBytes)],
    ['storage-used', share(s.usedBytes - s.savedBytes)],
    ['storage-trash', share(s.trashBytes)],
  ];
}

/** Returns the function that opens it. */
export function createStorage({ showTrash, showDamage }) {
  let timer = 0;
  const sheet = createSheet(S.storage, { testid: 'storage-sheet', shown: () => refresh() });
  const text = el('p', { class: 'usage-text' });
  const parts = stretchesOf();
  const bar = el('div', { class: 'storage-bar usage-bar', 'aria-hidden': 'true' }, ...parts);
  const legend = el('ul', { class: 'usage-legend' });
  const facts = el('ul', { class: 'usage-facts' });
  const body = el('tbody');
  const table = el(
    'table',
    { class: 'usage-table' },
    el('caption', { class: 'visually-hidden', text: S.usageByCamera }),
    el(
      'thead',
      {},
      el('tr', {}, ...S.usageColumns.map((column) => el('th', { scope: 'col', text: column }))),
    ),
    body,
  );
  const trash = button({ text: S.openTrash, label: S.openTrash, 'data-for': 'owner' }, () => {
    sheet.close();
    showTrash();
  });
  const damage = button({ text: S.showDamaged, label: S.showDamaged }, () => {
    sheet.close();
    showDamage();
  });
  sheet.body.append(text, bar, legend, facts, table);
  sheet.root.append(el('div', { class: 'sheet-foot' }, el('span'), damage, trash));

  function stretchesOf() {
    return ['storage-saved', 'storage-used', 'storage-trash'].map((kind) =>
      el('span', { class: kind }),
    );
  }

  function renderTotals() {
    const s = state.storage;
    if (!s) return;
    setText(text, usedWords(s, s.usedBytes + s.trashBytes));
    show(bar, hasRoom(s));
    stretches(s).forEach(([, share], index) => {
      parts[index].style.width = `${share}%`;
    });
    const item = (kind, words) => el('li', { class: kind, text: words });
    const used = [item('storage-used', S.usedFootage(f.bytes(s.usedBytes - s.savedBytes)))];
    if (s.saved > 0)
      used.push(
        item('storage-saved', S.usedSaved(f.bytes(s.savedBytes), f.count(s.saved), s.saved)),
      );
    if (s.trashBytes > 0) used.push(item('storage-trash', S.usedTrash(f.bytes(s.trashBytes))));
    legend.replaceChildren(...used, item('storage-free', freeWords(s)));
    show(damage, s.damaged > 0);
  }

  function renderOutlook({ cameras, next, fullAt }) {
    const now = api.now();
    const oldest = cameras.map((c) => Date.parse(c.oldest)).sort((a, b) => a - b)[0];
    const lines = [];
    if (oldest) lines.push(S.goesBack(f.dayAndTime(oldest, now), f.duration(now - oldest)));
    lines.push(next ? nextWords(next, now) : S.nothingGoes);
    if (fullAt) {
      const full = Date.parse(fullAt);
      lines.push(full > now ? S.fullIn(f.duration(full - now)) : S.fullNow);
    }
    facts.replaceChildren(...lines.map((line) => el('li', { text: line })));
    const most = Math.max(...cameras.map((c) => c.bytes), 1);
    body.replaceChildren(...cameras.map((c) => rowOf(c, most, now)));
    show(table, cameras.length > 0);
  }

  async function refresh() {
    renderTotals();
    try {
      renderOutlook(await api.outlook());
    } catch (error) {
      facts.replaceChildren(el('li', { text: S.notDone(error.message) }));
    }
  }

  on('storage', () => {
    if (!sheet.isOpen) return;
    renderTotals();
    timer ||= setTimeout(() => {
      timer = 0;
      if (sheet.isOpen) refresh();
    }, CALM_MS);
  });

  return sheet.open;
}

function freeWords(s) {
  const free = f.bytes(s.freeBytes);
  if (!s.onDisk) return S.freeForUploads(free);
  return S.freeOnDisk(free, s.reserveBytes > 0 ? f.bytes(s.reserveBytes) : '');
}

function nextWords(next, now) {
  const at = Date.parse(next.at);
  const filmed = f.dayAndTime(Date.parse(next.start), now);
  return S.nextGoes(nameOf(next.camera), filmed, f.until(at, now), S.goesFor[next.reason] ?? '');
}

function rowOf(camera, most, now) {
  const cell = (index, ...children) =>
    el('td', { 'data-label': S.usageColumns[index] }, ...children);
  const level = el('span', { class: 'usage-level' });
  level.style.width = `${(camera.bytes / most) * 100}%`;
  const oldest = Date.parse(camera.oldest);
  const saved =
    camera.savedBytes > 0
      ? el('small', { text: S.storageSaved(f.bytes(camera.savedBytes)) })
      : null;
  return el(
    'tr',
    { data: { testid: 'usage-row', camera: camera.camera } },
    el('th', { scope: 'row', text: nameOf(camera.camera) }),
    cell(
      1,
      el('span', { text: f.bytes(camera.bytes) }),
      el('span', { class: 'usage-share', 'aria-hidden': 'true' }, level),
      saved,
    ),
    cell(2, camera.bytesADay === undefined ? S.notYetKnown : f.bytes(camera.bytesADay)),
    cell(3, el('span', { text: f.day(oldest, now), title: f.dayAndTime(oldest, now) })),
    cell(4, keptWords(camera)),
  );
}

function keptWords({ maxAgeSeconds, motionMaxAgeSeconds, limitBytes }) {
  const days = (seconds) => S.days(f.decimal(seconds / 86_400));
  const age =
    maxAgeSeconds === 0
      ? S.keptWhileRoom
      : motionMaxAgeSeconds === maxAgeSeconds
        ? days(maxAgeSeconds)
        : S.keptWithMotion(
            days(maxAgeSeconds),
            motionMaxAgeSeconds === 0 ? S.keptWhileRoom : days(motionMaxAgeSeconds),
          );
  return limitBytes > 0 ? S.keptUpTo(age, f.bytes(limitBytes)) : age;
}

// The head of the page: how things are in one sentence, storage, theme, the banner of trouble.
import * as api from './api.js';
import { button, el, setIcon, setText, show } from './dom.js';
import * as f from './format.js';
import { retryNow } from './link.js';
import { hasRoom, stretches, usedWords } from './storage.js';
import { emit, hasPast, on, onWall, state } from './store.js';
import { strings as S } from './strings.js';
import { isSerious } from './troubles.js';

const DARK = matchMedia('(prefers-color-scheme: dark)');
const THEME_ICONS = { auto: 'auto', light: 'sun', dark: 'moon' };

export function createHeader(root, { onHelp, showTrash, showStorage, showPeople, addCamera }) {
  const tools = root.querySelector('.header-tools');
  tools.append(
    button(
      { name: 'plus', label: S.addCamera, class: 'button button-icon tool-wide', 'data-testid': 'add-camera', 'data-for': 'owner' },
      addCamera,
    ),
  );
  tools.append(button({ name: 'trash', label: S.trash, 'data-testid': 'trash-open', 'data-for': 'owner' }, showTrash));
  tools.append(button({ name: 'people', label: S.people, 'data-testid': 'people-open' }, showPeople));
  createTheme(tools, onHelp);
  createSentence(root.querySelector('.status'));
  createStorage(root.querySelector('.storage'), showStorage);
  createBanner(document.querySelector('.banner'));
}

/** `{level, text, spoken}`: spoken has no ticking number, so that it is announced once. */
function houseState() {
  const all = onWall();
  const now = api.now();
  if (state.link.status === 'down')
    return plain('bad', state.link.why ? S.masterTroubled : S.masterSilent);
  if (!state.camerasKnown) return plain('idle', S.connecting);
  if (all.length === 0) return plain('idle', hasPast() ? S.noCameraNow : S.noCamera);
  const lost = all.filter((c) => c.state === 'lost');
  if (lost.length) {
    const first = lost.reduce((a, b) => (Date.parse(a.since) < Date.parse(b.since) ? a : b));
    const since = Date.parse(first.lastHeartbeat ?? first.since) || now;
    const names = S.list(lost.map((c) => c.name));
    return {
      level: 'bad',
      text: S.silentFor(names, f.age(now - since), lost.length),
      spoken: S.silentSince(names, f.clock(since), lost.length),
    };
  }
  const retrying = all.filter((c) => c.state === 'retrying');
  if (retrying.length) return plain('warn', S.cannotRecord(S.list(retrying.map((c) => c.name))));
  const mine = all.filter((c) => c.state !== 'unpaired');
  const recording = mine.filter((c) => c.state === 'recording');
  if (mine.length && recording.length === mine.length)
    return plain('ok', S.allRecording(mine.length, mine[0].name));
  const starting = mine.some((c) => c.state === 'starting');
  return plain(starting ? 'warn' : 'idle', S.someRecording(recording.length, mine.length));
}

const plain = (level, text) => ({ level, text, spoken: text });

function createSentence(root) {
  const dot = el('span', { class: 'dot' });
  const text = el('span', { class: 'status-text', 'aria-hidden': 'true' });
  const spoken = el('span', { class: 'visually-hidden', role: 'status' });
  root.append(dot, text, spoken);
  const refresh = () => {
    const house = houseState();
    root.dataset.level = house.level;
    setText(text, house.text);
    setText(spoken, house.spoken);
    const isBad = house.level === 'bad';
    const title = isBad ? `${house.text} – ${S.product}` : S.product;
    document.title = isBad || isSerious() ? `⚠ ${title}` : title;
  };
  for (const topic of ['cameras', 'camera', 'link', 'tick', 'troubles']) on(topic, refresh);
  refresh();
}

function createStorage(root, onOpen) {
  const parts = stretches({}).map(([kind]) => el('span', { class: kind }));
  const bar = el('span', { class: 'storage-bar', 'aria-hidden': 'true' }, ...parts);
  const text = el('span', { class: 'storage-text' });
  const detail = el('span', { class: 'storage-detail' });
  const more = el('span', { class: 'visually-hidden' });
  const open = el(
    'button',
    {
      type: 'button',
      class: 'storage-open',
      data: { testid: 'storage-open' },
      on: { click: onOpen },
    },
    el('span', { class: 'visually-hidden', text: S.storageName }),
    el('span', { class: 'storage-line' }, text, detail),
    bar,
    more,
  );
  root.append(open);
  on('storage', () => {
    const s = state.storage;
    const bars = stretches(s);
    bars.forEach(([, share], index) => {
      parts[index].style.width = `${share}%`;
    });
    const isFull = bars.reduce((sum, [, share]) => sum + share, 0) > 95;
    root.dataset.full = s.limitBytes === 0 && s.onDisk && isFull;
    setText(text, usedWords(s, s.usedBytes));
    show(bar, hasRoom(s));
    setText(detail, s.savedBytes > 0 ? S.storageSaved(f.bytes(s.savedBytes)) : '');
    const hint = S.storageHint(f.count(s.segments), f.count(s.saved), f.bytes(s.freeBytes));
    setText(more, S.storageMore(hint));
    open.title = hint;
    root.dataset.known = 'true';
  });
}

function createTheme(root, onHelp) {
  const current = () => document.documentElement.dataset.theme ?? 'auto';
  const toggle = button(
    { name: THEME_ICONS[current()], label: '', 'data-testid': 'theme-toggle' },
    () => {
      // The first press always changes what is seen.
      const themes = DARK.matches ? ['auto', 'light', 'dark'] : ['auto', 'dark', 'light'];
      const theme = themes[(themes.indexOf(current()) + 1) % themes.length];
      if (theme === 'auto') delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
      try {
        if (theme === 'auto') localStorage.removeItem('theme');
        else localStorage.setItem('theme', theme);
      } catch {
        // Storage may be forbidden; the choice then lasts as long as the page.
      }
      name();
      emit('theme');
    },
  );
  const name = () => {
    setIcon(toggle, THEME_ICONS[current()]);
    toggle.title = S.theme[current()];
    toggle.setAttribute('aria-label', S.theme[current()]);
  };
  name();
  DARK.addEventListener('change', () => emit('theme'));
  root.append(button({ name: 'help', label: S.help, key: '?' }, onHelp), toggle);
}

function createBanner(root) {
  const text = el('span', { role: 'alert' });
  const countdown = el('span', { 'aria-hidden': 'true' });
  const again = el('button', {
    type: 'button',
    class: 'button',
    text: S.tryNow,
    on: { click: retryNow },
  });
  root.append(el('p', {}, text, ' ', countdown), again);
  const refresh = () => {
    const { status, since, retryAt, why } = state.link;
    const down = status === 'down';
    show(root, down);
    document.documentElement.dataset.link = status;
    if (!down) return;
    const left = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
    const words = why ? S.masterTroubledSince(f.clock(since)) : S.masterSilentSince(f.clock(since));
    root.title = why;
    setText(text, words);
    setText(countdown, left > 0 ? S.againIn(left) : S.tryingAgain);
  };
  on('link', refresh);
  on('tick', refresh);
}

// Plays what the other cameras filmed at the same time, in step with the one that is on show: its
// clock is everybody's.
import * as api from './api.js';
import { el, setText, show } from './dom.js';
import { isFilmed } from './filming.js';
import { Playback } from './playback.js';
import { isOwner, nameOf, on, state } from './store.js';
import { strings as S } from './strings.js';
import { WIDE, planGrid } from './wall-plan.js';

/** Beside the one on show: more could not be told apart. */
const MOST_OTHERS = 8;
/** Where there are more cameras, those of interest are chosen anew so often. */
const CHOOSE_EVERY_MS = 3000;
/** Motion so long before or after counts, too. */
const ABOUT_MS = 2000;
/** Further off than that a picture jumps; closer it is played faster or slower. */
const JUMP_MS = 700;
const STILL_MS = 15;
const TURN = 0.2;
const EVERY_MS = 100;
const GAP = 3;

/** `clock()`: {camera, t, rate, isPlaying} of what is on show, or null; `choose(camera)`. */
export function createTogether(screens, { clock, choose }) {
  let isOn = false;
  const tiles = new Map();
  let timer = 0;
  let chosen = { camera: null, at: 0, ids: [] };
  const some = el('p', { class: 'screens-some', role: 'status', data: { testid: 'screens-some' } });
  const sizes = new ResizeObserver(layOut);
  sizes.observe(screens);

  /** As many columns as show most. */
  function layOut() {
    if (!isOn) return;
    const { clientWidth: width, clientHeight: height } = screens;
    const room = { width, height, gap: GAP, body: 0, shape: WIDE };
    screens.style.setProperty('--columns', planGrid(1 + tiles.size, room).columns);
  }

  /** All others; of many those where something moved then, or at least was filmed. */
  function chooseOthers({ camera, t }) {
    const others = [...state.cameras.keys()].filter((id) => id !== camera);
    setText(some, others.length > MOST_OTHERS ? S.someScreens(1 + MOST_OTHERS, 1 + others.length) : '');
    if (others.length <= MOST_OTHERS) return others;
    const isFresh = performance.now() - chosen.at < CHOOSE_EVERY_MS;
    if (camera === chosen.camera && isFresh) return chosen.ids;
    const weight = (id) => 2 * interest(id, t) + tiles.has(id); // who is on show stays, if in doubt
    const ids = others.sort((a, b) => weight(b) - weight(a)).slice(0, MOST_OTHERS);
    chosen = { camera, at: performance.now(), ids };
    return ids;
  }

  function arrange(now) {
    const others = chooseOthers(now);
    for (const [id, tile] of tiles) {
      if (others.includes(id)) continue;
      tile.close();
      tiles.delete(id);
    }
    for (const id of others) {
      if (tiles.has(id)) continue;
      const tile = createTile(id, () => choose(id));
      tiles.set(id, tile);
      screens.append(tile.root);
    }
    if (Number(screens.dataset.screens) === 1 + others.length) return;
    screens.dataset.screens = 1 + others.length;
    screens.append(some);
    layOut();
  }

  /** Brings all to the moment that is on show. */
  function sync() {
    const now = isOn ? clock() : null;
    if (!now) return;
    arrange(now);
    for (const tile of tiles.values()) tile.follow(now);
  }

  function toggle(value = !isOn) {
    isOn = value;
    clearInterval(timer);
    if (isOn) timer = setInterval(sync, EVERY_MS);
    for (const tile of isOn ? [] : tiles.values()) tile.close();
    if (!isOn) {
      tiles.clear();
      some.remove();
      delete screens.dataset.screens;
    }
    document.documentElement.dataset.together = isOn;
    sync();
    if (isOn) fetchFilmed();
  }

  /** What the others film still is asked of them, by who may. */
  function fetchFilmed() {
    const now = clock();
    if (!now || !isOwner()) return;
    for (const id of tiles.keys())
      if (isFilmed(id, now.t)) api.command(id, 'flush').catch(() => {}); // its tile says that it is not here
  }

  on('footage', sync);
  return {
    toggle,
    sync,
    get isOn() {
      return isOn;
    },
  };
}

/** 2 where something moves, 1 where there is footage, or will be. */
function interest(camera, t) {
  const segment = state.footage.at(camera, t);
  if (!segment) return Number(isFilmed(camera, t));
  return segment.motion.some((m) => m.t0 - ABOUT_MS <= t && t <= m.t1 + ABOUT_MS) ? 2 : 1;
}

function createTile(camera, choose) {
  const name = el('span', { class: 'tile-name' });
  const none = el('p', { class: 'tile-none', hidden: true });
  const root = el(
    'button',
    {
      type: 'button',
      class: 'player-tile',
      data: { testid: 'player-tile', camera },
      on: { click: choose },
    },
    none,
    name,
  );
  const playback = new Playback(root, 'tile-video');

  return {
    root,
    close() {
      playback.close();
      root.remove();
    },
    follow({ t, rate, isPlaying }) {
      setText(name, nameOf(camera));
      root.setAttribute('aria-label', S.watchInstead(name.textContent));
      // A day that is only being loaded takes nothing away.
      const isStill = playback.segment && playback.segment.t0 <= t && t < playback.segment.t1;
      const segment = state.footage.at(camera, t) ?? (isStill ? playback.segment : null);
      if (!segment) setText(none, isFilmed(camera, t) ? S.stillFilmed : S.noFootageThen);
      show(none, !segment && !state.day.loading);
      root.dataset.none = !segment;
      if (!segment) {
        playback.pause();
        delete root.dataset.offMs;
        return;
      }
      const seconds = (t - segment.t0) / 1000;
      if (playback.segment?.id !== segment.id) {
        playback.open(segment, seconds, isPlaying);
        playback.follow(state.footage.neighbour(segment, 1));
      }
      const off = (playback.seconds - seconds) * 1000;
      root.dataset.offMs = Math.round(off);
      if (!isPlaying) {
        if (!playback.isPaused) playback.pause();
        if (Math.abs(off) > STILL_MS) playback.seek(seconds);
        return;
      }
      if (playback.isPaused && !playback.isEnded) playback.play();
      if (Math.abs(off) > JUMP_MS) playback.seek(seconds);
      playback.rate = rate * (1 - Math.max(-TURN, Math.min(TURN, off / 500)));
    },
  };
}

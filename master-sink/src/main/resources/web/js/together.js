// Plays what the other cameras filmed at the same time, in step with the one that is on show: its
// clock is everybody's.
import { el, setText, show } from './dom.js';
import { Playback } from './playback.js';
import { nameOf, on, state } from './store.js';
import { strings as S } from './strings.js';

/** The one on show and three others. */
const MOST_OTHERS = 3;
/** Further off than that a picture jumps; closer it is played faster or slower. */
const JUMP_MS = 700;
const STILL_MS = 15;
const TURN = 0.2;
const EVERY_MS = 100;

/** `clock()`: {camera, t, rate, isPlaying} of what is on show, or null; `choose(camera)`. */
export function createTogether(screens, { clock, choose }) {
  let isOn = false;
  const tiles = new Map();
  let timer = 0;

  function arrange(now) {
    const others = [...state.cameras.keys()].filter((id) => id !== now.camera).slice(0, MOST_OTHERS);
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
    screens.dataset.screens = 1 + others.length;
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
      delete screens.dataset.screens;
    }
    sync();
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

function createTile(camera, choose) {
  const name = el('span', { class: 'tile-name' });
  const none = el('p', { class: 'tile-none', text: S.noFootageThen, hidden: true });
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

// The player: one segment on show, its motion under it, and on into the next by itself.
import * as api from './api.js';
import { setIcon, setText, show, toggleFull } from './dom.js';
import * as f from './format.js';
import { findNeighbour, openDay } from './loader.js';
import { UNDO } from './notice.js';
import { Playback } from './playback.js';
import { createParts, showMarks, showSaved, showSegment, showSound } from './player-parts.js';
import { spoken } from './segment-list.js';
import { markRange } from './range.js';
import { dropSegment, nameOf, on, putSegment, setPlaying, setSaved, state } from './store.js';
import { strings as S } from './strings.js';
import { createTogether } from './together.js';

const STEP_S = 5;
/** Holes shorter than this are passed over without a word. */
const SKIP_TOLD_MS = 2000;
const TELL_EVERY_MS = 200;

export function createPlayer(root, { onClose, onShare, notify }) {
  let segment = null;
  let wantsPlay = false;
  let lastTold = 0;
  let lastAt = 0;
  /** What comes before and after: {id of the segment, -1: segment, 1: segment}. */
  let beside = {};

  const parts = createParts(root, {
    toggle: () => toggle(),
    close: () => shut(),
    seek: (ms) => seekTo(ms),
    step: (by) => step(by),
    speed: (rate) => {
      playback.rate = rate;
    },
    toggleSaved: () => toggleSaved(),
    note: (text) => write(text),
    share: () => segment && onShare({ camera: segment.camera, from: segment.t0, to: segment.t1 }),
    toggleTogether: () => toggleTogether(),
    remove: () => remove(),
    toggleSound: () => toggleSound(),
    toggleFull: () => toggleWhole(),
  });
  const { problem, wall, range, previous, next } = parts;
  const playButton = parts.play;
  const playback = new Playback(parts.stage);
  const together = createTogether(parts.screens, {
    clock: () =>
      segment && {
        camera: segment.camera,
        t: at(),
        rate: playback.rate,
        isPlaying: !playback.isPaused && !playback.isEnded,
      },
    choose(camera) {
      const t = at();
      const other = state.footage.at(camera, t);
      if (other) open(other, t, { play: wantsPlay });
    },
  });

  function open(target, t, { play = true } = {}) {
    segment = target;
    wantsPlay = play;
    show(problem, false);
    root.dataset.busy = 'true';
    root.dataset.segment = segment.id;
    showSegment(parts, segment, nameOf(segment.camera));
    playback.open(segment, Math.max(0, (t - segment.t0) / 1000), play);
    chain();
    tell(true);
  }

  /** Looks up what comes before and after; both may change while footage arrives. */
  function chain() {
    if (!segment) return;
    if (beside.id !== segment.id) beside = { id: segment.id, asked: {} };
    for (const by of [-1, 1]) {
      const known = state.footage.neighbour(segment, by);
      if (known) beside[by] = known;
      else if (isElsewhere(by)) lookUp(by);
    }
    playback.follow(beside[1] ?? null);
    next.disabled = !beside[1];
    previous.disabled = !beside[-1];
  }

  /** Whether a neighbour that is not at hand can exist: before the day on show, or after it. */
  function isElsewhere(by) {
    return by < 0 || !state.footage.byId.has(segment.id) || state.day.to <= api.now();
  }

  function lookUp(by) {
    const mine = beside;
    if (mine.asked[by]) return;
    mine.asked[by] = true;
    findNeighbour(segment, by).then(
      (found) => {
        mine[by] ??= found;
        if (found && mine === beside) chain();
      },
      () => {
        mine.asked[by] = false;
      },
    );
  }

  const isOnShow = (t) => state.day.from <= t && t < state.day.to;
  const at = () => Math.min(segment.t1, segment.t0 + playback.seconds * 1000);

  /** Tells the page where playback is; the timeline need not know each frame. */
  function tell(always = false) {
    if (!segment) return;
    const t = at();
    setText(wall, f.preciseClock(t));
    range.value = t - segment.t0;
    range.style.setProperty('--played', `${((t - segment.t0) / (segment.t1 - segment.t0)) * 100}%`);
    range.setAttribute('aria-valuetext', f.clock(t));
    const wasOnShow = isOnShow(lastAt);
    lastAt = t;
    if (wasOnShow && !isOnShow(t)) openDay(t); // over midnight; whoever looks at another day stays there
    if (always) together.sync();
    if (!always && performance.now() - lastTold < TELL_EVERY_MS) return;
    lastTold = performance.now();
    setPlaying({ segment, camera: segment.camera, at: t, following: !playback.isPaused });
  }

  function showPlaying() {
    const playing = !playback.isPaused && !playback.isEnded;
    setIcon(playButton, playing ? 'pause' : 'play');
    playButton.setAttribute('aria-label', playing ? S.pause : S.play);
    playButton.title = `${playing ? S.pause : S.play} (${S.spaceKey})`;
    root.dataset.playing = playing;
  }

  function toggle() {
    if (!segment) return;
    if (playback.isEnded && !advance()) playback.seek(0);
    wantsPlay = playback.isPaused || playback.isEnded;
    if (wantsPlay) playback.play();
    else playback.pause();
  }

  function advance() {
    const after = beside[1];
    if (!after) return false;
    const hole = after.t0 - segment.t1;
    if (hole > SKIP_TOLD_MS) notify(S.skipped(f.duration(hole)));
    open(after, after.t0);
    return true;
  }

  function step(by) {
    const other = segment && beside[by];
    if (other) open(other, other.t0, { play: wantsPlay });
  }

  function seekTo(ms) {
    playback.seek(ms / 1000);
    tell(true);
  }

  /** Jumps by seconds, over the borders of segments. */
  function jump(seconds) {
    if (!segment) return;
    const t = at() + seconds * 1000;
    const other =
      t < segment.t0 || t >= segment.t1 ? state.footage.at(segment.camera, t, SKIP_TOLD_MS) : null;
    if (other && other !== segment) open(other, Math.max(t, other.t0), { play: wantsPlay });
    else seekTo(Math.max(0, Math.min(segment.t1 - segment.t0 - 100, t - segment.t0)));
  }

  /** Goes on by one picture, or back, and stands still there. */
  function stepFrame(by) {
    if (!segment) return;
    wantsPlay = false;
    playback.pause();
    jump(by / segment.fps);
  }

  function toggleTogether() {
    together.toggle();
    parts.together.setAttribute('aria-pressed', together.isOn);
  }

  /** Keeps what somebody writes of a saved segment. */
  async function write(text) {
    if (!segment?.saved || text === (segment.note ?? '')) return;
    try {
      await setSaved(segment, true, text);
      notify(S.noteKept);
    } catch (error) {
      notify(S.saveFailed(error.message));
    }
  }

  async function toggleSaved() {
    if (!segment) return;
    const target = segment;
    const saved = !target.saved;
    try {
      await setSaved(target, saved);
      notify(saved ? S.savedNow : S.unsavedNow);
    } catch (error) {
      notify(S.saveFailed(error.message));
    }
  }

  /** Deletes what is on show, goes on with what is beside it, and offers to undo it. */
  async function remove() {
    if (!segment) return;
    const target = segment;
    if (target.saved) {
      notify(S.removeSavedHint);
      return;
    }
    const other = beside[1] ?? beside[-1];
    try {
      await api.remove(target.id);
    } catch (error) {
      notify(S.notDone(error.message));
      return;
    }
    dropSegment(target.id);
    notify(S.removed(spoken(target)), { ...UNDO, act: () => undo(target) });
    if (segment?.id !== target.id) return;
    if (other) open(other, other.t0, { play: wantsPlay });
    else shut();
  }

  async function undo(target) {
    try {
      await api.restore(target.id);
      putSegment(await api.segment(target.id));
      notify(S.restored(spoken(target)));
      if (segment) open(target, target.t0, { play: wantsPlay });
    } catch (error) {
      notify(S.notDone(error.message));
    }
  }

  function toggleSound() {
    if (!segment?.audio) return;
    playback.isMuted = !playback.isMuted;
    showSound(parts, playback.isMuted);
  }

  /** Marks this moment as one end of a stretch. */
  function mark(which) {
    if (segment) markRange(which, segment.camera, at());
  }

  const toggleWhole = () => toggleFull(root, root.querySelector('.player-stage .on-show'));

  function shut() {
    if (!segment) return;
    segment = null;
    if (together.isOn) toggleTogether();
    playback.close();
    delete root.dataset.segment;
    setPlaying(null);
    onClose();
  }

  const idle = () => {
    root.dataset.busy = 'false';
  };
  playback.addEventListener('play', showPlaying);
  playback.addEventListener('pause', () => {
    showPlaying();
    tell(true);
  });
  playback.addEventListener('ready', () => {
    idle();
    showPlaying();
    tell(true);
  });
  playback.addEventListener('seeked', () => {
    idle();
    tell(true);
  });
  playback.addEventListener('waiting', () => {
    root.dataset.busy = 'true';
  });
  playback.addEventListener('frame', () => tell());
  playback.addEventListener('timeupdate', () => tell());
  playback.addEventListener('ended', () => {
    tell(true);
    if (segment && wantsPlay && !advance()) {
      showPlaying();
      notify(S.atTheEnd);
    }
  });
  playback.addEventListener('error', () => {
    if (!segment || !playback.error) return;
    idle();
    problem.textContent = playback.error.code === 4 ? S.videoUnplayable : S.videoFailed;
    show(problem, true);
    showPlaying();
  });

  on('footage', () => {
    if (!segment) return;
    // A reload brings new objects; the one on show must be the one in the store.
    segment = state.footage.byId.get(segment.id) ?? segment;
    playback.segment = segment;
    showMarks(parts, segment);
    chain();
    if (playback.isEnded && wantsPlay) advance();
  });
  on('dropped', (id) => {
    for (const by of [-1, 1]) if (beside[by]?.id === id) beside = { id: beside.id, asked: {} };
  });
  on('saved', (changed) => segment?.id === changed.id && showSaved(parts, changed));

  return {
    open,
    shut,
    toggle,
    jump,
    step,
    toggleSaved,
    remove,
    toggleSound,
    toggleFull: toggleWhole,
    mark,
    toggleTogether,
    stepFrame,
    back: () => jump(-STEP_S),
    forward: () => jump(STEP_S),
    focus: () => playButton.focus({ preventScroll: true }),
    get isOpen() {
      return segment !== null;
    },
  };
}

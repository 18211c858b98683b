// One camera, as large as it goes: what it films now, and what can be done with it.
import * as api from './api.js';
import { button, el, icon, setIcon, setText, show, toggleFull } from './dom.js';
import * as f from './format.js';
import { createLive } from './live.js';
import { createStill } from './still.js';
import { isAway, isFilming, latestTime, on, onWall, state } from './store.js';
import { strings as S } from './strings.js';

const LOOK_MS = 500;

export function createSingle(root, { onClose, onPlay, onPicture, onControl }) {
  let id = null;
  let live = null;
  let still = null;
  let isLive = false;
  let isHeld = false;
  let timer = 0;

  const dot = el('span', { class: 'dot' });
  const word = el('span');
  const pill = el('span', { class: 'pill', data: { testid: 'single-state' } }, dot, word);
  const delay = el('span', { class: 'pill single-delay', data: { testid: 'single-delay' }, hidden: true });
  const motion = el('span', { class: 'pill pill-motion', hidden: true }, icon('motion'), el('span', { text: S.motionNow }));
  const problem = el('p', { class: 'card-problem', hidden: true });
  const name = el('h2', { class: 'single-name', id: 'single-title' });
  const facts = el('span', { class: 'single-facts' });
  const tool = (props, act) => button({ class: 'button button-icon', ...props }, act);
  const back = tool({ name: 'back', label: S.allCameras, key: 'Esc', 'data-testid': 'single-back' }, shut);
  const before = tool({ name: 'previous', label: S.cameraBefore, key: '←', 'data-testid': 'single-previous' }, () => step(-1));
  const after = tool({ name: 'next', label: S.cameraAfter, key: '→', 'data-testid': 'single-next' }, () => step(1));
  const holds = tool({ name: 'pause', label: S.hold, key: S.spaceKey, 'data-testid': 'single-hold' }, toggle);
  const photo = tool({ name: 'camera', label: S.pictureOfNow, key: 'P', 'data-testid': 'single-picture' }, picture);
  const play = tool({ name: 'day', label: S.playLatest, 'data-testid': 'single-play' }, () => onPlay(id));
  const gear = tool({ name: 'gear', label: S.cameraSettings }, () => onControl(id));
  const full = tool({ name: 'full', label: S.fullScreen, key: 'F' }, () => toggleWhole());
  const ways = el('div', { class: 'single-tools' }, before, after);
  const stage = el(
    'div',
    { class: 'single-stage card-picture' },
    el('div', { class: 'card-badges' }, el('span', { class: 'single-pills' }, pill, delay), motion),
    problem,
  );
  root.append(
    el(
      'div',
      { class: 'single-head' },
      back,
      el('div', { class: 'single-title' }, name, facts),
      el('div', { class: 'single-tools' }, holds, photo, play, gear, full),
      ways,
    ),
    stage,
  );

  const ids = () => onWall().map((camera) => camera.id);

  function open(camera) {
    if (camera === id || !state.cameras.has(camera)) return;
    drop();
    id = camera;
    root.dataset.camera = id;
    still = createStill();
    live = createLive(id, {
      onChange(now) {
        if (isLive === now) return;
        isLive = now;
        refresh();
      },
    });
    stage.prepend(still.root, live.root);
    live.watch(stage);
    timer ||= setInterval(tell, LOOK_MS);
    refresh();
  }

  function drop() {
    live?.drop();
    live?.root.remove();
    still?.drop();
    live = null;
    still = null;
    isLive = false;
    isHeld = false;
  }

  function shut() {
    if (!id) return;
    if (document.fullscreenElement) document.exitFullscreen();
    clearInterval(timer);
    timer = 0;
    drop();
    id = null;
    onClose();
  }

  function refresh() {
    const camera = state.cameras.get(id);
    if (!camera) return;
    const isDown = state.link.status === 'down';
    live.want(isFilming(camera));
    still.show(camera.latestSegment);
    setText(name, camera.name);
    setText(facts, camera.width ? S.pictureFacts(camera.width, camera.height, f.decimal(camera.fps)) : '');
    root.dataset.state = camera.state;
    root.dataset.live = isLive;
    dot.dataset.state = isDown ? 'unknown' : isHeld ? 'starting' : camera.state;
    pill.dataset.state = dot.dataset.state;
    setText(word, isDown ? S.stateUnknown : isHeld ? S.held : isLive ? S.live : (S.states[camera.state] ?? camera.state));
    show(motion, Boolean(camera.motion) && !isDown && camera.state === 'recording');
    const told = S.stateTold(camera, (since) => f.moment(Date.parse(since), api.now()));
    setText(problem, told);
    show(problem, told !== '');
    setIcon(holds, isHeld ? 'play' : 'pause');
    holds.title = `${isHeld ? S.goOn : S.hold} (${S.spaceKey})`;
    holds.setAttribute('aria-label', isHeld ? S.goOn : S.hold);
    holds.disabled = !isLive && !isHeld;
    photo.disabled = isAway(camera);
    play.disabled = !camera.latestSegment;
    gear.dataset.for = 'owner';
    show(ways, ids().length > 1);
    tell();
  }

  function tell() {
    const late = isLive ? live.delay() : null;
    // Where no live picture is seen, it is the still that could be taken for one.
    const taken = live.root.hidden && latestTime(state.cameras.get(id));
    show(delay, late !== null || Boolean(taken));
    delay.title = late === null ? '' : S.delayHint;
    if (late !== null) setText(delay, late < 100 ? S.noDelay : S.delay(f.decimal(late / 1000)));
    else if (taken) setText(delay, S.takenAt(f.moment(taken, api.now())));
  }

  function step(by) {
    const all = ids();
    if (all.length < 2) return;
    const to = all[(all.indexOf(id) + by + all.length) % all.length];
    open(to);
    root.dispatchEvent(new CustomEvent('camera', { detail: to }));
  }

  function toggle() {
    if (!isLive && !isHeld) return;
    isHeld = !isHeld;
    live.hold(isHeld);
    refresh();
  }

  const toggleWhole = () => toggleFull(stage, stage.querySelector('video.live-video'));

  function picture() {
    if (!photo.disabled) onPicture(state.cameras.get(id));
  }

  on('camera', (changed) => changed === id && refresh());
  on('cameras', () => id && (state.cameras.has(id) ? refresh() : shut()));
  for (const topic of ['link', 'tick']) on(topic, () => id && refresh());

  return {
    open,
    shut,
    toggle,
    toggleFull: toggleWhole,
    picture,
    step,
    focus: () => root.focus({ preventScroll: true }), // a button would take the space bar
    get isOpen() {
      return id !== null;
    },
    get camera() {
      return id;
    },
  };
}

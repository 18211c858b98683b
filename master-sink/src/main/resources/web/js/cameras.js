// The wall: a card per camera with its last picture and how it fares.
import * as api from './api.js';
import { arrange, button, el, icon, setText, show } from './dom.js';
import * as f from './format.js';
import { warningsOf } from './health.js';
import { hasPast, isAway, isFilming, latestTime, on, onWall, state } from './store.js';
import { createLive } from './live.js';
import { createStill } from './still.js';
import { strings as S } from './strings.js';
import { WIDE, fills, planWall } from './wall-plan.js';

/** Below this, or with more than three cameras, the words stand on the pictures. */
const ROOMY = { width: 860, height: 470 };
/** A heart that beats each second is not worth a word. */
const SILENCE_TOLD_MS = 5000;
/** So long a dropped frame is worth one. */
const DROPS_TOLD_MS = 3_600_000;
/** What cameras call the gap that it leaves. */
const DROPPED = 'frames dropped';
const GAP = { plain: 16, compact: 10 };
/** Where the timeline is docked, and the wall fills what is left. */
const DOCKED = matchMedia('(min-width: 1024px) and (min-height: 640px)');

const shapeOf = ({ width, height }) => (width && height ? height / width : WIDE);

export function createCameras(root, { onOpen, onControl, addCamera }) {
  const cards = new Map();
  const wall = root.querySelector('.wall');
  const empty = root.querySelector('.empty');
  empty
    .querySelector('h2')
    .after(
      button(
        { name: 'plus', text: S.addCamera, label: S.addCamera, class: 'button button-primary', 'data-for': 'owner' },
        addCamera,
      ),
    );

  function rebuild() {
    const ids = onWall().map((camera) => camera.id);
    for (const [id, card] of cards) {
      if (ids.includes(id)) continue;
      card.node.remove();
      card.drop();
      cards.delete(id);
    }
    if (state.camerasKnown)
      for (const ghost of wall.querySelectorAll('.card-ghost')) ghost.remove();
    for (const id of ids) {
      if (cards.has(id)) continue;
      const card = createCard(id, { onOpen, onControl });
      cards.set(id, card);
      sizes.observe(card.node.querySelector('.card-body'));
    }
    arrange(
      wall,
      ids.map((id) => cards.get(id).node),
    );
    ids.forEach(refresh);
    wall.dataset.count = Math.min(ids.length, 5);
    wall.setAttribute('aria-busy', String(!state.camerasKnown));
    show(wall, ids.length > 0 || !state.camerasKnown);
    show(empty, state.camerasKnown && ids.length === 0);
    setText(empty.querySelector('h2'), hasPast() ? S.noCameraNow : S.noCamera);
    setText(empty.querySelector('.empty-how'), state.utcDays.size > 0 ? S.addAnew : S.addByCode);
    show(empty.querySelector('.empty-demo'), !hasPast());
    document.documentElement.dataset.cameras =
      state.camerasKnown && !hasPast() ? 'none' : 'some'; // footage may be left
    layOut();
  }

  /** Makes the pictures as large as the stage allows; narrow screens scroll. */
  function layOut() {
    const { clientWidth: width, clientHeight: height } = root;
    const n = cards.size || wall.querySelectorAll('.card-ghost').length;
    if (!n) return;
    const isRoomy = width >= ROOMY.width && height >= ROOMY.height;
    const isCompact = DOCKED.matches ? n > 3 || (n > 1 && !isRoomy) : n > 4;
    wall.dataset.layout = isCompact ? 'compact' : 'plain';
    const shapes = onWall().map(shapeOf).sort((a, b) => a - b);
    const shape = shapes[n >> 1] ?? WIDE;
    const gap = GAP[wall.dataset.layout];
    const bodies = isCompact ? [] : [...wall.querySelectorAll('.card-body')];
    const body = Math.max(0, ...bodies.map((node) => node.offsetHeight));
    const plan = planWall(n, { width, height, gap, body, shape });
    wall.dataset.featured = Boolean(plan.small);
    const { columns, tile, picture, small = tile, smallPicture = picture } = plan;
    const lengths = { gap, tile, picture, small, 'small-picture': smallPicture };
    for (const [name, px] of Object.entries(lengths)) wall.style.setProperty(`--${name}`, `${px}px`);
    wall.style.setProperty('--columns', columns);
    wall.style.setProperty('--shape', 1 / shape);
    const tileShape = DOCKED.matches ? picture / tile : shape;
    for (const [id, card] of cards) {
      card.shape = shapeOf(state.cameras.get(id));
      card.node.dataset.whole = !fills(card.shape, tileShape);
    }
  }

  const sizes = new ResizeObserver(layOut);
  sizes.observe(root);

  function refresh(id) {
    cards.get(id)?.refresh();
  }

  for (const topic of ['cameras', 'days']) on(topic, rebuild);
  on('camera', (id) => {
    const camera = state.cameras.get(id);
    if ((camera.state === 'removed') === cards.has(id)) {
      rebuild();
      return;
    }
    refresh(id);
    const card = cards.get(id);
    if (card && card.shape !== shapeOf(camera)) layOut();
  });
  on('footage', (id) => refresh(id));
  for (const topic of ['link', 'tick']) on(topic, () => [...cards.keys()].forEach(refresh));
}

function createCard(id, { onOpen, onControl }) {
  const still = createStill();
  const live = createLive(id, {
    onChange: (isLive) => {
      if (node.dataset.live === String(isLive)) return;
      node.dataset.live = isLive;
      refresh();
    },
  });
  const dot = el('span', { class: 'dot' });
  const stateText = el('span');
  const pill = el('span', { class: 'pill' }, dot, stateText);
  const motion = el(
    'span',
    { class: 'pill pill-motion', hidden: true },
    icon('motion'),
    el('span', { text: S.motionNow }),
  );
  const age = el('span', { class: 'card-age' });
  const problem = el('p', { class: 'card-problem', hidden: true });
  const open = el('button', {
    type: 'button',
    class: 'card-open',
    on: { click: () => onOpen(id) },
  });
  const picture = el(
    'div',
    { class: 'card-picture' },
    still.root,
    live.root,
    el('div', { class: 'card-none' }, icon('play'), el('span', { text: S.noPicture })),
    el('div', { class: 'card-badges' }, pill, motion),
    problem,
    age,
    open,
  );
  live.watch(picture);
  const name = el('h3', { class: 'card-name' });
  const format = el('span', { class: 'card-format' });
  const control = button(
    {
      name: 'gear',
      label: '',
      class: 'button button-icon card-control',
      'data-testid': 'camera-control',
      'data-for': 'owner',
    },
    () => onControl(id),
  );
  const backup = el('span', { class: 'fact' });
  const dropped = el(
    'span',
    { class: 'fact fact-warn fact-dropped', data: { testid: 'dropped' }, hidden: true },
    el('span'),
    el('span', { class: 'fact-when' }),
  );
  const drops = { n: Infinity, at: -Infinity };
  const written = el('span', { class: 'fact fact-written', title: S.writtenHint, hidden: true });
  const board = el('span', { class: 'fact fact-warn', hidden: true }, icon('alert'), el('span'));
  const heard = el('span', { class: 'fact fact-heard' });
  const node = el(
    'article',
    { class: 'card', data: { testid: 'camera-card', camera: id, state: 'never' } },
    picture,
    el(
      'div',
      { class: 'card-body' },
      el('div', { class: 'card-title' }, name, format, control),
      el('p', { class: 'card-facts' }, board, backup, dropped, written, heard),
    ),
  );

  function refresh() {
    const camera = state.cameras.get(id);
    if (!camera) return; // it is gone, and its live pictures end
    const isDown = state.link.status === 'down';
    node.dataset.state = camera.state;
    node.dataset.backlog = camera.backlogSegments ?? 0;
    dot.dataset.state = isDown ? 'unknown' : camera.state;
    live.want(isFilming(camera));
    const isLive = node.dataset.live === 'true';
    setText(stateText, isDown ? S.stateUnknown : isLive && camera.state === 'recording' ? S.live : (S.states[camera.state] ?? camera.state));
    pill.dataset.state = dot.dataset.state;
    setText(name, camera.name);
    setText(
      format,
      camera.width ? S.pictureFacts(camera.width, camera.height, f.decimal(camera.fps)) : '',
    );
    open.setAttribute('aria-label', S.watch(camera.name));
    if (control.title !== S.settingsOf(camera.name)) {
      control.title = S.settingsOf(camera.name);
      control.setAttribute('aria-label', control.title);
    }
    show(motion, Boolean(camera.motion) && !isDown && camera.state === 'recording');
    refreshProblem(camera);
    refreshBackup(camera);
    refreshDropped(camera, isAway(camera));
    const warnings = warningsOf(camera);
    show(board, warnings.length > 0);
    setText(board.lastChild, S.warnings(warnings));
    const isWritten = camera.diskBytesADay > 0 && camera.state === 'recording';
    show(written, isWritten);
    if (isWritten) setText(written, S.written(f.bytes(camera.diskBytesADay)));
    const last = Date.parse(camera.lastHeartbeat);
    const silence = api.now() - last;
    setText(heard, silence > SILENCE_TOLD_MS ? S.heard(f.age(silence)) : '');
    node.classList.toggle('has-footage', Boolean(camera.latestSegment));
    still.show(camera.latestSegment);
    const taken = latestTime(camera);
    setText(age, taken && live.root.hidden ? f.moment(taken, api.now()) : '');
  }

  function refreshProblem(camera) {
    const text = S.stateTold(camera, (since) => f.moment(Date.parse(since), api.now()));
    setText(problem, text);
    show(problem, text !== '');
  }

  /** Frames that were dropped long ago, or before it fell silent, are no news; the timeline shows them. */
  function refreshDropped({ framesDropped: n }, isSilent) {
    if (n > drops.n) drops.at = api.now();
    drops.n = n ?? Infinity;
    const since = api.now() - DROPS_TOLD_MS;
    drops.at = Math.max(drops.at, state.footage.lastGap(id, DROPPED, since));
    const isNews = n > 0 && drops.at > since && !isSilent;
    show(dropped, isNews);
    if (!isNews) return;
    setText(dropped.firstChild, S.dropped(n, f.count(n)));
    setText(dropped.lastChild, S.droppedLast(f.hour(drops.at)));
  }

  function refreshBackup(camera) {
    const waiting = camera.backlogSegments ?? 0;
    const kind = waiting ? 'upload' : 'check';
    if (backup.dataset.kind !== kind) {
      backup.dataset.kind = kind;
      backup.replaceChildren(icon(kind), el('span'));
    }
    const left = camera.backlogSecondsLeft > 0 ? f.duration(camera.backlogSecondsLeft * 1000) : '';
    setText(
      backup.lastChild,
      waiting ? S.waiting(waiting, f.bytes(camera.backlogBytes ?? 0), left) : S.backedUp,
    );
    // What a silent camera still holds is not known; that all is here would be a guess.
    show(backup, waiting > 0 || !isAway(camera));
  }

  function drop() {
    live.drop();
    still.drop();
  }

  return { node, refresh, drop };
}

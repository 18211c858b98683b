// The wall: a card per camera with its last picture and how it fares.
import * as api from './api.js';
import { el, icon, setText, show } from './dom.js';
import * as f from './format.js';
import { on, state } from './store.js';
import { createStill } from './still.js';
import { strings as S } from './strings.js';

export function createCameras(root, { onOpen }) {
  const cards = new Map();
  const wall = root.querySelector('.wall');
  const empty = root.querySelector('.empty');

  function rebuild() {
    const ids = [...state.cameras.keys()];
    for (const [id, card] of cards) {
      if (ids.includes(id)) continue;
      card.node.remove();
      cards.delete(id);
    }
    for (const id of ids) {
      if (!cards.has(id)) cards.set(id, createCard(id, onOpen));
      wall.append(cards.get(id).node);
      refresh(id);
    }
    for (const ghost of wall.querySelectorAll('.card-ghost')) ghost.remove();
    wall.dataset.count = Math.min(ids.length, 5);
    wall.setAttribute('aria-busy', String(!state.camerasKnown));
    show(wall, ids.length > 0 || !state.camerasKnown);
    show(empty, state.camerasKnown && ids.length === 0);
  }

  function refresh(id) {
    cards.get(id)?.refresh();
  }

  on('cameras', rebuild);
  on('camera', refresh);
  on('footage', (id) => refresh(id));
  for (const topic of ['link', 'tick']) on(topic, () => [...cards.keys()].forEach(refresh));
}

function createCard(id, onOpen) {
  const still = createStill();
  const dot = el('span', { class: 'dot' });
  const stateText = el('span');
  const pill = el('span', { class: 'pill' }, dot, stateText);
  const motion = el('span', { class: 'pill pill-motion', hidden: true }, icon('motion'), el('span', { text: S.motionNow }));
  const age = el('span', { class: 'card-age' });
  const problem = el('p', { class: 'card-problem', hidden: true });
  const open = el('button', { type: 'button', class: 'card-open', on: { click: () => onOpen(id) } });
  const picture = el('div', { class: 'card-picture' }, still.root,
    el('div', { class: 'card-none' }, icon('play'), el('span', { text: S.noPicture })),
    el('div', { class: 'card-badges' }, pill, motion), problem, age, open);
  const name = el('h3', { class: 'card-name' });
  const format = el('span', { class: 'card-format' });
  const backup = el('span', { class: 'fact' });
  const dropped = el('span', { class: 'fact fact-warn', hidden: true });
  const heard = el('span', { class: 'fact fact-heard' });
  const node = el('article', { class: 'card', data: { testid: 'camera-card', camera: id, state: 'never' } },
    picture,
    el('div', { class: 'card-body' },
      el('div', { class: 'card-title' }, name, format),
      el('p', { class: 'card-facts' }, backup, dropped, heard)));

  function refresh() {
    const camera = state.cameras.get(id);
    const isDown = state.link.status === 'down';
    node.dataset.state = camera.state;
    node.dataset.backlog = camera.backlogSegments ?? 0;
    dot.dataset.state = isDown ? 'unknown' : camera.state;
    setText(stateText, isDown ? S.stateUnknown : S.states[camera.state] ?? camera.state);
    pill.dataset.state = dot.dataset.state;
    setText(name, camera.name);
    setText(format, camera.width ? S.pictureFacts(camera.width, camera.height, f.decimal(camera.fps)) : '');
    open.setAttribute('aria-label', S.playLatestOf(camera.name));
    open.disabled = !camera.latestSegment;
    show(motion, Boolean(camera.motion) && !isDown && camera.state === 'recording');
    refreshProblem(camera);
    refreshBackup(camera);
    show(dropped, camera.framesDropped > 0);
    if (camera.framesDropped > 0) setText(dropped, S.dropped(camera.framesDropped, f.count(camera.framesDropped)));
    const last = Date.parse(camera.lastHeartbeat);
    setText(heard, Number.isFinite(last) ? S.heard(f.age(api.now() - last)) : '');
    node.classList.toggle('has-footage', Boolean(camera.latestSegment));
    still.show(camera.latestSegment);
    const latest = state.footage.byId.get(camera.latestSegment);
    setText(age, latest ? f.clock(latest.t0) : '');
  }

  function refreshProblem(camera) {
    const since = Date.parse(camera.since);
    const text =
      camera.state === 'lost' ? S.lostSince(f.moment(since, api.now()))
      : camera.state === 'stopped' ? camera.problem || S.stoppedSince(f.moment(since, api.now()))
      : camera.state === 'never' ? S.neverSeen
      : camera.problem || '';
    setText(problem, text);
    show(problem, text !== '');
  }

  function refreshBackup(camera) {
    const waiting = camera.backlogSegments ?? 0;
    const kind = waiting ? 'upload' : 'check';
    if (backup.dataset.kind !== kind) {
      backup.dataset.kind = kind;
      backup.replaceChildren(icon(kind), el('span'));
    }
    setText(backup.lastChild, waiting ? S.waiting(waiting, f.bytes(camera.backlogBytes ?? 0)) : S.backedUp);
    show(backup, camera.state !== 'never');
  }

  return { node, refresh };
}

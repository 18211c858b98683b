// The day's motion, newest first; a click plays that moment. Cameras lost and back are listed, too,
// and what was wrong with them: a click plays what led to it. What is part of an incident is listed
// as one.
import * as api from './api.js';
import { el, icon, setText, show } from './dom.js';
import * as f from './format.js';
import { createFilter, isFiltering, matches, matchesEvent, matchesIncident } from './filter.js';
import { concerns, detailOf, firstOf, tells, titleOf } from './incidents.js';
import { marksOf } from './marks.js';
import { nameOf, on, state } from './store.js';
import { strings as S } from './strings.js';

const FIRST = 60;

/** `onOpen(event)` plays motion or what is saved; `onTrouble(camera, t)` what was filmed before. */
export function createMotionList(root, { onOpen, onTrouble }) {
  const list = root.querySelector('.events');
  const empty = root.querySelector('.events-empty');
  const more = root.querySelector('.events-more');
  const title = root.querySelector('.events-day');
  let limit = FIRST;
  createFilter(root.querySelector('.filter'));
  const rows = new Map();

  more.addEventListener('click', () => {
    limit += 200;
    refresh();
  });

  function refresh() {
    setText(title, f.day(state.day.from, api.now()));
    const all = listed();
    const seen = all.slice(0, limit);
    const keep = new Set();
    seen.forEach((event, index) => {
      const key = keyOf(event);
      keep.add(key);
      let row = rows.get(key);
      if (!row) {
        row = rowOf(event, { onOpen, onTrouble });
        rows.set(key, row);
      }
      row.update(event);
      if (list.children[index] !== row.node)
        list.insertBefore(row.node, list.children[index] ?? null);
    });
    for (const [key, row] of rows) {
      if (keep.has(key)) continue;
      row.node.remove();
      rows.delete(key);
    }
    const left = all.length - seen.length;
    show(more, left > 0);
    if (left > 0) setText(more, S.showMore(f.count(left)));
    show(empty, seen.length === 0);
    setText(empty, state.day.loading ? S.loading : isFiltering() ? S.noMatch : S.noMotion);
  }

  for (const topic of ['events', 'incidents', 'filter', 'saved']) on(topic, refresh);
  on('footage', () => state.filter.kind === 'saved' && refresh());
  on('link', () => state.events.some((e) => e.open) && refresh());
  on('cameras', refresh);
  on('day', () => {
    limit = FIRST;
    list.scrollTop = 0;
    refresh();
  });
  on('playing', () => {
    const at = state.playing;
    for (const row of rows.values()) row.mark?.(at);
  });
}

/** Events and incidents of the day, newest first; or what was saved of it. */
function listed() {
  if (state.filter.kind === 'saved') return savedOnes();
  const all = everything();
  if (!isFiltering()) return all;
  return all.filter((e) => (e.incident ? matchesIncident(e.incident) : matchesEvent(e)));
}

const savedOnes = () =>
  [...state.footage.byId.values()]
    .filter(matches)
    .map((segment) => ({ type: 'saved', camera: segment.camera, t0: segment.t0, segment }))
    .sort((a, b) => b.t0 - a.t0);

function everything() {
  const { from, to } = state.day;
  const incidents = [...state.incidents.values()]
    .filter((i) => i.t0 >= from && i.t0 < to)
    .map((i) => ({ type: 'incident', t0: i.t0, incident: i }));
  if (incidents.length === 0) return state.events;
  return [...state.events.filter((e) => !tells(e)), ...incidents].sort((a, b) => b.t0 - a.t0);
}

const keyOf = ({ type, camera, t0, state: now, kind, incident }) =>
  incident ? `incident${incident.id}` : `${type}${camera}${t0}${now ?? kind ?? ''}`;

function rowOf(event, { onOpen, onTrouble }) {
  if (event.type === 'incident') return incidentRow(event, onTrouble);
  if (event.type === 'motion') return motionRow(event, onOpen);
  if (event.type === 'saved') return savedRow(event, onOpen);
  return event.type === 'fault' ? faultRow(event, onTrouble) : cameraRow(event);
}

function motionRow(first, onOpen) {
  let event = first;
  const time = el('span', { class: 'event-time', text: f.clock(first.t0) });
  const camera = el('span', { class: 'event-camera' });
  const detail = el('span', { class: 'event-detail' });
  const level = el('span', { class: 'event-level' });
  const button = el(
    'button',
    {
      type: 'button',
      class: 'event',
      data: { testid: 'event-row', camera: first.camera },
      on: { click: () => onOpen(event) },
    },
    time,
    el('span', { class: 'visually-hidden', text: S.motionAt }),
    camera,
    el('span', { class: 'event-strength', 'aria-hidden': 'true' }, level),
    detail,
  );
  const node = el('li', {}, button);
  return {
    node,
    update(latest) {
      event = latest;
      setText(camera, nameOf(event.camera));
      // A master that is silent cannot say that its motion has ended.
      const isOpen = Boolean(event.open) && state.link.status !== 'down';
      const span = isOpen ? S.motionNow : f.duration(event.t1 - event.t0);
      const segment = state.footage.byId.get(event.segment);
      const marks = (segment ? marksOf(segment) : [])
        .filter((mark) => mark.kind !== 'unknown') // there is motion, that much is known
        .map((mark) => mark.word);
      // What was said from outside, such as a door bell, has a reason and no strength.
      const zones = event.zones ?? [];
      const facts = event.score > 0 || zones.length === 0 ? [span, f.percent(event.score)] : [];
      setText(detail, [...facts, ...zones, ...marks].join(' · '));
      button.dataset.damaged = Boolean(segment?.damaged);
      level.style.width = `${f.strength(event.score) * 100}%`;
      button.dataset.open = isOpen;
    },
    mark(at) {
      const now =
        Boolean(at) &&
        at.camera === event.camera &&
        at.at >= event.t0 - 100 &&
        at.at < Math.max(event.t1, event.t0 + 1000);
      if (now === (button.getAttribute('aria-current') === 'true')) return;
      if (now) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    },
  };
}

/** A saved segment, with what was written of it. */
function savedRow(event, onOpen) {
  const camera = el('span', { class: 'event-camera' });
  const note = el('span', { class: 'event-note' });
  const button = el(
    'button',
    {
      type: 'button',
      class: 'event event-saved',
      data: { testid: 'event-saved', camera: event.camera },
      on: { click: () => onOpen({ ...event, segment: event.segment.id }) },
    },
    el('span', { class: 'event-time', text: f.clock(event.t0) }),
    camera,
    icon('bookmark'),
    note,
  );
  return {
    node: el('li', {}, button),
    update({ segment }) {
      setText(camera, nameOf(segment.camera));
      setText(note, segment.note || f.duration(segment.t1 - segment.t0));
    },
  };
}

const STATE_ICONS = { lost: 'alert', back: 'check' };

function cameraRow(event) {
  const text = el('span', { class: 'event-camera' });
  const node = el(
    'li',
    {},
    el(
      'div',
      {
        class: 'event event-state',
        data: { testid: 'event-state', camera: event.camera, state: event.state },
      },
      el('span', { class: 'event-time', text: f.clock(event.t0) }),
      icon(STATE_ICONS[event.state] ?? 'pause'),
      text,
    ),
  );
  return {
    node,
    update: (latest) => setText(text, S.stateEvent(nameOf(latest.camera), latest.state)),
  };
}

function incidentRow(event, onTrouble) {
  let { incident } = event;
  const camera = () =>
    concerns(incident, state.filter.camera) ? state.filter.camera : firstOf(incident);
  const text = el('span', { class: 'event-camera' });
  const detail = el('span', { class: 'event-detail' });
  const row = el(
    'button',
    {
      type: 'button',
      class: 'event event-fault event-incident',
      data: { testid: 'event-incident', id: incident.id },
      on: { click: () => onTrouble(camera(), event.t0) },
    },
    el('span', { class: 'event-time', text: f.clock(event.t0) }),
    text,
    detail,
    icon('alert'),
  );
  return {
    node: el('li', {}, row),
    update(latest) {
      ({ incident } = latest);
      const isOpen = incident.t1 === Infinity;
      row.dataset.open = isOpen;
      row.title = detailOf(incident);
      setText(text, titleOf(incident));
      setText(detail, isOpen ? S.lasts : S.forSoLong(f.duration(incident.t1 - incident.t0)));
    },
  };
}

function faultRow(event, onTrouble) {
  const text = el('span', { class: 'event-camera' });
  const detail = el('span', { class: 'event-detail' });
  const row = el(
    'button',
    {
      type: 'button',
      class: 'event event-fault',
      title: event.sentence,
      data: { testid: 'event-fault', camera: event.camera, kind: event.kind },
      on: { click: () => onTrouble(event.camera, event.t0) },
    },
    el('span', { class: 'event-time', text: f.clock(event.t0) }),
    text,
    detail,
    icon('alert'),
  );
  return {
    node: el('li', {}, row),
    update(latest) {
      row.dataset.open = Boolean(latest.open);
      setText(text, nameOf(latest.camera));
      const words = S.fault(latest);
      const length = f.duration(latest.t1 - latest.t0);
      setText(detail, latest.open ? words : S.faultFor(words, length));
    },
  };
}

// What the page knows, and who wants to hear of it.
import * as api from './api.js';
import { dayStart, shiftDay } from './format.js';
import { Footage, prepare } from './footage.js';

const listeners = new Map();
/** Camera id → start of the newest segment that was pushed. */
const latestStart = new Map();

export const state = {
  /** Camera id → its latest facts, in the order of the master. */
  cameras: new Map(),
  /** Who is signed in, once that is known. */
  me: null,
  camerasKnown: false,
  storage: null,
  /** What is wrong now, by kind and camera: {kind, camera, since, sentence}, as it began. */
  troubles: new Map(),
  /** Incidents of the day on show, and those that last, by id. */
  incidents: new Map(),
  /** `connecting`, `live` (pushed), `polling` or `down`; `why` is the master's own word, if any. */
  link: { status: 'connecting', since: Date.now(), retryAt: null, why: '' },
  /** The day on show: [from, to). */
  day: { from: dayStart(Date.now()), to: shiftDay(Date.now(), 1), loading: true, failed: false },
  footage: new Footage(),
  /** Motion and camera events of the day, newest first. */
  events: [],
  /** UTC days that hold footage, `yyyy-mm-dd`. */
  utcDays: new Set(),
  /** What the player shows: {segment, camera, at} or null. */
  playing: null,
  /** What of the day is shown: of this camera, `motion`, `saved` or `trouble`, in this zone; '' is all. */
  filter: { camera: '', kind: '', zone: '' },
  /** What is marked on the timeline: {camera, from, to} or null. */
  range: null,
};

/** Calls `listener` whenever something under `topic` has changed. */
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(listener);
}

export function emit(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export function putCamera(camera) {
  const isNew = !state.cameras.has(camera.id);
  state.cameras.set(camera.id, { ...state.cameras.get(camera.id), ...camera });
  emit(isNew ? 'cameras' : 'camera', camera.id);
}

/** Says who is signed in: what only owners may do is shown to them alone (`data-for="owner"`). */
export function putMe(me) {
  state.me = me;
  document.documentElement.dataset.role = me.role;
}

/** Whether a camera films, or tries to. */
export const isFilming = (camera) => ['recording', 'starting', 'retrying'].includes(camera.state);

/** One that is stopped and silent for so long has hung up: cameras of before say no goodbye. */
const HUNG_UP_MS = 10_000;

/** Whether a camera cannot be asked anything. */
export const isAway = ({ state: word, lastHeartbeat }) =>
  ['lost', 'off', 'unpaired', 'removed', 'never'].includes(word) ||
  (word === 'stopped' && api.now() - Date.parse(lastHeartbeat) > HUNG_UP_MS);

/** Whether there was a camera, or footage of one, ever. */
export const hasPast = () => state.cameras.size > 0 || state.utcDays.size > 0;

/** The cameras that are not taken off the wall: of those only footage is shown. */
export const onWall = () => [...state.cameras.values()].filter((camera) => camera.state !== 'removed');

/** When the latest segment of a camera begins, in ms; undefined where that is not at hand. */
export const latestTime = (camera) =>
  state.footage.byId.get(camera.latestSegment)?.t0 ?? latestStart.get(camera.id);

/** What a camera is called. */
export const nameOf = (id) => state.cameras.get(id)?.name ?? id;

export const isOwner = () => state.me?.role === 'owner';

/** Replaces the list, so that a camera that is gone disappears. */
export function putCameras(list) {
  const same =
    state.camerasKnown &&
    list.length === state.cameras.size &&
    list.every((c) => state.cameras.has(c.id));
  if (!same) state.cameras = new Map();
  for (const camera of list)
    state.cameras.set(camera.id, { ...state.cameras.get(camera.id), ...camera });
  state.camerasKnown = true;
  emit('cameras');
}

/** A segment has arrived at the master. */
export function putSegment(json) {
  const segment = prepare(json);
  const { from, to } = state.day;
  if (segment.t1 > from && segment.t0 < to) state.footage.put(json);
  emit('segment', json);
  const camera = state.cameras.get(segment.camera);
  // Old segments arrive too, while a backlog is worked off.
  if (camera && !(latestStart.get(camera.id) > segment.t0)) {
    latestStart.set(camera.id, segment.t0);
    camera.latestSegment = segment.id;
    emit('camera', camera.id);
  }
  for (const t of [segment.t0, segment.t1])
    state.utcDays.add(new Date(t).toISOString().slice(0, 10));
  emit('footage', segment.camera);
}

export function markSaved(id, saved, note = '') {
  // What plays may be of another day than the one on show.
  const playing = state.playing?.segment;
  const segment = state.footage.byId.get(id) ?? (playing?.id === id ? playing : null);
  if (!segment || (segment.saved === saved && (segment.note ?? '') === note)) return;
  segment.saved = saved;
  segment.note = note;
  emit('footage', segment.camera);
  emit('saved', segment);
}

export function dropSegment(id) {
  const segment = state.footage.remove(id);
  if (segment) emit('footage', segment.camera);
  emit('dropped', id);
}

/** Saves, with a note, or un-saves; shown at once, taken back if the master refuses. */
export async function setSaved(segment, saved, note = '') {
  const before = [segment.saved, segment.note];
  markSaved(segment.id, saved, note);
  try {
    await api.setSaved(segment.id, saved, note);
    putStorage(await api.storage());
  } catch (error) {
    markSaved(segment.id, ...before);
    throw error;
  }
}

export function putStorage(storage) {
  state.storage = storage;
  emit('storage');
}

const keyOf = ({ kind, camera = '' }) => `${camera} ${kind}`;

/** Replaces the list, so that what is over disappears. */
export function putTroubles(list) {
  state.troubles = new Map(list.map((trouble) => [keyOf(trouble), trouble]));
  emit('troubles');
}

/** Something is wrong, or is so no longer. */
export function putTrouble({ kind, camera, since, sentence, ended }) {
  const trouble = { kind, camera, since, sentence };
  if (ended) state.troubles.delete(keyOf(trouble));
  else state.troubles.set(keyOf(trouble), trouble);
  emit('troubles');
  if (!camera) emit('trouble', { kind, ended });
}

/** `since`: when it became so, or, where the master is silent, when it was last heard. */
export function setLink(status, { since = Date.now(), retryAt = null, why = '' } = {}) {
  const before = state.link;
  if (before.status === status && before.retryAt === retryAt) return;
  state.link = { status, since: before.status === status ? before.since : since, retryAt, why };
  emit('link');
}

/** Marks a stretch of a camera's footage, or nothing. */
export function setRange(range) {
  if (!range && !state.range) return;
  state.range = range;
  emit('range');
}

export function setPlaying(playing) {
  state.playing = playing;
  emit('playing');
}

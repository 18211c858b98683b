// Fetches what the chosen day needs, and keeps the day's list of events.
import * as api from './api.js';
import { dayKey, dayStart, shiftDay } from './format.js';
import { Footage, prepare as prepareSegment } from './footage.js';
import { putIncidents } from './incidents.js';
import { joinSpans, told } from './motion-spans.js';
import { emit, isAway, on, putCameras, putMe, putStorage, putTroubles, state } from './store.js';

const PAGE = 1000;
const RECENT_MS = 10 * 60_000;
/** Counts the loads, so that a late answer for a day that was left is thrown away. */
let generation = 0;
/** The whole day that is being loaded, if one is. */
let loadingDay = null;
/** Segments that were pushed since it was asked for: its answers may not have them yet. */
let pushed = [];

/** Shows another day. */
export function openDay(t) {
  const from = dayStart(t);
  if (from === state.day.from && !state.day.failed) return Promise.resolve();
  state.day = { from, to: shiftDay(from, 1), loading: true, failed: false };
  state.footage = new Footage();
  state.events = [];
  emit('day');
  return retryDay();
}

/** Loads the day on show once more. */
export const retryDay = () => loadDay().catch(() => {});

/** Everything on show; `recent` asks only for what can have changed in the last minutes. */
export async function reload({ recent = false } = {}) {
  putTroubles(await api.troubles()); // known to the master even where it knows nothing else
  const [cameras, storage, days, me] = await Promise.all([
    api.cameras(),
    api.storage(),
    api.days(),
    state.me ?? api.me(),
  ]);
  putMe(me);
  putCameras(cameras);
  putStorage(storage);
  state.utcDays = new Set(days);
  emit('days');
  await loadDay(recent ? api.now() - RECENT_MS : undefined);
}

/** Loads the day, or what of it ends after `since`. */
function loadDay(since) {
  // Asking for the latest must not cut off a whole day on its way.
  if (since !== undefined && loadingDay) return loadingDay;
  const load = fetchDay(since).finally(() => {
    if (loadingDay === load) loadingDay = null;
  });
  if (since === undefined) loadingDay = load;
  return load;
}

async function fetchDay(since) {
  const mine = (generation += 1);
  const { from, to } = state.day;
  const begin = Math.max(from, since ?? from);
  if (begin >= to) return;
  // A reload starts from an empty set, so that what was deleted meanwhile disappears.
  const footage = since === undefined ? new Footage() : state.footage;
  if (since === undefined) pushed = [];
  try {
    const events = api.events({ from: begin, to }).then((list) => {
      if (mine !== generation) return;
      mergeEvents(list, since === undefined);
      if (since === undefined) mergeEvents(pushed.flatMap(motionOf), false);
      emit('events');
    });
    const incidents = fetchIncidents(from, to, mine);
    let after;
    do {
      const answer = await api.segments({ from: begin, to, after, limit: PAGE });
      if (mine !== generation) return;
      after = answer.next;
      for (const segment of answer.segments) footage.put(segment);
      // The first load is shown as it comes; later the old picture stays until all is here.
      if (state.day.loading || !after) {
        if (footage !== state.footage) pushed.filter(isOnShow).forEach((s) => footage.put(s));
        state.footage = footage;
        emit('footage');
      }
    } while (after);
    await Promise.all([events, incidents]);
    if (mine !== generation) return;
    state.day = { ...state.day, loading: false, failed: false };
  } catch (error) {
    if (mine === generation) state.day = { ...state.day, loading: false, failed: true };
    throw error;
  } finally {
    if (mine === generation) {
      emit('footage');
      emit('events');
    }
  }
}

/** Those of the day, and those that last whatever the day on show. */
async function fetchIncidents(from, to, mine) {
  const now = api.now();
  const [ofDay, lasting] = await Promise.all([
    api.incidents({ from, to }),
    to > now ? [] : api.incidents({ from: now }),
  ]);
  if (mine === generation) putIncidents([...ofDay, ...lasting]);
}

const isOnShow = (segment) =>
  Date.parse(segment.end) > state.day.from && Date.parse(segment.start) < state.day.to;

const motionOf = ({ camera, id, motion = [] }) =>
  motion.map((m) => ({ ...m, type: 'motion', camera, segment: id }));

const keyOf = (e) => `${e.type} ${e.camera} ${e.t0} ${e.state ?? e.kind ?? ''}`;

function mergeEvents(list, replace) {
  const { from, to } = state.day;
  const isOfDay = (event) => event.t1 >= from && event.t0 < to;
  const all = [...(replace ? [] : state.events), ...list.map(prepare).filter(isOfDay)];
  const isMotion = (event) => event.type === 'motion';
  const others = all.filter((event) => !isMotion(event)).map((event) => [keyOf(event), event]);
  state.events = [...joinSpans(all.filter(isMotion)), ...new Map(others).values()];
  state.events.sort((a, b) => b.t0 - a.t0);
}

function prepare(json) {
  const t0 = Date.parse(json.start ?? json.at);
  if (json.type === 'fault' && !json.end) return { ...json, t0, t1: Infinity, open: true };
  const t1 = json.end ? Date.parse(json.end) : t0;
  // A loss comes either as a change of state, or as the stretch of time that it lasted.
  return json.type === 'lost'
    ? { ...json, type: 'camera', state: 'lost', t0, t1 }
    : { ...json, t0, t1 };
}

/** The segment before (-1) or after (1) one at the edge of the day on show, or of another day. */
export async function findNeighbour(segment, step) {
  const around =
    step > 0 ? { from: segment.t1 - 1, order: 'asc' } : { to: segment.t0 + 1, order: 'desc' };
  const answer = await api.segments({ camera: segment.camera, limit: 4, ...around });
  const others = answer.segments.filter((s) => s.id !== segment.id).map(prepareSegment);
  return others.find((s) => (step > 0 ? s.t0 >= segment.t0 : s.t0 <= segment.t0)) ?? null;
}

/** The last `ms` that a camera filmed before `t`: {id, t} of where they begin, or null. */
export async function findBefore(camera, t, ms) {
  const answer = await api.segments({ camera, to: t, limit: 20, order: 'desc' });
  const list = answer.segments.map(prepareSegment);
  if (list.length === 0) return null;
  const from = Math.min(t, list[0].t1) - ms;
  const first = list.findLast((segment) => segment.t1 > from);
  return { id: first.id, t: Math.max(first.t0, from) };
}

/** Loads the segment behind an id that may lie outside the chosen day. */
export async function findSegment(id) {
  const known = state.footage.byId.get(id);
  if (known) return known;
  const json = await api.segment(id);
  await openDay(Date.parse(json.start));
  return state.footage.put(json);
}

// Motion of which the page was not told, as while its link was down, is listed by its segment.
on('segment', (segment) => {
  if (loadingDay) pushed.push(segment);
  const motion = motionOf(segment);
  if (!motion.length) return;
  mergeEvents(motion, false);
  emit('events');
});

// Which segments are damaged is told by their number only; and what came while the index was away
// may have been told to nobody.
on('trouble', ({ kind, ended }) => {
  if (kind === 'damage') retryDay();
  else if (kind === 'index-away' && ended) reload().catch(() => {});
});

on('dropped', (id) => {
  const left = state.events.filter((e) => e.segment !== id);
  if (left.length === state.events.length) return;
  state.events = left;
  emit('events');
});

on('motion', (push) => {
  const camera = state.cameras.get(push.camera);
  if (camera && camera.motion === Boolean(push.ended)) {
    camera.motion = !push.ended;
    emit('camera', camera.id);
  }
  mergeEvents([told(push)], false);
  emit('events');
});

/** Where a camera says that nothing moves, the end of what did was missed. */
function endUnheard() {
  const missed = state.events.filter(
    (e) => e.type === 'motion' && e.open && !state.cameras.get(e.camera)?.motion,
  );
  if (!missed.length) return;
  for (const event of missed) event.open = false;
  emit('events');
}
on('camera', endUnheard);
on('cameras', endUnheard);

on('fault', (push) => {
  const { camera, kind, alert, sentence, at } = push;
  const begun = state.events.find((e) => e.open && e.camera === camera && e.kind === kind);
  if (push.ended && !begun) return;
  const span = push.ended
    ? { start: new Date(begun.t0).toISOString(), end: at, sentence: begun.sentence }
    : { start: at, sentence };
  mergeEvents([{ type: 'fault', camera, kind, alert: alert || begun?.alert, ...span }], false);
  emit('events');
});

const GONE = ['lost', 'off', 'unpaired'];
const lastState = new Map();
on('camera', (id) => {
  const camera = state.cameras.get(id);
  const before = lastState.get(id);
  lastState.set(id, camera.state);
  const isNews = GONE.includes(camera.state) ? !GONE.includes(before) : GONE.includes(before) && !isAway(camera);
  if (!before || !isNews) return;
  // As the master notes it: away since it was last heard, back when it is heard again.
  const event = isAway(camera)
    ? { state: camera.state, at: camera.lastHeartbeat ?? camera.since }
    : { state: 'back', at: camera.since };
  mergeEvents([{ type: 'camera', camera: id, ...event }], false);
  emit('events');
});

/**
 * Days in the browser's zone that hold footage. The master lists UTC days; where the zone cuts one
 * in two, the master is asked.
 */
export async function daysOfMonth(first) {
  const found = new Set();
  const doubtful = [];
  for (let t = first; new Date(t).getMonth() === new Date(first).getMonth(); t = shiftDay(t, 1)) {
    const halves = [t, shiftDay(t, 1) - 1].map((x) => new Date(x).toISOString().slice(0, 10));
    const having = halves.filter((d) => state.utcDays.has(d)).length;
    if (having === 2) found.add(dayKey(t));
    else if (having === 1) doubtful.push(t);
  }
  await Promise.all(
    doubtful.map(async (t) => {
      const answer = await api.segments({ from: t, to: shiftDay(t, 1), limit: 1 });
      if (answer.total > 0) found.add(dayKey(t));
    }),
  );
  return found;
}

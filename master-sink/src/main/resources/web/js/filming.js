// What a camera films now, which is not here yet: from the end of its last segment to this moment.
import * as api from './api.js';
import { on, state } from './store.js';

/** A camera that records grows by its frames; one that waits for an event does not. */
const RESTS_MS = 5000;
const LATE_MS = 60_000;
const LEAST_MS = 500;
/** Camera id → its frames when it was last heard, and when they last became more. */
const growth = new Map();

function look() {
  for (const { id, framesRecorded: frames } of state.cameras.values()) {
    const before = growth.get(id);
    if (before?.frames === frames) continue;
    growth.set(id, { frames, at: before && frames > before.frames ? api.now() : -Infinity });
  }
}
on('camera', look);
on('cameras', look);

/** {t0, t1}, or null where it films nothing, or that lies outside of the day on show. */
export function filmedNow(id) {
  const camera = state.cameras.get(id);
  const now = api.now();
  const grows = now - (growth.get(id)?.at ?? -Infinity) < RESTS_MS;
  if (camera?.state !== 'recording' || !grows || now < state.day.from || now >= state.day.to)
    return null;
  const last = state.footage.of(id).slice(-20);
  const longest = Math.max(...last.map((s) => s.t1 - s.t0)); // -Infinity where there is none
  const t0 = Math.max(
    state.day.from,
    Date.parse(camera.since),
    last.at(-1)?.t1 ?? -Infinity,
    last.length ? now - longest - LATE_MS : -Infinity,
  );
  return now - t0 < LEAST_MS ? null : { t0, t1: now };
}

/** Motion that was told of and that no segment shows which is here, in order. */
export function heardOf(id) {
  const end = state.footage.of(id).at(-1)?.t1 ?? -Infinity;
  const isHeard = (e) => e.type === 'motion' && e.camera === id && (!e.segment || e.t1 > end);
  return state.events.filter(isHeard).reverse();
}

/** Whether a camera films this moment still. */
export function isFilmed(id, t) {
  const filmed = filmedNow(id);
  return Boolean(filmed) && filmed.t0 <= t && t < filmed.t1;
}

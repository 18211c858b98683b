// The keys of a strip: which segment each of them leads to.
import { state } from './store.js';

const HOUR_MS = 3600_000;

/** The segment that `key` chooses from `current`; undefined where the key chooses none. */
export function chosenBy(key, camera, current) {
  const list = state.footage.of(camera);
  const last = list[list.length - 1] ?? null;
  switch (key) {
    case 'ArrowRight':
      return step(current, 1);
    case 'ArrowLeft':
      return step(current, -1);
    case 'PageDown':
      return current && (list[state.footage.indexAfter(camera, current.t0 + HOUR_MS)] ?? last);
    case 'PageUp':
      return current && (list[state.footage.indexAfter(camera, current.t0 - HOUR_MS)] ?? last);
    case 'Home':
      return list[0] ?? null;
    case 'End':
      return last;
    case 'm':
      return withMotion(current, 1);
    case 'M':
      return withMotion(current, -1);
    default:
      return undefined;
  }
}

function step(current, by) {
  return (current && state.footage.neighbour(current, by)) ?? current;
}

function withMotion(current, by) {
  let segment = current && state.footage.neighbour(current, by);
  while (segment && !segment.motion.length) segment = state.footage.neighbour(segment, by);
  return segment ?? current;
}

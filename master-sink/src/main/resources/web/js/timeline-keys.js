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
      return next(current, 1, (segment) => segment.motion.length);
    case 'M':
      return next(current, -1, (segment) => segment.motion.length);
    case 'u':
      return next(current, 1, (segment) => segment.unknown.length);
    case 'U':
      return next(current, -1, (segment) => segment.unknown.length);
    default:
      return undefined;
  }
}

function step(current, by) {
  return (current && state.footage.neighbour(current, by)) ?? current;
}

/** The nearest segment in that direction of which this holds; the current one where there is none. */
function next(current, by, holds) {
  let segment = current && state.footage.neighbour(current, by);
  while (segment && !holds(segment)) segment = state.footage.neighbour(segment, by);
  return segment ?? current;
}

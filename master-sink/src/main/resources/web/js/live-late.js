// How long ago a picture on show was filmed, by the clocks of camera and master.
import * as api from './api.js';
import { state } from './store.js';

/** A delay beyond this says more about two clocks than about the picture. */
const [LEAST_MS, MOST_MS] = [-1000, 20_000];

/**
 * Returns `late(shownAt)`: `{ms, isSure}`, or null where the picture does not say when it was
 * filmed. Where the clocks cannot be right, it is what was lost since it was least.
 */
export function createLateness(id) {
  let least = Infinity;
  return (shownAt) => {
    if (shownAt === null) return null;
    const ahead = state.cameras.get(id)?.health?.clock?.offsetMillis ?? 0;
    const late = api.now() - shownAt + ahead;
    least = Math.min(least, late);
    const isSure = least > LEAST_MS && least < MOST_MS;
    return { ms: isSure ? Math.max(0, late) : late - least, isSure };
  };
}

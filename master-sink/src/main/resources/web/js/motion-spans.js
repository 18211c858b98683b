// Motion as people see it: from its beginning to its end, whoever told of which part of it.

const JOIN_MS = 1000;
/** Counts what was pushed: of one motion, what was told last says whether it lasts. */
let pushes = 0;

/** Motion as the master pushes it: it began, goes on or is over. */
export const told = (push) => ({ ...push, type: 'motion', open: !push.ended, told: (pushes += 1) });

/**
 * Joins what is one motion: what goes on over the border of two segments is listed by both, and told
 * of before either is here. A camera sees one at a time, so that only its latest can be open.
 */
export function joinSpans(events) {
  const latest = new Map();
  const joined = [];
  for (const event of events.sort((a, b) => a.t0 - b.t0)) {
    const before = latest.get(event.camera);
    if (before && event.t0 <= before.t1 + JOIN_MS) {
      join(before, event);
      continue;
    }
    if (before) before.open = false;
    joined.push(event);
    latest.set(event.camera, event);
  }
  return joined;
}

function join(span, other) {
  if ((other.told ?? 0) >= (span.told ?? 0)) {
    span.open = Boolean(other.open);
    span.told = other.told;
  }
  span.t1 = Math.max(span.t1, other.t1);
  span.score = Math.max(span.score, other.score);
  span.zones = [...new Set([...(span.zones ?? []), ...(other.zones ?? [])])];
  span.segment ??= other.segment;
}

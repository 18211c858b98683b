// The segments at hand, sorted by time per camera, with look-ups fast enough for every mouse move.

/** The reason of a gap that was left out on purpose, as nothing happened: no loss. */
const NO_EVENT = 'no event';
/** The reasons of time in which motion was not to be looked for. */
const ON_PURPOSE = ['off schedule', 'not looked for'];

const byStart = (a, b) => a.t0 - b.t0 || a.run - b.run || a.sequence - b.sequence;

export class Footage {
  constructor() {
    this.byId = new Map();
    this.byCamera = new Map();
  }

  /** Takes in a segment as the master describes it; a newer description replaces an older one. */
  put(json) {
    const segment = prepare(json);
    const known = this.byId.get(segment.id);
    if (known) return Object.assign(known, segment);
    this.byId.set(segment.id, segment);
    const list = this.of(segment.camera);
    // Nearly always the newest, so the insertion point is looked for from the end.
    let at = list.length;
    while (at > 0 && byStart(list[at - 1], segment) > 0) at -= 1;
    list.splice(at, 0, segment);
    return segment;
  }

  remove(id) {
    const segment = this.byId.get(id);
    if (!segment) return null;
    this.byId.delete(id);
    const list = this.of(segment.camera);
    list.splice(list.indexOf(segment), 1);
    return segment;
  }

  /** All of one camera, in order. */
  of(camera) {
    if (!this.byCamera.has(camera)) this.byCamera.set(camera, []);
    return this.byCamera.get(camera);
  }

  /** Index of the first segment that ends after `t`. */
  indexAfter(camera, t) {
    const list = this.of(camera);
    let low = 0;
    let high = list.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (list[mid].t1 > t) high = mid;
      else low = mid + 1;
    }
    return low;
  }

  /** The segment that shows `t`, or the nearest one at most `tolerance` ms away, or null. */
  at(camera, t, tolerance = 0) {
    const list = this.of(camera);
    const index = this.indexAfter(camera, t);
    const after = list[index];
    if (after && after.t0 <= t) return after;
    const before = list[index - 1];
    const toAfter = after ? after.t0 - t : Infinity;
    const toBefore = before ? t - before.t1 : Infinity;
    const [near, distance] = toAfter <= toBefore ? [after, toAfter] : [before, toBefore];
    return distance <= tolerance ? near : null;
  }

  /** The segment `step` places on from this one, or null. */
  neighbour(segment, step) {
    const list = this.of(segment.camera);
    let index = this.indexAfter(segment.camera, segment.t0);
    while (index < list.length && list[index].id !== segment.id) index += 1;
    return index < list.length ? (list[index + step] ?? null) : null;
  }

  /** When the latest gap for this reason ended, if its segment ended after `since`; else -Infinity. */
  lastGap(camera, reason, since) {
    const list = this.of(camera);
    for (let i = list.length - 1; i >= 0 && list[i].t1 > since; i -= 1) {
      const ends = list[i].gaps.filter((gap) => gap.reason === reason).map((gap) => gap.t1);
      if (ends.length) return Math.max(...ends);
    }
    return -Infinity;
  }

  /** A known gap at `t`: {t0, t1, reason, isLoss}, or null. */
  gapAt(camera, t) {
    const list = this.of(camera);
    const index = this.indexAfter(camera, t);
    // A gap is listed by the segment after it, or by the one that it is inside of.
    for (const segment of [list[index], list[index + 1]]) {
      const gap = segment?.gaps.find((g) => g.t0 <= t && t < g.t1);
      if (gap) return gap;
    }
    return null;
  }
}

/** A segment as the master describes it, with its times as numbers. */
export function prepare(json) {
  const span = (s) => ({ ...s, t0: Date.parse(s.start), t1: Date.parse(s.end) });
  return {
    ...json,
    t0: Date.parse(json.start),
    t1: Date.parse(json.end),
    motion: (json.motion ?? []).map(span),
    unknown: (json.motionUnknown ?? []).map((u) => ({
      ...span(u),
      isAsked: ON_PURPOSE.includes(u.reason),
    })),
    damaged: json.damaged ?? '',
    gaps: (json.gaps ?? []).map((g) => ({ ...span(g), isLoss: g.reason !== NO_EVENT })),
  };
}

/** The strongest motion of a segment, 0 where nothing moved. */
export const peak = (segment) => segment.motion.reduce((most, m) => Math.max(most, m.score), 0);

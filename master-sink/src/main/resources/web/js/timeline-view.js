// Which part of the day the timeline shows. Pure arithmetic, no document.

export const MIN_SPAN_MS = 60_000;

const FIT_BELOW_MS = 3 * 3600_000;
const FIT_SPAN_MS = 4 * 60_000;
const FOLLOW_AT = 0.85;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  4 * HOUR,
  6 * HOUR,
  12 * HOUR,
];

export class TimelineView {
  constructor(dayFrom, dayTo) {
    this.setDay(dayFrom, dayTo);
  }

  setDay(dayFrom, dayTo) {
    Object.assign(this, { dayFrom, dayTo, from: dayFrom, to: dayTo });
  }

  get span() {
    return this.to - this.from;
  }

  get isWhole() {
    return this.from <= this.dayFrom && this.to >= this.dayTo;
  }

  get isClosest() {
    return this.span <= MIN_SPAN_MS;
  }

  /** Pixel of a time in a strip of this width, and back. */
  x(t, width) {
    return ((t - this.from) / this.span) * width;
  }

  time(x, width) {
    return this.from + (x / width) * this.span;
  }

  /** Zooms by `factor` (above 1: closer) so that `anchor` stays where it is. */
  zoom(factor, anchor = (this.from + this.to) / 2) {
    const span = Math.min(this.dayTo - this.dayFrom, Math.max(MIN_SPAN_MS, this.span / factor));
    this.place(anchor - ((anchor - this.from) / this.span) * span, span);
  }

  pan(ms) {
    this.place(this.from + ms, this.span);
  }

  /** Moves as little as possible so that `t` is in sight, with some room around it. */
  reveal(t) {
    const margin = this.span * 0.08;
    if (t < this.from + margin) this.place(t - margin, this.span);
    else if (t > this.to - margin) this.place(t + margin - this.span, this.span);
  }

  /** Where a day has only little footage, shows that instead of a sliver in 24 empty hours. */
  fit(first, now) {
    const length = now - first;
    if (length > FIT_BELOW_MS || length < 0) return;
    const span = Math.max(FIT_SPAN_MS, length * 1.6);
    this.place(now - span * FOLLOW_AT, span);
  }

  /** Keeps `now` in sight while it moves on. */
  follow(now) {
    if (!this.isWhole && now > this.from + this.span * 0.95)
      this.place(now - this.span * FOLLOW_AT, this.span);
  }

  place(from, span) {
    this.from = Math.max(this.dayFrom, Math.min(this.dayTo - span, from));
    this.to = this.from + span;
  }

  /** Times to label, at least `minPx` apart: whole steps since midnight. */
  ticks(width, minPx) {
    const fits = (step) => (step / this.span) * width >= minPx;
    const step = STEPS.find(fits) ?? STEPS[STEPS.length - 1];
    if (step >= HOUR) return { step, ticks: this.#hours(step / HOUR) };
    const ticks = [];
    const first = Math.ceil((this.from - this.dayFrom) / step);
    for (let n = first; this.dayFrom + n * step <= this.to; n += 1)
      ticks.push(this.dayFrom + n * step);
    return { step, ticks };
  }

  /** By the clock on the wall, which skips an hour of one day, and has one of another twice. */
  #hours(step) {
    const day = new Date(this.dayFrom);
    const times = new Set();
    for (let hour = 0; hour <= 24; hour += step)
      times.add(new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour).getTime());
    return [...times].filter((t) => t >= this.from && t <= this.to);
  }
}

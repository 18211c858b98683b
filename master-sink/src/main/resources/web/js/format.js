// Times, sizes and durations as people read them. Times are shown in the browser's own time zone.
import { strings as S } from './strings.js';

const formatter = (options) => new Intl.DateTimeFormat(S.locale, { hourCycle: 'h23', ...options });
const CLOCK = formatter({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const HOUR = formatter({ hour: '2-digit', minute: '2-digit' });
const DAY = formatter({ weekday: 'short', day: 'numeric', month: 'short' });
const DAY_MS = 86_400_000;
const DATE = formatter({ day: 'numeric', month: 'short', year: 'numeric' });
const LONG_DAY = formatter({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const MONTH = formatter({ month: 'long', year: 'numeric' });
const NUMBER = new Intl.NumberFormat(S.locale);
const ONE_DIGIT = new Intl.NumberFormat(S.locale, { maximumFractionDigits: 1 });

export const clock = (t) => CLOCK.format(t);
export const hour = (t) => HOUR.format(t);
export const month = (t) => MONTH.format(t);
export const longDay = (t) => LONG_DAY.format(t);
export const count = (n) => NUMBER.format(n);
export const decimal = (n) => ONE_DIGIT.format(n);

/** `14:02:11.3`: tenths matter inside a segment. */
export const preciseClock = (t) => `${CLOCK.format(t)}.${Math.floor((t % 1000) / 100)}`;

/** A day for the toolbar: "Today", "Yesterday" or its date. */
export function day(t, now) {
  if (dayKey(t) === dayKey(now)) return S.today;
  if (dayKey(t) === dayKey(shiftDay(now, -1))) return S.yesterday;
  return DAY.format(t);
}

/** What somebody types as a time of day, `9:05`, `09:05:07` or `090507`, as [h, min, s]; else null. */
export function parseClock(text) {
  const [, h, min, s = 0] = /^\s*(\d{1,2})[:.]?(\d{2})(?:[:.]?(\d{2}))?\s*$/.exec(text) ?? [];
  return h < 24 && min < 60 && s < 60 ? [h, min, s].map(Number) : null;
}

/** A moment with its date unless that is today. */
export const moment = (t, now) =>
  dayKey(t) === dayKey(now) ? clock(t) : `${DAY.format(t)}, ${clock(t)}`;

/** A moment with its day, also of today: "today, 09:14:02", "3 Nov 2026, 09:14:02". */
export function dayAndTime(t, now) {
  const word = day(t, now);
  return `${[S.today, S.yesterday].includes(word) ? word.toLowerCase() : DATE.format(t)}, ${clock(t)}`;
}

/** How long something still lasts: "in 6 days", "on 24 Dec 2026" where that is further off. */
export function until(t, now) {
  const left = t - now;
  if (left < 60_000) return S.any;
  if (left > 14 * DAY_MS) return S.onDay(DATE.format(t));
  return S.inTime(left > 2 * DAY_MS ? S.days(Math.round(left / DAY_MS)) : duration(left));
}

/** `2026-11-23`, the day in the browser's time zone. */
export function dayKey(t) {
  const d = new Date(t);
  const two = (n) => String(n).padStart(2, '0');
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

/** Midnight at the start of a day; days have 23, 24 or 25 hours. */
export function dayStart(t) {
  const d = new Date(t);
  return new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
}

/** The start of the day `days` later. */
export function shiftDay(t, days) {
  const d = new Date(t);
  return new Date(d.getFullYear(), d.getMonth(), d.getDate() + days).getTime();
}

/** Midnight of `2026-11-23`, or null where the text is no day. */
export function parseDay(text) {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? '');
  return m ? new Date(+m[1], +m[2] - 1, +m[3]).getTime() : null;
}

/** `640 kB`, `12.4 GB`: decimal units, as disks are sold. */
export function bytes(n) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let at = 0;
  let value = n;
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  const number =
    value < 9.95 && at > 0 ? ONE_DIGIT.format(value) : NUMBER.format(Math.round(value));
  return `${number} ${units[at]}`;
}

/** `12 s`, `4 min`, `3 h 20 min`, `2 days`. */
export function duration(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (ms > 0 && ms < 9950) return S.seconds(ONE_DIGIT.format(ms / 1000));
  if (s < 60) return S.seconds(String(s));
  const min = Math.floor(s / 60);
  if (min < 10 && s % 60) return `${S.minutes(min)} ${S.seconds(String(s % 60))}`;
  if (min < 60) return S.minutes(min);
  const h = Math.floor(min / 60);
  if (h < 48) return min % 60 ? `${S.hours(h)} ${S.minutes(min % 60)}` : S.hours(h);
  return S.days(Math.floor(h / 24));
}

/** How long the footage of an export plays: what is missing before and after it takes nothing from it. */
export function lengthOf({ start, end, missing }) {
  const [t0, t1] = [Date.parse(start), Date.parse(end)];
  const within = missing.filter((m) => Date.parse(m.start) >= t0 && Date.parse(m.end) <= t1);
  return within.reduce((left, m) => left - (Date.parse(m.end) - Date.parse(m.start)), t1 - t0);
}

/** Age in whole seconds at first, so that it ticks calmly. */
export const age = (ms) =>
  ms < 60000 ? S.seconds(String(Math.max(0, Math.round(ms / 1000)))) : duration(ms);

/** A score of 0 to 1 as a share of the picture. */
export const percent = (score) => {
  const value = score * 100;
  return S.percent(value > 0 && value < 10 ? ONE_DIGIT.format(value) : String(Math.round(value)));
};

/** Five steps from 0 to 1; a small share is already much, hence the root. */
export const strength = (score) => Math.min(1, Math.max(0.06, Math.sqrt(Math.max(0, score))));

// The stretch of footage that somebody has marked on the timeline, and what can be done with it.
import * as api from './api.js';
import { button, el, setText, show } from './dom.js';
import * as f from './format.js';
import { nameOf, on, setRange, state } from './store.js';
import { strings as S } from './strings.js';

/** What one mark alone stands for, until the other one is set. */
const USUAL_MS = 60_000;

/** Sets the `from` or the `to` of the marked stretch; of another camera it begins anew. */
export function markRange(which, camera, t) {
  const old = state.range?.camera === camera ? state.range : null;
  const range =
    which === 'from'
      ? { camera, from: t, to: old && old.to > t ? old.to : t + USUAL_MS }
      : { camera, from: old && old.from < t ? old.from : t - USUAL_MS, to: t };
  setRange(range);
}

/** `act`: {export(range), share(range), say(words)}. */
export function createRange(root, act) {
  const name = el('strong', { class: 'range-camera' });
  const length = el('span', { class: 'range-length' });
  const from = time('from', S.rangeFrom, act.say);
  const to = time('to', S.rangeTo, act.say);
  const bar = el(
    'div',
    { class: 'range', role: 'group', 'aria-label': S.range, data: { testid: 'range' }, hidden: true },
    name,
    el('span', { class: 'range-times' }, from, '–', to),
    length,
    el(
      'span',
      { class: 'range-buttons' },
      button(
        { name: 'download', text: S.export, label: S.exportHint, 'data-testid': 'export-open' },
        () => act.export({ ...state.range }),
      ),
      button(
        {
          name: 'link',
          text: S.share,
          label: S.shareHint,
          'data-testid': 'share-open',
          'data-for': 'owner',
        },
        () => act.share({ ...state.range }),
      ),
      button({ name: 'close', label: S.rangeClear }, () => setRange(null)),
    ),
  );
  root.querySelector('.legend').after(bar);

  on('range', () => {
    const { range } = state;
    show(bar, Boolean(range));
    if (!range) return;
    setText(name, nameOf(range.camera));
    setText(length, f.duration(range.to - range.from));
    for (const [input, t] of [
      [from, range.from],
      [to, range.to],
    ]) {
      if (document.activeElement !== input) input.value = f.clock(t);
    }
  });
  on('day', () => setRange(null));
}

/** Why the stretch cannot have this end, in a sentence; '' where it can. */
function objectionTo(which, t) {
  const { from, to } = state.range;
  if (t > api.now()) return S.notYetTime(f.clock(t));
  if (which === 'from') return t < to ? '' : S.notBeforeEnd(f.clock(t), f.clock(to));
  return t > from ? '' : S.notAfterStart(f.clock(t), f.clock(from));
}

/** One end of the stretch as a time of the day on show, to the second. */
function time(which, label, say) {
  const input = el('input', {
    type: 'text', // the browser's own goes by another clock than the axis, and on some phones to the minute
    inputmode: 'numeric',
    maxlength: '8',
    autocomplete: 'off',
    class: 'range-time',
    'aria-label': label,
    title: S.rangeTimeHint,
    'data-testid': `range-${which}`,
  });
  input.addEventListener('change', () => {
    const typed = f.parseClock(input.value);
    const t = typed && new Date(state.day.from).setHours(...typed);
    const objection = typed ? objectionTo(which, t) : S.notATime(input.value);
    if (objection) say(objection);
    else markRange(which, state.range.camera, t);
    input.value = f.clock(state.range[which]);
  });
  return input;
}

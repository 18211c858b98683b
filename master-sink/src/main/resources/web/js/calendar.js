// Choosing a day: previous, next, and a month in which the days with footage stand out.
import * as api from './api.js';
import { button, el, setText } from './dom.js';
import * as f from './format.js';
import { daysOfMonth, openDay } from './loader.js';
import { on, state } from './store.js';
import { strings as S } from './strings.js';

export function createCalendar(root) {
  const dialog = el('dialog', { class: 'calendar', 'aria-label': S.chooseDay });
  const title = el('h3', { class: 'calendar-title', 'aria-live': 'polite' });
  const grid = el('div', { class: 'calendar-grid' });
  const earlier = button({ name: 'back', label: S.previousMonth }, () => turn(-1));
  const later = button({ name: 'forward', label: S.nextMonth }, () => turn(1));
  dialog.append(
    el('div', { class: 'calendar-head' }, earlier, title, later),
    grid,
    el(
      'p',
      { class: 'calendar-legend' },
      el('span', { class: 'calendar-mark' }),
      el('span', { text: S.dayWithFootage }),
    ),
  );

  const previous = button({ name: 'back', label: S.previousDay }, () =>
    openDay(f.shiftDay(state.day.from, -1)),
  );
  const next = button({ name: 'forward', label: S.nextDay }, () =>
    openDay(f.shiftDay(state.day.from, 1)),
  );
  const open = button(
    {
      name: 'day',
      label: S.chooseDay,
      text: '',
      class: 'button calendar-open',
      'aria-haspopup': 'dialog',
    },
    show,
  );
  const name = el('span', { class: 'button-text' });
  open.append(name);
  root.append(previous, open, next, dialog);

  let first = 0;

  function show() {
    first = monthStart(state.day.from);
    dialog.show();
    render().then(() =>
      (grid.querySelector('[aria-current]') ?? grid.querySelector('button'))?.focus(),
    );
  }

  const monthStart = (t) => {
    const d = new Date(t);
    return new Date(d.getFullYear(), d.getMonth(), 1).getTime();
  };

  async function turn(by) {
    const d = new Date(first);
    first = new Date(d.getFullYear(), d.getMonth() + by, 1).getTime();
    await render();
  }

  async function render() {
    const shown = first;
    setText(title, f.month(first));
    later.disabled = f.shiftDay(first, 32) > f.shiftDay(api.now(), 31);
    const cells = [
      ...S.weekdays.map((d) =>
        el('span', { class: 'calendar-weekday', text: d, 'aria-hidden': 'true' }),
      ),
    ];
    const lead = (new Date(first).getDay() + 7 - S.firstWeekday) % 7;
    for (let i = 0; i < lead; i += 1) cells.push(el('span'));
    for (let t = first; monthStart(t) === first; t = f.shiftDay(t, 1)) {
      cells.push(
        el('button', {
          type: 'button',
          class: 'calendar-day',
          text: new Date(t).getDate(),
          disabled: t > api.now(),
          'aria-current': t === state.day.from ? 'date' : null,
          'aria-label': f.longDay(t),
          data: { day: f.dayKey(t), today: f.dayKey(t) === f.dayKey(api.now()) },
          on: { click: () => choose(t) },
        }),
      );
    }
    grid.replaceChildren(...cells);
    const found = await daysOfMonth(first).catch(() => new Set());
    if (shown !== first) return;
    for (const cell of grid.querySelectorAll('.calendar-day')) {
      if (!found.has(cell.dataset.day)) continue;
      cell.dataset.footage = 'true';
      cell.setAttribute('aria-label', S.dayHasFootage(cell.getAttribute('aria-label')));
    }
  }

  function choose(t) {
    dialog.close();
    open.focus();
    openDay(t);
  }

  grid.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const cells = [...grid.querySelectorAll('.calendar-day')];
    cells[cells.indexOf(document.activeElement) + by]?.focus();
  });
  // Who goes on with Tab has left it; else Escape would not reach it any more.
  dialog.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget && !dialog.contains(relatedTarget)) dialog.close();
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    dialog.close();
    open.focus();
  });
  document.addEventListener('pointerdown', (event) => {
    if (dialog.open && !dialog.contains(event.target) && !open.contains(event.target))
      dialog.close();
  });

  function refresh() {
    const day = f.day(state.day.from, api.now());
    setText(name, day);
    open.title = f.longDay(state.day.from);
    open.setAttribute('aria-label', S.dayShown(day, f.longDay(state.day.from)));
    root.dataset.day = f.dayKey(state.day.from);
    next.disabled = state.day.to > api.now();
    const oldest = [...state.utcDays].sort()[0];
    previous.disabled =
      !oldest || f.shiftDay(f.parseDay(oldest), -1) >= f.shiftDay(state.day.from, -1);
  }
  for (const topic of ['day', 'days', 'footage']) on(topic, refresh);
  refresh();
}

// When something is done: a row for each stretch of the week, in the words of the camera's
// configuration: "mon-fri 18:00 to 07:00;sat,sun 00:00 to 24:00". Without a row, always.
import { button, el, setText } from './dom.js';
import { strings as S } from './strings.js';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const RULE = /^(\S+)\s+(\d\d?:\d\d)\s+to\s+(\d\d?:\d\d)$/i;
const MOST_RULES = 32;

/** The days of "mon-fri", "sat,sun" or "daily", as seven truths; null where they are none. */
function parseDays(text) {
  if (text === 'daily') return DAYS.map(() => true);
  const days = DAYS.map(() => false);
  for (const part of text.split(',')) {
    const [from, to, ...more] = part.split('-').map((day) => DAYS.indexOf(day));
    if (more.length || from < 0 || to < 0) return null;
    for (let i = from; ; i = (i + 1) % 7) {
      days[i] = true;
      if (i === (to ?? from)) break;
    }
  }
  return days;
}

function writeDays(days) {
  if (days.every(Boolean)) return 'daily';
  const runs = [];
  days.forEach((isOn, i) => {
    if (!isOn) return;
    if (days[i - 1]) runs[runs.length - 1][1] = i;
    else runs.push([i, i]);
  });
  return runs
    .map(([from, to]) => (from === to ? DAYS[from] : `${DAYS[from]}-${DAYS[to]}`))
    .join(',');
}

/** The rules of a text: {days, from, to}; null where it says more than this page knows, as of the sun. */
export function parseSchedule(text) {
  const rules = [];
  for (const one of text.split(';').map((t) => t.trim()).filter(Boolean)) {
    const [, words = '', from, to] = RULE.exec(one) ?? [];
    const days = from && parseDays(words.toLowerCase());
    if (!days) return null;
    const time = (t) => (t === '24:00' ? '00:00' : t.padStart(5, '0')); // what ends at midnight ends on the next day
    if (from === '24:00') return null;
    rules.push({ days, from: time(from), to: time(to) });
  }
  return rules;
}

export const writeSchedule = (rules) =>
  rules.map(({ days, from, to }) => `${writeDays(days)} ${from} to ${to}`).join(';');

export function createSchedule(setting, common, { changed }) {
  if (![setting.value, setting.own].every(parseSchedule)) return null;
  let rules = [];
  let text = '';
  const always = el('p', { class: 'schedule-always' });
  const list = el('ul', { class: 'schedule-list' });
  const add = button(
    { name: 'plus', text: S.addTime, label: S.addTime, 'data-testid': 'schedule-add' },
    () => {
      rules.push({ days: DAYS.map(() => true), from: '18:00', to: '07:00' });
      edited();
      list.lastChild.querySelector('input').focus();
    },
  );
  const node = el(
    'div',
    { class: 'schedule', role: 'group', ...common, 'aria-label': S.settings[setting.key] ?? setting.key },
    always,
    list,
    add,
  );

  function edited() {
    text = writeSchedule(rules);
    refresh();
    changed();
  }

  function refresh() {
    setText(always, rules.length ? '' : S.always);
    add.disabled = rules.length >= MOST_RULES;
    list.replaceChildren(...rules.map(rowOf));
  }

  /** What is typed leaves the rows as they are, and the focus where it is. */
  function typed() {
    text = writeSchedule(rules);
    changed();
  }

  function rowOf(rule) {
    const days = DAYS.map((day, i) => {
      const box = el('input', { type: 'checkbox', 'aria-label': S.dayNames[i] });
      box.checked = rule.days[i];
      box.addEventListener('change', () => {
        rule.days[i] = box.checked;
        if (!rule.days.some(Boolean)) {
          rule.days[i] = true; // on no day is no time
          box.checked = true;
        }
        typed();
      });
      return el('label', { class: 'schedule-day', data: { day } }, box, el('span', { 'aria-hidden': 'true', text: S.shortDays[i] }));
    });
    const time = (end, label) => {
      const input = el('input', { type: 'time', required: true, 'aria-label': label, data: { end } });
      input.value = rule[end];
      input.addEventListener('input', () => {
        if (!input.value) return;
        rule[end] = input.value;
        typed();
      });
      return input;
    };
    return el(
      'li',
      {},
      el('div', { class: 'schedule-days' }, ...days),
      el(
        'div',
        { class: 'schedule-times' },
        time('from', S.fromTime),
        el('span', { text: S.toTime, 'aria-hidden': 'true' }),
        time('to', S.untilTime),
        button({ name: 'trash', label: S.removeTime }, () => {
          rules = rules.filter((r) => r !== rule);
          edited();
          add.focus();
        }),
      ),
    );
  }

  return {
    node,
    value: () => text,
    put(next) {
      rules = parseSchedule(next) ?? [];
      text = next;
      refresh();
    },
    words: (own) => own || S.ownAlways,
  };
}

// A form of what a camera says may be set: made of its own words and ranges, so that a newer camera
// has newer settings here.
import { button, el, setText, show } from './dom.js';
import { strings as S } from './strings.js';
import { createZones } from './zones.js';

/** Settings that few people ever touch. */
const RARE = ['motion.masks', 'privacy.masks', 'motion.min-duration', 'motion.hold', 'motion.tamper'];
const RANGE = /from (\d+) to (\d+)/;

/** `onSave(values)`: what differs from the camera's own. Its foot stands outside of what scrolls. */
export function createForm({ onSave, snapshotOf }) {
  const fields = el('div', { class: 'form-fields' });
  const rare = el('div', { class: 'form-fields' });
  const more = el(
    'details',
    { class: 'form-more' },
    el('summary', { text: S.moreSettings }),
    rare,
  );
  const word = el('p', { class: 'form-word', role: 'status', 'data-testid': 'settings-word' });
  const submit = el('button', {
    type: 'submit',
    form: 'settings-form',
    class: 'button button-primary',
    text: S.apply,
    'data-testid': 'settings-apply',
  });
  const undo = button({ text: S.undoAll, label: S.undoAll }, () => reset());
  const root = el(
    'form',
    {
      id: 'settings-form',
      class: 'form',
      novalidate: true,
      data: { testid: 'settings-form' },
      on: {
        submit: (event) => {
          event.preventDefault();
          onSave(values());
        },
        input: changed,
      },
    },
    fields,
    more,
  );
  const foot = el('div', { class: 'sheet-foot form-foot' }, word, undo, submit);
  let rows = [];
  let isBusy = false;

  function values() {
    return Object.fromEntries(
      rows.filter((r) => r.value() !== r.setting.own).map((r) => [r.setting.key, r.value()]),
    );
  }

  function changed() {
    const isChanged = rows.some((r) => r.value() !== r.setting.value);
    submit.disabled = isBusy || !isChanged;
    show(undo, isChanged && !isBusy);
    for (const row of rows) row.mark();
  }

  function reset() {
    for (const row of rows) row.put(row.setting.value);
    changed();
  }

  function busy(text, keep = false) {
    isBusy = Boolean(text);
    root.dataset.busy = isBusy;
    if (!keep && isBusy) {
      fields.replaceChildren();
      rare.replaceChildren();
      rows = [];
    }
    setText(word, text);
    word.dataset.state = 'waiting';
    changed();
  }

  function fill({ settings }) {
    isBusy = false;
    root.dataset.busy = false;
    rows = settings.map((setting) => createRow(setting, changed, snapshotOf));
    const isRare = (row) => RARE.includes(row.setting.key);
    fields.replaceChildren(...rows.filter((r) => !isRare(r)).map((r) => r.node));
    rare.replaceChildren(...rows.filter(isRare).map((r) => r.node));
    show(more, rows.some(isRare));
    show(submit, rows.length > 0);
    setText(word, rows.length ? '' : S.noSettings);
    changed();
  }

  return {
    root,
    foot,
    fill,
    busy,
    isBusy: () => isBusy,
    say(text, state) {
      setText(word, text);
      word.dataset.state = state;
    },
    away(isAway) {
      submit.title = isAway ? S.awayHint : '';
    },
  };
}

function createRow(setting, changed, snapshotOf) {
  const id = `set-${setting.key}`;
  const words = S.settings[setting.key] ?? setting.key;
  const input = inputOf(setting, id, changed, snapshotOf);
  const back = button({ text: S.ownValue(setting.own), label: S.ownHint, class: 'form-own' }, () => {
    input.put(setting.own);
    changed();
  });
  const node = el(
    'div',
    { class: 'form-row', data: { key: setting.key } },
    el('label', { for: id, text: words }),
    input.node,
    el('p', { class: 'form-meaning', id: `${id}-about`, text: about(setting) }),
    back,
  );
  return {
    node,
    setting,
    value: input.value,
    put: input.put,
    mark() {
      const value = input.value();
      node.dataset.changed = value !== setting.value;
      show(back, value !== setting.own);
    },
  };
}

const about = ({ key, meaning, allowed }) =>
  /^(true or false$|one of )/.test(allowed) || key === 'motion.zones'
    ? meaning
    : `${meaning} ${S.allowed(allowed)}`;

/** `{node, value(), put(text)}` */
function inputOf(setting, id, changed, snapshotOf) {
  const { key, allowed } = setting;
  const common = { id, 'aria-describedby': `${id}-about` };
  if (key === 'motion.zones') return createZones(setting, common, changed, snapshotOf);
  if (allowed === 'true or false') {
    const box = el('input', { type: 'checkbox', class: 'switch', role: 'switch', ...common });
    box.checked = setting.value === 'true';
    return {
      node: box,
      value: () => String(box.checked),
      put: (text) => {
        box.checked = text === 'true';
      },
    };
  }
  if (allowed.startsWith('one of ')) {
    const options = allowed.slice(7).split(', ');
    const select = el('select', common, ...options.map((o) => el('option', { value: o, text: o })));
    select.value = setting.value;
    return plain(select);
  }
  const range = allowed.startsWith('a whole number') && RANGE.exec(allowed);
  const input = range
    ? el('input', { type: 'number', min: range[1], max: range[2], step: '1', ...common })
    : el('input', { type: 'text', spellcheck: 'false', autocomplete: 'off', ...common });
  input.value = setting.value;
  return plain(input);
}

const plain = (node) => ({
  node,
  value: () => node.value.trim(),
  put: (text) => {
    node.value = text;
  },
});

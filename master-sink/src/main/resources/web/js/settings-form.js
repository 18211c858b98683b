// A form of what a camera says may be set: made of its own kinds and ranges, so that a newer camera has
// newer settings here; whether a value can be is for the camera to say.
import { button, el, setText, show } from './dom.js';
import { createInput } from './settings-inputs.js';
import { strings as S } from './strings.js';

/** Settings that few people ever touch. */
const RARE = ['motion.masks', 'motion.min-duration', 'motion.hold', 'motion.tamper'];

/**
 * `onSave(values)`: what differs from the camera's own; `facts()`: what the camera says of itself. Its
 * foot stands outside of what scrolls.
 */
export function createForm({ onSave, facts }) {
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
  const undo = button(
    { text: S.undoAll, label: S.undoAll, 'data-testid': 'settings-undo' },
    () => reset(),
  );
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

  const isChanged = () => rows.some((r) => r.value() !== r.setting.value);

  /** What is begun and no value yet, in words; empty for nothing. */
  const unfinished = () => rows.map((r) => r.unfinished()).find(Boolean) ?? '';

  /** @param event of typing, where it was that */
  function changed(event) {
    const why = unfinished();
    submit.disabled = isBusy || Boolean(why) || !isChanged();
    show(undo, isChanged() && !isBusy);
    for (const row of rows) row.mark(event?.target);
    // What was applied, or refused, is not what stands there now.
    const { state } = word.dataset;
    const isOver =
      state === 'applied' ? isChanged() : state === 'refused' && !rows.some((r) => r.isRefused());
    if (!isBusy && isOver) tell('', '');
    sayUnfinished(why);
  }

  function tell(text, state) {
    setText(word, text);
    word.dataset.state = state;
  }

  /** Why it cannot be applied yet, for as long as that is so. */
  function sayUnfinished(why) {
    if (isBusy || (!why && word.dataset.state !== 'unfinished')) return;
    tell(why, why ? 'unfinished' : '');
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
    tell(text, 'waiting');
    changed();
  }

  function fill({ settings }) {
    isBusy = false;
    root.dataset.busy = false;
    // A camera of an older version says of none whether it costs a gap.
    const tellsGaps = settings.some((setting) => setting.gapless);
    rows = settings.map((setting) => createRow(setting, { changed, facts, tellsGaps }));
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
    /** Whether something is typed that was not applied. */
    isChanged: () => !isBusy && (isChanged() || Boolean(unfinished())),
    /** A sentence that names a setting in quotes is about that one. */
    say(text, state) {
      tell(text, state);
      for (const row of rows) row.refuse(state === 'refused' && text.includes(`"${row.setting.key}"`));
    },
    away(isAway) {
      submit.title = isAway ? S.awayHint : '';
    },
  };
}

function createRow(setting, context) {
  const id = `set-${setting.key}`;
  const words = S.settings[setting.key] ?? setting.key;
  const input = createInput(setting, { id, 'aria-describedby': `${id}-about` }, context);
  const own = S.ownValue(input.words(setting.own));
  const back = button({ text: own, label: S.ownHint, class: 'form-own' }, () => {
    input.put(setting.own);
    context.changed();
  });
  const node = el(
    'div',
    { class: 'form-row', data: { key: setting.key, kind: setting.kind?.word } },
    el('label', { for: id, text: words }),
    input.node,
    el(
      'p',
      { class: 'form-meaning', id: `${id}-about`, text: about(setting, input) },
      context.tellsGaps ? el('span', { class: 'form-cost', text: setting.gapless ? S.noGap : S.shortGap }) : null,
    ),
    back,
  );
  let refused = null; // the value that was

  function refuse(isRefused) {
    const field = node.querySelector('input, select, textarea');
    refused = isRefused ? input.value() : null;
    field?.setAttribute('aria-invalid', String(isRefused));
    if (isRefused) field?.focus();
  }

  return {
    node,
    setting,
    value: input.value,
    put: input.put,
    unfinished: input.unfinished ?? (() => ''),
    refuse,
    isRefused: () => refused !== null,
    mark(typedIn) {
      const value = input.value();
      if (refused !== null && (value !== refused || node.contains(typedIn ?? null))) refuse(false);
      node.dataset.changed = value !== setting.value;
      show(back, value !== setting.own);
    },
  };
}

/** What it means; and what is allowed, where the input does not show it. */
function about({ key, meaning, allowed, kind = {} }, { words }) {
  const range = kind.min && kind.max ? S.within(words(kind.min), words(kind.max)) : '';
  const isShown = kind.word && kind.word !== 'text';
  return `${S.meanings[key] ?? meaning} ${isShown ? range : S.allowed(allowed)}`.trim();
}

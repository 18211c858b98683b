// A form of what a camera says may be set: made of its own kinds and ranges, so that a newer camera has
// newer settings here. What is none of its kind, or out of range, is not sent; whether all else can be
// is for the camera to say.
import { button, el, setText, show } from './dom.js';
import { createInput } from './settings-inputs.js';
import { strings as S } from './strings.js';

/** Settings that few people ever touch. */
const RARE = ['motion.masks', 'motion.min-duration', 'motion.hold', 'motion.tamper'];

/** What is drawn on the picture, in words, also where it cannot be drawn here: its items may be any. */
const DRAWN = {
  areas: (areas) => areas.length && S.areas(areas.length),
  zones: (zones) => S.list(zones.map((zone) => zone.split(/\s+/)[0])),
};
const items = (text) => text.split(';').map((t) => t.trim()).filter(Boolean);

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
          if (isFine()) onSave(values());
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

  const isChanged = () => rows.some((r) => r.isChanged());

  /** Whether all can be sent; says at each field what cannot. */
  function isFine() {
    const wrong = refuseAll((row) => row.fault());
    if (wrong.length) tell(S.lookAt(wrong.map((r) => r.label)), 'refused');
    return !wrong.length;
  }

  /** `why(row)`: what is wrong with it, or ''. Returns those with something wrong. */
  function refuseAll(why) {
    for (const row of rows) row.refuse(why(row));
    const wrong = rows.filter((r) => r.isRefused());
    if (wrong.some((r) => rare.contains(r.node))) more.open = true;
    wrong[0]?.focus();
    return wrong;
  }

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

  /** How values that differ from the camera's own differ from others, in the words of the fields. */
  function differences(before, now) {
    const known = rows.map(({ setting: { key, own } }) => [key, before[key] ?? own, now[key] ?? own]);
    const others = [...new Set([...Object.keys(before), ...Object.keys(now)])]
      .filter((key) => !rows.some((r) => r.setting.key === key))
      .map((key) => [key, before[key], now[key]]);
    return [...known, ...others].filter(([, a, b]) => a !== b).map(([key, , b]) => wordsOf(key, b));
  }

  function wordsOf(key, text) {
    const row = rows.find((r) => r.setting.key === key);
    if (!row) return S.setTo(S.settings[key] ?? key, text ?? S.itsOwn);
    return S.setTo(row.label, row.words(text) || S.nothingSet);
  }

  return {
    root,
    foot,
    fill,
    differences,
    busy,
    isBusy: () => isBusy,
    /** Whether something is typed that was not applied. */
    isChanged: () => !isBusy && (isChanged() || Boolean(unfinished())),
    /** A sentence that quotes a setting, or else a value that was changed, is about that, and stands there. */
    say(text, state) {
      const quotes = (words) => words !== '' && text.includes(`"${words}"`);
      const named = rows.filter((r) => quotes(r.setting.key));
      const about = named.length ? named : rows.filter((r) => r.isChanged() && quotes(r.value()));
      const wrong = refuseAll((row) => (state === 'refused' && about.includes(row) ? text : ''));
      tell(wrong.length ? S.cameraRefuses(wrong.map((r) => r.label)) : text, state);
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
  const fault = el('p', { class: 'form-fault', id: `${id}-fault`, hidden: true });
  const node = el(
    'div',
    { class: 'form-row', data: { key: setting.key, kind: setting.kind?.word } },
    el('label', { for: id, text: words }),
    input.node,
    fault,
    el(
      'p',
      { class: 'form-meaning', id: `${id}-about`, text: about(setting, input) },
      context.tellsGaps ? el('span', { class: 'form-cost', text: setting.gapless ? S.noGap : S.shortGap }) : null,
    ),
    back,
  );
  let refused = null; // {value, field} that was

  const isChanged = () => input.value() !== setting.value || input.isHalf();
  const fieldOf = () => input.field?.() ?? node.querySelector(`[id="${id}"]`);

  function refuse(why) {
    setText(fault, why);
    show(fault, Boolean(why));
    refused?.field.setAttribute('aria-invalid', 'false');
    refused?.field.setAttribute('aria-describedby', `${id}-about`);
    refused = why ? { value: input.value(), field: fieldOf() } : null;
    refused?.field.setAttribute('aria-invalid', 'true');
    refused?.field.setAttribute('aria-describedby', `${id}-fault ${id}-about`);
  }

  return {
    node,
    setting,
    label: words,
    value: input.value,
    put: input.put,
    unfinished: input.unfinished ?? (() => ''),
    words: (text) => DRAWN[setting.kind?.word]?.(items(text)) ?? input.words(text),
    isChanged,
    /** What is wrong with what somebody typed, in a sentence, as far as that can be told here. */
    fault() {
      const allowed = isChanged() ? input.fault() : '';
      return allowed && S.isToBe(words, allowed);
    },
    refuse,
    isRefused: () => Boolean(refused),
    focus() {
      const field = fieldOf();
      const isInput = field.matches('input, select, canvas');
      (isInput ? field : field.querySelector('input, button')).focus();
    },
    mark(typedIn) {
      const value = input.value();
      if (refused && (value !== refused.value || node.contains(typedIn ?? null))) refuse('');
      node.dataset.changed = isChanged();
      show(back, value !== setting.own || input.isHalf());
    },
  };
}

/** What it means; and what is allowed, where the input does not show it. */
function about({ key, meaning, allowed, kind = {} }, { words }) {
  const range = kind.min && kind.max ? S.within(words(kind.min), words(kind.max)) : '';
  const isShown = kind.word && kind.word !== 'text';
  return `${S.meanings[key] ?? meaning} ${isShown ? range : S.allowed(allowed)}`.trim();
}

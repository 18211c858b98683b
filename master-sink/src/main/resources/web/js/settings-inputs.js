// An input for each kind of setting: `{node, value(), put(text), words(text), fault(), isHalf(), field(),
// unfinished()}`. `fault` says what is allowed, where what was typed is not; `isHalf` whether that has no
// value at all; `unfinished` why there is no value yet, where that can be. A kind that this page does not
// know, or a value that its input cannot express, gets a box for text.
import { createAreas, createZones } from './zones.js';
import { el, show } from './dom.js';
import { decimal, duration } from './format.js';
import { createSchedule } from './schedule.js';
import { strings as S } from './strings.js';

const SIZES = ['640x360', '640x480', '1280x720', '1920x1080', '2560x1440', '3840x2160'];
const OTHER = 'other';
/** How numbers in a unit are shown: so many of it in another. */
const SHOWN = { 'bit/s': [1e6, 'Mbit/s'] };
const TIME_UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const TIME = /^(\d+)(ms|s|m|h|d)$/;
const SIZE = /^[1-9]\d{1,4}x[1-9]\d{1,4}$/;

const INPUTS = {
  flag: createSwitch,
  choice: createChoice,
  whole: createNumber,
  number: createNumber,
  duration: createDuration,
  size: createSize,
  schedule: createSchedule,
  areas: createAreas,
  zones: createZones,
};

/**
 * @param common attributes of whatever has the setting's label
 * @param context {changed(), facts(): what the camera says of itself}
 */
export function createInput(setting, common, context) {
  const input = INPUTS[setting.kind?.word]?.(setting, common, context) ?? createText(setting, common);
  input.put(setting.value);
  return { words: (text) => text, fault: () => '', isHalf: () => false, ...input };
}

function createText(setting, common) {
  return plain(el('input', { type: 'text', spellcheck: 'false', autocomplete: 'off', ...common }));
}

const plain = (node) => ({
  node,
  value: () => node.value.trim(),
  put: (text) => {
    node.value = text;
  },
});

function createSwitch(setting, common) {
  const node = el('input', { type: 'checkbox', class: 'switch', role: 'switch', ...common });
  return {
    node,
    value: () => String(node.checked),
    put: (text) => {
      node.checked = text === 'true';
    },
    words: (text) => S.switched[text] ?? text,
  };
}

function createChoice({ key, kind }, common) {
  const words = (text) => S.choices[key]?.[text] ?? text;
  const options = kind.options.map((o) => el('option', { value: o, text: words(o) }));
  return { ...plain(el('select', common, ...options)), words };
}

const withUnit = (unit, ...nodes) => el('div', { class: 'form-unit' }, ...nodes, el('span', { text: unit }));

const isWithin = (n, min, max) => (min === null || n >= min) && (max === null || n <= max);

function createNumber({ key, kind, own, allowed }, common, { facts }) {
  const [factor, unit] = SHOWN[kind.unit] ?? [1, kind.unit];
  const shown = (text) => (text === '' ? '' : String(Number(text) / factor));
  const isWhole = kind.word === 'whole' && factor === 1;
  const input = el('input', {
    type: 'number',
    inputmode: isWhole ? 'numeric' : 'decimal',
    min: shown(kind.min),
    max: shown(kind.max),
    step: isWhole ? '1' : 'any',
    placeholder: key === 'camera.fps' && facts()?.fps ? decimal(facts().fps) : null,
    ...common,
  });
  const told = (text) => (factor === 1 ? text : String(Math.round(Number(text) * factor)));
  const [least, most] = [kind.min, kind.max].map((text) => (text ? Number(text) : null));
  const mayBeEmpty = own === '' || /^empty\b/.test(allowed);
  const isHalf = () => input.value === '' && input.validity.badInput;

  function isFine() {
    if (input.value === '') return mayBeEmpty && !isHalf();
    return (!isWhole || /^-?\d+$/.test(input.value)) && isWithin(Number(told(input.value)), least, most);
  }

  return {
    node: unit ? withUnit(S.units[unit] ?? unit, input) : input,
    value: () => (input.value === '' ? '' : told(input.value)),
    isHalf,
    fault() {
      if (isFine()) return '';
      const range = least === null || most === null ? '' : S.fromTo(shown(kind.min), shown(kind.max));
      return S.numberWithin(range, S.units[unit] ?? unit, isWhole);
    },
    put: (text) => {
      input.value = shown(text);
    },
    words: (text) => (text === '' ? S.asSource : [shown(text), unit].filter(Boolean).join(' ')),
  };
}

const millis = (text) => text.replace(TIME, (_, n, unit) => n * TIME_UNITS[unit]);

/** Not one of a time that is no whole number of one unit. */
function createDuration({ key, kind, value, own }, common) {
  if (![value, own].every((text) => TIME.test(text))) return null;
  const number = el('input', { type: 'number', inputmode: 'numeric', min: '0', step: '1', ...common });
  const unit = el(
    'select',
    { 'aria-label': S.unitOf(S.settings[key] ?? key), 'aria-describedby': common['aria-describedby'] },
    ...Object.keys(TIME_UNITS).map((u) => el('option', { value: u, text: S.timeUnits[u] })),
  );
  const words = (text) => text.replace(TIME, (_, n, u) => duration(n * TIME_UNITS[u]));
  const [least, most] = [kind.min, kind.max].map((text) => (TIME.test(text) ? Number(millis(text)) : null));
  const valueOf = () => `${number.value}${unit.value}`;
  return {
    node: el('div', { class: 'form-unit' }, number, unit),
    value: valueOf,
    fault() {
      if (!TIME.test(valueOf())) return S.wholeOf(S.timeUnits[unit.value]);
      if (isWithin(Number(millis(valueOf())), least, most)) return '';
      return S.fromTo(words(kind.min), words(kind.max));
    },
    put: (text) => {
      [, number.value, unit.value] = TIME.exec(text);
    },
    words,
  };
}

const sized = (text) => text.replace('x', ' × ');

function createSize({ value, own }, common, { facts, changed }) {
  const { width, height } = facts() ?? {};
  const real = width ? `${width}x${height}` : '';
  const known = [...new Set([real, value, own, ...SIZES])].filter(Boolean);
  const source = value === '' && real ? S.sourceSizeIs(sized(real)) : S.sourceSize;
  const select = el(
    'select',
    common,
    el('option', { value: '', text: source }),
    ...known.map((size) => el('option', { value: size, text: sized(size) })),
    el('option', { value: OTHER, text: S.otherSize }),
  );
  const free = el('input', {
    type: 'text',
    class: 'form-free',
    placeholder: '1280x720',
    'aria-label': S.settings['camera.size'],
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const isOther = () => select.value === OTHER;
  const refresh = () => show(free, isOther());
  select.addEventListener('change', () => {
    refresh();
    changed();
  });
  const valueOf = () => (isOther() ? free.value.replace(/\s*[x×*]\s*/i, 'x').trim() : select.value);
  return {
    node: el('div', { class: 'form-size' }, select, free),
    value: valueOf,
    isHalf: () => isOther() && valueOf() === '',
    fault: () => (isOther() && !SIZE.test(valueOf()) ? S.aSize : ''),
    field: () => (isOther() ? free : select),
    put: (text) => {
      select.value = text === '' || known.includes(text) ? text : OTHER;
      free.value = text;
      refresh();
    },
    words: (text) => (text ? sized(text) : S.asSource),
  };
}

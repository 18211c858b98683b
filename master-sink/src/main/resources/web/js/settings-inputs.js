// An input for each kind of setting: `{node, value(), put(text), words(text)}`, and `unfinished()`: why
// there is no value yet, where that can be. A kind that this page does not know, or a value that its
// input cannot express, gets a box for text.
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
  return { words: (text) => text, ...input };
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

function createNumber({ key, kind }, common, { facts }) {
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
  return {
    node: unit ? withUnit(S.units[unit] ?? unit, input) : input,
    value: () => (input.value === '' ? '' : told(input.value)),
    put: (text) => {
      input.value = shown(text);
    },
    words: (text) => (text === '' ? S.asSource : [shown(text), unit].filter(Boolean).join(' ')),
  };
}

/** Not one of a time that is no whole number of one unit. */
function createDuration({ key, value, own }, common) {
  if (![value, own].every((text) => TIME.test(text))) return null;
  const number = el('input', { type: 'number', inputmode: 'numeric', min: '0', step: '1', ...common });
  const unit = el(
    'select',
    { 'aria-label': S.unitOf(S.settings[key] ?? key), 'aria-describedby': common['aria-describedby'] },
    ...Object.keys(TIME_UNITS).map((u) => el('option', { value: u, text: S.timeUnits[u] })),
  );
  return {
    node: el('div', { class: 'form-unit' }, number, unit),
    value: () => `${number.value}${unit.value}`,
    put: (text) => {
      [, number.value, unit.value] = TIME.exec(text);
    },
    words: (text) => text.replace(TIME, (_, n, u) => duration(n * TIME_UNITS[u])),
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
  const refresh = () => show(free, select.value === OTHER);
  select.addEventListener('change', () => {
    refresh();
    changed();
  });
  return {
    node: el('div', { class: 'form-size' }, select, free),
    value: () =>
      select.value === OTHER ? free.value.replace(/\s*[x×*]\s*/i, 'x').trim() : select.value,
    put: (text) => {
      select.value = text === '' || known.includes(text) ? text : OTHER;
      free.value = text;
      refresh();
    },
    words: (text) => (text ? sized(text) : S.asSource),
  };
}

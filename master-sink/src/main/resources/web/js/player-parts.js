// What the player is made of, and how a segment looks in it. What it does is in player.js.
import { videoUrl } from './api.js';
import { button, el, icon, setIcon, setText, show } from './dom.js';
import * as f from './format.js';
import { marksOf } from './marks.js';
import { isOwner } from './store.js';
import { strings as S } from './strings.js';

const SPEEDS = [0.5, 1, 2, 4, 8, 16];

/**
 * `act`: {toggle, close, seek(ms), step(by), speed(rate), toggleSaved, note(text), share, remove,
 * toggleSound, toggleTogether, toggleFull}.
 */
export function createParts(root, act) {
  const noted = note(act);
  const parts = { ...picture(act), ...head(act), ...scrubber(act), ...controls(act, noted.note), ...noted };
  root.append(parts.head, parts.notes, parts.screens, parts.scrub, parts.controls);
  return parts;
}

function picture(act) {
  const problem = el('div', { class: 'player-problem', role: 'alert', hidden: true });
  const spinner = el('div', { class: 'player-spinner', 'aria-hidden': 'true' });
  const stage = el('div', { class: 'player-stage', on: { click: act.toggle } }, spinner, problem);
  const screens = el('div', { class: 'player-screens' }, stage);
  return { screens, stage, problem };
}

function head(act) {
  const camera = el('h2', { class: 'player-camera', id: 'player-title' });
  const wall = el('time', { class: 'player-clock' });
  const date = el('span', { class: 'player-date' });
  const clockNote = el('span', { class: 'player-clock-note', hidden: true });
  const close = button({ name: 'close', label: S.closePlayer, key: 'Esc' }, act.close);
  const when = el('div', { class: 'player-when' }, wall, date, clockNote);
  const node = el('div', { class: 'player-head' }, camera, when, close);
  const notes = el('ul', { class: 'player-notes', data: { testid: 'player-notes' } });
  return { head: node, notes, camera, wall, date, clockNote };
}

/** What somebody writes of a saved segment. */
function note(act) {
  const input = el('input', {
    class: 'player-note-text',
    maxlength: '500',
    placeholder: S.notePlaceholder,
    'aria-label': S.note,
    'data-testid': 'note',
    on: {
      change: () => act.note(input.value.trim()),
      keydown: (event) => event.key === 'Enter' && input.blur(),
    },
  });
  const node = el('label', { class: 'player-note', hidden: true }, icon('bookmark'), input);
  return { note: node, noteText: input };
}

function scrubber(act) {
  const marks = el('div', { class: 'scrub-marks', 'aria-hidden': 'true' });
  const range = el('input', {
    type: 'range',
    class: 'scrub-range',
    min: '0',
    step: '100',
    value: '0',
    'aria-label': S.position,
    on: { input: () => act.seek(Number(range.value)) },
  });
  const from = el('span', { class: 'scrub-end' });
  const to = el('span', { class: 'scrub-end' });
  const bar = el('div', { class: 'scrub-bar' }, marks, range);
  return { scrub: el('div', { class: 'scrub' }, from, bar, to), marks, range, from, to };
}

function controls(act, note) {
  const step = (name, label, key, by) => button({ name, label, key }, () => act.step(by));
  const previous = step('previous', S.previousSegment, '⇧ ←', -1);
  const next = step('next', S.nextSegment, '⇧ →', 1);
  const round = 'button button-icon button-play';
  const play = button({ name: 'play', label: S.play, key: S.spaceKey, class: round }, act.toggle);
  const options = SPEEDS.map((v) =>
    el('option', { value: v, text: S.times(v), selected: v === 1 }),
  );
  const speed = el(
    'select',
    { class: 'select', 'aria-label': S.speed, title: S.speed },
    ...options,
  );
  speed.addEventListener('change', () => act.speed(Number(speed.value)));
  const save = button(
    {
      name: 'bookmark',
      label: S.saveHint,
      text: S.save,
      class: 'button button-save',
      'data-testid': 'save-button',
      'data-for': 'owner',
      'aria-pressed': 'false',
    },
    act.toggleSaved,
  );
  const download = el(
    'a',
    { class: 'button', title: S.download, 'aria-label': S.downloadLabel },
    icon('download'),
    el('span', { class: 'button-text', text: S.download }),
  );
  const remove = button(
    {
      name: 'trash',
      label: S.removeHint,
      text: S.remove,
      'aria-label': S.removeLabel,
      'data-testid': 'delete-button',
      'data-for': 'owner',
    },
    act.remove,
  );
  const sound = button(
    { name: 'muted', label: S.soundOn, key: 'M', 'data-testid': 'sound-button', hidden: true },
    act.toggleSound,
  );
  const share = button(
    { name: 'link', label: S.shareThis, 'data-testid': 'share-segment', 'data-for': 'owner' },
    act.share,
  );
  const together = button(
    {
      name: 'grid',
      label: S.together,
      key: 'W',
      'aria-pressed': 'false',
      'data-testid': 'together',
    },
    act.toggleTogether,
  );
  const full = button({ name: 'full', label: S.fullScreen, key: 'F' }, act.toggleFull);
  const group = (...nodes) => el('div', { class: 'control-group' }, ...nodes);
  const left = group(previous, play, next, speed);
  const node = el(
    'div',
    { class: 'player-controls' },
    left,
    note,
    group(sound, save, download, share, remove, together, full),
  );
  return { controls: node, previous, play, next, sound, save, download, remove, together };
}

/** Fills in everything that stays the same while the segment plays. */
export function showSegment(parts, segment, cameraName) {
  setText(parts.camera, cameraName);
  setText(parts.date, f.longDay(segment.t0));
  setText(parts.clockNote, S.clockNotes[segment.clock] ?? '');
  show(parts.clockNote, segment.clock in S.clockNotes);
  setText(parts.from, f.clock(segment.t0));
  setText(parts.to, f.clock(segment.t1));
  parts.range.max = segment.t1 - segment.t0;
  parts.marks.replaceChildren(
    ...segment.motion.map((m) => motionMark(segment, m)),
    ...gapMarks(segment),
  );
  parts.download.href = videoUrl(segment.id);
  parts.download.download = `${segment.id}.mp4`;
  show(parts.sound, Boolean(segment.audio));
  showMarks(parts, segment);
  showSaved(parts, segment);
}

/** What has to be known of this segment, a sentence each. */
export function showMarks({ notes }, segment) {
  const marks = marksOf(segment);
  const key = JSON.stringify(marks);
  if (notes.dataset.key === key) return;
  notes.dataset.key = key;
  notes.replaceChildren(
    ...marks.map(({ kind, sentence }) =>
      el(
        'li',
        { data: { kind } },
        icon(kind === 'damaged' ? 'alert' : 'info'),
        el('span', { text: sentence }),
      ),
    ),
  );
  show(notes, marks.length > 0);
}

export function showSound({ sound }, muted) {
  setIcon(sound, muted ? 'muted' : 'sound');
  sound.setAttribute('aria-label', muted ? S.soundOn : S.soundOff);
  sound.title = `${muted ? S.soundOn : S.soundOff} (M)`;
}

export function showSaved({ save, remove, note, noteText }, segment) {
  const text = segment.note ?? '';
  show(note, segment.saved && (isOwner() || text !== ''));
  noteText.readOnly = !isOwner();
  if (document.activeElement !== noteText) noteText.value = text;
  remove.disabled = segment.saved;
  remove.title = segment.saved ? S.removeSavedHint : `${S.removeHint} (Del)`;
  save.setAttribute('aria-pressed', String(segment.saved));
  save.setAttribute('aria-label', segment.saved ? S.savedLabel : S.saveLabel);
  setText(save.querySelector('.button-text'), segment.saved ? S.saved : S.save);
  save.title = `${segment.saved ? S.unsaveHint : S.saveHint} (S)`;
}

/** A stretch of the bar from `t0` to `t1`. */
function mark(kind, segment, t0, t1) {
  const share = (ms) => `${(ms / (segment.t1 - segment.t0)) * 100}%`;
  const node = el('span', { class: kind });
  node.style.left = share(t0 - segment.t0);
  node.style.width = share(t1 - t0);
  return node;
}

function motionMark(segment, motion) {
  const node = mark('scrub-motion', segment, motion.t0, motion.t1);
  node.style.height = `${30 + 70 * f.strength(motion.score)}%`;
  return node;
}

/** A gap may lie right before the segment; then it is not on its bar. */
function gapMarks(segment) {
  const inside = segment.gaps.filter((gap) => gap.t1 > segment.t0);
  return inside.map((gap) => mark('scrub-gap', segment, Math.max(gap.t0, segment.t0), gap.t1));
}

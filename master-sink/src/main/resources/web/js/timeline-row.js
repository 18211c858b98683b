// One camera's row: its label and its strip, and what the strip says about a moment.
import * as api from './api.js';
import { el } from './dom.js';
import { heardOf, isFilmed } from './filming.js';
import * as f from './format.js';
import { peak } from './footage.js';
import { titleOf } from './incidents.js';
import { marksOf } from './marks.js';
import { state } from './store.js';
import { strings as S } from './strings.js';

/** `act`: {key(row, event), focus(row), blur(row)}. The strip is a slider over the segments. */
export function createRow(camera, act) {
  const canvas = el('canvas', { class: 'tl-canvas' });
  const dot = el('span', { class: 'dot' });
  const name = el('span', { class: 'tl-name', text: camera.name });
  const label = el('div', { class: 'tl-label' }, dot, name);
  const strip = el(
    'div',
    {
      class: 'tl-strip',
      tabindex: '0',
      role: 'slider',
      'aria-valuemin': '0',
      'aria-valuenow': '0',
      'aria-label': S.timelineOf(camera.name),
      'aria-describedby': 'timeline-keys',
      data: { testid: 'timeline-strip', camera: camera.id },
    },
    canvas,
  );
  const data = { testid: 'timeline-row', camera: camera.id };
  const node = el('div', { class: 'tl-row', data }, label, strip);
  const row = { id: camera.id, node, canvas, strip, dot, name, cursor: null };
  strip.addEventListener('keydown', (event) => act.key(row, event));
  strip.addEventListener('focus', () => strip.matches(':focus-visible') && act.focus(row));
  strip.addEventListener('blur', () => act.blur(row));
  return row;
}

/** Tells screen readers and tests which segment is chosen. */
export function speakChoice(row, segment, dayFrom) {
  row.node.dataset.selected = segment?.id ?? '';
  row.strip.setAttribute('aria-valuetext', segment ? spoken(segment) : S.noFootage);
  if (segment) {
    row.strip.setAttribute('aria-valuenow', Math.round((segment.t0 - dayFrom) / 1000));
  }
}

function spoken(segment) {
  const motion = segment.motion.length ? f.percent(peak(segment)) : null;
  const marks = marksOf(segment).map((mark) => mark.word);
  return [
    S.segmentSpoken(f.clock(segment.t0), f.clock(segment.t1), motion, segment.saved),
    ...marks,
  ].join(', ');
}

/** What the tooltip says about a moment; `reach` is how far off, in ms, something still counts. */
export function describe(camera, t, reach) {
  const gap = state.footage.gapAt(camera, t);
  const filmed = isFilmed(camera, t);
  const segment = gap || filmed ? null : state.footage.at(camera, t, reach);
  const distance = (m) => Math.abs(Math.max(m.t0, Math.min(m.t1, t)) - t);
  const moves = [...(segment?.motion ?? []), ...heardOf(camera)];
  const motion = moves.filter((m) => distance(m) < reach / 2);
  const lines = [];
  if (segment) lines.push({ text: `${f.clock(segment.t0)} – ${f.clock(segment.t1)}` });
  if (motion.length) {
    const most = Math.max(...motion.map((m) => m.score));
    const reasons = motion.flatMap((m) => m.zones ?? []).join(', '); // of triggers from outside
    lines.push({ kind: 'motion', text: most > 0 ? S.motionScore(f.percent(most)) : reasons });
  }
  for (const u of (segment?.unknown ?? []).filter((span) => span.t0 <= t && t < span.t1)) {
    lines.push({ kind: u.isAsked ? 'none' : 'unknown', text: S.unknownMotion(u) });
  }
  for (const fault of state.events.filter((e) => e.type === 'fault' && e.camera === camera)) {
    const end = Math.min(fault.t1, api.now());
    if (t < fault.t0 - reach / 2 || t > end + reach / 2) continue;
    const text = S.faultFor(S.fault(fault), f.duration(end - fault.t0));
    lines.push({ kind: 'fault', text });
  }
  for (const incident of state.incidents.values()) {
    const end = Math.min(incident.t1, api.now());
    if (t < incident.t0 - reach / 2 || t > end + reach / 2) continue;
    lines.push({ kind: 'fault', text: titleOf(incident) });
  }
  for (const { kind } of segment ? marksOf(segment) : []) {
    if (kind !== 'unknown') lines.push({ kind, text: S.markLines[kind] });
  }
  if (segment?.saved) lines.push({ kind: 'saved', text: segment.note || S.saved });
  const length = gap && f.duration(gap.t1 - gap.t0);
  if (gap?.isLoss) lines.push({ kind: 'gap', text: S.gapOf(length, gap.reason) });
  else if (gap) lines.push({ kind: 'none', text: S.restOf(length) });
  else if (filmed) lines.push({ kind: 'none', text: S.beingFilmed });
  else if (!segment) lines.push({ kind: 'none', text: t > api.now() ? S.future : S.noFootage });
  return { title: f.clock(t), lines, at: t, poster: segment && !segment.damaged ? segment : null };
}

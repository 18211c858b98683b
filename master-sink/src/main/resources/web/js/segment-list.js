// Rows of segments in a dialog: what was deleted, what is damaged.
import { now } from './api.js';
import { arrange, el } from './dom.js';
import * as f from './format.js';
import { marksOf } from './marks.js';
import { nameOf } from './store.js';
import { strings as S } from './strings.js';

/**
 * Keeps one row for each segment. `parts(segment)` gives what a row has beside its facts: {buttons,
 * note(segment)}.
 */
export function createSegmentList(parts) {
  const root = el('ul', { class: 'rows' });
  const rows = new Map();
  return {
    root,
    show(segments) {
      const ids = new Set(segments.map((s) => s.id));
      keepFocus(rows, ids);
      for (const [id, row] of rows) {
        if (ids.has(id)) continue;
        row.node.remove();
        rows.delete(id);
      }
      for (const segment of segments)
        if (!rows.has(segment.id)) rows.set(segment.id, createRow(segment, parts(segment)));
      arrange(
        root,
        segments.map((s) => rows.get(s.id).node),
      );
    },
  };
}

/** A row that goes gives the focus to the one after it, or before it. */
function keepFocus(rows, ids) {
  const list = [...rows.entries()];
  const at = list.findIndex(([, row]) => row.node.contains(document.activeElement));
  if (at < 0 || ids.has(list[at][0])) return;
  const index = [...list[at][1].node.querySelectorAll('button')].indexOf(document.activeElement);
  const rest = [...list.slice(at + 1), ...list.slice(0, at).reverse()];
  const next = rest.find(([id]) => ids.has(id))?.[1].node ?? null;
  const close = document.activeElement.closest('dialog')?.querySelector('button');
  (next ? next.querySelectorAll('button')[index] : close)?.focus();
}

function createRow(segment, { buttons, note = '' }) {
  const name = nameOf(segment.camera);
  const facts = [f.duration(segment.t1 - segment.t0), f.bytes(segment.bytes)];
  if (segment.motion.length) facts.push(S.moved);
  facts.push(...marksOf(segment).map((mark) => mark.word));
  const node = el(
    'li',
    { class: 'row', data: { testid: 'segment-row', segment: segment.id } },
    el(
      'div',
      { class: 'row-text' },
      el(
        'p',
        { class: 'row-title' },
        el('strong', { text: name }),
        el('span', { text: `${f.dayAndTime(segment.t0, now())} – ${f.clock(segment.t1)}` }),
      ),
      el('p', { class: 'row-facts', text: facts.join(' · ') }),
      note ? el('p', { class: 'row-note', text: note }) : null,
    ),
    el('div', { class: 'row-buttons' }, ...buttons),
  );
  return { node };
}

/** What names a segment in a sentence. */
export const spoken = (segment) =>
  S.segmentOf(
    nameOf(segment.camera),
    f.dayAndTime(segment.t0, now()),
  );

// Takes a stretch of footage away as one file: what will be in it, and how far it is.
import * as api from './api.js';
import { button, el, setText, show } from './dom.js';
import * as f from './format.js';
import { createSheet } from './sheet.js';
import { state } from './store.js';
import { strings as S } from './strings.js';

/** What is larger is not kept in the browser's memory on its way to the disk. */
const MOST_IN_MEMORY = 512e6;
const TELL_EVERY_MS = 100;

/** Returns the function that opens it for a stretch {camera, from, to}. */
export function createExport() {
  let plan = null;
  let range = null;
  let stopper = null;

  const sheet = createSheet(S.exportTitle, { testid: 'export', hidden: () => stopper?.abort() });
  const facts = el('dl', { class: 'export-facts', data: { testid: 'export-facts' } });
  const about = el('p', { class: 'sheet-about', text: S.exportAbout });
  const bar = el('progress', { class: 'export-bar', max: '1', value: '0', 'aria-label': S.progress });
  const said = el('p', { class: 'sheet-said', role: 'status', data: { testid: 'export-said' } });
  const cancel = button(
    { text: S.cancel, label: S.cancel, 'data-testid': 'export-cancel', hidden: true },
    () => stopper?.abort(),
  );
  const start = button(
    {
      name: 'download',
      text: S.exportSave,
      label: S.exportSave,
      class: 'button button-primary',
      'data-testid': 'export-save',
    },
    save,
  );
  sheet.body.append(facts, about, bar);
  sheet.root.append(el('div', { class: 'sheet-foot' }, said, cancel, start));

  async function open(wanted) {
    range = wanted;
    plan = null;
    facts.replaceChildren();
    show(bar, false);
    show(start, false);
    setText(said, S.loading);
    sheet.open();
    try {
      plan = await api.exportPlan(range);
    } catch (error) {
      setText(said, S.sentence(error.message));
      return;
    }
    if (wanted !== range) return;
    setText(said, '');
    facts.replaceChildren(...rows(plan));
    show(start, true);
    start.focus();
  }

  async function save() {
    const target = await chooseTarget();
    if (!target) return;
    stopper = new AbortController();
    show(start, false);
    show(cancel, true);
    show(bar, true);
    const begun = performance.now();
    try {
      await api.exportTo(range, target, stopper.signal, calm((done) => tell(done, begun)));
      await target.close();
      bar.value = 1;
      setText(said, S.exported(plan.fileName));
    } catch (error) {
      await target.abort?.();
      setText(said, stopper.signal.aborted ? S.exportStopped : S.notDone(error.message));
    }
    stopper = null;
    show(cancel, false);
    show(start, true);
  }

  /** Where the bytes go: a file that the person names, where the browser can do that, or memory. */
  async function chooseTarget() {
    if (plan.bytes <= MOST_IN_MEMORY) return memory(plan.fileName);
    if (!window.showSaveFilePicker) {
      link(api.exportUrl(range), plan.fileName); // the browser shows how far it is
      setText(said, S.exportByBrowser);
      return null;
    }
    try {
      const file = await window.showSaveFilePicker({ suggestedName: plan.fileName });
      return await file.createWritable();
    } catch {
      return null; // nobody has chosen one
    }
  }

  function tell(done, begun) {
    bar.value = done / plan.bytes;
    const left = ((performance.now() - begun) / done) * (plan.bytes - done);
    setText(said, S.exporting(f.bytes(done), f.bytes(plan.bytes), f.age(left)));
  }

  return open;
}

function rows(plan) {
  const t0 = Date.parse(plan.start);
  const t1 = Date.parse(plan.end);
  const list = [
    [S.start, f.dayAndTime(t0, api.now())],
    [S.end, f.dayAndTime(t1, api.now())],
    [S.duration, f.duration(f.lengthOf(plan))],
    [S.size, f.bytes(plan.bytes)],
    ...missingOf(plan),
  ];
  if (plan.unreadable) list.push([S.markLines.damaged, S.exportDamaged(plan.unreadable)]);
  return list.flatMap(([term, text]) => [el('dt', { text: term }), el('dd', { text })]);
}

/** What there is no footage of, in how much and when: one pair, or none. */
export function missingOf({ missing }) {
  if (!missing.length) return [];
  const holes = missing.map((m) => [Date.parse(m.start), Date.parse(m.end)]);
  const gone = holes.reduce((sum, [a, b]) => sum + b - a, 0);
  const spans = holes.slice(0, 5).map(([a, b]) => `${f.clock(a)} – ${f.clock(b)}`);
  if (holes.length > 5) spans.push(S.moreOf(holes.length - 5));
  return [[S.exportMissing(f.duration(gone)), spans.join(', ')]];
}

/** Collects the bytes, and hands them to the browser as a download at the end. */
function memory(name) {
  const parts = [];
  return {
    write: (chunk) => parts.push(chunk),
    close() {
      const url = URL.createObjectURL(new Blob(parts, { type: 'video/mp4' }));
      link(url, name);
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    },
  };
}

function link(url, name) {
  const a = el('a', { href: url, download: name });
  document.body.append(a);
  a.click();
  a.remove();
}

/** Calls no more often than people read. */
function calm(tell) {
  let last = 0;
  return (done) => {
    if (performance.now() - last < TELL_EVERY_MS) return;
    last = performance.now();
    tell(done);
  };
}

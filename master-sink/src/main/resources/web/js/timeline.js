// The day's timeline: a strip per camera, zoom, pan, tooltip; a click or Enter plays that moment.
import * as api from './api.js';
import { arrange, button, el, setText, show } from './dom.js';
import { filmedNow, heardOf, isFilmed } from './filming.js';
import * as f from './format.js';
import { markRange } from './range.js';
import { on, setRange, state } from './store.js';
import { strings as S } from './strings.js';
import { drawRow, prepareCanvas, readPalette } from './timeline-draw.js';
import { attachGestures, attachScrollThumb } from './timeline-gestures.js';
import { chosenBy } from './timeline-keys.js';
import { createRow, describe, speakChoice } from './timeline-row.js';
import { TimelineView } from './timeline-view.js';
import { createTooltip } from './tooltip.js';

const HIT_PX = 12;
/** What a label takes, in its root's ems: people choose the size of letters. */
const LABEL_REM = 2.875;

export function createTimeline(root, { onPlay, onFilmed }) {
  const view = new TimelineView(state.day.from, state.day.to);
  const rows = new Map();
  const tooltip = createTooltip();
  let width = 0;
  let palette = readPalette();
  let painting = false;
  /** Until somebody zooms or pans, the timeline chooses by itself what it shows of today. */
  let isAuto = true;

  const ruler = el('div', { class: 'tl-ruler', 'aria-hidden': 'true' });
  const body = el('div', { class: 'tl-rows' });
  const thumb = el('div', { class: 'tl-scroll-thumb' });
  const scroll = el('div', { class: 'tl-scroll', 'aria-hidden': 'true' }, thumb);
  const note = el('p', { class: 'tl-note', role: 'status' });
  const zoomIn = button({ name: 'plus', label: S.zoomIn, key: '+' }, () => zoom(2));
  const zoomOut = button({ name: 'minus', label: S.zoomOut, key: '−' }, () => zoom(1 / 2));
  const whole = button(
    { text: S.wholeDay, label: S.wholeDay, key: '0', class: 'button tl-whole' },
    () => zoom(0),
  );
  /** Whether the next drag marks a stretch, and does not pan. */
  let isSelecting = false;
  const marker = button(
    {
      name: 'range',
      label: S.selectRange,
      key: '⇧',
      'aria-pressed': 'false',
      'data-testid': 'range-select',
    },
    () => setSelecting(!isSelecting),
  );
  function setSelecting(value) {
    isSelecting = value;
    marker.setAttribute('aria-pressed', value);
    root.dataset.selecting = value;
  }
  root.querySelector('.tl-zoom').append(marker, whole, zoomOut, zoomIn);
  root.querySelector('.tl-body').append(ruler, body, scroll, note);

  function zoom(factor, anchor = state.playing?.at) {
    isAuto = false;
    const inSight = anchor > view.from && anchor < view.to;
    if (factor) view.zoom(factor, inSight ? anchor : undefined);
    else view.setDay(view.dayFrom, view.dayTo);
    repaint();
  }

  /** How far off, in ms, the mouse still hits. */
  const reach = () => (HIT_PX / width) * view.span;

  const act = {
    key: onKey,
    focus: (row) => select(row, row.cursor ?? defaultCursor(row)),
    blur: () => {
      tooltip.hide();
      repaint();
    },
  };

  /** What was taken off the wall is there on the days of its footage. */
  const isWanted = (camera) => camera.state !== 'removed' || state.footage.of(camera.id).length > 0;

  function refreshRows() {
    if ([...state.cameras.values()].some((camera) => isWanted(camera) !== rows.has(camera.id))) rebuild();
    else refreshLabels();
  }

  function rebuild() {
    const wanted = [...state.cameras.values()].filter(isWanted).map((camera) => camera.id);
    for (const [id, row] of rows) {
      if (wanted.includes(id)) continue;
      row.node.remove();
      rows.delete(id);
    }
    for (const id of wanted) if (!rows.has(id)) rows.set(id, createRow(state.cameras.get(id), act));
    arrange(
      body,
      wanted.map((id) => rows.get(id).node),
    );
    root.dataset.rows = Math.min(rows.size, 6);
    measure();
    refreshLabels();
  }

  function refreshLabels() {
    for (const row of rows.values()) {
      const camera = state.cameras.get(row.id);
      setText(row.name, camera.name);
      row.dot.dataset.state = state.link.status === 'down' ? 'unknown' : camera.state;
      row.node.dataset.segments = state.footage.of(row.id).length;
      row.strip.setAttribute('aria-valuemax', (view.dayTo - view.dayFrom) / 1000); // 23 to 25 h
    }
  }

  /** Where the keyboard starts: what plays, or else the last segment in sight. */
  function defaultCursor(row) {
    if (state.playing?.camera === row.id) return state.playing.segment;
    const list = state.footage.of(row.id);
    const after = state.footage.indexAfter(row.id, view.to - 1);
    return list[Math.min(after, list.length - 1)] ?? null;
  }

  function select(row, segment) {
    row.cursor = segment;
    speakChoice(row, segment, view.dayFrom);
    if (!segment) return;
    const middle = (segment.t0 + segment.t1) / 2;
    view.reveal(middle);
    repaint();
    const box = row.strip.getBoundingClientRect();
    const tip = describe(row.id, segment.t0, segment.t1 - segment.t0);
    tooltip.show(box.left + view.x(middle, box.width), box.top, tip);
  }

  function onKey(row, event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const current = row.cursor ?? defaultCursor(row);
    const chosen = chosenBy(event.key, row.id, current);
    const act = {
      ArrowDown: () => moveRow(row, 1),
      ArrowUp: () => moveRow(row, -1),
      '+': () => zoom(2, current?.t0),
      '=': () => zoom(2, current?.t0),
      '-': () => zoom(1 / 2, current?.t0),
      0: () => zoom(0),
      i: () => current && markRange('from', row.id, current.t0),
      o: () => current && markRange('to', row.id, current.t1),
      Enter: () => playFrom(current),
      ' ': () => playFrom(current),
    }[event.key];
    if (chosen !== undefined) select(row, chosen);
    else if (act) act();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function playFrom(segment) {
    tooltip.hide();
    if (segment) onPlay(segment, segment.t0);
  }

  function moveRow(row, by) {
    const order = [...rows.values()];
    const other = order[order.indexOf(row) + by];
    if (!other) return;
    other.cursor = row.cursor ? state.footage.at(other.id, row.cursor.t0, Infinity) : other.cursor;
    other.strip.focus();
  }

  attachGestures(body, view, {
    width: () => width,
    changed: () => {
      isAuto = false;
      tooltip.hide();
      repaint();
    },
    hover: (strip, x, left, top) =>
      tooltip.show(left + x, top, describe(strip.dataset.camera, view.time(x, width), reach())),
    leave: () => tooltip.hide(),
    selects: (event) => isSelecting || event.shiftKey,
    select: (strip, x, other, isDone) => {
      tooltip.hide();
      const [from, to] = [view.time(x, width), view.time(other, width)].sort((a, b) => a - b);
      setRange({ camera: strip.dataset.camera, from, to: Math.min(to, api.now()) });
      if (isDone) setSelecting(false);
    },
    click: (strip, x) => {
      const t = view.time(x, width);
      const { camera } = strip.dataset;
      const filmed = isFilmed(camera, t);
      const segment = filmed ? null : state.footage.at(camera, t, reach());
      rows.get(camera).cursor = segment;
      if (filmed) onFilmed({ camera, t0: t });
      else if (segment) onPlay(segment, Math.min(Math.max(t, segment.t0), segment.t1 - 1));
    },
  });
  attachScrollThumb(scroll, thumb, view, () => {
    isAuto = false;
    repaint();
  });

  function chooseView() {
    const now = api.now();
    if (!isAuto || state.playing || state.day.loading || now < view.dayFrom || now >= view.dayTo)
      return;
    const firstOf = (id) => state.footage.of(id)[0]?.t0 ?? filmedNow(id)?.t0 ?? Infinity;
    const first = Math.min(...[...rows.keys()].map(firstOf));
    if (view.isWhole) view.fit(Math.max(first, view.dayFrom), now);
    else view.follow(now);
  }

  function measure() {
    width = body.querySelector('.tl-strip')?.clientWidth ?? 0;
    repaint();
  }

  function repaint() {
    if (painting) return;
    painting = true;
    requestAnimationFrame(() => {
      painting = false;
      paint();
    });
  }

  function paint() {
    if (!width) return;
    const room = LABEL_REM * parseFloat(getComputedStyle(document.documentElement).fontSize);
    const { step, ticks } = view.ticks(width, room * 1.6);
    const label = step < 60_000 ? f.clock : f.hour;
    ruler.replaceChildren(
      ...ticks.flatMap((t) => {
        const x = view.x(t, width);
        const edge = t === view.dayFrom ? 'start' : t === view.dayTo ? 'end' : null;
        // Between midnights a label that would be cut off at the edge is left out.
        if (!edge && (x < room / 2 || x > width - room / 2)) return [];
        const tick = el('span', { class: 'tl-tick', text: label(t), 'data-at': edge });
        tick.style.left = `${x}px`;
        return [tick];
      }),
    );
    const focused = document.activeElement;
    for (const row of rows.values()) {
      const height = row.strip.clientHeight;
      drawRow(
        prepareCanvas(row.canvas, width, height),
        view,
        state.footage,
        row.id,
        {
          width,
          height,
          ticks,
          filmed: filmedNow(row.id),
          heard: heardOf(row.id),
          faults: state.events.filter((e) => e.type === 'fault' && e.camera === row.id),
          incidents: [...state.incidents.values()],
          now: api.now(),
          range: state.range?.camera === row.id ? state.range : null,
          cursor: focused === row.strip && row.strip.matches(':focus-visible') ? row.cursor : null,
          playhead: state.playing?.camera === row.id ? state.playing.at : null,
        },
        palette,
      );
    }
    const day = view.dayTo - view.dayFrom;
    thumb.style.left = `${((view.from - view.dayFrom) / day) * 100}%`;
    thumb.style.width = `${(view.span / day) * 100}%`;
    scroll.dataset.whole = view.isWhole;
    zoomIn.disabled = view.isClosest;
    zoomOut.disabled = view.isWhole;
    whole.disabled = view.isWhole;
    refreshNote();
  }

  const damaged = root.querySelector('.legend [data-kind="damaged"]');

  function refreshNote() {
    show(
      damaged,
      [...rows.keys()].some((id) => state.footage.of(id).some((s) => s.damaged)),
    );
    const empty = [...rows.keys()].every(
      (id) => state.footage.of(id).length === 0 && !filmedNow(id),
    );
    const text = state.day.failed
      ? S.dayFailed
      : !empty
        ? ''
        : state.day.loading
          ? S.loading
          : S.emptyDay;
    setText(note, text);
    show(note, text !== '' && rows.size > 0);
  }

  on('cameras', rebuild);
  on('camera', refreshRows);
  on('link', refreshLabels);
  on('day', () => {
    view.setDay(state.day.from, state.day.to);
    isAuto = true;
    for (const row of rows.values()) row.cursor = null;
    repaint();
  });
  on('footage', () => {
    chooseView();
    refreshRows();
    repaint();
  });
  for (const topic of ['events', 'incidents', 'range', 'filter', 'saved']) on(topic, repaint);
  /** While something plays, few rows are in sight, with its own among them. */
  let inSight = null;
  function scrollToRow() {
    const row = rows.get(state.playing?.camera) ?? null;
    if (row === inSight) return;
    inSight = row;
    if (row) body.scrollTop = row.node.offsetTop - body.firstElementChild.offsetTop;
  }

  on('playing', () => {
    scrollToRow();
    if (state.playing?.following && !view.isWhole) view.reveal(state.playing.at);
    repaint();
  });
  on('tick', () => {
    chooseView();
    if (api.now() > view.from && api.now() < view.to) repaint();
  });
  on('theme', () => {
    palette = readPalette();
    repaint();
  });
  new ResizeObserver(measure).observe(body);
}

// Paints one camera's strip. Thousands of segments melt into few rectangles, so that a paint costs
// what is seen, not what is stored.
import { isFiltering, matches, matchesEvent } from './filter.js';
import { strength } from './format.js';
import { peak } from './footage.js';

/** Colours come from the style sheet, so that themes and print follow it. */
export function readPalette() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    track: of('tl-track'),
    footage: of('tl-footage'),
    outline: of('tl-outline'),
    edge: of('tl-edge'),
    motion: of('tl-motion'),
    saved: of('saved'),
    gap: of('tl-gap'),
    grid: of('tl-grid'),
    text: of('text'),
    accent: of('accent'),
    fault: of('tl-fault'),
    surface: of('surface'),
    future: of('tl-future'),
  };
}

/** Sizes a canvas for the screen's pixels and returns its context in CSS pixels. */
export function prepareCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const w = Math.round(width * ratio);
  const h = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/**
 * Paints the row of one camera.
 *
 * @param row {width, height, now, cursor (segment or null), playhead (time or null), ticks,
 *     faults and heard (events of this camera: what was wrong, and motion of which the segment is not
 *     here), filmed ({t0, t1} of what it films now, or null), incidents (of all), range ({from, to} that is marked, or null)}
 */
export function drawRow(c, view, footage, camera, row, palette) {
  const { width, height } = row;
  c.fillStyle = palette.track;
  c.fillRect(0, 0, width, height);
  const list = footage.of(camera);
  const seen = visible(list, footage.indexAfter(camera, view.from), view.to);
  drawFuture(c, view, row, palette);
  drawFilmed(c, view, row, palette);
  const wanted = isFiltering() ? seen.filter(matches) : seen;
  if (wanted !== seen) {
    c.globalAlpha = 0.3; // what is left out is there all the same
    drawFootage(c, view, seen, row, palette);
    c.globalAlpha = 1;
  }
  drawFootage(c, view, wanted, row, palette);
  drawIncidents(c, view, row, palette);
  drawGrid(c, view, row, palette);
  drawDamaged(c, view, seen, row, palette);
  drawGaps(c, view, seen, list, row, palette);
  drawUnknown(c, view, seen, row, palette);
  drawMotion(c, view, [...wanted, { motion: row.heard.filter(matchesEvent) }], row, palette);
  drawSaved(c, view, seen, row, palette);
  drawFaults(c, view, row, palette);
  if (row.range) drawRange(c, view, row.range, row, palette);
  if (row.cursor) drawCursor(c, view, row.cursor, row, palette);
  drawLine(c, view, row.now, row, palette.text, 1);
  if (row.playhead !== null) {
    drawLine(c, view, row.playhead, row, palette.surface, 7);
    drawLine(c, view, row.playhead, row, palette.text, 3);
  }
}

function visible(list, first, to) {
  let last = first;
  while (last < list.length && list[last].t0 < to) last += 1;
  return list.slice(first, last);
}

function drawFuture(c, view, { width, height, now }, palette) {
  const end = Math.min(width, view.x(now, width));
  if (end >= width) return;
  c.fillStyle = palette.future;
  c.fillRect(Math.max(0, end), 0, width, height);
}

/** In stripes, for it is there and not here. */
function drawFilmed(c, view, { width, height, filmed }, palette) {
  if (!filmed) return;
  const a = Math.max(0, view.x(filmed.t0, width));
  const b = Math.min(width, view.x(filmed.t1, width));
  c.fillStyle = palette.footage;
  for (let x = Math.ceil(a / 6) * 6; x < b; x += 6) c.fillRect(x, 0, Math.min(3, b - x), height);
  c.fillStyle = palette.outline;
  for (const y of [0, height - OUTLINE]) c.fillRect(a, y, Math.max(0, b - a), OUTLINE);
}

function drawFootage(c, view, segments, { width, height }, palette) {
  let from = null;
  let to = null;
  const edges = [];
  const flush = () => {
    if (from === null) return;
    const w = Math.max(1, to - from);
    c.fillStyle = palette.outline; // alone has enough contrast to what is around
    c.fillRect(from, 0, w, height);
    c.fillStyle = palette.footage;
    if (w > 2) c.fillRect(from, OUTLINE, w, height - 2 * OUTLINE);
  };
  for (const s of segments) {
    const a = view.x(s.t0, width);
    const b = view.x(s.t1, width);
    if (from !== null && a - to < 0.75) {
      if (b - a > 9) edges.push(a);
      to = Math.max(to, b);
    } else {
      flush();
      from = a;
      to = b;
    }
  }
  flush();
  // Where they are wide enough to be told apart, segments show their borders.
  c.fillStyle = palette.edge;
  for (const x of edges) c.fillRect(Math.round(x), 0, 1, height);
}

function drawGrid(c, view, { width, height, ticks }, palette) {
  c.fillStyle = palette.grid;
  for (const t of ticks) c.fillRect(Math.round(view.x(t, width)), 0, 1, height);
}

function drawGaps(c, view, seen, list, { width, height }, palette) {
  const next = seen.length ? list[list.indexOf(seen[seen.length - 1]) + 1] : list[0];
  c.strokeStyle = palette.gap;
  c.fillStyle = palette.gap;
  c.lineWidth = 1;
  for (const s of next ? [...seen, next] : seen) {
    for (const gap of s.gaps.filter((g) => g.isLoss)) {
      const a = Math.max(0, view.x(gap.t0, width));
      const b = Math.min(width, view.x(gap.t1, width));
      if (b < 0 || a > width || b - a <= 0) continue;
      c.fillRect(a, height - 3, Math.max(2, b - a), 3);
      c.save();
      c.beginPath();
      c.rect(a, 0, b - a, height);
      c.clip();
      c.globalAlpha = 0.4;
      c.beginPath();
      for (let x = Math.floor(a / 6) * 6 - height; x < b; x += 6) {
        c.moveTo(x, height);
        c.lineTo(x + height, 0);
      }
      c.stroke();
      c.restore();
    }
  }
}

const OUTLINE = 2;
const TOOTH = 6;

/** A trigger from outside has no score, but is to be seen. */
const LEAST_SCORE = 0.001;

/** Motion rises from the bottom; what falls on one pixel shows its strongest. */
function drawMotion(c, view, segments, { width, height }, palette) {
  c.fillStyle = palette.motion;
  const room = height - 9;
  let from = -10;
  let to = -10;
  let score = 0;
  const flush = () => {
    if (score <= 0) return;
    const h = Math.max(4, room * strength(score));
    c.globalAlpha = 0.75 + 0.25 * strength(score);
    c.fillRect(from, height - 3 - h, Math.max(2, to - from), h);
  };
  for (const s of segments) {
    for (const m of s.motion) {
      const a = view.x(m.t0, width);
      const b = Math.max(a + 2, view.x(m.t1, width));
      if (a < to + 0.5 && b - from < 4) {
        to = Math.max(to, b);
        score = Math.max(score, m.score);
      } else {
        flush();
        [from, to, score] = [a, b, Math.max(m.score, LEAST_SCORE)];
      }
    }
  }
  flush();
  c.globalAlpha = 1;
}

/** Where nobody can tell whether something moved: dots along the line from which motion rises. */
function drawUnknown(c, view, segments, { width, height }, palette) {
  c.fillStyle = palette.motion;
  for (const s of segments) {
    for (const u of s.unknown.filter((span) => !span.isAsked)) {
      const a = Math.max(0, view.x(Math.max(u.t0, s.t0), width));
      const b = Math.min(width, view.x(u.t1, width));
      for (let x = Math.ceil(a / 5) * 5; x < b; x += 5) c.fillRect(x, height - 6, 2, 2);
    }
  }
}

/** Crossed out: what is there may not be what was filmed. */
function drawDamaged(c, view, segments, { width, height }, palette) {
  for (const s of segments) {
    if (!s.damaged) continue;
    const a = view.x(s.t0, width);
    const w = Math.max(4, view.x(s.t1, width) - a);
    c.save();
    c.beginPath();
    c.rect(a, 0, w, height);
    c.clip();
    c.globalAlpha = 0.22;
    c.fillStyle = palette.fault;
    c.fillRect(a, 0, w, height);
    c.globalAlpha = 1;
    c.strokeStyle = palette.fault;
    c.lineWidth = 1.5;
    c.beginPath();
    for (let x = a - height; x < a + w; x += 9) {
      c.moveTo(x, 0);
      c.lineTo(x + height, height);
    }
    c.stroke();
    c.restore();
  }
}

function drawSaved(c, view, segments, { width }, palette) {
  c.fillStyle = palette.saved;
  for (const s of segments) {
    if (!s.saved) continue;
    const a = view.x(s.t0, width);
    c.fillRect(a, 0, Math.max(3, view.x(s.t1, width) - a), 4);
  }
}

/** Teeth, below where saving is marked, so that neither hides the other. */
function drawFaults(c, view, { width, now, faults }, palette) {
  c.fillStyle = palette.fault;
  for (const fault of faults) {
    const a = view.x(fault.t0, width);
    const b = Math.max(a + 3, view.x(Math.min(fault.t1, now), width));
    if (b < 0 || a > width) continue;
    const end = Math.min(width, b);
    c.beginPath();
    for (let x = Math.max(0, a); x < end; x += TOOTH) {
      c.moveTo(x, 5);
      c.lineTo(x + TOOTH, 5);
      c.lineTo(x + TOOTH / 2, 11);
    }
    c.fill();
  }
}

/** Over all rows at once: what happened to one camera is what the others were told of. */
function drawIncidents(c, view, { width, height, now, incidents }, palette) {
  c.fillStyle = palette.fault;
  for (const incident of incidents) {
    const a = view.x(incident.t0, width);
    const b = Math.max(a + 3, view.x(Math.min(incident.t1, now), width));
    if (b < 0 || a > width) continue;
    c.globalAlpha = 0.16;
    c.fillRect(Math.max(0, a), 0, Math.min(width, b) - Math.max(0, a), height);
    c.globalAlpha = 0.9;
    c.fillRect(a, 0, 2, height);
  }
  c.globalAlpha = 1;
}

function drawCursor(c, view, segment, { width, height }, palette) {
  const a = view.x(segment.t0, width);
  const w = Math.max(6, view.x(segment.t1, width) - a);
  c.lineWidth = 4;
  c.strokeStyle = palette.surface;
  c.strokeRect(a - 1, 2, w + 2, height - 4);
  c.lineWidth = 2;
  c.strokeStyle = peak(segment) ? palette.accent : palette.text;
  c.strokeRect(a - 1, 2, w + 2, height - 4);
}

/** What is marked, with a bracket at each end. */
function drawRange(c, view, { from, to }, { width, height }, palette) {
  const a = view.x(from, width);
  const b = view.x(to, width);
  c.fillStyle = palette.accent;
  c.globalAlpha = 0.28;
  c.fillRect(a, 0, Math.max(2, b - a), height);
  c.globalAlpha = 1;
  for (const [x, inward] of [
    [a, 1],
    [b, -1],
  ]) {
    c.fillRect(Math.round(x) - 1, 0, 3, height);
    c.fillRect(inward > 0 ? x : x - 7, 0, 7, 3);
    c.fillRect(inward > 0 ? x : x - 7, height - 3, 7, 3);
  }
}

function drawLine(c, view, t, { width, height }, colour, thickness) {
  const x = view.x(t, width);
  if (x < -2 || x > width + 2) return;
  c.fillStyle = colour;
  c.fillRect(Math.round(x - thickness / 2), 0, thickness, height);
}

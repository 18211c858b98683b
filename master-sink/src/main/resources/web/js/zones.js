// Zones drawn on the camera's picture: each a polygon with a name and a kind, in the words of the
// camera's configuration: "door trigger 0.1,0.2 0.5,0.2 0.5,0.9; …".
import { videoUrl } from './api.js';
import { button, el, setText, show } from './dom.js';
import { strings as S } from './strings.js';

const KINDS = ['trigger', 'ignore', 'privacy'];
const STEP = 0.02;
const NEAR = 0.03;
const MOST_CORNERS = 32;

/** Zones of a text; null where it says more than this page knows. */
export function parseZones(text) {
  const zones = [];
  for (const one of text.split(';').map((t) => t.trim())) {
    if (!one) continue;
    const [name, kind, ...corners] = one.split(/\s+/);
    const points = corners.map((c) => c.split(',').map(Number));
    const isFine = points.length > 2 && points.every((p) => p.length === 2 && p.every(Number.isFinite));
    if (!isFine || !KINDS.includes(kind.split(':')[0])) return null;
    zones.push({ name, kind: kind.split(':')[0], rest: kind.split(':')[1] ?? '', points });
  }
  return zones;
}

export const writeZones = (zones) =>
  zones
    .map(({ name, kind, rest, points }) =>
      [name, rest ? `${kind}:${rest}` : kind, ...points.map((p) => p.map(short).join(','))].join(' '),
    )
    .join(';');

const short = (n) => String(Math.round(n * 1000) / 1000);
const clamp = (n) => Math.min(1, Math.max(0, n));

/** An input of a settings form: `{node, value(), put(text)}`. */
export function createZones(setting, attributes, changed, snapshotOf) {
  let zones = parseZones(setting.value) ?? [];
  let text = setting.value;
  let draft = null; // corners of the zone that is being drawn
  let pen = [0.5, 0.5];
  let held = null; // [zone, corner] under the finger
  const canvas = el('canvas', { class: 'zones-canvas', tabindex: '0', role: 'application', ...attributes });
  const video = el('video', { class: 'zones-picture', playsinline: true, preload: 'metadata', tabindex: '-1' });
  video.muted = true;
  const segment = snapshotOf();
  if (segment) video.src = `${videoUrl(segment)}#t=0.1`;
  const hint = el('p', { class: 'zones-hint', role: 'status' });
  const list = el('ul', { class: 'zones-list' });
  const add = button({ name: 'plus', text: S.drawZone, label: S.drawZone, 'data-testid': 'zone-draw' }, begin);
  const node = el(
    'div',
    { class: 'zones' },
    el('div', { class: 'zones-stage' }, video, canvas),
    hint,
    list,
    add,
  );

  function begin() {
    draft = [];
    pen = [0.5, 0.5];
    canvas.focus();
    refresh();
  }

  function finish() {
    if (draft.length > 2) {
      const taken = new Set(zones.map((z) => z.name));
      let n = zones.length + 1;
      while (taken.has(`zone${n}`)) n += 1;
      zones.push({ name: `zone${n}`, kind: 'trigger', rest: '', points: draft });
    }
    draft = null;
    edited();
  }

  function edited() {
    text = writeZones(zones);
    changed();
    refresh();
  }

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [clamp((event.clientX - box.left) / box.width), clamp((event.clientY - box.top) / box.height)];
  };
  const isNear = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) < NEAR;

  function put(point) {
    if (draft.length > 2 && isNear(point, draft[0])) finish();
    else if (draft.length < MOST_CORNERS) {
      draft.push(point);
      refresh();
    }
  }

  canvas.addEventListener('pointerdown', (event) => {
    const point = at(event);
    if (draft) {
      put(point);
      return;
    }
    for (const zone of zones) {
      const corner = zone.points.findIndex((p) => isNear(p, point));
      if (corner >= 0) held = [zone, corner];
    }
    if (held) canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (draft) pen = at(event);
    if (held) held[0].points[held[1]] = at(event);
    if (draft || held) draw();
  });
  canvas.addEventListener('pointerup', () => {
    if (held) edited();
    held = null;
  });
  canvas.addEventListener('dblclick', () => draft && finish());
  canvas.addEventListener('keydown', (event) => {
    if (!draft) return;
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[event.key];
    if (move) pen = pen.map((n, i) => clamp(n + move[i] * STEP));
    else if (event.key === 'Enter') draft.length > 2 && isNear(pen, draft[0]) ? finish() : put([...pen]);
    else if (event.key === 'Escape') draft = null;
    else return;
    event.preventDefault();
    event.stopPropagation();
    refresh();
  });

  function refresh() {
    setText(hint, draft ? S.drawing(draft.length) : zones.length ? S.zonesHint : S.noZones);
    show(add, !draft);
    list.replaceChildren(...zones.map(rowOf));
    draw();
  }

  function rowOf(zone) {
    const name = el('input', { type: 'text', value: zone.name, 'aria-label': S.zoneName, maxlength: '32' });
    name.addEventListener('change', () => {
      zone.name = name.value.trim().replace(/[\s;]+/g, '-') || zone.name;
      edited();
    });
    const kind = el(
      'select',
      { 'aria-label': S.zoneKind },
      ...KINDS.map((k) => el('option', { value: k, text: S.zoneKinds[k] })),
    );
    kind.value = zone.kind;
    kind.addEventListener('change', () => {
      zone.kind = kind.value;
      zone.rest = '';
      edited();
    });
    const drop = button({ name: 'trash', label: S.removeZone(zone.name) }, () => {
      zones = zones.filter((z) => z !== zone);
      edited();
    });
    return el('li', { data: { kind: zone.kind } }, name, kind, drop);
  }

  function draw() {
    const { clientWidth: w, clientHeight: h } = canvas;
    if (!w) return;
    const ratio = window.devicePixelRatio || 1;
    Object.assign(canvas, { width: w * ratio, height: h * ratio });
    const c = canvas.getContext('2d');
    c.scale(ratio, ratio);
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const of = { trigger: colour('tl-motion'), ignore: colour('warn'), privacy: '#000' };
    const path = (points) => {
      c.beginPath();
      points.forEach(([x, y], i) => (i ? c.lineTo(x * w, y * h) : c.moveTo(x * w, y * h)));
    };
    const corners = (points) => points.forEach(([x, y]) => c.fillRect(x * w - 4, y * h - 4, 8, 8));
    c.lineWidth = 2;
    for (const { kind, points } of zones) {
      path(points);
      c.closePath();
      c.globalAlpha = kind === 'privacy' ? 0.85 : 0.25;
      c.fillStyle = of[kind];
      c.fill();
      c.globalAlpha = 1;
      c.strokeStyle = kind === 'privacy' ? '#fff' : of[kind];
      c.stroke();
      c.fillStyle = '#fff';
      corners(points);
    }
    if (!draft) return;
    path([...draft, pen]);
    c.strokeStyle = '#fff';
    c.setLineDash([6, 4]);
    c.stroke();
    c.setLineDash([]);
    c.fillStyle = '#fff';
    corners([...draft, pen]);
  }

  new ResizeObserver(draw).observe(canvas);
  video.addEventListener('loadedmetadata', () => {
    canvas.parentElement.style.aspectRatio = `${video.videoWidth} / ${video.videoHeight}`;
  });
  refresh();
  return {
    node,
    value: () => text,
    put(next) {
      zones = parseZones(next) ?? [];
      text = next;
      draft = null;
      refresh();
    },
  };
}

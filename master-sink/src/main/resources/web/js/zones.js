// Zones and areas drawn on the camera's picture.
import { fillBackdrop } from './backdrop.js';
import { button, el, setText, show } from './dom.js';
import { strings as S } from './strings.js';
import { KINDS, ZONES, areasOf, isNear } from './zone-text.js';

const STEP = 0.02;

const clamp = (n) => Math.min(1, Math.max(0, n));

export const createZones = (setting, common, context) => createDrawing(ZONES, setting, common, context);

/** What is made black, or where nothing is looked for. */
export const createAreas = (setting, common, context) =>
  createDrawing(areasOf(setting.key === 'privacy.masks' ? 'privacy' : 'ignore'), setting, common, context);

/** An input of a settings form; null where the text says more than can be drawn. */
function createDrawing(shapes, setting, attributes, { changed, facts }) {
  if (![setting.value, setting.own].every(shapes.parse)) return null;
  const words = shapes.isNamed ? S.zoneWords : S.areaWords;
  let zones = [];
  let text = '';
  let draft = null; // corners of what is being drawn
  let pen = [0.5, 0.5];
  let held = null; // [zone, corner] under the finger
  const canvas = el('canvas', { class: 'zones-canvas', tabindex: '0', role: 'application', 'aria-label': S.settings[setting.key], ...attributes });
  const stage = el('div', { class: 'zones-stage' }, canvas);
  fillBackdrop(stage, facts());
  const hint = el('p', { class: 'zones-hint', role: 'status' });
  const list = el('ul', { class: 'zones-list' });
  const add = button({ name: 'plus', text: words.draw, label: words.draw, 'data-testid': 'zone-draw' }, begin);
  const node = el(
    'div',
    { class: 'zones' },
    stage,
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
    const made = shapes.make(draft, zones);
    if (made) zones.push(made);
    draft = null;
    edited();
  }

  function edited() {
    rewrite();
    refresh();
  }

  /** What a row says has changed: the rows stay, and with them the focus. */
  function rewrite() {
    text = shapes.write(zones);
    changed();
    draw();
  }

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [clamp((event.clientX - box.left) / box.width), clamp((event.clientY - box.top) / box.height)];
  };

  function put(point) {
    if (shapes.add(draft, point)) finish();
    else refresh();
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
    if (held) shapes.drag(...held, at(event));
    if (draft || held) draw();
  });
  canvas.addEventListener('pointerup', (event) => {
    // An area may be dragged open, too.
    if (draft?.length === 1 && !shapes.isNamed && !isNear(at(event), draft[0])) put(at(event));
    if (held) edited();
    held = null;
  });
  canvas.addEventListener('dblclick', () => draft && finish());
  canvas.addEventListener('keydown', (event) => {
    if (!draft) return;
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[event.key];
    if (move) pen = pen.map((n, i) => clamp(n + move[i] * STEP));
    else if (event.key === 'Enter') put([...pen]);
    else if (event.key === 'Escape') draft = null;
    else return;
    event.preventDefault();
    event.stopPropagation();
    refresh();
  });

  function refresh() {
    setText(hint, draft ? words.drawing(draft.length) : zones.length ? S.zonesHint : words.none);
    show(add, !draft);
    list.replaceChildren(...zones.map(rowOf));
    draw();
  }

  function rowOf(zone, index) {
    if (!shapes.isNamed) return el('li', {}, el('span', { text: S.area(index + 1) }), dropOf(zone, S.area(index + 1)));
    const name = el('input', { type: 'text', value: zone.name, 'aria-label': S.zoneName, maxlength: '32' });
    name.addEventListener('change', () => {
      zone.name = name.value.trim().replace(/[\s;]+/g, '-') || zone.name;
      name.value = zone.name;
      drop.title = S.removeZone(zone.name);
      drop.setAttribute('aria-label', drop.title);
      rewrite();
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
      row.dataset.kind = zone.kind;
      rewrite();
    });
    const drop = dropOf(zone, zone.name);
    const row = el('li', { data: { kind: zone.kind } }, name, kind, drop);
    return row;
  }

  const dropOf = (zone, name) =>
    button({ name: 'trash', label: S.removeZone(name) }, () => {
      zones = zones.filter((z) => z !== zone);
      edited();
      add.focus();
    });

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
    path(shapes.outline(draft, pen));
    if (!shapes.isNamed) c.closePath();
    c.strokeStyle = '#fff';
    c.setLineDash([6, 4]);
    c.stroke();
    c.setLineDash([]);
    c.fillStyle = '#fff';
    corners(shapes.outline(draft, pen));
  }

  new ResizeObserver(draw).observe(canvas);
  return {
    node,
    value: () => text,
    put(next) {
      zones = shapes.parse(next) ?? [];
      text = next;
      draft = null;
      refresh();
    },
    words: (own) => own && S.areas(shapes.parse(own).length),
  };
}

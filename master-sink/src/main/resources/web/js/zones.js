// Zones and areas drawn on the camera's picture.
import { fillBackdrop } from './backdrop.js';
import { button, el, setText, show } from './dom.js';
import { strings as S } from './strings.js';
import { KINDS, ZONES, areasOf, distance, zoneName } from './zone-text.js';

const STEP = 0.02;
/** What is no further from a corner is meant to be on it, in pixels; for a key, in shares. */
const REACH = { mouse: 10, touch: 22, key: 1.5 * STEP };

const clamp = (n) => Math.min(1, Math.max(0, n));

export const createZones = (setting, common, context) => createDrawing(ZONES, setting, common, context);

/** Puts what can be in its place, under the eyes of who types, whose cursor stays where it is. */
function tidy(field) {
  const name = zoneName(field.value);
  if (name === field.value) return;
  const place = zoneName(field.value.slice(0, field.selectionStart)).length;
  field.value = name;
  field.setSelectionRange(place, place);
}

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
  let isPenSeen = false; // a finger that is lifted points nowhere
  let held = null; // [zone, corner] under the finger
  const canvas = el('canvas', { class: 'zones-canvas', tabindex: '0', role: 'application', 'aria-label': S.settings[setting.key], ...attributes });
  const stage = el('div', { class: 'zones-stage' }, canvas);
  fillBackdrop(stage, facts());
  const hint = el('p', { class: 'zones-hint', role: 'status' });
  const list = el('ul', { class: 'zones-list' });
  const add = button({ name: 'plus', text: words.draw, label: words.draw, 'data-testid': 'zone-draw' }, begin);
  const done = button({ name: 'check', text: S.zoneDone, label: words.done, 'data-testid': 'zone-done' }, () => {
    finish();
    add.focus();
  });
  const back = button({ text: S.zoneBack, label: S.zoneBack, 'data-testid': 'zone-back' }, () => {
    draft.pop();
    canvas.focus();
    refresh();
  });
  const cancel = button({ text: S.cancel, label: words.cancel, 'data-testid': 'zone-cancel' }, () => {
    abandon();
    add.focus();
  });
  const tools = el('div', { class: 'zones-tools' }, ...(shapes.isNamed ? [done] : []), back, cancel);
  const node = el(
    'div',
    { class: 'zones' },
    stage,
    hint,
    tools,
    list,
    add,
  );

  function begin(event) {
    draft = [];
    pen = [0.5, 0.5];
    isPenSeen = event.detail === 0; // by a key
    refresh();
    canvas.focus();
    changed();
  }

  function abandon() {
    draft = null;
    refresh();
    changed();
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

  /** How far apart two points are where this pointer is used, as a part of what it can tell apart. */
  const apart = (a, b, { pointerType }) =>
    distance(a, b, [canvas.clientWidth, canvas.clientHeight]) / (REACH[pointerType] ?? REACH.touch);

  const isNearByPointer = (event) => (a, b) => apart(a, b, event) < 1;
  const isNearByKey = (a, b) => distance(a, b, [1, 1]) < REACH.key;

  function put(point, isNear) {
    if (shapes.add(draft, point, isNear)) finish();
    else refresh();
  }

  /** The corner nearest to where a pointer came down, if any is in its reach. */
  function cornerAt(event) {
    const point = at(event);
    let nearest = null;
    let least = 1;
    for (const zone of zones) {
      for (const [corner, p] of zone.points.entries()) {
        const far = apart(p, point, event);
        if (far < least) [nearest, least] = [[zone, corner], far];
      }
    }
    return nearest;
  }

  canvas.addEventListener('pointerdown', (event) => {
    if (draft) {
      // The second click of two adds nothing: it closes what is drawn.
      const last = draft.at(-1);
      if (!last || apart(last, at(event), event) > 1 / 3) put(at(event), isNearByPointer(event));
      return;
    }
    held = cornerAt(event);
    if (held) canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (draft) {
      pen = at(event);
      isPenSeen = true;
    }
    if (held) shapes.drag(...held, at(event));
    if (draft || held) draw();
  });
  canvas.addEventListener('pointerup', (event) => {
    // An area may be dragged open, too.
    const isOpened = draft?.length === 1 && !shapes.isNamed;
    if (isOpened && apart(at(event), draft[0], event) >= 1) put(at(event));
    if (held) edited();
    held = null;
  });
  canvas.addEventListener('pointerleave', () => {
    isPenSeen = false;
    if (draft) draw();
  });
  canvas.addEventListener('dblclick', () => draft?.length >= shapes.least && finish());
  node.addEventListener('keydown', (event) => {
    if (!draft) return;
    const isOnPicture = event.target === canvas;
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[event.key];
    if (event.key === 'Escape') {
      abandon();
      if (!isOnPicture) add.focus();
    } else if (isOnPicture && move) {
      pen = pen.map((n, i) => clamp(n + move[i] * STEP));
      isPenSeen = true;
    } else if (isOnPicture && event.key === 'Enter') put([...pen], isNearByKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
    refresh();
  });

  function refresh() {
    const isTouched = matchMedia('(hover: none)').matches;
    setText(hint, draft ? words.drawing(draft.length, isTouched) : zones.length ? S.zonesHint : words.none);
    show(add, !draft);
    show(tools, Boolean(draft));
    done.disabled = !(draft?.length >= shapes.least);
    back.disabled = !draft?.length;
    list.replaceChildren(...zones.map(rowOf));
    draw();
  }

  function rowOf(zone, index) {
    if (!shapes.isNamed) return el('li', {}, el('span', { text: S.area(index + 1) }), dropOf(zone, S.area(index + 1)));
    const name = el('input', { type: 'text', value: zone.name, 'aria-label': S.zoneName, maxlength: '32' });
    name.addEventListener('input', (event) => event.isComposing || tidy(name));
    name.addEventListener('compositionend', () => tidy(name));
    name.addEventListener('change', () => {
      zone.name = zoneName(name.value.trim()) || zone.name;
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
    const outline = shapes.outline(draft, isPenSeen ? pen : null);
    path(outline);
    if (!shapes.isNamed) c.closePath();
    c.strokeStyle = '#fff';
    c.setLineDash([6, 4]);
    c.stroke();
    c.setLineDash([]);
    c.fillStyle = '#fff';
    corners(outline);
    if (!shapes.isNamed || draft.length < shapes.least) return;
    c.beginPath();
    c.arc(draft[0][0] * w, draft[0][1] * h, REACH.mouse, 0, 2 * Math.PI);
    c.stroke(); // here it is closed
  }

  new ResizeObserver(draw).observe(canvas);
  return {
    node,
    value: () => text,
    unfinished: () => (draft ? words.unfinished : ''),
    put(next) {
      zones = shapes.parse(next) ?? [];
      text = next;
      draft = null;
      refresh();
    },
    words: (own) => own && S.areas(shapes.parse(own).length),
  };
}

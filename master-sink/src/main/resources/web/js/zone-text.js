// What is drawn on a camera's picture, in the words of its configuration, as shapes of corners in
// shares of the picture: {name, kind, rest, points}. Pure text and arithmetic, no document.

export const KINDS = ['trigger', 'ignore', 'privacy'];
const MOST_CORNERS = 32;
/** The least side of an area. */
const LEAST = 0.005;

const short = (n) => Math.round(n * 1000) / 1000;
/** The nearest that a zone can be called: letters, digits, - and _, of which - is not the first. */
export const zoneName = (text) =>
  text.normalize('NFC').replace(/-?[^\p{L}\p{M}\p{N}_-]+/gu, '-').replace(/^[-\p{M}]+/u, '');

/** How far apart two points are, in the units of the sides of the picture. */
export const distance = (a, b, [width, height]) => Math.hypot((a[0] - b[0]) * width, (a[1] - b[1]) * height);
const items = (text) => text.split(';').map((t) => t.trim()).filter(Boolean);

/** Polygons with a name and a kind: "door trigger 0.1,0.2 0.5,0.2 0.5,0.9; …". */
export const ZONES = {
  isNamed: true,

  /** Null where the text says more than this page knows. */
  parse(text) {
    const zones = [];
    for (const one of items(text)) {
      const [name, kind = '', ...corners] = one.split(/\s+/);
      const points = corners.map((c) => c.split(',').map(Number));
      const isFine = points.length > 2 && points.every((p) => p.length === 2 && p.every((n) => Number.isFinite(n)));
      const [word, rest = ''] = kind.split(':');
      if (!isFine || !KINDS.includes(word)) return null;
      zones.push({ name, kind: word, rest, points });
    }
    return zones;
  },

  write: (zones) =>
    zones
      .map(({ name, kind, rest, points }) =>
        [name, rest ? `${kind}:${rest}` : kind, ...points.map((p) => p.map(short).join(','))].join(' '),
      )
      .join(';'),

  least: 3,

  /** Adds a corner to what is drawn; whether that ends it. `isNear(a, b)`: whether they are one point. */
  add(draft, point, isNear) {
    if (draft.length > 2 && isNear(point, draft[0])) return true;
    if (draft.length < MOST_CORNERS) draft.push(point);
    return false;
  },

  /** What was drawn; null where it is not enough. */
  make(draft, zones) {
    if (draft.length < 3) return null;
    const taken = new Set(zones.map((z) => z.name));
    let n = zones.length + 1;
    while (taken.has(`zone${n}`)) n += 1;
    return { name: `zone${n}`, kind: 'trigger', rest: '', points: draft };
  },

  /** What is drawn, up to the pen where there is one. */
  outline: (draft, pen) => (pen ? [...draft, pen] : draft),

  drag(zone, corner, to) {
    zone.points[corner] = to;
  },
};

const rectangle = ([ax, ay], [bx, by]) => [
  [ax, ay],
  [bx, ay],
  [bx, by],
  [ax, by],
];

/** Rectangles, all for one thing: "0.1,0.2,0.5,0.3; …", each X,Y,WIDTH,HEIGHT. */
export const areasOf = (kind) => ({
  isNamed: false,

  parse(text) {
    const areas = items(text).map((one) => one.split(',').map(Number));
    if (!areas.every((n) => n.length === 4 && n.every((c) => Number.isFinite(c)))) return null;
    return areas.map(([x, y, w, h]) => ({ kind, points: rectangle([x, y], [x + w, y + h]) }));
  },

  write: (areas) =>
    areas
      .map(({ points }) => {
        const [xs, ys] = [0, 1].map((i) => points.map((p) => short(p[i])).sort((a, b) => a - b));
        return [xs[0], ys[0], short(xs[3] - xs[0]), short(ys[3] - ys[0])].join(',');
      })
      .join(';'),

  least: 2,

  add: (draft, point) => draft.push(point) === 2,

  make([a, b]) {
    const isSeen = b && [0, 1].every((i) => Math.abs(a[i] - b[i]) >= LEAST);
    return isSeen ? { kind, points: rectangle(a, b) } : null;
  },

  outline([corner], pen) {
    if (corner && pen) return rectangle(corner, pen);
    return [corner ?? pen].filter(Boolean);
  },

  /** The corner across stays where it is, and the two others go along. */
  drag({ points }, corner, to) {
    points[corner] = to;
    points[corner ^ 1][1] = to[1];
    points[3 - corner][0] = to[0];
  },
});

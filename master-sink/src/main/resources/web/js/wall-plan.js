// How large the pictures on the wall are. Pure arithmetic, no document.

/** Height by width of most cameras' pictures. */
export const WIDE = 9 / 16;
/** What may be cut off a picture so that all fit better: here below, where the shapes differ also of its width. */
export const MOST_CROPPED = 0.05;
/** Smaller ones, in pixels, show nothing: rather than that the wall scrolls, and has larger ones. */
const SMALLEST_TILE = 180;
const SCROLLED_TILE = 240;

/** Whether a picture of one shape may fill a tile of another. */
export const fills = (picture, tile) => Math.min(picture / tile, tile / picture) > 0.999 - MOST_CROPPED;

/** The largest picture in this room, nothing cut off at its sides: `[width, height]`. */
function fit(width, height, shape) {
  const high = Math.floor(Math.min(height, width * shape));
  const wide = Math.min(width, high / (shape * (1 - MOST_CROPPED)));
  return [Math.floor(wide), high];
}

function grid(n, columns, { width, height, gap, body, shape }) {
  const rows = Math.ceil(n / columns);
  const room = (height - gap * (rows - 1)) / rows - body;
  const [tile, picture] = fit((width - gap * (columns - 1)) / columns, room, shape);
  return { columns, tile, picture, smallest: tile, area: n * tile * picture };
}

/** One large, two small beside it, together as high as it. */
function featured({ width, height, gap, body, shape }) {
  const wide = (shape * (width - gap) - body - gap) / (3 * shape);
  const small = Math.floor(Math.min(wide, (height - gap - 2 * body) / (2 * shape)));
  const smallPicture = Math.floor(small * shape);
  const picture = 2 * smallPicture + gap + body;
  const tile = Math.min(Math.floor(picture / shape), width - gap - small);
  const area = tile * picture + 2 * small * smallPicture;
  return { columns: 0, tile, picture, small, smallPicture, smallest: small, area };
}

const grids = (n, room) => Array.from({ length: n }, (_, i) => grid(n, i + 1, room));
const largest = (plans) => plans.sort((a, b) => b.area - a.area)[0];

/** The same without one that is larger than others, however small all become. */
export const planGrid = (n, room) => largest(grids(n, room));

/**
 * What shows most of `n` pictures without scrolling: `{columns, tile, picture}`, in pixels; with
 * `small` and `smallPicture` where one is larger than the two others.
 *
 * @param room {width, height, gap, body (height of the words below each), shape (of most pictures)}
 */
export function planWall(n, room) {
  const plans = grids(n, room);
  if (n === 3) plans.push(featured(room));
  const best = largest(plans.filter((plan) => plan.smallest >= SMALLEST_TILE));
  if (best) return best;
  const { width, gap, shape } = room;
  const columns = Math.max(1, Math.floor((width + gap) / (SCROLLED_TILE + gap)));
  const tile = Math.floor((width - gap * (columns - 1)) / columns);
  return { columns, tile, picture: Math.floor(tile * shape) };
}

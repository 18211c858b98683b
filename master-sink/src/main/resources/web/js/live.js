// Live pictures of one camera, by whatever this browser plays: while they are wanted, in sight, and
// the page is. A picture that stands still says how old it is.
import { el, setText, show } from './dom.js';
import * as f from './format.js';
import { canPlayList, createList, createPictures } from './live-plain.js';
import { canStream, createStream } from './live-stream.js';
import { strings as S } from './strings.js';

const LOOK_MS = 250;
/** A picture of that age is no live picture any more. */
const STALE_MS = 2500;
const AGAIN_MS = [500, 1000, 2000, 5000, 10_000];

/** `{root, watch(parent), want(on), hold(on), drop(), shownAt()}`. */
export function createLive(id, { onChange = () => {} } = {}) {
  const age = el('span', { class: 'live-age', role: 'status', hidden: true });
  const way = (canStream() ? createStream : canPlayList() ? createList : createPictures)(id, {
    onLost: lost,
    onUnplayable() {
      wanted = false;
      stop();
    },
  });
  const root = el('div', { class: 'live', hidden: true }, way.node, age);
  let wanted = false;
  let inSight = false;
  let isHeld = false;
  let isDropped = false;
  let isOpen = false;
  let failures = 0;
  let timer = 0;

  const isOn = () => !isDropped && wanted && inSight && !document.hidden && !isHeld;

  function update() {
    if (isHeld) return;
    if (isOn() && !isOpen && !timer) open();
    else if (!isOn()) stop();
  }

  function open() {
    isOpen = true;
    way.open();
  }

  function lost() {
    isOpen = false;
    way.hold();
    if (!isOn()) return;
    timer = setTimeout(() => {
      timer = 0;
      update();
    }, AGAIN_MS[Math.min(failures, AGAIN_MS.length - 1)]);
    failures += 1;
  }

  function look() {
    way.look();
    const isShown = way.isShown();
    const old = Date.now() - way.arrived();
    const isStale = isShown && (isHeld || old > STALE_MS);
    if (isOpen && isShown && !isStale) failures = 0;
    if (isStale) setText(age, isHeld ? S.heldFor(f.age(old)) : S.pictureOfAge(f.age(old)));
    show(age, isStale);
    root.dataset.live = isShown && !isStale;
    root.dataset.held = isHeld;
    show(root, isShown);
    onChange(isShown && !isStale);
  }

  function stop() {
    clearTimeout(timer);
    timer = 0;
    isOpen = false;
    way.close();
    show(root, false);
    if (!isDropped) onChange(false);
  }

  // The root is hidden until there is a picture: its parent is what comes into sight.
  const seen = new IntersectionObserver((entries) => {
    inSight = entries[entries.length - 1].isIntersecting;
    update();
  });
  document.addEventListener('visibilitychange', update);
  const looks = setInterval(() => (isOpen || way.isShown()) && look(), LOOK_MS);
  return {
    root,
    watch(parent) {
      seen.observe(parent);
    },
    want(on) {
      if (wanted === on) return;
      wanted = on;
      update();
    },
    /** Stands still, and goes on with what is filmed then. */
    hold(on) {
      isHeld = on;
      if (on) {
        clearTimeout(timer);
        timer = 0;
        isOpen = false;
        way.hold();
        look();
      } else update();
    },
    /** Forgets all of it: from now on nothing is opened, and nobody is told. */
    drop() {
      isDropped = true;
      clearInterval(looks);
      seen.disconnect();
      document.removeEventListener('visibilitychange', update);
      stop();
    },
    /** Wall time of the picture on show, in ms; null where none is, or it does not say. */
    shownAt: way.shownAt,
  };
}

// Live pictures of one camera, while they are wanted, in sight, and the page is: over a socket, or in
// a plainer way where none goes through. A picture that is not of now says how old it is: the last
// one that was seen stays when the camera films no more.
import { el, setText, show } from './dom.js';
import * as f from './format.js';
import { createLast, keepLast } from './live-last.js';
import { createLateness } from './live-late.js';
import { canPlayList, createList, createPictures } from './live-plain.js';
import { canStream, createStream } from './live-stream.js';
import { nameOf, state } from './store.js';
import { strings as S } from './strings.js';

const LOOK_MS = 250;
/** A picture that came so long ago is no live picture any more. */
const STALE_MS = 2500;
/** What brings no picture for so long is begun anew. */
const PATIENCE_MS = 10_000;
/** A way that brings no picture of now so often in a row gives way to a plainer one. */
const MOST_MISSES = 2;
/** The best way is tried again so long after it was left. */
const BACK_MS = 60_000;
const AGAIN_MS = [500, 1000, 2000, 5000, 10_000];

/** `{root, watch(parent), want(on), hold(on), drop(), delay()}`. */
export function createLive(id, { onChange = () => {} } = {}) {
  const age = el('span', { class: 'live-age', 'aria-hidden': 'true', hidden: true });
  const spoken = el('span', { class: 'visually-hidden', role: 'status' });
  const root = el('div', { class: 'live', hidden: true }, age, spoken);
  const ways = [canStream() && createStream, canPlayList() && createList, createPictures].filter(Boolean);
  let lateness = createLateness(id);
  let wanted = false;
  let inSight = false;
  let isHeld = false;
  let isDropped = false;
  let kind = 0; // of the ways
  let shown = null; // whose picture is on show
  let isOver = true; // no more pictures come from that
  let wasLive = false; // some of that were of now
  let coming = null; // whose first picture is awaited
  let began = 0;
  let misses = 0;
  let failures = 0;
  let tryBest = 0;
  let timer = 0;

  const isOn = () => !isDropped && wanted && inSight && !document.hidden && !isHeld;

  function update() {
    if (isHeld || isDropped) return;
    if (!isOn()) stop();
    else if (isOver && !coming && !timer) open(kind);
    if (!wanted) rest();
  }

  /** Nothing is filmed: what was seen last is shown. */
  function rest() {
    shown = createLast(id);
    if (!shown) return;
    root.prepend(shown.node);
    look();
  }

  function open(which) {
    const way = ways[which](id, {
      onPicture: () => way === coming && take(which),
      onLost: () => lost(way),
      onAnew: () => way === shown && keep(),
      onUnplayable() {
        ways.splice(which, 1);
        kind = Math.max(0, kind - (which < kind));
        lost(way);
      },
    });
    coming = way;
    began = Date.now();
    root.prepend(way.node); // beneath the one on show
  }

  function close(way) {
    way?.close();
    way?.node.remove();
  }

  function take(which) {
    close(shown);
    shown = coming;
    coming = null;
    kind = which;
    isOver = false;
    wasLive = false;
    look();
  }

  function lost(way) {
    if (way === coming) {
      close(coming);
      coming = null;
      tryBest = Date.now() + BACK_MS;
      if (isOver) miss();
    } else if (way === shown) end();
    again();
  }

  /** The last picture stays. */
  function end() {
    shown?.hold();
    isOver = true;
  }

  function miss() {
    // Nobody would answer another way, or there is nothing to show.
    if (state.link.status === 'down' || state.cameras.get(id)?.state !== 'recording') return;
    misses += 1;
    if (misses < MOST_MISSES || kind === ways.length - 1) return;
    kind += 1;
    misses = 0;
    failures = 0;
    tryBest = Date.now() + BACK_MS;
  }

  function again() {
    if (!isOn() || !isOver || coming || timer) return;
    timer = setTimeout(() => {
      timer = 0;
      update();
    }, AGAIN_MS[Math.min(failures, AGAIN_MS.length - 1)]);
    failures += 1;
  }

  function look() {
    coming?.look();
    shown?.look();
    if (coming && Date.now() - began > PATIENCE_MS) lost(coming);
    const { silence, late } = agesOf(shown);
    const isShown = Boolean(shown?.isShown());
    const isLate = late > (shown?.mostLateMs ?? 0);
    const isStale = isShown && (isHeld || silence > STALE_MS || isLate);
    if (isShown && !isOver) {
      if (!isStale) {
        failures = 0;
        misses = 0;
        wasLive = true;
        if (kind > 0 && !coming && Date.now() > tryBest) open(0);
      } else if (!coming && (silence > PATIENCE_MS || (isLate && shown.canSkip && silence < STALE_MS))) renew();
    }
    tell(isShown, isStale, Math.max(silence, late));
  }

  /** How long nothing has come, and how long ago what is on show was filmed, in ms. */
  const agesOf = (way) =>
    way
      ? { silence: Date.now() - way.arrived(), late: lateness(way.shownAt())?.ms ?? 0 }
      : { silence: 0, late: 0 };

  /** Goes on with the newest picture instead of all that is still on its way. */
  function renew() {
    end();
    if (wasLive) open(kind);
    else {
      miss();
      again();
    }
  }

  function tell(isShown, isStale, old) {
    if (isStale) setText(age, isHeld ? S.heldFor(f.age(old)) : S.pictureOfAge(f.age(old)));
    show(age, isStale);
    if (isShown && isStale && !isHeld) setText(spoken, S.notLive(nameOf(id)));
    else if (isShown && !isStale && spoken.textContent) setText(spoken, S.liveAgain(nameOf(id)));
    root.dataset.live = isShown && !isStale;
    root.dataset.held = isHeld;
    show(root, isShown);
    onChange(isShown && !isStale);
  }

  function keep() {
    if (!shown?.isShown()) return;
    const { silence, late } = agesOf(shown);
    keepLast(id, shown, Date.now() - Math.max(silence, late));
  }

  function stop() {
    clearTimeout(timer);
    timer = 0;
    keep();
    close(coming);
    close(shown);
    coming = null;
    shown = null;
    isOver = true;
    misses = 0;
    failures = 0;
    lateness = createLateness(id); // it may come back with another clock
    show(root, false);
    if (!isDropped) onChange(false);
  }

  // The root is hidden until there is a picture: its parent is what comes into sight.
  const seen = new IntersectionObserver((entries) => {
    inSight = entries[entries.length - 1].isIntersecting;
    update();
  });
  document.addEventListener('visibilitychange', update);
  const looks = setInterval(() => (coming || shown) && look(), LOOK_MS);
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
        close(coming);
        coming = null;
        end();
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
    /** How long ago the picture on show was filmed, in ms; null where that is not known. */
    delay() {
      const late = shown && lateness(shown.shownAt());
      return late?.isSure ? late.ms : null;
    },
  };
}

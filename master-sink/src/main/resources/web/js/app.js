// Puts the page together.
import { createAlerts } from './alerts.js';
import * as api from './api.js';
import { createAudit } from './audit.js';
import { createCalendar } from './calendar.js';
import { createCameras } from './cameras.js';
import { createControl } from './control.js';
import { createDamage } from './damage.js';
import { createDetails } from './details.js';
import { clock, dayKey, dayStart, parseDay } from './format.js';
import { createExport } from './export.js';
import { isFilmed } from './filming.js';
import { createHeader } from './header.js';
import { createHelp, createKeyboard } from './keyboard.js';
import { run } from './link.js';
import { findBefore, findSegment, openDay, reload, retryDay } from './loader.js';
import { createMotionList } from './motion-list.js';
import { createNotice } from './notice.js';
import { createPeople } from './people.js';
import { createPairing } from './pairing.js';
import { createPictureOfNow } from './picture.js';
import { createPlayer } from './player.js';
import { createSingle } from './single.js';
import { emit, isOwner, nameOf, on, putCameras, state } from './store.js';
import { fillIn, strings as S } from './strings.js';
import { createShares } from './shares.js';
import { createStorage } from './storage.js';
import { createRange } from './range.js';
import { createTimeline } from './timeline.js';
import { createTrash } from './trash.js';
import { createTroubles } from './troubles.js';

const STALE_MS = 5000;
const FETCH_MS = 15_000;
/** So much of what led to something is played. */
const BEFORE_MS = 10_000;
/** Marks a step of the history on which something lies over the wall. */
const OVER = { isOver: true };
const $ = (selector) => document.querySelector(selector);

fillIn(document);
const help = createHelp();
const notice = createNotice($('.notice'));
const notify = notice.say;
const player = createPlayer($('.player'), {
  onClose: leave,
  onShare: (range) => showShares(range),
  notify,
});
const showTrash = createTrash();
const showDamage = createDamage({ onPlay: (id) => playById(id, (segment) => segment.t0) });
const addCamera = createPairing();
const showShares = createShares();
const showPeople = createPeople({ showShares, showAudit: createAudit(), addCamera });
const showStorage = createStorage({ showTrash, showDamage });
createAlerts($('.header-tools'), { onTrouble: playBefore });
createHeader($('.header'), { onHelp: help, showTrash, showStorage, showPeople, addCamera });
createTroubles($('.troubles'), { showDamage, onTrouble: playBefore, notify });
const showControl = createControl({ notify });
const single = createSingle($('.single'), {
  onClose: leave,
  onPlay: openLatest,
  onPicture: createPictureOfNow({ notify }),
  onControl: showControl,
});
createCameras($('.cameras'), { onOpen: watch, onControl: showControl, addCamera });
createDetails($('.details-body'), { onSeek: play });
createTimeline($('.timeline'), { onPlay: play, onFilmed: openEvent });
createRange($('.timeline'), { export: createExport(), share: showShares, say: notify });
createCalendar($('.timeline .day'));
createMotionList($('.motion'), { onOpen: openEvent, onTrouble: playBefore });
createKeyboard({ player, single, help, notice });

/** Who opened the player, to get the focus back. */
let opener = null;

/** Motion that is to be played as soon as its footage is here; null where nobody waits. */
let awaited = null;
/** What somebody is told of then, who may not ask for it. */
let promised = null;

/** Plays a segment from the moment `t` on. */
function play(segment, t) {
  awaited = null;
  const wasOpen = player.isOpen;
  const from = single.isOpen ? opener : document.activeElement;
  stepOver();
  document.documentElement.dataset.view = 'player';
  player.open(segment, t);
  single.shut();
  if (wasOpen) return;
  opener = from;
  // The wall is gone, and the focus with it; the timeline keeps its own.
  if (!from?.closest('.timeline, .rail')) player.focus();
  $('.stage').scrollTo({ top: 0 });
  $('.player').scrollIntoView({ block: 'nearest' });
}

/** Shows one camera, as large as it goes. */
function watch(camera) {
  if (!state.cameras.has(camera)) return;
  if (!single.isOpen) opener = document.activeElement;
  stepOver();
  document.documentElement.dataset.view = 'single';
  single.open(camera);
  single.focus();
  writeAddress();
}

/** Whether a step back is under way that the page itself takes. */
let isLeaving = false;

/** What lies over the wall is a step of its own, so that a phone's way back is to the wall. */
function stepOver() {
  if (isLeaving || history.state?.isOver) return;
  if (single.isOpen || player.isOpen) {
    history.replaceState(OVER, '', location.href); // somebody typed another address
    return;
  }
  writeAddress();
  history.pushState(OVER, '', location.href);
}

function leave() {
  if (player.isOpen) return;
  if (history.state?.isOver && !isLeaving) {
    isLeaving = true;
    history.back();
  }
  showWall();
  writeAddress();
}

function showWall() {
  document.documentElement.dataset.view = 'wall';
  if (opener?.isConnected) opener.focus({ preventScroll: true });
  opener = null;
}

async function openLatest(camera) {
  await playById(state.cameras.get(camera).latestSegment, (segment) => segment.t0);
}

/** Motion of just now lies in a segment that the camera still films: it is asked to send that. */
async function openEvent(event) {
  if (playFrom(event)) return;
  if (event.segment) await playById(event.segment, () => event.t0);
  else if (isOwner()) await fetchAndPlay(event);
  else {
    promised = event;
    notify(S.toldWhenHere);
  }
}

const footageOf = ({ camera, t0 }) => state.footage.at(camera, t0, 1500);

function playFrom(event) {
  const { t0 } = event;
  const here = footageOf(event);
  if (here) play(here, Math.max(here.t0, Math.min(t0, here.t1 - 1)));
  return Boolean(here);
}

async function fetchAndPlay(event) {
  awaited = event;
  notify(S.fetching(nameOf(event.camera)));
  setTimeout(() => awaited === event && giveUp(S.notYetHere), FETCH_MS);
  try {
    await api.command(event.camera, 'flush');
  } catch (error) {
    if (awaited === event) giveUp(S.notDone(error.message));
  }
}

function giveUp(why) {
  awaited = null;
  notify(why);
}

on('footage', () => {
  if (awaited) playFrom(awaited);
  if (promised && footageOf(promised)) {
    notify(S.nowHere(nameOf(promised.camera), clock(promised.t0)));
    promised = null;
  }
});

/** Plays what a camera filmed last before something happened. */
async function playBefore(camera, t) {
  if (isFilmed(camera, t - BEFORE_MS)) {
    await openEvent({ camera, t0: t - BEFORE_MS });
    return;
  }
  try {
    const found = await findBefore(camera, t, BEFORE_MS);
    if (found) await playById(found.id, () => found.t);
    else notify(S.noneBefore(nameOf(camera)));
  } catch {
    notify(S.masterSilent);
  }
}

async function playById(id, timeIn) {
  try {
    const segment = await findSegment(id);
    play(segment, timeIn(segment));
  } catch (error) {
    notify(error.status === 404 ? S.segmentGone : S.masterSilent);
  }
}

// The address names the day and the segment, so that a reload or a bookmark comes back to them.
function writeAddress() {
  const parts = new URLSearchParams();
  if (dayKey(state.day.from) !== dayKey(api.now())) parts.set('day', dayKey(state.day.from));
  if (single.isOpen) parts.set('live', single.camera);
  if (state.playing) {
    parts.set('segment', state.playing.segment.id);
    parts.set('t', Math.max(0, (state.playing.at - state.playing.segment.t0) / 1000).toFixed(1));
  }
  const hash = parts.size ? `#${parts}` : ' ';
  if (location.hash !== hash.trim())
    history.replaceState(history.state, '', hash.trim() || location.pathname);
}
on('day', writeAddress);
$('.single').addEventListener('camera', writeAddress);
window.addEventListener('popstate', () => {
  if (!isLeaving) {
    follow(new URLSearchParams(location.hash.slice(1)));
    return;
  }
  isLeaving = false;
  if (single.isOpen || player.isOpen) history.pushState(OVER, '', location.href); // opened meanwhile
  writeAddress();
});

/** Goes where an address says that somebody typed, or came back to. */
async function follow(address) {
  const seconds = Number(address.get('t')) || 0;
  if (address.get('live')) watch(address.get('live'));
  else if (address.get('camera'))
    await playBefore(address.get('camera'), Date.parse(address.get('at')) || api.now());
  else if (address.get('segment'))
    await playById(address.get('segment'), (segment) => segment.t0 + seconds * 1000);
  else {
    single.shut();
    player.shut();
    if (address.get('at')) openDay(dayStart(Date.parse(address.get('at')) || api.now()));
    writeAddress();
  }
}
let addressTimer = 0;
on('playing', () => {
  // Browsers refuse more than about a hundred changes of address in half a minute.
  addressTimer ||= setTimeout(() => {
    addressTimer = 0;
    writeAddress();
  }, 1000);
});

let lastLook = 0;

/** Heartbeats may be pushed rarely, and a day may have failed to load: both are asked for again. */
function refreshStale() {
  if (!['live', 'polling'].includes(state.link.status) || Date.now() - lastLook < STALE_MS) return;
  const isStale = (c) =>
    c.state === 'recording' && api.now() - Date.parse(c.lastHeartbeat) > STALE_MS;
  if (state.day.failed) retryDay();
  else if ([...state.cameras.values()].some(isStale)) api.cameras().then(putCameras, () => {});
  else return;
  lastLook = Date.now();
}

let today = dayStart(Date.now());
setInterval(() => {
  if (document.hidden) return;
  emit('tick');
  refreshStale();
  // A display on the wall follows into the new day; somebody who looks at an old day is left alone.
  const now = dayStart(api.now());
  if (now !== today && state.day.from === today && !state.playing) openDay(now);
  today = now;
}, 1000);

const asked = new URLSearchParams(location.hash.slice(1));
const askedAt = Date.parse(asked.get('at'));
const askedDay = parseDay(asked.get('day')) || (askedAt && dayStart(askedAt));
if (askedDay) openDay(askedDay);
let restored = !['segment', 'live', 'camera'].some((what) => asked.get(what));

run(async (options) => {
  await reload(options);
  if (restored) return;
  restored = true;
  await follow(asked);
});

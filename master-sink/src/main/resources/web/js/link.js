// Keeps the page in step with the master: pushed over a WebSocket; polled where that does not work;
// and where the master is silent, tried again with back-off until it is back.
import * as api from './api.js';
import { putIncident } from './incidents.js';
import * as store from './store.js';

const POLL_MS = 5000;
const SOCKET_AGAIN_MS = 30_000;
/** The master says every two seconds that it is there. */
const SILENCE_MS = 5000;
const PATIENCE_MS = 3000;
const BACKOFF_MS = [1000, 2000, 4000, 8000, 15_000];

let wake = () => {};

/** When the master last said something. */
let heard = Date.now();

const hear = () => {
  heard = Date.now();
};

/** Asks whether anybody is there, and says so where nobody is. */
async function ask() {
  try {
    await api.storage({ patience: PATIENCE_MS });
  } catch (error) {
    if (!error.status) store.setLink('down', { since: heard });
    throw error;
  }
  hear();
}

/** Tries again now instead of waiting. */
export const retryNow = () => wake();

const wait = (ms) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });

/** Runs for as long as the page lives. `reload` fetches everything on show. */
export async function run(reload) {
  let failures = 0;
  for (;;) {
    try {
      await reload();
      hear();
      failures = 0;
    } catch (error) {
      const pause = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)];
      failures += 1;
      const retryAt = Date.now() + pause;
      // A master that answers knows itself what is wrong with it.
      store.setLink('down', error.status ? { retryAt, why: error.message } : { retryAt, since: heard });
      await wait(pause);
      continue;
    }
    if (!(await stayConnected(reload))) await poll(reload);
  }
}

/** Resolves when the socket is gone: true if it ever worked. */
function stayConnected(reload) {
  return new Promise((resolve) => {
    let opened = false;
    let socket;
    try {
      socket = new WebSocket(api.eventsUrl());
    } catch {
      resolve(false);
      return;
    }
    // A link that died without a word is found by asking.
    let looked = Date.now();
    let isAsking = false;
    const watchdog = setInterval(async () => {
      const wasAsleep = Date.now() - looked > SILENCE_MS; // the page, which heard nobody
      looked = Date.now();
      if (wasAsleep) hear();
      if (isAsking || Date.now() - heard < SILENCE_MS) return;
      isAsking = true;
      const isThere = await ask().then(
        () => true,
        () => false,
      );
      isAsking = false;
      if (isThere && socket.readyState === WebSocket.OPEN) return;
      socket.onmessage = null;
      socket.close();
      done();
    }, 1000);
    const done = () => {
      clearInterval(watchdog);
      resolve(opened);
    };
    socket.onopen = () => {
      opened = true;
      store.setLink('live');
      // What came between the answers and the socket was told to nobody.
      reload({ recent: true }).catch(() => socket.close());
    };
    socket.onmessage = (message) => {
      hear();
      take(JSON.parse(message.data));
    };
    socket.onclose = done;
  });
}

/** Asks every few seconds, until asking fails or it is time to try the socket again. */
async function poll(reload) {
  store.setLink('polling');
  const until = Date.now() + SOCKET_AGAIN_MS;
  while (Date.now() < until) {
    await wait(POLL_MS);
    try {
      await ask();
      await reload({ recent: true });
    } catch {
      return;
    }
  }
}

function take(message) {
  switch (message.type) {
    case 'segment':
      return store.putSegment(message.segment);
    case 'camera':
      return store.putCamera(message.camera);
    case 'motion':
      return store.emit('motion', message);
    case 'fault':
      if (message.alert || message.ended) store.putTrouble({ ...message, since: message.at });
      return store.emit('fault', message);
    case 'settings':
      return store.emit('settings', message.change);
    case 'paired':
      return store.emit('paired', message);
    case 'incident':
      return putIncident(message.incident);
    case 'trouble':
      return store.putTrouble(message);
    case 'saved':
      return store.markSaved(message.id, message.saved, message.note);
    case 'deleted':
      return store.dropSegment(message.id);
    case 'storage':
      return store.putStorage(message);
    default:
      return undefined; // A newer master may say more than this page knows.
  }
}

// Keeps the page in step with the master: pushed over a WebSocket; polled where that does not work;
// and where the master is silent, tried again with back-off until it is back.
import * as api from './api.js';
import { putIncident } from './incidents.js';
import * as store from './store.js';

const POLL_MS = 5000;
const SOCKET_AGAIN_MS = 30_000;
const SILENCE_MS = 20_000;
const BACKOFF_MS = [1000, 2000, 4000, 8000, 15_000];

let wake = () => {};

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
      failures = 0;
    } catch (error) {
      const pause = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)];
      failures += 1;
      // A master that answers knows itself what is wrong with it.
      store.setLink('down', Date.now() + pause, error.status ? error.message : '');
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
    let heard = Date.now();
    let socket;
    try {
      socket = new WebSocket(api.eventsUrl());
    } catch {
      resolve(false);
      return;
    }
    // A link that died without a word is found by asking; a quiet house is not a dead link.
    const watchdog = setInterval(async () => {
      if (Date.now() - heard < SILENCE_MS) return;
      heard = Date.now();
      if (
        socket.readyState !== WebSocket.OPEN ||
        !(await api.storage().then(
          () => true,
          () => false,
        ))
      ) {
        socket.close();
        done();
      }
    }, 2000);
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
      heard = Date.now();
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

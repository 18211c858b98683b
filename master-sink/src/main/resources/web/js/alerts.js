// What people were told, with how many of it nobody has seen; and whether each channel works.
import * as api from './api.js';
import { button, el, icon, setText, show } from './dom.js';
import * as f from './format.js';
import { createSheet } from './sheet.js';
import { nameOf, on } from './store.js';
import { strings as S } from './strings.js';

const CALM_MS = 2500; // what is told now is in the list soon after
const LOOK_MS = 60_000;
const ICONS = { lost: 'alert', fault: 'alert', trouble: 'alert', back: 'check', motion: 'motion' };

/** Puts the bell into `tools`, and the list behind it; `onTrouble(camera, t)` plays what led to one. */
export function createAlerts(tools, { onTrouble }) {
  let timer = 0;
  const sheet = createSheet(S.alerts, { testid: 'alerts-sheet', shown: () => refresh(true) });
  const about = el('p', { class: 'sheet-about', text: S.alertsAbout });
  const none = el('p', { class: 'sheet-none', text: S.loading });
  const list = el('ul', { class: 'alerts' });
  const channels = el('ul', { class: 'channels', 'aria-label': S.channels });
  const channelsNone = el('p', { class: 'row-note', text: S.channelsNone });
  const said = el('p', { class: 'sheet-said', role: 'status' });
  sheet.body.append(
    about,
    none,
    list,
    el('h3', { class: 'channels-title', text: S.channels }),
    channelsNone,
    channels,
    said,
  );

  const count = el('span', { class: 'bell-count', 'aria-hidden': 'true', hidden: true });
  const bell = button({ name: 'bell', label: S.alerts, 'data-testid': 'alerts-open' }, sheet.open);
  bell.append(count);
  tools.append(bell);

  function ring(unseen) {
    show(count, unseen > 0);
    setText(count, unseen > 99 ? '99+' : String(unseen));
    bell.setAttribute('aria-label', unseen > 0 ? S.alertsUnseen(unseen) : S.alerts);
    bell.title = unseen > 0 ? S.alertsUnseen(unseen) : S.alerts;
  }

  async function refresh(isShown) {
    try {
      const answer = await api.alerts(isShown ? 200 : 1);
      ring(answer.unseen);
      if (!isShown) return;
      render(answer);
      if (answer.unseen > 0) {
        await api.alertsSeen(answer.alerts[0].at);
        ring(0);
      }
    } catch (error) {
      if (isShown && list.children.length === 0) setText(none, S.notDone(error.message));
    }
  }

  function render({ alerts, channels: all, unseen }) {
    const now = api.now();
    list.replaceChildren(...alerts.map((alert, index) => rowOf(alert, now, index < unseen, play)));
    setText(none, S.alertsNone);
    show(none, alerts.length === 0);
    show(channelsNone, all.length === 0);
    channels.replaceChildren(...all.map((channel) => channelOf(channel, now)));
  }

  function play(alert) {
    sheet.close();
    onTrouble(alert.camera, Date.parse(alert.at));
  }

  function channelOf(channel, now) {
    const name = S.channelNames[channel.name];
    const test = button(
      {
        text: S.channelTest,
        label: S.channelTestOf(name),
        'aria-label': S.channelTestOf(name),
        'data-for': 'owner',
      },
      async () => {
        test.disabled = true;
        setText(said, S.channelTrying(name));
        try {
          const { ok, answer } = await api.testAlert(channel.name);
          setText(said, ok ? S.channelWorks(name, answer) : S.channelFails(name, answer));
        } catch (error) {
          setText(said, S.channelFails(name, error.message));
        }
        await refresh(true);
        channels.querySelector(`[data-channel="${channel.name}"] button`)?.focus();
      },
    );
    return el(
      'li',
      { class: 'row', data: { channel: channel.name, failing: channel.failing } },
      el(
        'div',
        { class: 'row-text' },
        el('p', { class: 'row-title' }, el('strong', { text: name })),
        el('p', { class: 'row-facts', text: factsOf(channel, now) }),
      ),
      el('div', { class: 'row-buttons' }, test),
    );
  }

  const soon = () => {
    timer ||= setTimeout(() => {
      timer = 0;
      refresh(sheet.isOpen);
    }, CALM_MS);
  };
  for (const topic of ['incidents', 'troubles']) on(topic, soon);
  setInterval(() => document.visibilityState === 'visible' && refresh(sheet.isOpen), LOOK_MS);
  soon();
}

function factsOf({ failing, lastSuccess, lastError, error, waiting }, now) {
  const at = (moment) => f.dayAndTime(Date.parse(moment), now);
  const how = failing
    ? S.channelFailed(at(lastError), error)
    : lastSuccess
      ? S.channelWorked(at(lastSuccess))
      : S.channelUntried;
  return waiting > 0 ? `${how} ${S.channelWaiting(waiting)}` : how;
}

function rowOf(alert, now, isNew, play) {
  const camera = nameOf(alert.camera);
  const at = Date.parse(alert.at);
  return el(
    'li',
    { class: 'alert', data: { kind: alert.kind, new: isNew, testid: 'alert' } },
    el('span', { class: 'alert-icon', 'aria-hidden': 'true' }, iconOf(alert.kind)),
    el(
      'div',
      { class: 'row-text' },
      el(
        'p',
        { class: 'row-title' },
        el('strong', { text: S.alertTitle(alert.kind, camera) }),
        isNew ? el('span', { class: 'alert-new', text: S.alertNew }) : null,
      ),
      el('p', { class: 'row-facts', text: S.alertText(alert.sentence, alert.joined) }),
    ),
    el('time', { class: 'alert-time', datetime: alert.at, text: f.dayAndTime(at, now) }),
    alert.camera
      ? button({ name: 'play', label: S.playBefore(camera), 'data-testid': 'alert-play' }, () => play(alert))
      : null,
  );
}

const iconOf = (kind) => icon(ICONS[kind] ?? 'info');

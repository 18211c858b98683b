// The strip on top: what is wrong now, since when, what to do; gone when it is over.
import * as api from './api.js';
import { arrange, button, el, icon, setText, show } from './dom.js';
import * as f from './format.js';
import { detailOf, firstOf, standing, titleOf as incidentTitle } from './incidents.js';
import { isOwner, nameOf, on, putTroubles, state } from './store.js';
import { strings as S } from './strings.js';

/** Beyond these it is one line with their number, until somebody asks for all. */
const AT_FIRST = 2;
const ORDER = [
  'footage-away',
  'bucket-away',
  'index-away',
  'unreadable',
  'outside',
  'damage',
  'clock',
  'scrub',
];
/** What costs footage if nobody does anything. */
const SERIOUS = ['footage-away', 'bucket-away', 'index-away', 'unreadable'];

/** Whether something costs footage now if nobody does anything. */
export const isSerious = () =>
  [...state.troubles.values()].some(({ kind, camera }) => !camera && SERIOUS.includes(kind));

/** `act`: {showDamage(), onTrouble(camera, t), notify(text)}. */
export function createTroubles(root, { showDamage, onTrouble, notify }) {
  const list = el('ul', { class: 'trouble-list' });
  const more = button({ text: ' ', label: '', class: 'button trouble-more' }, () => {
    isWhole = true;
    refresh();
  });
  const spoken = el('p', { class: 'visually-hidden', role: 'status' });
  root.append(list, more);
  root.after(spoken);
  const rows = new Map();
  let isWhole = false;

  async function confirmClock() {
    try {
      await api.confirmClock();
      putTroubles(await api.troubles());
      notify(S.clockConfirmed);
    } catch (error) {
      notify(S.notDone(error.message));
    }
  }

  async function meanOutside() {
    try {
      await api.meanOutside();
    } catch (error) {
      notify(S.notDone(error.message));
    }
  }

  const actions = {
    outside: () =>
      button({ text: S.meantOutside, label: S.meantOutside, 'data-for': 'owner' }, meanOutside),
    clock: () => button({ text: S.confirmClock, label: S.confirmClock, 'data-for': 'owner' }, confirmClock),
    incident: ({ incident }) =>
      button({ text: S.playLast, label: S.playBefore(nameOf(firstOf(incident))) }, () =>
        onTrouble(firstOf(incident), incident.t0),
      ),
    damage: () => button({ text: S.showDamaged, label: S.showDamaged }, showDamage),
  };

  const rank = ({ kind, camera, incident }) =>
    incident
      ? -1
      : camera 
        ? ORDER.length + 1
        : (ORDER.indexOf(kind) + ORDER.length + 1) % (ORDER.length + 1);

  /** Where the master is open to strangers, its owners are to know, and nobody else. */
  const ofMaster = () =>
    [...state.troubles.entries()].filter(([, { kind }]) => kind !== 'outside' || isOwner());

  function refresh() {
    const all = [...standing().map(asTrouble), ...ofMaster()].sort(
      ([, a], [, b]) => rank(a) - rank(b) || Date.parse(a.since) - Date.parse(b.since),
    );
    if (all.length <= AT_FIRST) isWhole = false;
    const seen = isWhole ? all : all.slice(0, AT_FIRST);
    for (const [key, row] of rows) {
      if (seen.some(([k]) => k === key)) continue;
      row.node.remove();
      rows.delete(key);
    }
    for (const [key, trouble] of seen) {
      if (!rows.has(key)) rows.set(key, createRow(trouble, actions[trouble.kind]));
      rows.get(key).update(trouble);
    }
    arrange(
      list,
      seen.map(([key]) => rows.get(key).node),
    );
    setText(more.querySelector('.button-text'), S.moreTroubles(all.length - seen.length));
    more.title = '';
    show(more, all.length > seen.length);
    show(root, all.length > 0);
    setText(spoken, all.map(([, trouble]) => titleOf(trouble)).join('. '));
  }

  for (const topic of ['troubles', 'incidents', 'cameras']) on(topic, refresh);
  on('tick', () => rows.forEach((row) => row.tick()));
  refresh();
}

/** What costs footage, and what may be a camera being stolen, is red. */
const isBad = ({ kind, camera, incident }) =>
  Boolean(incident) || (!camera && SERIOUS.includes(kind));

const asTrouble = (incident) => [
  `incident ${incident.id}`,
  { kind: 'incident', incident, since: new Date(incident.t0).toISOString() },
];

const titleOf = ({ kind, camera, sentence, incident }) =>
  incident
    ? incidentTitle(incident)
    : camera
      ? S.troubleOf(nameOf(camera), S.fault({ kind, sentence }))
      : (S.troubles[kind]?.title ?? S.troubleUnknown);

/** The master's sentence on its clock goes on with what the page says in its own words. */
const factOf = ({ kind, camera, sentence, incident }) =>
  incident ? detailOf(incident) : S.sentence(kind === 'clock' && !camera ? sentence.split(':')[0] : sentence);

function createRow(first, action) {
  let trouble = first;
  const title = el('strong', { class: 'trouble-title' });
  const since = el('span', { class: 'trouble-since' });
  const detail = el('p', { class: 'trouble-detail' });
  const node = el(
    'li',
    {
      class: 'trouble',
      data: {
        testid: 'trouble',
        kind: first.kind,
        level: isBad(first) ? 'bad' : 'warn',
      },
    },
    icon('alert'),
    el('div', { class: 'trouble-text' }, el('p', {}, title, ' ', since), detail),
    action ? action(first) : null,
  );

  /** The time that a clock in doubt shows is what somebody has to look at. */
  function tick() {
    const { kind, camera } = trouble;
    const todo = camera ? '' : (S.troubles[kind]?.todo ?? '');
    const says = kind === 'clock' ? S.clockSays(f.longDay(api.now()), f.hour(api.now())) : '';
    setText(detail, [factOf(trouble), says, todo].filter(Boolean).join(' '));
  }

  return {
    node,
    tick,
    update(latest) {
      trouble = latest;
      setText(title, titleOf(trouble));
      setText(since, S.since(f.moment(Date.parse(trouble.since), api.now())));
      tick();
    },
  };
}

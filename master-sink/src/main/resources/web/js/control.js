// One camera's sheet: its name, what it does, and what it goes by.
import * as api from './api.js';
import { button, el, setText, show } from './dom.js';
import * as f from './format.js';
import { createHealth } from './health.js';
import { createForm } from './settings-form.js';
import { ask, createSheet } from './sheet.js';
import { isAway, nameOf, on, putCameras, state } from './store.js';
import { strings as S } from './strings.js';

/** Fewer than come, so that there is one before each. */
const MOST_CHANGES = 49;

/** Returns the function that opens it for a camera. */
export function createControl({ notify }) {
  let camera = null;
  let loaded = null;
  let called = ''; // as its field was filled
  const isRetyped = () => name.value.trim() !== called;
  const sheet = createSheet(S.cameraSettings, {
    testid: 'control-sheet',
    shown: () => load(),
    mayClose: () =>
      !(form.isChanged() || isRetyped()) ||
      ask({ title: S.leaveTitle, text: S.leaveText, yes: S.leave }),
    hidden: () => {
      camera = null;
    },
  });
  const title = sheet.root.querySelector('h2');
  const name = el('input', { type: 'text', maxlength: '64', autocomplete: 'off', spellcheck: 'false' });
  const naming = el(
    'form',
    { class: 'control-name', on: { submit: rename } },
    el('label', {}, el('span', { text: S.nameOfCamera }), name),
    el('button', { type: 'submit', class: 'button', text: S.rename }),
  );
  const commands = ['start', 'stop', 'flush', 'restart'].map((word) => [
    word,
    button(
      { text: S.commands[word].label, label: S.commands[word].hint, 'data-testid': `command-${word}` },
      () => tell(word),
    ),
  ]);
  const health = createHealth();
  const told = el('p', { class: 'control-told', role: 'status' });
  const form = createForm({ onSave: save, facts: () => state.cameras.get(camera) });
  const remove = button(
    { text: S.removeCamera, label: S.removeCamera, class: 'button control-remove', 'data-testid': 'camera-remove' },
    takeDown,
  );
  const changes = el('ol', { class: 'control-changes' });
  const history = el(
    'details',
    { class: 'control-history' },
    el('summary', { text: S.changes }),
    changes,
  );
  sheet.body.append(
    naming,
    el('div', { class: 'control-commands' }, ...commands.map(([, node]) => node)),
    told,
    health.root,
    form.root,
    history,
    remove,
  );
  sheet.root.append(form.foot);

  async function load() {
    const mine = camera;
    if (!loaded) form.busy(S.loading);
    try {
      const answer = await api.cameraSettings(mine);
      if (camera !== mine) return;
      loaded = answer;
      form.fill(answer);
      showChanges(answer.changes);
    } catch (error) {
      if (camera === mine) form.busy(S.notDone(error.message));
    }
  }

  function refresh() {
    const facts = state.cameras.get(camera);
    if (!facts || !sheet.isOpen) return;
    const isStopped = facts.state === 'stopped';
    for (const [word, node] of commands) {
      show(node, word !== 'start' || isStopped);
      node.disabled = isAway(facts) || (isStopped && word !== 'start');
      if (word === 'stop') show(node, !isStopped);
    }
    form.away(isAway(facts));
    show(remove, isAway(facts));
    health.update(facts);
  }

  async function tell(word) {
    setText(told, S.commands[word].now);
    try {
      await api.command(camera, word);
      setText(told, S.commands[word].done);
    } catch (error) {
      setText(told, S.notDone(error.message));
    }
  }

  async function takeDown() {
    const { id, name } = state.cameras.get(camera);
    const title = S.removeCameraAsk(name);
    if (!(await ask({ title, text: S.removeCameraText, yes: S.removeCamera }))) return;
    try {
      await api.removeCamera(id);
      putCameras(await api.cameras());
      sheet.close();
      notify(S.cameraRemoved(name));
    } catch (error) {
      setText(told, S.notDone(error.message));
    }
  }

  function showName() {
    called = nameOf(camera);
    name.value = called;
    setText(title, called);
  }

  async function rename(event) {
    event.preventDefault();
    const id = camera;
    try {
      await api.nameCamera(id, name.value.trim());
      putCameras(await api.cameras());
      notify(S.renamed(nameOf(id)));
      if (camera === id) showName();
    } catch (error) {
      notify(S.notDone(error.message));
    }
  }

  async function save(values) {
    const mine = camera;
    form.busy(S.applying, true);
    try {
      const change = await api.setCamera(mine, loaded.version, values);
      if (camera !== mine) return;
      loaded.version = change.version;
      form.busy('');
      form.say(S.became(change), change.state);
      if (change.state === 'refused') return; // what was typed stays, to be mended
      await load();
      if (camera === mine) form.say(S.became(change), change.state);
    } catch (error) {
      if (camera !== mine) return;
      form.busy('', false);
      form.say(S.notDone(error.message), 'refused');
    }
  }

  /** What waits behind a later one is never sent: that has all of it. */
  const stateOf = ({ state: word }, place) => (place > 0 && word === 'waiting' ? 'replaced' : word);

  function showChanges(list) {
    show(history, list.length > 0);
    changes.replaceChildren(...list.slice(0, MOST_CHANGES).map((_, place) => changeRow(list, place)));
  }

  /** One change against the one before it, of those that were not refused. */
  function changeRow(list, place) {
    const change = list[place];
    const became = stateOf(change, place);
    const before = list.slice(place + 1).find((earlier) => earlier.state !== 'refused');
    const values = form.differences(before?.values ?? {}, change.values).join(' · ');
    return el(
      'li',
      { data: { state: change.state } },
      el('span', { text: S.changeOf(f.moment(Date.parse(change.at), api.now()), change.who) }),
      el('span', { class: 'control-state', text: S.changeStates[became] }),
      el('span', { class: 'control-values', text: values || S.noDifference }),
      change.sentence && became !== 'replaced'
        ? el('span', { class: 'control-values', text: S.sentence(change.sentence) })
        : null,
    );
  }

  for (const topic of ['camera', 'cameras', 'tick']) on(topic, refresh);
  on('settings', (change) => {
    const isOfOthers = change.camera !== camera || change.state === 'waiting' || form.isBusy();
    const known = loaded?.changes[0];
    const isKnown = known?.version === change.version && known.state === change.state;
    if (sheet.isOpen && !isOfOthers && !isKnown) load();
  });

  return (id) => {
    camera = id;
    loaded = null;
    showName();
    setText(told, '');
    sheet.open();
    refresh();
  };
}

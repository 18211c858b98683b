// Adds a camera: a code that is good once, as text and as a picture, until a camera has come by it.
import * as api from './api.js';
import { button, el, icon, setText, show } from './dom.js';
import * as f from './format.js';
import { createSheet } from './sheet.js';
import { isAway, on, state } from './store.js';
import { strings as S } from './strings.js';

const SVG = 'http://www.w3.org/2000/svg';
const ASK_MS = 3000;

/** Returns the function that opens it. */
export function createPairing() {
  /** What the master gave: {id, code, qr, begin, end}; null before it has, and once it is used. */
  let code = null;
  let taken = new Set();
  let came = null;
  let asked = 0;

  const sheet = createSheet(S.addCamera, {
    testid: 'pairing',
    shown: () => restart(),
    hidden: () => giveUp(),
  });
  const said = el('p', { class: 'sheet-said', role: 'status' });
  const foot = el('div', { class: 'sheet-foot' }, said);
  const again = button({ text: S.newCode, label: S.newCode }, () => restart());
  const left = el('p', { class: 'pair-left' });
  sheet.root.append(foot);

  const name = el('input', {
    type: 'text',
    name: 'camera',
    maxlength: 32,
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    'data-testid': 'pair-name',
    on: { input: () => show(anew, taken.has(name.value.trim())) },
  });
  const takes = el('input', { type: 'checkbox' });
  const anew = el('label', { class: 'pair-anew', hidden: true }, takes, el('span', { text: S.pairAnew }));
  const form = el(
    'form',
    { class: 'people-form', on: { submit: (event) => ask(event) } },
    el('p', { class: 'sheet-about', text: S.pairAbout }),
    el('label', { class: 'field' }, el('span', { text: S.pairName }), name),
    el('p', { class: 'sheet-about', text: S.pairNameAbout }),
    anew,
    el('button', { type: 'submit', class: 'button button-primary', text: S.showCode, 'data-testid': 'pair-code' }),
  );

  /** What has to be set before cameras of other machines can come. */
  const setUp = (about) =>
    el(
      'div',
      { class: 'people-form', 'data-testid': 'pair-set' },
      el('p', { class: 'sheet-about', text: about }),
      el('pre', {}, el('code', { text: S.pairSettings })),
      el('p', { class: 'sheet-about', text: S.pairSetThen }),
    );

  async function restart() {
    await giveUp();
    came = null;
    name.value = '';
    takes.checked = false;
    show(anew, false);
    say('');
    sheet.body.replaceChildren();
    foot.replaceChildren(said);
    try {
      const { possible, addresses } = await api.pairingWay();
      if (!possible) {
        sheet.body.replaceChildren(setUp(S.pairNotYet));
        foot.replaceChildren(said, button({ text: S.pairLook, label: S.pairLook }, () => restart()));
        return;
      }
      const isNear = addresses.every((address) => /^(127\.|\[::1\]|localhost)/.test(address));
      sheet.body.replaceChildren(form, ...(isNear ? [setUp(S.pairNear)] : []));
      name.focus();
      taken = new Set((await api.pairings()).map((key) => key.camera));
    } catch (error) {
      say(S.notDone(error.message));
    }
  }

  async function ask(event) {
    event.preventDefault();
    try {
      const answer = await api.pairingCode(name.value.trim(), takes.checked);
      code = { ...answer, begin: api.now(), end: Date.parse(answer.expires) };
      showCode();
    } catch (error) {
      say(S.notDone(error.message));
    }
  }

  function showCode() {
    say('');
    const command = S.pairCommand(code.code);
    sheet.body.replaceChildren(
      el(
        'div',
        { class: 'pair' },
        picture(code.qr),
        el(
          'div',
          { class: 'pair-words' },
          el('p', { text: S.pairType }),
          el('pre', { class: 'pair-command' }, el('code', { text: command, 'data-testid': 'pair-command' })),
          el(
            'div',
            { class: 'people-buttons' },
            copier(S.copyCommand, command),
            copier(S.copyCode, code.code),
          ),
          left,
          el('p', { class: 'sheet-about', text: S.pairOpen }),
        ),
      ),
    );
    foot.replaceChildren(said, again, button({ text: S.cancel, label: S.pairCancel }, sheet.close));
    tick();
  }

  const copier = (label, text) =>
    button({ text: label, label }, async () => {
      try {
        await navigator.clipboard.writeText(text);
        say(S.copied);
      } catch {
        getSelection().selectAllChildren(sheet.body.querySelector('.pair-command'));
        say(S.copyByHand); // without TLS, browsers let no page write there
      }
    });

  /** A camera has come: what it is called, and what is left to do. */
  function arrived(camera) {
    code = null;
    came = camera;
    say('');
    sheet.body.replaceChildren(
      el(
        'div',
        { class: 'pair-done', 'data-testid': 'paired', tabindex: '-1' },
        el('span', { class: 'pair-mark' }, icon('check')),
        el('h3', { text: S.paired(camera) }),
        el('p', { class: 'sheet-about', role: 'status' }),
        el('pre', {}, el('code', { text: S.cameraCommand })),
      ),
    );
    foot.replaceChildren(
      said,
      button({ text: S.addAnother, label: S.addAnother }, () => restart()),
      button({ text: S.done, label: S.done, 'data-testid': 'pair-done' }, sheet.close),
    );
    sheet.body.querySelector('.pair-done').focus();
    refreshArrival();
  }

  function refreshArrival() {
    const facts = sheet.isOpen && came && state.cameras.get(came);
    const isHere = facts && !isAway(facts);
    const words = sheet.body.querySelector('.pair-done p');
    if (!words) return;
    setText(words, isHere ? S.pairedHere(facts.name) : S.pairedStart);
    show(sheet.body.querySelector('.pair-done pre'), !isHere);
  }

  function tick() {
    if (!code || !sheet.isOpen) return;
    const rest = code.end - api.now();
    setText(left, rest > 0 ? S.codeGood(f.duration(Math.ceil(rest / 1000) * 1000)) : S.codeOver);
    left.dataset.over = rest <= 0;
    // Where nothing is pushed, it is asked for.
    if (state.link.status !== 'live' && Date.now() - asked > ASK_MS) look();
  }

  async function look() {
    asked = Date.now();
    const mine = code;
    const keys = await api.pairings().catch(() => []);
    const fresh = keys.find((key) => Date.parse(key.pairedAt) >= mine.begin);
    if (fresh && code === mine) arrived(fresh.camera);
  }

  /** Whoever read the code over a shoulder is to have nothing of it. */
  async function giveUp() {
    const mine = code;
    code = null;
    if (mine && mine.end > api.now()) await api.spendCode(mine.id).catch(() => {});
  }

  const say = (words) => setText(said, words);

  on('paired', ({ camera, code: id }) => code?.id === id && arrived(camera));
  on('tick', tick);
  for (const topic of ['camera', 'cameras']) on(topic, refreshArrival);
  return sheet.open;
}

/** The master draws it; only its numbers are taken over. */
function picture(text) {
  const given = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', given.getAttribute('viewBox'));
  svg.setAttribute('class', 'pair-picture');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', S.pairPicture);
  svg.setAttribute('shape-rendering', 'crispEdges');
  for (const path of given.querySelectorAll('path')) {
    const copy = document.createElementNS(SVG, 'path');
    for (const key of ['fill', 'd']) copy.setAttribute(key, path.getAttribute(key));
    svg.append(copy);
  }
  return svg;
}

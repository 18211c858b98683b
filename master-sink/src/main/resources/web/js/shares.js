// Links that show a stretch of footage to whoever has them: made, copied, listed and taken back.
import * as api from './api.js';
import { button, el, setText, show } from './dom.js';
import { missingOf } from './export.js';
import * as f from './format.js';
import { createSheet } from './sheet.js';
import { nameOf } from './store.js';
import { strings as S } from './strings.js';

const LIVES = ['hour', 'day', 'week'];

/** Returns the function that opens it: for a stretch {camera, from, to}, or for the list alone. */
export function createShares() {
  let range = null;

  const sheet = createSheet(S.shares, { testid: 'shares' });
  const what = el('p', { class: 'share-what' });
  const missing = el('p', { class: 'share-missing', 'data-testid': 'share-missing' });
  const lives = LIVES.map((life, index) =>
    el('label', {}, choice(life, index === 1), el('span', { text: S.shareLives[life] })),
  );
  const make = button(
    {
      name: 'link',
      text: S.shareMake,
      label: S.shareMake,
      class: 'button button-primary',
      'data-testid': 'share-make',
    },
    create,
  );
  const form = el(
    'div',
    { class: 'share-form' },
    what,
    missing,
    el('fieldset', { class: 'share-lives' }, el('legend', { text: S.shareLife }), ...lives),
    make,
  );
  const link = el('input', {
    class: 'share-link',
    readonly: true,
    'aria-label': S.shareLink,
    'data-testid': 'share-link',
  });
  const copy = button({ text: S.copy, label: S.copy }, async () => {
    link.select();
    try {
      await navigator.clipboard.writeText(link.value);
      setText(said, S.copied);
    } catch {
      setText(said, S.copyByHand);
    }
  });
  const made = el(
    'div',
    { class: 'share-made' },
    el('p', { text: S.shareOnce }),
    el('div', { class: 'share-copy' }, link, copy),
  );
  const said = el('p', { class: 'sheet-said', role: 'status' });
  const none = el('p', { class: 'sheet-none', text: S.sharesNone });
  const rows = el('ul', { class: 'rows' });
  sheet.body.append(
    el('p', { class: 'sheet-about', text: S.sharesAbout }),
    form,
    made,
    el('h3', { class: 'share-title', text: S.sharesGood }),
    none,
    rows,
  );
  sheet.root.append(el('div', { class: 'sheet-foot' }, said));

  function open(wanted = null) {
    range = wanted;
    show(form, Boolean(range));
    show(made, false);
    setText(said, '');
    if (range) {
      const length = f.duration(range.to - range.from);
      setText(what, `${nameOf(range.camera)}, ${f.dayAndTime(range.from, api.now())} – ${f.clock(range.to)} (${length})`);
    }
    setText(missing, '');
    sheet.open();
    refresh();
    if (range) tellMissing(range);
  }

  /** What whoever has the link will not see, as of now. */
  async function tellMissing(wanted) {
    const plan = await api.exportPlan(wanted).catch(() => ({ missing: [] })); // making it says why not
    if (wanted === range) setText(missing, missingOf(plan).map((pair) => pair.join(': ')).join(''));
  }

  async function create() {
    const life = form.querySelector('input:checked').value;
    try {
      const { path } = await api.share(range, life);
      link.value = new URL(path, document.baseURI).href;
      show(form, false);
      show(made, true);
      link.focus();
      link.select();
      setText(said, '');
    } catch (error) {
      setText(said, S.sentence(error.message));
    }
    await refresh();
  }

  async function refresh() {
    try {
      const shares = await api.shares();
      rows.replaceChildren(...shares.map(row));
      show(none, shares.length === 0);
    } catch (error) {
      setText(said, S.notDone(error.message));
    }
  }

  function row(share) {
    const from = Date.parse(share.from);
    const title = `${f.dayAndTime(from, api.now())} – ${f.clock(Date.parse(share.to))}`;
    const facts = [
      S.shareEnds(f.until(Date.parse(share.expires), api.now())),
      S.shareUses(share.uses),
      share.maker ? S.shareMaker(share.maker) : S.shareMadeByLink,
    ];
    return el(
      'li',
      { class: 'row', data: { testid: 'share-row' } },
      el(
        'div',
        { class: 'row-text' },
        el('p', { class: 'row-title' }, el('strong', { text: nameOf(share.camera) }), el('span', { text: title })),
        el('p', { class: 'row-facts', text: facts.join(' · ') }),
      ),
      el(
        'div',
        { class: 'row-buttons' },
        button(
          {
            text: S.takeBack,
            label: S.takeBack,
            'aria-label': S.shareRevoke(`${nameOf(share.camera)}, ${title}`),
            'data-testid': 'share-revoke',
          },
          () => revoke(share),
        ),
      ),
    );
  }

  async function revoke(share) {
    try {
      await api.unshare(share.id);
      setText(said, S.shareRevoked);
      show(made, false);
    } catch (error) {
      setText(said, S.notDone(error.message));
    }
    await refresh();
  }

  return open;
}

const choice = (life, checked) => el('input', { type: 'radio', name: 'share-life', value: life, checked });

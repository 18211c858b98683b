// Who may come in and who is signed in: one's own account, and for an owner all others, cameras too.
import * as api from './api.js';
import { button, el, setText, show } from './dom.js';
import * as f from './format.js';
import { ask, createSheet } from './sheet.js';
import { strings as S } from './strings.js';

/** Returns the function that opens it. `showAudit` opens the log of what people did. */
export function createPeople({ showAudit, showShares, addCamera }) {
  const sheet = createSheet(S.people, { testid: 'people', shown: () => refresh() });
  const said = el('p', { class: 'sheet-said', role: 'status' });
  const parts = el('div', { class: 'people' });
  const shares = button(
    { text: S.shares, label: S.shares, 'data-testid': 'shares-open' },
    () => {
      sheet.close();
      showShares();
    },
  );
  const audit = button({ text: S.audit, label: S.audit, 'data-testid': 'audit-open' }, () => {
    sheet.close();
    showAudit();
  });
  const out = button(
    { text: S.signOut, label: S.signOut, 'data-testid': 'sign-out' },
    () => api.endSession('current').then(leave, failed),
  );
  sheet.body.append(parts);
  sheet.root.append(el('div', { class: 'sheet-foot' }, said, shares, audit, out));

  const leave = () => location.assign(new URL('signed-out.html', document.baseURI));
  const failed = (error) => setText(said, S.notDone(error.message));

  async function attempt(work, words) {
    try {
      await work();
      setText(said, words);
      await refresh();
    } catch (error) {
      failed(error);
    }
  }

  async function refresh() {
    try {
      const me = await api.me();
      const isOwner = me.role === 'owner';
      const [sessions, people, invitations, keys] = await Promise.all([
        api.sessions(),
        isOwner ? api.people() : [],
        isOwner ? api.invitations() : [],
        isOwner ? api.pairings() : [],
      ]);
      show(audit, isOwner);
      show(shares, isOwner);
      parts.replaceChildren(
        account(me),
        section(S.signedInHere, sessions.map((s) => sessionRow(s)), endOthers(sessions)),
        ...(isOwner
          ? [
              section(S.peopleTitle, [...people.map((p) => personRow(p, me)), ...invitations.map(invitationRow)], inviters()),
              section(S.camerasTitle, keys.map(keyRow), [adder()]),
            ]
          : []),
      );
    } catch (error) {
      failed(error);
    }
  }

  function account(me) {
    const about = me.hasPassword
      ? S.youAre(me.name, S.roles[me.role])
      : me.hasOwner
        ? S.youCameByLink
        : S.youCameByLinkFirst;
    const box = el('section', { class: 'people-part' }, el('p', { class: 'sheet-about', text: about }));
    if (me.hasPassword) box.append(passwordForm(me));
    return box;
  }

  function passwordForm(me) {
    const field = (name, label, autocomplete) =>
      el(
        'label',
        { class: 'field' },
        el('span', { text: label }),
        el('input', { name, type: 'password', autocomplete, required: true, maxlength: 256 }),
      );
    const form = el(
      'form',
      { class: 'people-form' },
      // Password managers want to know whose password it is.
      el('input', { name: 'name', type: 'text', autocomplete: 'username', value: me.name, hidden: true, readonly: true }),
      field('current', S.currentPassword, 'current-password'),
      field('password', S.page.newPassword, 'new-password'),
      el('p', { class: 'sheet-about', text: `${S.page.passwordRule} ${S.otherSessionsEnd}` }),
      el('button', { type: 'submit', class: 'button', text: S.changePassword }),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const { current, password } = form.elements;
      attempt(() => api.changePassword(current.value, password.value), S.passwordChanged);
    });
    return el(
      'details',
      { class: 'people-details' },
      el('summary', { text: S.changePassword }),
      form,
    );
  }

  function section(title, rows, buttons) {
    return el(
      'section',
      { class: 'people-part' },
      el('h3', { text: title }),
      el('ul', { class: 'rows' }, ...rows),
      el('div', { class: 'people-buttons' }, ...buttons),
    );
  }

  function row(title, tag, facts, ...buttons) {
    return el(
      'li',
      { class: 'row' },
      el(
        'div',
        { class: 'row-text' },
        el(
          'p',
          { class: 'row-title' },
          el('strong', { text: title }),
          tag ? el('span', { class: 'people-tag', text: tag }) : null,
        ),
        el('p', { class: 'row-facts', text: facts }),
      ),
      el('div', { class: 'row-buttons' }, ...buttons),
    );
  }

  function sessionRow(session) {
    const who = session.isMine ? '' : `${session.name || S.byLink} · `;
    const facts = `${who}${session.address} · ${S.lastUsed(f.moment(Date.parse(session.used), api.now()))}`;
    const name = `${session.browser}, ${session.address}`;
    if (session.isCurrent) return row(session.browser, S.thisBrowser, facts);
    return row(
      session.browser,
      '',
      facts,
      button({ text: S.endSession, label: S.endThis(name), 'aria-label': S.endThis(name) }, () =>
        attempt(() => api.endSession(session.id), S.sessionEnded),
      ),
    );
  }

  function endOthers(sessions) {
    if (sessions.filter((s) => s.isMine).length < 2) return [];
    return [
      button({ text: S.endOthers, label: S.endOthers, 'data-testid': 'end-others' }, () =>
        attempt(() => api.endOtherSessions(), S.othersEnded),
      ),
    ];
  }

  function personRow(person, me) {
    const facts = `${S.roles[person.role]} · ${S.since(f.day(Date.parse(person.created), api.now()))}`;
    const remove = button(
      { text: S.removePerson, label: S.removeThis(person.name), 'aria-label': S.removeThis(person.name) },
      async () => {
        const isSure = await ask({
          title: S.removeAsk(person.name),
          text: S.removeText,
          yes: S.removePerson,
        });
        if (isSure) await attempt(() => api.removePerson(person.id), S.removed(person.name));
      },
    );
    return person.name === me.name ? row(person.name, S.you, facts) : row(person.name, '', facts, remove);
  }

  function invitationRow(invitation) {
    const title = S.invited(S.roles[invitation.role]);
    const facts = S.goodUntil(f.moment(Date.parse(invitation.expires), api.now()));
    return row(
      title,
      '',
      facts,
      button({ text: S.takeBack, label: S.takeBack }, () =>
        attempt(() => api.uninvite(invitation.id), S.takenBack),
      ),
    );
  }

  function inviters() {
    return ['viewer', 'owner'].map((role) =>
      button({ text: S.invite[role], label: S.invite[role], 'data-testid': `invite-${role}` }, () => invite(role)),
    );
  }

  function keyRow({ camera, key, pairedAt, lastHeard }) {
    const facts = [
      S.pairedOn(f.dayAndTime(Date.parse(pairedAt), api.now())),
      lastHeard ? S.heardLast(f.moment(Date.parse(lastHeard), api.now())) : S.heardNever,
      S.keyOf(key.slice(0, 16).replace(/(.{4})(?=.)/g, '$1 ')),
    ];
    const unpair = button(
      { text: S.unpair, label: S.unpairThis(camera), 'aria-label': S.unpairThis(camera), 'data-testid': 'unpair' },
      async () => {
        const isSure = await ask({ title: S.unpairAsk(camera), text: S.unpairText, yes: S.unpair });
        if (isSure) await attempt(() => api.unpair(camera), S.unpaired(camera));
      },
    );
    return row(camera, '', facts.join(' · '), unpair);
  }

  const adder = () =>
    button({ text: S.addCamera, label: S.addCamera, 'data-testid': 'people-add-camera' }, () => {
      sheet.close();
      addCamera();
    });

  /** The link is shown once: the master keeps only its hash. */
  async function invite(role) {
    try {
      const { path } = await api.invite(role);
      await refresh();
      const link = new URL(path, document.baseURI).href;
      const input = el('input', { type: 'text', readonly: true, value: link, 'data-testid': 'invite-link' });
      const copy = button({ text: S.copy, label: S.copy }, async () => {
        input.select();
        await navigator.clipboard?.writeText(link).catch(() => {});
        setText(said, S.copied);
      });
      parts.prepend(
        el(
          'section',
          { class: 'people-part people-link' },
          el('label', { class: 'field' }, el('span', { text: S.inviteLink }), input),
          copy,
        ),
      );
      sheet.body.scrollTo({ top: 0 });
      input.select();
    } catch (error) {
      failed(error);
    }
  }

  return sheet.open;
}

// The pages for people without a session: the form to sign in, and the one of who comes by a link.
import { fillIn, strings as S } from './strings.js';

fillIn(document);

const form = document.querySelector('.door-form');
const error = form.querySelector('.door-error');
const submit = form.querySelector('[type=submit]');

// The link is good once; it is taken out of the address so that no history keeps it.
const token = new URLSearchParams(location.hash.slice(1)).get('token');
if (token) history.replaceState(null, '', location.pathname);

form.elements.show?.addEventListener('change', () => {
  form.elements.password.type = form.elements.show.checked ? 'text' : 'password';
});

function say(words) {
  error.textContent = words;
  error.hidden = !words;
}

async function send() {
  const { name, password } = form.elements;
  const body = { name: name.value, password: password.value };
  if (form.getAttribute('action') === 'welcome') body.token = token ?? '';
  const response = await fetch(form.action, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json', 'X-RaspberrySpy': '1' },
    body: JSON.stringify(body),
  });
  if (response.ok) {
    const home = new URL('./', document.baseURI);
    // Who came for the page itself gets what the address names.
    if (location.pathname === home.pathname) location.reload();
    else location.replace(home);
    return;
  }
  const problem = await response.json().catch(() => ({}));
  say(S.sentence(problem.detail ?? `HTTP ${response.status}`));
  password.select();
  password.focus();
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  say('');
  submit.disabled = true;
  try {
    await send();
  } catch {
    say(S.sentence(S.masterSilent));
  } finally {
    submit.disabled = false;
  }
});

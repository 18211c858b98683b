// The page of whoever has a link: one stretch of footage, and nothing else.
import { icon, show } from './dom.js';
import * as f from './format.js';
import { strings as S } from './strings.js';

const $ = (selector) => document.querySelector(selector);
const here = location.pathname.replace(/\/$/, '');

async function load() {
  let answer;
  try {
    answer = await fetch(`${here}/facts`, { credentials: 'omit' });
  } catch {
    return over(S.masterSilent, S.sharedAgain);
  }
  const facts = await answer.json().catch(() => ({}));
  if (answer.ok) return present(facts);
  const isGone = answer.status === 410 || answer.status === 404;
  return isGone
    ? over(S.sharedOver, S.sentence(facts.detail ?? ''))
    : over(S.sharedNotNow, S.sentence(facts.detail ?? ''));
}

function over(title, text) {
  $('.shared-over h1').textContent = title;
  $('.shared-over p').textContent = text;
  show($('.shared-over'), true);
}

function present(facts) {
  const t0 = Date.parse(facts.start);
  const t1 = Date.parse(facts.end);
  const missing = facts.missing.map((m) => Date.parse(m.end) - Date.parse(m.start));
  const gone = missing.reduce((sum, ms) => sum + ms, 0);
  $('.shared-title').textContent = S.sharedTitle(facts.camera, f.longDay(t0), f.clock(t0), f.clock(t1));
  const video = $('.shared-video');
  video.src = `${here}/video.mp4`;
  const parts = [f.duration(f.lengthOf(facts)), f.bytes(facts.bytes)];
  if (gone > 0) parts.push(S.exportMissing(f.duration(gone)));
  $('.shared-facts').textContent = parts.join(' · ');
  const download = $('.shared-download');
  download.href = video.src;
  download.download = facts.fileName;
  download.append(icon('download'), S.download);
  $('.shared-note').textContent = S.sharedUntil(f.dayAndTime(Date.parse(facts.expires), Date.now()));
  document.title = `${facts.camera} – ${S.product}`;
  show($('.shared-footage'), true);
}

load().finally(() => $('.shared-main').setAttribute('aria-busy', 'false'));

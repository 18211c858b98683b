// Builds elements from code. Data only ever enters as text or as attribute values, never as markup.

const SVG = 'http://www.w3.org/2000/svg';

/** An element: `text`, `class`, `data` and `on` are special, all else are attributes. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === 'text') node.textContent = value;
    else if (key === 'class') node.className = value;
    else if (key === 'data') Object.assign(node.dataset, value);
    else if (key === 'on') {
      for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    } else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Sets text only when it differs, so that ticking values cost no layout and no announcements. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Shows or hides. */
export function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}

/** Puts `nodes` into `parent` in order. What stands right is not touched, and keeps its focus. */
export function arrange(parent, nodes) {
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}

/** Icons on a 24 by 24 grid, drawn as strokes. */
const ICONS = {
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M7 5.5h3v13H7zM14 5.5h3v13h-3z',
  previous: 'M17.5 6v12L9 12zM6.5 6v12',
  next: 'M6.5 6v12l8.5-6zM17.5 6v12',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5.5v13M5.5 12h13',
  minus: 'M5.5 12h13',
  day: 'M4 7h16M4 7v12.5h16V7M4 7V5h16v2M8.5 3v3M15.5 3v3',
  bookmark: 'M7 4.5h10v15l-5-4-5 4z',
  muted: 'M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9.5l5 5m0-5l-5 5',
  sound: 'M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9a4.2 4.2 0 0 1 0 6m2.5-8.5a7.8 7.8 0 0 1 0 11',
  download: 'M12 4.5v10.5M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14',
  full: 'M5 9.5V5h4.5M14.5 5H19v4.5M19 14.5V19h-4.5M9.5 19H5v-4.5',
  camera: 'M4 8h3.5l1.5-2.5h6L16.5 8H20v11H4zM12 16.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5z',
  help: 'M9.3 9.3a2.8 2.8 0 1 1 4.2 2.4c-1 .6-1.5 1.1-1.5 2.3M12 17.3v.1M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1',
  moon: 'M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7z',
  auto: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 3.5v17M12 7l5.8-.7M12 11.5h8.4M12 16l6.7.5',
  trash: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10.3 10.5v5.5M13.7 10.5v5.5',
  people: 'M12 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5zM4.5 20c.6-3.6 3.6-5.5 7.5-5.5s6.9 1.9 7.5 5.5',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.6v.1',
  check: 'M5.5 12.5l4.5 4.5 8.5-9.5',
  upload: 'M12 19V8.5M7.5 12.5L12 8l4.5 4.5M5 4.5h14',
  alert: 'M12 4L3 19.5h18zM12 10v4.5M12 17v.1',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4',
  gear: 'M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM12 3v2.6M12 18.4V21M3 12h2.6M18.4 12H21M5.6 5.6l1.9 1.9M16.5 16.5l1.9 1.9M18.4 5.6l-1.9 1.9M7.5 16.5l-1.9 1.9',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1.3 1.3M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1.3-1.3',
  grid: 'M4.5 5.5h6v5.5h-6zM13.5 5.5h6v5.5h-6zM4.5 13.5h6V19h-6zM13.5 13.5h6V19h-6z',
  range: 'M7 5.5H4.5v13H7M17 5.5h2.5v13H17M8.5 12h7',
  motion: 'M4 12h3l2.5-6 4.5 12 2.5-6H20',
};

/** A decorative icon; the control around it carries the name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon; `label` is its name, and its tooltip where no text is shown. */
export function button({ name, label, text, key, ...props }, onClick) {
  const node = el('button', {
    type: 'button',
    class: text ? 'button' : 'button button-icon',
    'aria-label': text ? undefined : label,
    title: key ? `${label} (${key})` : label,
    on: { click: onClick },
    ...props,
  });
  if (name) node.append(icon(name));
  if (text) node.append(el('span', { class: 'button-text', text }));
  return node;
}

/** Replaces a button's icon. */
export function setIcon(node, name) {
  const old = node.querySelector('.icon');
  if (!old.classList.contains(`icon-${name}`)) old.replaceWith(icon(name));
}

/** A video without sound: only such a one may start by itself, and nobody is to be startled. */
export function silentVideo(attributes) {
  const video = el('video', { playsinline: true, tabindex: '-1', ...attributes });
  video.muted = true;
  return video;
}

/** Shows `node` on the whole screen, or no longer; phones that can do so with a video alone, `video`. */
export function toggleFull(node, video) {
  if (document.fullscreenElement) document.exitFullscreen();
  else if (node.requestFullscreen) node.requestFullscreen().catch(() => {});
  else if (video?.readyState > 0) video.webkitEnterFullscreen?.();
}

/** Lets go of what a picture or a video shows: at once, not when the collector gets to it. */
export function letGo(picture) {
  picture.removeAttribute('src');
  if (picture instanceof HTMLVideoElement) picture.load();
}

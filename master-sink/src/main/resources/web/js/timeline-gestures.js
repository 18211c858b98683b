// Mouse, wheel and fingers on the strips: hover, click, drag to pan, wheel and pinch to zoom.

const DRAG_PX = 5;
/** Where the timeline is docked the page does not scroll under it, so the wheel is free to zoom. */
const DOCKED = matchMedia('(min-width: 1024px) and (min-height: 640px)');

/**
 * `act`: {width(), changed(), hover(strip, x, left, top), leave(), click(strip, x), selects(event),
 * select(strip, x, other, isDone)}.
 */
export function attachGestures(body, view, act) {
  const pointers = new Map();
  let dragged = false;

  const stripOf = (event) => event.target.closest('.tl-strip');
  const xIn = (strip, clientX) => clientX - strip.getBoundingClientRect().left;

  body.addEventListener('pointerdown', (event) => {
    const strip = stripOf(event);
    if (!strip || event.button !== 0) return;
    strip.setPointerCapture(event.pointerId);
    if (pointers.size === 0) dragged = false;
    const selects = pointers.size === 0 && act.selects(event);
    pointers.set(event.pointerId, { strip, x: event.clientX, from: event.clientX, selects });
  });

  body.addEventListener('pointermove', (event) => {
    const strip = stripOf(event);
    const pointer = pointers.get(event.pointerId);
    if (!pointer) {
      if (strip && event.pointerType === 'mouse') {
        const box = strip.getBoundingClientRect();
        act.hover(strip, event.clientX - box.left, box.left, box.top);
      }
      return;
    }
    const before = [...pointers.values()].map((p) => p.x);
    const moved = event.clientX - pointer.x;
    pointer.x = event.clientX;
    if (pointer.selects) {
      select(pointer, false);
    } else if (pointers.size === 2) {
      pinch(
        before,
        [...pointers.values()].map((p) => p.x),
        pointer.strip,
      );
    } else if (dragged || Math.abs(event.clientX - pointer.from) > DRAG_PX) {
      dragged = true;
      view.pan((-moved / act.width()) * view.span);
      act.changed();
    }
  });

  function select({ strip, x, from }, isDone) {
    if (!dragged && Math.abs(x - from) <= DRAG_PX) return;
    dragged = true;
    act.select(strip, xIn(strip, from), xIn(strip, x), isDone);
  }

  function pinch(before, after, strip) {
    dragged = true;
    const distance = ([a, b]) => Math.max(10, Math.abs(a - b));
    const centre = ([a, b]) => xIn(strip, (a + b) / 2);
    const anchor = view.time(centre(before), act.width());
    view.zoom(distance(after) / distance(before), anchor);
    view.pan(((centre(before) - centre(after)) / act.width()) * view.span);
    act.changed();
  }

  body.addEventListener('pointerup', (event) => {
    const pointer = pointers.get(event.pointerId);
    if (pointer?.selects) select(pointer, true);
    if (pointers.delete(event.pointerId) && !dragged)
      act.click(pointer.strip, xIn(pointer.strip, event.clientX));
  });
  body.addEventListener('pointercancel', (event) => pointers.delete(event.pointerId));
  body.addEventListener('pointerleave', () => act.leave());
  body.addEventListener('pointerout', (event) => {
    if (!event.relatedTarget?.closest?.('.tl-strip')) act.leave();
  });

  body.addEventListener(
    'wheel',
    (event) => {
      const strip = stripOf(event);
      if (!strip) return;
      const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (!sideways && !DOCKED.matches && !event.ctrlKey) return;
      event.preventDefault();
      const unit = event.deltaMode === 1 ? 16 : 1;
      if (sideways) {
        view.pan((((event.deltaX || event.deltaY) * unit) / act.width()) * view.span);
      } else {
        const anchor = view.time(xIn(strip, event.clientX), act.width());
        view.zoom(Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.0025)), anchor);
      }
      act.changed();
    },
    { passive: false },
  );
}

/** The bar under the strips: which part of the day is in sight; dragging it pans. */
export function attachScrollThumb(scroll, thumb, view, changed) {
  thumb.addEventListener('pointerdown', (event) => {
    thumb.setPointerCapture(event.pointerId);
    let last = event.clientX;
    const move = (e) => {
      view.pan(((e.clientX - last) / scroll.clientWidth) * (view.dayTo - view.dayFrom));
      last = e.clientX;
      changed();
    };
    thumb.addEventListener('pointermove', move);
    thumb.addEventListener(
      'lostpointercapture',
      () => thumb.removeEventListener('pointermove', move),
      { once: true },
    );
  });
}

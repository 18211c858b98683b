package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.FrameSlot;
import java.util.IdentityHashMap;

/**
 * Paints the frames of a test pattern into the slots of one pool. Each slot keeps what it shows, so
 * that only what changes is drawn; nothing is allocated once each slot was used.
 *
 * <p>Not thread-safe.
 */
final class TestPatternPainter {

  private static final double CLOCK_BRIGHTNESS = 0.3;

  private final TestPattern pattern;
  private final TestPatternLayout layout;
  private final TestPatternPlanes background;
  private final TestPatternSprite[] sprites;
  private final TestPatternClockFace clockFace;
  private final IdentityHashMap<FrameSlot, TestPatternCanvas> canvases = new IdentityHashMap<>();

  TestPatternPainter(TestPattern pattern) {
    this.pattern = pattern;
    layout = pattern.layout();
    clockFace = new TestPatternClockFace(layout);
    background = TestPatternScene.paint(pattern.width(), pattern.height());
    int radius = layout.clock().x() == 0 ? 0 : layout.clockPadding();
    background.darken(layout.clock(), CLOCK_BRIGHTNESS, radius);
    background.darken(layout.code(), 0, 0);
    sprites = new TestPatternSprite[pattern.objects()];
    for (int i = 0; i < sprites.length; i++) {
      TestPatternShape shape = TestPatternShape.of(i);
      sprites[i] = new TestPatternSprite(shape.figure(), shape.width(layout), shape.height(layout));
    }
  }

  /**
   * Makes the slot show a frame.
   *
   * @param code what the coded strip says
   */
  void paint(FrameSlot slot, long number, long code) {
    TestPatternCanvas canvas = canvases.get(slot);
    if (canvas == null) {
      canvas = new TestPatternCanvas(slot.avFrame(), background);
      canvases.put(slot, canvas);
    }
    for (int i = 0; i < sprites.length; i++) {
      canvas.wipe(i, sprites[i]);
    }
    for (int i = sprites.length - 1; i >= 0; i--) {
      if (pattern.isVisible(i, number)) {
        int x = pattern.left(i, number, layout);
        canvas.stamp(i, sprites[i], x, pattern.top(i, number, layout));
      }
    }
    TestPatternLayout.Area clock = layout.clock();
    canvas.restore(clock.x(), clock.y(), clock.width(), clock.height());
    clockFace.draw(canvas, number, pattern.ptsUs(number));
    TestPatternCode.draw(canvas, layout, code);
  }
}

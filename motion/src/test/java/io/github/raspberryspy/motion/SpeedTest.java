package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Scanner;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Measures what the decision costs: the median over rounds of the processor time per frame, over
 * more pictures than the caches hold. Not part of an ordinary build: {@code motion.speed} gives
 * size and rate, {@code 1920x1080@30}.
 */
@EnabledIfSystemProperty(named = "motion.speed", matches = "\\d+x\\d+@\\d+")
class SpeedTest {

  private static final int PICTURES = 96;
  private static final int ROUNDS = 9;
  private static final int FRAMES = 600;

  private final List<FrameSlot> slots = new ArrayList<>();
  private FramePool pool;
  private int width;
  private int height;
  private double fps;
  private long number;

  @Test
  void costOfAFrameIsTold() {
    Scanner wanted = new Scanner(System.getProperty("motion.speed")).useDelimiter("[x@]");
    width = wanted.nextInt();
    height = wanted.nextInt();
    fps = wanted.nextInt();
    try (FramePool frames = FramePool.allocate(PixelFormat.I420, width, height, PICTURES)) {
      pool = frames;
      for (boolean isMoving : new boolean[] {false, true}) {
        System.out.printf(
            Locale.ROOT,
            "%dx%d at %.0f a second, %s: %.4f ms a frame%n",
            width,
            height,
            fps,
            isMoving ? "moving" : "still",
            measure(isMoving));
      }
    }
  }

  private double measure(boolean isMoving) {
    draw(isMoving);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double[] rounds = new double[ROUNDS];
    try (MotionAnalyzer analyzer = new MotionAnalyzer(MotionConfig.defaults())) {
      for (int round = -3; round < ROUNDS; round++) {
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < FRAMES; i++) {
          show(analyzer);
        }
        if (round >= 0) {
          rounds[round] = (threads.getCurrentThreadCpuTime() - before) / 1e6 / FRAMES;
        }
      }
    }
    slots.forEach(FrameSlot::discard);
    slots.clear();
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }

  private void show(MotionAnalyzer analyzer) {
    // Each slot is published anew and taken back: more pictures than the caches hold.
    FrameSlot slot = slots.get((int) (number % PICTURES));
    long nanos = (long) (number * 1e9 / fps);
    try (Frame frame = slot.publish(number, nanos / 1000, nanos)) {
      analyzer.analyze(frame);
    }
    FrameSlot back = pool.poll();
    slots.set((int) (number % PICTURES), back);
    number++;
  }

  private void draw(boolean isMoving) {
    Random random = new Random(1);
    byte[] noise = new byte[1 << 16];
    byte[] row = new byte[width];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) (2 * random.nextGaussian());
    }
    for (int i = 0; i < PICTURES; i++) {
      FrameSlot slot = pool.poll();
      slots.add(slot);
      BytePointer plane = slot.avFrame().data(0);
      int left = isMoving ? width * i / PICTURES * 9 / 10 : width;
      for (int y = 0; y < height; y++) {
        int offset = random.nextInt(noise.length - width);
        for (int x = 0; x < width; x++) {
          boolean isBody = x >= left && x < left + width / 12 && y > height / 3 && y < height / 2;
          int luma = isBody ? 200 : 60 + 90 * y / height + (x * 16 / width) % 2 * 25;
          row[x] = (byte) (luma + noise[offset + x]);
        }
        plane.position((long) y * slot.avFrame().linesize(0)).put(row);
      }
      plane.position(0);
    }
  }
}

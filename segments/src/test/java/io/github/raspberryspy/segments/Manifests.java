package io.github.raspberryspy.segments;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Manifests for tests. */
public final class Manifests {

  private Manifests() {}

  /** A random id. */
  public static SegmentId id(Random random) {
    String[] cameras = {"front", "a", "back-door-2", "x".repeat(32), "a-3f9a1c22-r1-000001"};
    return new SegmentId(
        cameras[random.nextInt(cameras.length)],
        String.format("%08x", random.nextInt()),
        1 + Math.floorMod(random.nextLong() >> random.nextInt(60), 999_999_999_999_999_999L),
        Math.floorMod(random.nextLong() >> random.nextInt(60), 1_000_000_000_000_000_000L));
  }

  /** A random manifest. */
  public static SegmentManifest random(Random random) {
    Instant start =
        Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE), random.nextInt(1_000_000_000));
    Instant end = start.plusNanos(Math.floorMod(random.nextLong(), 3_600_000_000_000L));
    ClockState[] clocks = ClockState.values();
    CloseReason[] reasons = CloseReason.values();
    byte[] hash = new byte[32];
    random.nextBytes(hash);
    List<EventSpan> motion = new ArrayList<>();
    List<Gap> gaps = new ArrayList<>();
    List<UnknownSpan> unknown = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      unknown.add(
          new UnknownSpan(
              start, end, random.nextBoolean() ? UnknownSpan.OFF_SCHEDULE : "detection failed"));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      motion.add(span(random, start, end));
      gaps.add(new Gap(start, end, random.nextBoolean() ? "frames dropped" : "„Neustart“ \"\\"));
    }
    return new SegmentManifest(
        id(random),
        start,
        end,
        clocks[random.nextInt(clocks.length)],
        Math.floorMod(random.nextLong(), Long.MAX_VALUE),
        1 + random.nextInt(1_000_000),
        new VideoFormat("avc1.42c01f", 1 + random.nextInt(16384), 1 + random.nextInt(16384), 29.97),
        random.nextBoolean()
            ? java.util.Optional.empty()
            : java.util.Optional.of(
                new AudioFormat(random.nextBoolean() ? "mp4a.40.2" : "opus", 48_000, 2)),
        new Content(
            1 + Math.floorMod(random.nextLong(), Long.MAX_VALUE - 1),
            java.util.HexFormat.of().formatHex(hash)),
        motion,
        unknown,
        gaps,
        reasons[random.nextInt(reasons.length)]);
  }

  /** A random span of motion. */
  public static EventSpan span(Random random, Instant start, Instant end) {
    List<Box> boxes = new ArrayList<>();
    for (int i = random.nextInt(EventSpan.MAX_BOXES + 1); i > 0; i--) {
      boxes.add(
          new Box(
              random.nextDouble() / 2,
              random.nextDouble() / 2,
              random.nextDouble() / 2,
              random.nextDouble() / 2));
    }
    List<String> zones = random.nextBoolean() ? List.of() : List.of("gate", "Straße 名");
    return new EventSpan(start, end, random.nextDouble(), zones, boxes);
  }

  /** A manifest of a file, filmed at a time. */
  public static SegmentManifest of(SegmentId id, Instant start, Content content) {
    return new SegmentManifest(
        id,
        start,
        start.plusSeconds(5),
        ClockState.SYNCED,
        id.sequence() * 5_000_000L,
        150,
        new VideoFormat("avc1.42c01f", 1280, 720, 30),
        content,
        List.of(),
        List.of(),
        CloseReason.TIME);
  }
}

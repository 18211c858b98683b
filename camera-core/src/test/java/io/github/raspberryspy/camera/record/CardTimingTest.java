package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.segments.faults.DiskImage;
import io.github.raspberryspy.segments.faults.FaultyFiles.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How soon what happens to a card is found, told and mended, by a clock that the test turns. */
@Timeout(60)
class CardTimingTest {

  private final List<Packet> packets = VideoMaker.with("libx264").frames(10, 50).gop(10).packets();
  private final FaultStage stage = new FaultStage(new DiskImage(), Fault.EROFS);
  private long nanos;

  private RecorderRig rig(StorageConfig hardTimes) throws IOException {
    RecorderRig rig = stage.rig(Duration.ofSeconds(1), hardTimes);
    rig.nanos = () -> nanos;
    return rig;
  }

  /** Looks once each glance, as its thread does, until then. Returns how long that took. */
  private Duration until(RecorderRig rig, String told, Duration most) {
    long began = nanos;
    while (rig.problems.stream().noneMatch(p -> p.contains(told))) {
      nanos += CardGuard.GLANCE.toNanos();
      rig.storage.tend();
      assertThat(Duration.ofNanos(nanos - began)).as(told).isLessThanOrEqualTo(most);
    }
    return Duration.ofNanos(nanos - began);
  }

  /** The worst moment for a card to fail is right after it was put to the test. */
  private RecorderRig wellTested(StorageConfig hardTimes) throws IOException {
    RecorderRig rig = rig(hardTimes);
    rig.storage.tend();
    assertThat(rig.problems).isEmpty();
    return rig;
  }

  /** F9: found within 5 s, told within 10 s, and footage goes elsewhere from then on. */
  @Test
  void aCardThatGoesReadOnlyIsFoundWithinFiveSecondsThoughNothingIsWritten() throws Exception {
    RecorderRig rig = wellTested(stage.withMemory(8 << 20));
    stage.faults.failAt(1, true);
    until(rig, "Read-only", Duration.ofSeconds(5));
    assertThat(rig.storage.place()).isSameAs(rig.storage.ram().orElseThrow());
    stage.faults.heal();
    until(rig, "works again", Duration.ofSeconds(5));
    assertThat(rig.storage.place()).isSameAs(rig.spool);
  }

  /** F10: it says yes and forgets. */
  @Test
  void aCardThatForgetsIsFoundWithinAMinute() throws Exception {
    RecorderRig rig = wellTested(stage.withMemory(8 << 20));
    stage.faults.ignoreWrites(true);
    until(rig, "forgets", Duration.ofSeconds(60));
  }

  /** Often enough for F9, and not so often that it wears the card out. */
  @Test
  void aCardThatWorksIsPutToTheTestEachFourSeconds() throws Exception {
    AtomicInteger tests = new AtomicInteger();
    RecorderRig rig = rig(StorageConfig.none());
    stage.faults.before(
        what -> {
          if (what.startsWith("write") && what.endsWith("canary.bin")) {
            tests.incrementAndGet();
          }
        });
    for (int second = 0; second < 120; second++) {
      nanos += CardGuard.GLANCE.toNanos();
      rig.storage.tend();
    }
    assertThat(tests.get()).isEqualTo(30);
  }

  /** F8: each loss is told within 10 s. */
  @Test
  void eachSegmentThatHasToGoIsToldWithinTenSeconds() throws Exception {
    RecorderRig rig = rig(StorageConfig.none().reserve(10_000));
    rig.record(packets);
    stage.disk.capacity(used() + 4_000);
    until(rig, "was deleted", Duration.ofSeconds(10));
    long gone = rig.problems.stream().filter(p -> p.contains("was deleted")).count();
    assertThat(rig.spool.sealed()).hasSize((int) (5 - gone));
  }

  /** F8: two seconds after there is room again the card is recorded to. */
  @Test
  void aFullCardIsRecordedToTwoSecondsAfterThereIsRoom() throws Exception {
    RecorderRig rig = rig(StorageConfig.none());
    rig.whenSealed(1, () -> stage.disk.capacity(used()));
    rig.record(packets);
    assertThat(rig.problems).anyMatch(p -> p.contains("No space left"));
    assertThat(rig.sealed).hasSize(1);
    rig.storage.tend();
    stage.disk.capacity(Long.MAX_VALUE);
    nanos += 2 * CardGuard.GLANCE.toNanos();
    rig.storage.tend();
    rig.storage.tend();
    rig.recordOn(packets, 1);
    assertThat(rig.sealed.stream().skip(1).mapToLong(m -> m.frames()).sum())
        .isEqualTo(packets.size());
    assertThat(rig.sealed.get(1).gaps()).as("what did not fit is listed").isNotEmpty();
  }

  /** Its thread looks by itself, each second, whatever it finds. */
  @Test
  void itsThreadLooksEachSecond() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    RecorderRig rig = stage.rig(Duration.ofSeconds(1), StorageConfig.none());
    stage.faults.before(
        what -> {
          if (what.startsWith("open") && what.endsWith("canary.bin")) {
            looks.incrementAndGet();
            throw new IOException("Input/output error");
          }
        });
    rig.storage.start(rig.clocks);
    long began = System.nanoTime();
    await().atMost(Duration.ofSeconds(30)).until(() -> looks.get() >= 3);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(2));
    rig.storage.close();
  }

  private long used() {
    return stage.disk.snapshot().contents().values().stream().mapToLong(b -> b.length).sum();
  }
}

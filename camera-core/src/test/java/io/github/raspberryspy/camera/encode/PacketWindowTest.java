package io.github.raspberryspy.camera.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PacketWindowTest {

  private static Packet packet(long pts, boolean isKey) {
    return new Packet(new byte[100], pts, pts, 1, isKey);
  }

  @Test
  void aCursorOpenedLateStartsAtTheLastKeyframe() {
    PacketWindow window = new PacketWindow(100_000, false);
    for (int i = 0; i < 25; i++) {
      window.append(packet(i, i % 10 == 0));
    }
    assertThat(window.openCursor().next().ptsUs()).isEqualTo(20);
  }

  @Test
  void theLastGopIsKeptHoweverLargeItIs() {
    PacketWindow window = new PacketWindow(1000, false);
    for (int i = 0; i < 700; i++) {
      window.append(packet(i, i == 0));
    }
    assertThat(window.sizeBytes()).isEqualTo(70_000);
    assertThat(window.openCursor().next().ptsUs()).isZero();
    window.append(packet(700, true));
    window.append(packet(701, false));
    assertThat(window.sizeBytes())
        .as("the large one goes as soon as there is another")
        .isEqualTo(200);
  }

  @Test
  void aCursorGoesBackToTheLastKeyframeThatIsEarlyEnough() {
    PacketWindow window = new PacketWindow(100_000, false);
    PacketCursor cursor = window.openCursor();
    assertThat(cursor.rewind(5, 0)).as("nothing was read").isEmpty();
    for (int i = 0; i < 45; i++) {
      window.append(packet(i, i % 10 == 0));
      cursor.next();
    }
    assertThat(cursor.rewind(29, 0)).hasValue(20);
    assertThat(cursor.next().ptsUs()).isEqualTo(20);
    assertThat(cursor.rewind(Long.MAX_VALUE, 0)).as("what was not read again").hasValue(20);
    assertThat(cursor.next().ptsUs()).isEqualTo(20);
    assertThat(cursor.rewind(5, 11)).as("not before 11").hasValue(20);
    assertThat(cursor.rewind(5, 11)).as("the packet itself is read again first").isEmpty();
  }

  @Test
  void aCursorGoesBackNoFurtherThanTheWindowReaches() {
    PacketWindow window = new PacketWindow(2500, false);
    PacketCursor cursor = window.openCursor();
    for (int i = 0; i < 45; i++) {
      window.append(packet(i, i % 10 == 0));
      cursor.next();
    }
    assertThat(cursor.rewind(5, 0)).hasValue(20);
    assertThat(cursor.next().ptsUs()).isEqualTo(20);
    assertThat(cursor.takeMissed()).isZero();
  }

  @Test
  void aCursorThatWaitsGetsWhatComes() throws Exception {
    PacketWindow window = new PacketWindow(1000, false);
    PacketCursor cursor = window.openCursor();
    var next = CompletableFuture.supplyAsync(cursor::next);
    Packet packet = packet(1, true);
    window.append(packet);
    assertThat(next.get(10, TimeUnit.SECONDS)).isSameAs(packet);
  }

  @Test
  void closingACursorOrTheWindowEndsAWaitingRead() throws Exception {
    PacketWindow window = new PacketWindow(1000, false);
    PacketCursor one = window.openCursor();
    PacketCursor two = window.openCursor();
    var first = CompletableFuture.supplyAsync(one::next);
    var second = CompletableFuture.supplyAsync(two::next);
    one.close();
    assertThat(first.get(10, TimeUnit.SECONDS)).isNull();
    assertThat(second).isNotDone();
    window.close();
    assertThat(second.get(10, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void nothingIsLostWhereTheWriterWaitsForASlowReader() throws Exception {
    PacketWindow window = new PacketWindow(1000, true);
    PacketCursor slow = window.openCursor();
    PacketCursor fast = window.openCursor();
    var writer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 3000; i++) {
                window.append(packet(i, i % 5 == 0));
              }
              window.close();
            });
    var fastRead = CompletableFuture.supplyAsync(() -> readAll(fast));
    List<Long> read = new ArrayList<>();
    for (Packet p = slow.next(); p != null; p = slow.next()) {
      read.add(p.ptsUs());
    }
    writer.get(30, TimeUnit.SECONDS);
    assertThat(read).hasSize(3000).isSorted().doesNotHaveDuplicates();
    assertThat(fastRead.get(30, TimeUnit.SECONDS)).isEqualTo(read);
    assertThat(slow.takeMissed() + fast.takeMissed()).isZero();
  }

  @Test
  void aWriterThatWaitsIsReleasedByTheEndAndByTheSlowReadersEnd() throws Exception {
    for (boolean closeWindow : new boolean[] {true, false}) {
      PacketWindow window = new PacketWindow(1000, true);
      PacketCursor stuck = window.openCursor();
      Thread writer = new Thread(() -> fill(window, 50));
      writer.start();
      await().atMost(Duration.ofSeconds(10)).until(() -> writer.getState() == Thread.State.WAITING);
      assertThat(window.sizeBytes()).isLessThanOrEqualTo(1000);
      if (closeWindow) {
        window.close();
      } else {
        stuck.close();
      }
      writer.join(10_000);
      assertThat(writer.isAlive()).isFalse();
    }
  }

  @Test
  void aLosslessWindowTakesAGopThatIsLargerThanItself() throws Exception {
    PacketWindow window = new PacketWindow(1000, true);
    PacketCursor cursor = window.openCursor();
    var writer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 100; i++) {
                window.append(packet(i, i == 0));
              }
              window.close();
            });
    assertThat(readAll(cursor)).hasSize(100);
    writer.get(10, TimeUnit.SECONDS);
  }

  @Test
  void anInterruptEndsTheWindowAndKeepsWhatIsInIt() throws Exception {
    PacketWindow window = new PacketWindow(1000, true);
    PacketCursor cursor = window.openCursor();
    Thread writer = new Thread(() -> fill(window, 50));
    writer.start();
    await().atMost(Duration.ofSeconds(10)).until(() -> writer.getState() == Thread.State.WAITING);
    writer.interrupt();
    writer.join();
    assertThat(readAll(cursor)).hasSize(10).startsWith(0L);
  }

  private static void fill(PacketWindow window, int packets) {
    for (int i = 0; i < packets; i++) {
      window.append(packet(i, i % 5 == 0));
    }
  }

  private static List<Long> readAll(PacketCursor cursor) {
    List<Long> read = new ArrayList<>();
    for (Packet p = cursor.next(); p != null; p = cursor.next()) {
      read.add(p.ptsUs());
    }
    return read;
  }
}

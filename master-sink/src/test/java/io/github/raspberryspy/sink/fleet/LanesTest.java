package io.github.raspberryspy.sink.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class LanesTest {

  private final Queue<Runnable> thread = new ArrayDeque<>();
  private final Lanes lanes = new Lanes(thread::add);
  private final List<String> done = new ArrayList<>();

  @Test
  void whatIsUrgentComesBeforeAllThatWaitsAndEachInItsOrder() {
    for (int i = 0; i < 1000; i++) {
      lanes.inTurn(() -> done.add("fault"));
    }
    lanes.urgently(() -> done.add("lost"));
    lanes.urgently(() -> done.add("back"));
    thread.remove().run();
    lanes.urgently(() -> done.add("lost again"));
    thread.forEach(Runnable::run);
    assertThat(done.subList(0, 4)).containsExactly("lost", "back", "lost again", "fault");
    assertThat(done).hasSize(1003);
  }

  @Test
  void whatFailsKeepsNothingElseBack() {
    lanes.urgently(
        () -> {
          throw new IllegalStateException("as made up");
        });
    lanes.inTurn(() -> done.add("fault"));
    thread.forEach(Runnable::run);
    assertThat(done).containsExactly("fault");
  }
}

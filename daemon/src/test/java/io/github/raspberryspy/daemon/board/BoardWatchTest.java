package io.github.raspberryspy.daemon.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.Timers;
import io.github.raspberryspy.segments.wire.BoardFacts;
import io.github.raspberryspy.segments.wire.BoardHealth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardWatchTest {

  @TempDir Path root;
  private final List<String> told = new ArrayList<>();
  private Optional<String> trouble = Optional.empty();

  private BoardWatch watch(MadeUpBoard board) {
    return new BoardWatch(
        board.reader(),
        BoardFacts.UNKNOWN,
        () -> trouble,
        (kind, ended, isAlert, sentence) ->
            told.add((ended ? "-" : "+") + kind + (isAlert ? "! " : " ") + sentence),
        () -> board.nanos,
        Timers.daemon("board-test"));
  }

  @Test
  void whatWasReadTooLongAgoIsNotSaidAnyMore() {
    MadeUpBoard board = new MadeUpBoard(root).file("proc/uptime", "5.0 1.0\n");
    try (BoardWatch watch = watch(board)) {
      assertThat(watch.health()).isEqualTo(BoardHealth.UNKNOWN);
      watch.look();
      assertThat(watch.health().uptimeSeconds()).hasValue(5);
      board.pass(Duration.ofSeconds(61)); // a sensor hangs
      assertThat(watch.health()).isEqualTo(BoardHealth.UNKNOWN);
    }
  }

  @Test
  void aCardThatFailsIsAnAlertUntilItWorksAgain() {
    try (BoardWatch watch = watch(new MadeUpBoard(root))) {
      watch.look();
      trouble = Optional.of("the card fails");
      watch.look();
      watch.look();
      assertThat(watch.health().warnings()).containsExactly("card-failing");
      trouble = Optional.empty();
      watch.look();
      assertThat(watch.health().warnings()).isEmpty();
    }
    assertThat(told).containsExactly("+card-failing! the card fails", "-card-failing ");
  }
}

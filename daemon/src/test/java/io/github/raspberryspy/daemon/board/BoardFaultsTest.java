package io.github.raspberryspy.daemon.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.daemon.board.BoardFaults.Change;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardFaultsTest {

  private static final String ZONE = "sys/class/thermal/thermal_zone0/temp";
  private static final String THROTTLED = "sys/devices/platform/soc/soc:firmware/get_throttled";

  @TempDir Path root;
  private final BoardFaults faults = new BoardFaults(BoardRule.all());
  private MadeUpBoard board;

  @BeforeEach
  void makeUp() {
    board = new MadeUpBoard(root);
  }

  /** What is told while so much time passes, looked at every 5 s as the camera does. */
  private List<Change> over(Duration time) {
    List<Change> told = new ArrayList<>();
    for (long left = time.toSeconds(); left >= 0; left -= 5) {
      told.addAll(faults.look(board.reader().read(), board.nanos));
      board.pass(Duration.ofSeconds(5));
    }
    return told;
  }

  private static List<String> kinds(List<Change> changes) {
    return changes.stream().map(c -> (c.ended() ? "-" : "+") + c.kind()).toList();
  }

  @Test
  void aBoardThatSwingsAboutTheLimitIsHotOnce() {
    board.file(ZONE, "79900\n");
    assertThat(over(Duration.ofMinutes(1))).isEmpty();
    List<Change> told = new ArrayList<>();
    for (int swing = 0; swing < 20; swing++) {
      board.file(ZONE, swing % 2 == 0 ? "81200\n" : "77000\n");
      told.addAll(over(Duration.ofSeconds(20)));
    }
    assertThat(kinds(told)).containsExactly("+board-hot");
    assertThat(told.get(0).isAlert()).isTrue();
    assertThat(told.get(0).sentence()).contains("81 °C");

    board.file(ZONE, "74000\n");
    assertThat(kinds(over(Duration.ofSeconds(50)))).isEmpty();
    assertThat(kinds(over(Duration.ofSeconds(10)))).containsExactly("-board-hot");
  }

  @Test
  void oneReadingAloneMakesNoBoardHot() {
    board.file(ZONE, "90000\n");
    faults.look(board.reader().read(), board.nanos);
    board.pass(Duration.ofSeconds(5));
    board.file(ZONE, "60000\n");
    assertThat(over(Duration.ofMinutes(1))).isEmpty();
  }

  @Test
  void aSupplyThatDipsAgainAndAgainIsToldOnce() {
    List<Change> told = new ArrayList<>();
    for (int dip = 0; dip < 10; dip++) {
      board.file(THROTTLED, dip % 2 == 0 ? "50001\n" : "50000\n");
      told.addAll(over(Duration.ofMinutes(2)));
    }
    assertThat(kinds(told)).containsExactly("+under-voltage");
    assertThat(kinds(over(Duration.ofMinutes(11)))).containsExactly("-under-voltage");
  }

  @Test
  void aLowBatteryIsToldAndIsOverOnceItIsCharged() {
    board
        .file("sys/class/power_supply/bat/type", "Battery\n")
        .file("sys/class/power_supply/bat/capacity", "21\n")
        .file("sys/class/power_supply/bat/status", "Discharging\n");
    assertThat(over(Duration.ofSeconds(10))).isEmpty();
    board.file("sys/class/power_supply/bat/capacity", "20\n");
    List<Change> low = over(Duration.ofSeconds(10));
    assertThat(kinds(low)).containsExactly("+battery-low");
    assertThat(low.get(0).sentence()).isEqualTo("the battery is at 20 %, and is not charged");
    assertThat(low.get(0).isAlert()).isTrue();

    board.file("sys/class/power_supply/bat/capacity", "22\n");
    assertThat(over(Duration.ofSeconds(10))).isEmpty();
    board.file("sys/class/power_supply/bat/status", "Charging\n");
    assertThat(kinds(over(Duration.ofSeconds(10)))).containsExactly("-battery-low");
  }

  @Test
  void weakWifiAndAnUnsetClockAreWarningsThatWakeNobody() {
    board.file("proc/net/wireless", "wlan0: 0000   20.  -84.  -256  0 0 0 0 0 0\n");
    board.isClockSet = false;
    List<Change> told = over(Duration.ofMinutes(11));
    assertThat(kinds(told)).containsExactly("+wifi-weak", "+clock-unset");
    assertThat(told).noneMatch(Change::isAlert);
    assertThat(faults.lasting()).containsExactly("wifi-weak", "clock-unset");

    board.file("proc/net/wireless", "wlan0: 0000   40.  -60.  -256  0 0 0 0 0 0\n");
    board.isClockSet = true;
    assertThat(kinds(over(Duration.ofMinutes(2)))).containsExactly("-clock-unset", "-wifi-weak");
  }

  @Test
  void aFileSystemThatCountsErrorsAndAWornCardAreTold() {
    board.card(0).file("sys/fs/ext4/mmcblk0p2/errors_count", "2\n");
    List<Change> told = over(Duration.ofSeconds(5));
    assertThat(kinds(told)).containsExactly("+card-worn");
    assertThat(told.get(0).sentence()).contains("mmcblk0 has counted errors (2)");
  }

  @Test
  void whatASensorNoLongerSaysStaysAsItWas() {
    board.file(ZONE, "85000\n");
    assertThat(kinds(over(Duration.ofSeconds(20)))).containsExactly("+board-hot");
    board.file(ZONE, "");
    assertThat(over(Duration.ofMinutes(5))).isEmpty();
    assertThat(faults.lasting()).containsExactly("board-hot");
  }
}

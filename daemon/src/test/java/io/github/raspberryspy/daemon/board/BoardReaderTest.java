package io.github.raspberryspy.daemon.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.raspberryspy.natives.libc.KernelClock;
import io.github.raspberryspy.segments.wire.BoardFacts;
import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.BoardHealth.Battery;
import io.github.raspberryspy.segments.wire.BoardHealth.BoardClock;
import io.github.raspberryspy.segments.wire.BoardHealth.Memory;
import io.github.raspberryspy.segments.wire.BoardHealth.Strain;
import io.github.raspberryspy.segments.wire.BoardHealth.Strains;
import io.github.raspberryspy.segments.wire.BoardHealth.Wifi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardReaderTest {

  private static final String WIRELESS =
      """
      Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
       face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
       wlan1: 0000    0     0     0        0      0      0      0      0        0
       wlan0: 0000   54.  -56.  -256        0      0      0      0     74        0
      """;

  @TempDir Path root;
  private MadeUpBoard board;

  @BeforeEach
  void makeUp() {
    board = new MadeUpBoard(root);
  }

  private BoardHealth read() {
    return board.reader().read();
  }

  @Test
  void whatTheKernelDoesNotSayIsLeftOut() {
    BoardHealth health = read();

    assertThat(health.temperatureC()).isEmpty();
    assertThat(health.strains()).isEmpty();
    assertThat(health.wifi()).isEmpty();
    assertThat(health.battery()).isEmpty();
    assertThat(health.memory()).isEmpty();
    assertThat(health.disk()).isEmpty();
    assertThat(health.uptimeSeconds()).isEmpty();
    assertThat(FactsReader.read(board.files())).isEqualTo(BoardFacts.UNKNOWN);
  }

  @Test
  void filesThatSayNonsenseAreLeftOutToo() {
    board
        .file("sys/class/thermal/thermal_zone0/temp", "warm\n")
        .file("sys/class/thermal/thermal_zone1/temp", "-273150\n")
        .file("sys/devices/platform/soc/soc:firmware/get_throttled", "no\n")
        .file("sys/class/power_supply/a/type", "Battery\n")
        .file("sys/class/power_supply/a/capacity", "300\n")
        .file("proc/net/wireless", "eth0: x y z")
        .file("proc/meminfo", "MemTotal: lots kB\n")
        .file("proc/uptime", "long\n")
        .card(0)
        .file("sys/devices/platform/emmc2bus/mmcblk0/stat", "a b c\n")
        .file("sys/devices/platform/emmc2bus/mmcblk0/device/life_time", "new\n");

    BoardHealth health = read();

    assertThat(health.temperatureC()).isEmpty();
    assertThat(health.strains()).isEmpty();
    assertThat(health.wifi()).isEmpty();
    assertThat(health.battery()).isEmpty();
    assertThat(health.memory()).isEmpty();
    assertThat(health.uptimeSeconds()).isEmpty();
    assertThat(health.disk().orElseThrow().writtenBytesADay()).isEmpty();
    assertThat(health.disk().orElseThrow().wornPercent()).isEmpty();
  }

  @Test
  void theHottestPartCounts() {
    board
        .file("sys/class/thermal/thermal_zone0/temp", "48312\n")
        .file("sys/class/thermal/thermal_zone1/temp", "61298\n");
    assertThat(read().temperatureC()).hasValue(61.298);
  }

  @Test
  void bitsOfTheFirmwareAreToldByTheirNames() {
    board.file("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n");
    assertThat(read().strains())
        .contains(
            new Strains(
                Set.of(Strain.UNDER_VOLTAGE, Strain.THROTTLED),
                Set.of(Strain.UNDER_VOLTAGE, Strain.THROTTLED)));

    board.file("sys/devices/platform/soc/soc:firmware/get_throttled", "80002\n");
    assertThat(read().strains())
        .contains(
            new Strains(
                Set.of(Strain.FREQUENCY_CAPPED),
                Set.of(Strain.FREQUENCY_CAPPED, Strain.SOFT_TEMPERATURE_LIMIT)));
  }

  @Test
  void withoutThoseBitsTheVoltageSensorSaysOfUnderVoltage() {
    board
        .file("sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
        .file("sys/class/hwmon/hwmon1/name", "rpi_volt\n")
        .file("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n");
    assertThat(read().strains().orElseThrow().now()).containsExactly(Strain.UNDER_VOLTAGE);
  }

  @Test
  void anInterfaceWithoutALinkIsNotTakenForAWeakOne() {
    board.file("proc/net/wireless", WIRELESS);
    assertThat(read().wifi()).contains(new Wifi("wlan0", -56, 77));
  }

  @Test
  void theBatteryOfAMouseIsNotTheBoards() {
    board
        .file("sys/class/power_supply/ac/type", "Mains\n")
        .file("sys/class/power_supply/bat/type", "Battery\n")
        .file("sys/class/power_supply/bat/capacity", "64\n")
        .file("sys/class/power_supply/bat/status", "Discharging\n")
        .file("sys/class/power_supply/hid/type", "Battery\n")
        .file("sys/class/power_supply/hid/scope", "Device\n")
        .file("sys/class/power_supply/hid/capacity", "3\n");
    assertThat(read().battery()).contains(new Battery(64, "discharging"));
  }

  @Test
  void memoryClockAndUptimeAreRead() {
    board
        .file("proc/meminfo", "MemTotal:  948304 kB\nMemFree: 1 kB\nMemAvailable: 512000 kB\n")
        .file("proc/uptime", "86401.37 300000.00\n");
    board.clock = new KernelClock(KernelClock.STA_UNSYNC, KernelClock.LARGEST_ERROR);
    assertThat(read().memory()).contains(new Memory(948304L * 1024, 512000L * 1024));
    assertThat(read().uptimeSeconds()).hasValue(86401);
    assertThat(read().clock()).contains(new BoardClock(true, false, 16_000));
  }

  @Test
  void whatAllProgramsWriteToTheWholeCardCountsADay() {
    BoardReader reader = board.card(1000).reader();
    assertThat(reader.read().disk().orElseThrow().writtenBytesADay()).isEmpty();

    board.pass(Duration.ofHours(6));
    board.card(1000 + 2_000_000);

    assertThat(reader.read().disk().orElseThrow().device()).isEqualTo("mmcblk0");
    assertThat(reader.read().disk().orElseThrow().writtenBytesADay())
        .hasValue(2_000_000L * 512 * 4);
  }

  @Test
  void whatWasWrittenBeforeADayDoesNotCountAnyMore() {
    BoardReader reader = board.card(0).reader();
    reader.read();
    for (int hour = 1; hour <= 48; hour++) {
      board.pass(Duration.ofHours(1));
      board.card(hour <= 24 ? hour * 1_000_000L : 24_000_000L + (hour - 24) * 1000L);
      reader.read();
    }
    assertThat(reader.read().disk().orElseThrow().writtenBytesADay()).hasValue(24 * 1000L * 512);
  }

  @Test
  void anotherCardBeginsToCountAnew() {
    BoardReader reader = board.card(5_000_000).reader();
    reader.read();
    board.pass(Duration.ofHours(2));
    board.card(10);
    assertThat(reader.read().disk().orElseThrow().writtenBytesADay()).isEmpty();
  }

  @Test
  void errorsAndWearAreWhatTheDeviceSays() {
    board
        .card(0)
        .file("sys/fs/ext4/mmcblk0p2/errors_count", "3\n")
        .file("sys/devices/platform/emmc2bus/mmcblk0/device/life_time", "0x02 0x05\n");
    assertThat(read().disk().orElseThrow().errors()).hasValue(3);
    assertThat(read().disk().orElseThrow().wornPercent()).hasValue(50);
  }

  @Test
  void aRaspberryPiSaysWhatItIs() {
    board
        .file("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.5\0")
        .file("etc/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n")
        .file("proc/sys/kernel/osrelease", "6.6.31+rpt-rpi-v8\n")
        .file("proc/device-tree/chosen/bootloader/version", "0123456789abcdef0123456789abcdef\0")
        .file(
            "proc/device-tree/chosen/bootloader/build-timestamp",
            new byte[] {0x66, (byte) 0xd9, 0x2e, 0x00});
    assertThat(FactsReader.read(board.files()))
        .isEqualTo(
            new BoardFacts(
                "Raspberry Pi 4 Model B Rev 1.5",
                "Debian GNU/Linux 12 (bookworm)",
                "6.6.31+rpt-rpi-v8",
                "2024-09-05 01234567"));
  }

  @Test
  void thisVeryMachineIsReadWithoutAComplaint() {
    Path here = Path.of("/");
    assumeThat(Files.isReadable(here.resolve("proc/meminfo"))).isTrue();
    KernelFiles files = new KernelFiles(here);
    SpoolDisk disk =
        new SpoolDisk(files, root, () -> SpoolDisk.deviceNumber(root), System::nanoTime);

    BoardHealth health =
        new BoardReader(new BoardReader.Sources(files, disk, () -> true, Optional::empty)).read();

    assertThat(health.memory().orElseThrow().availableBytes())
        .isBetween(1L << 20, health.memory().orElseThrow().totalBytes());
    assertThat(health.clock()).isEmpty();
    assertThat(FactsReader.read(files).kernel()).isNotEmpty();
  }
}

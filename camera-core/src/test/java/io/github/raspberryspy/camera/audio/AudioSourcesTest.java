package io.github.raspberryspy.camera.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.CameraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudioSourcesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alsa:default",
        "alsa:",
        "alsa:hw:1,0",
        "alsa://hw:1,0?rate=44100&channels=2&format=s32&delay=-40",
        "alsa:plughw:CARD=Device,DEV=0?channels=1",
        "test:",
        "test://?tone=0&beep=2000&rate=16000&channels=2"
      })
  void anAddressMayHaveSlashesOrNot(String address) {
    assertThat(AudioConfig.of(address).source()).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alsa:default?rat=1|does not know the key \"rat\"; known are [channels, delay, format, rate]",
        "test:?pitch=1|does not know the key \"pitch\"; known are [beep, channels, rate, tone]",
        "alsa:hw:0?rate=7|a whole number from 8000 to 192000",
        "alsa:hw:0?channels=9|a whole number from 1 to 8",
        "alsa:hw:0?format=mp3|allowed is s16 or s32",
        "alsa:hw:0?delay=5000|a whole number from -1000 to 1000",
        "pulse:default|unknown scheme; known are alsa, test",
        "''|unknown scheme; known are alsa, test"
      })
  void aWrongAddressIsRefusedInOneSentenceThatSaysWhatIsAllowed(String address, String complaint) {
    assertThatThrownBy(() -> AudioConfig.of(address))
        .isInstanceOf(CameraException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void aBitrateOutOfRangeIsRefused() {
    assertThatThrownBy(() -> AudioConfig.of("test:").bitrateBps(1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a sound of 1000 bit/s is not within 16000 to 256000");
  }

  @Test
  void noMoreThanTwoChannelsAreRecorded() {
    assertThat(List.of("alsa:x", "alsa:x?channels=2", "alsa:x?channels=6"))
        .extracting(AudioSources::channels)
        .containsExactly(1, 2, 2);
  }

  @Test
  void aCardThatIsAbsentIsRefusedInOneSentenceThatNamesIt() {
    try (AudioSource source = AudioSources.create("alsa:hw:31,7?channels=2")) {
      assertThatThrownBy(source::open)
          .isInstanceOf(CameraException.class)
          .hasMessageContaining("the sound card \"hw:31,7\" is absent; ");
    }
  }

  /** A folder as {@code /sys/class/sound}. */
  private static Path sound(Path folder) throws IOException {
    for (String entry : List.of("pcmC0D0p", "pcmC1D0c", "pcmC1D1p", "pcmC2D3c", "timer")) {
      Files.createDirectories(folder.resolve(entry));
    }
    for (String card : List.of("0 Headphones", "1 Device", "2 Loopback")) {
      Path at = Files.createDirectories(folder.resolve("card" + card.charAt(0)));
      Files.writeString(at.resolve("id"), card.substring(2) + "\n");
    }
    return folder;
  }

  @Test
  void whetherACardIsThereIsSeenByItsDevice(@TempDir Path folder) throws IOException {
    Path list = sound(folder);
    assertThat(List.of("hw:1", "hw:1,0", "plughw:1,0,3", "hw:Device", "plughw:CARD=Loopback,DEV=3"))
        .noneMatch(name -> SoundCards.isAbsent(name, list));
    assertThat(List.of("hw:0", "hw:1,1", "plughw:3,0", "hw:Other", "hw:CARD=Other,DEV=0"))
        .allMatch(name -> SoundCards.isAbsent(name, list));
    assertThat(List.of("default", "pulse", "dsnoop:CARD=Other"))
        .noneMatch(name -> SoundCards.isAbsent(name, list));
  }

  @Test
  void theCardsThatRecordAreListed(@TempDir Path folder) throws IOException {
    assertThat(SoundCards.listed(sound(folder)))
        .isEqualTo("those that record are hw:1,0 (Device), hw:2,3 (Loopback)");
    assertThat(SoundCards.listed(folder.resolve("card0")))
        .isEqualTo("no card of this machine records");
    assertThat(SoundCards.listed(folder.resolve("none")))
        .isEqualTo("no card of this machine records");
  }
}

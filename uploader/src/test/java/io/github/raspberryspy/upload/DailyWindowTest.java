package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DailyWindowTest {

  @ParameterizedTest
  @CsvSource({
    "22:00-06:00,22:00,true",
    "22:00-06:00,21:59:59.999,false",
    "22:00-06:00,00:00,true",
    "22:00-06:00,05:59:59,true",
    "22:00-06:00,06:00,false",
    "09:00-17:30,09:00,true",
    "09:00-17:30,17:30,false",
    "09:00-17:30,00:00,false",
    "00:00-23:59,23:59,false"
  })
  void isOpenFromItsFirstMomentUntilItsLast(String window, LocalTime time, boolean open) {
    assertThat(DailyWindow.parse(window).contains(time)).isEqualTo(open);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "22:00", "22:00-", "22:00-24:00", "10:00-10:00", "x-y", "1:00-2:00"})
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> DailyWindow.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
